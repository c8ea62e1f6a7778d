//! Layers beside the steps that made them.

use super::configuration::{Configuration, HistoryEntry};
use crate::oci::{Descriptor, Digest, Manifest, MediaType};

/// A layer of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layer {
    /// Digest.
    pub digest: Digest,
    /// Media type.
    pub media_type: MediaType,
    /// Bytes, as stored.
    pub size: u64,
    /// Whether it says that it is to be fetched from elsewhere; the registry may not have it.
    pub is_remote: bool,
}

/// A step of building an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What made it, as an instruction of a Dockerfile where it can be told.
    pub instruction: Option<String>,
    /// The history's entry, as written; `None` where the history has none.
    pub written: Option<HistoryEntry>,
    /// The layer it made; `None` if it changed the configuration only.
    pub layer: Option<Layer>,
}

/// How history and layers fit together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum History {
    /// Each layer has its step.
    Fits,
    /// There is none: the steps are the layers.
    Missing,
    /// It speaks of another number of layers. Which step made which layer cannot be told, so none is said to.
    Inconsistent {
        /// Layers by the history.
        told: usize,
        /// Layers there are.
        actual: usize,
    },
}

/// The steps of an image, first step and lowest layer first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// The steps.
    pub steps: Vec<Step>,
    /// Whether the history could be laid beside the layers.
    pub history: History,
    /// The history where it could not.
    pub unmatched: Vec<HistoryEntry>,
}

impl Steps {
    /// The layers, lowest first.
    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        self.steps.iter().filter_map(|step| step.layer.as_ref())
    }
}

/// The layers of an image, each with the step that made it, and the steps that made none between them.
pub fn steps(manifest: &Manifest, configuration: Option<&Configuration>) -> Steps {
    let history = configuration.map_or(&[][..], |read| &read.history);
    let mut layers = manifest.layers.iter().map(of_manifest);
    let told = history.iter().filter(|entry| !entry.empty_layer).count();
    let actual = manifest.layers.len();
    if told != actual || history.is_empty() {
        let steps = layers.map(|layer| Step { instruction: None, written: None, layer: Some(layer) }).collect();
        let missing = history.is_empty();
        let fit = if missing { History::Missing } else { History::Inconsistent { told, actual } };
        return Steps { steps, history: fit, unmatched: history.to_vec() };
    }
    let step = |entry: &HistoryEntry| Step {
        instruction: entry.created_by.as_deref().and_then(instruction),
        written: Some(entry.clone()),
        layer: if entry.empty_layer { None } else { layers.next() },
    };
    Steps { steps: history.iter().map(step).collect(), history: History::Fits, unmatched: Vec::new() }
}

fn of_manifest(layer: &Descriptor) -> Layer {
    Layer {
        digest: layer.digest.clone(),
        media_type: layer.media_type.clone(),
        size: layer.size,
        is_remote: layer.has_urls || layer.media_type.is_non_distributable(),
    }
}

/// The command of a step as an instruction of a Dockerfile; as it is if it was written by something else, `None` if there
/// is nothing.
///
/// Docker's classic builder wrote `/bin/sh -c #(nop) CMD …` for what makes no layer and `|1 A=b /bin/sh -c …` for commands
/// with build arguments; BuildKit writes `RUN /bin/sh -c … # buildkit`.
pub fn instruction(created_by: &str) -> Option<String> {
    let text = created_by.trim();
    let text = text.strip_suffix("# buildkit").unwrap_or(text).trim_end();
    let (is_run, command) = match text.strip_prefix("RUN ") {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text),
    };
    let instruction = match in_shell(without_arguments(command)) {
        Some(inner) => match inner.strip_prefix("#(nop)") {
            Some(instruction) => instruction.trim_start().to_string(),
            None => format!("RUN {inner}"),
        },
        None if is_run => format!("RUN {command}"),
        None => command.to_string(),
    };
    Some(instruction).filter(|instruction| !instruction.is_empty())
}

/// Build arguments stand before the command, with their number: `|2 A=b C=d /bin/sh -c …`. Their values may have blanks,
/// so the shell is what ends them.
fn without_arguments(command: &str) -> &str {
    let has_arguments = command.strip_prefix('|').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    match command.find("/bin/sh -c ") {
        Some(at) if has_arguments => &command[at..],
        _ => command,
    }
}

fn in_shell(command: &str) -> Option<&str> {
    ["/bin/sh -c ", "cmd /S /C "].iter().find_map(|shell| command.strip_prefix(shell)).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oci::Algorithm;
    use serde_json::json;

    fn manifest(layers: usize) -> Manifest {
        let descriptor = |media_type: &str, content: &str| {
            json!({ "mediaType": media_type, "size": content.len(),
            "digest": Digest::of(Algorithm::Sha256, content.as_bytes()) })
        };
        let layers: Vec<_> = (0..layers)
            .map(|at| descriptor("application/vnd.oci.image.layer.v1.tar+gzip", &format!("layer {at}")))
            .collect();
        let document = json!({ "schemaVersion": 2, "mediaType": MediaType::OCI_MANIFEST,
            "config": descriptor("application/vnd.oci.image.config.v1+json", "{}"), "layers": layers });
        Manifest::parse(None, document.to_string().as_bytes()).unwrap()
    }

    fn configuration(commands: &[(&str, bool)]) -> Configuration {
        let entry = |(command, empty): &(&str, bool)| HistoryEntry {
            created_by: Some(command.to_string()),
            empty_layer: *empty,
            ..HistoryEntry::default()
        };
        Configuration { history: commands.iter().map(entry).collect(), ..Configuration::default() }
    }

    #[test]
    fn steps_without_a_layer_stand_between_the_layers() {
        let history = [("ADD rootfs /", false), ("ENV A=b", true), ("RUN make", false), ("CMD [\"x\"]", true)];

        let Steps { steps, history, unmatched } = steps(&manifest(2), Some(&configuration(&history)));

        let made: Vec<Option<u64>> = steps.iter().map(|step| step.layer.as_ref().map(|layer| layer.size)).collect();
        assert_eq!(made, [Some(7), None, Some(7), None]);
        assert_eq!(steps[2].layer.as_ref().unwrap().digest, Digest::of(Algorithm::Sha256, b"layer 1"));
        assert_eq!((history, unmatched.len()), (History::Fits, 0));
    }

    #[test]
    fn without_history_the_steps_are_the_layers() {
        for nothing in [None, Some(&Configuration::default())] {
            let Steps { steps, history, .. } = steps(&manifest(2), nothing);

            assert_eq!((steps.len(), history), (2, History::Missing));
            assert!(steps.iter().all(|step| step.layer.is_some() && step.instruction.is_none()));
        }
    }

    #[test]
    fn a_history_of_other_layers_is_kept_apart() {
        let told = configuration(&[("a", false), ("b", true), ("c", false), ("d", false)]);

        let Steps { steps, history, unmatched } = steps(&manifest(2), Some(&told));

        assert_eq!(history, History::Inconsistent { told: 3, actual: 2 });
        assert_eq!((steps.len(), unmatched.len()), (2, 4));
        assert!(steps.iter().all(|step| step.written.is_none()));
    }

    #[test]
    fn commands_are_shown_as_they_stand_in_a_dockerfile() {
        let known = [
            ("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD [\"bash\"]"),
            ("/bin/sh -c #(nop) ADD file:1 in / ", "ADD file:1 in /"),
            ("/bin/sh -c apt-get update", "RUN apt-get update"),
            ("RUN /bin/sh -c make install # buildkit", "RUN make install"),
            ("RUN |2 A=b C=d e /bin/sh -c make # buildkit", "RUN make"),
            ("|1 A=b /bin/sh -c make", "RUN make"),
            ("COPY /out /bin # buildkit", "COPY /out /bin"),
            ("RUN [\"a\", \"b\"]", "RUN [\"a\", \"b\"]"),
            ("bazel build ...", "bazel build ..."),
            ("cmd /S /C #(nop) WORKDIR C:\\x", "WORKDIR C:\\x"),
        ];
        for (written, expected) in known {
            assert_eq!(instruction(written).as_deref(), Some(expected), "{written}");
        }
        for nothing in ["", "  ", "/bin/sh -c #(nop) ", "# buildkit"] {
            assert_eq!(instruction(nothing), None, "{nothing}");
        }
    }
}
