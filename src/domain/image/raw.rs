//! A manifest as text to be looked at.

use crate::manifest::StoredManifest;

/// Longer manifests are shown up to here, in bytes.
pub const MAX_SHOWN: usize = 256 * 1024;

/// A manifest as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Raw {
    /// Exactly as pushed, as far as shown: its digest is of all of this.
    pub text: String,
    /// The same with one value a line; `None` if it is pushed like that or only a part is shown.
    pub indented: Option<String>,
    /// Bytes of the whole.
    pub size: usize,
    /// Whether only the beginning is shown.
    pub is_cut: bool,
}

/// The manifest as text, at most [`MAX_SHOWN`] bytes of it.
pub fn raw(manifest: &StoredManifest) -> Raw {
    let size = manifest.bytes.len();
    let shown = &manifest.bytes[..size.min(MAX_SHOWN)];
    // A letter that the end cuts in two is left out; stored manifests are UTF-8 otherwise.
    let text = match std::str::from_utf8(shown) {
        Ok(text) => text.to_string(),
        Err(error) => String::from_utf8_lossy(&shown[..error.valid_up_to()]).into_owned(),
    };
    let is_cut = size > MAX_SHOWN;
    let indented = (!is_cut && !text.contains('\n')).then(|| indented(&text));
    Raw { text, indented, size, is_cut }
}

/// The document with line breaks; nothing but white space between its parts is changed, order and spelling stay.
fn indented(json: &str) -> String {
    let mut out = String::with_capacity(json.len() * 2);
    let mut depth = 0_usize;
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' => {
                out.push('"');
                let mut escaped = false;
                for inside in letters.by_ref() {
                    out.push(inside);
                    match inside {
                        '\\' if !escaped => escaped = true,
                        '"' if !escaped => break,
                        _ => escaped = false,
                    }
                }
            }
            '{' | '[' => {
                out.push(letter);
                while letters.next_if(|next| next.is_whitespace()).is_some() {}
                match letters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => out.push(end),
                    None => {
                        depth += 1;
                        break_line(&mut out, depth);
                    }
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(letter);
            }
            ',' => {
                out.push(',');
                break_line(&mut out, depth);
            }
            ':' => out.push_str(": "),
            space if space.is_whitespace() => {}
            other => out.push(other),
        }
    }
    out
}

/// Depth is bounded by what may be pushed; more than 40 steps would be blanks only.
fn break_line(out: &mut String, depth: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", depth.min(40)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::ManifestId;
    use crate::oci::{Algorithm, Digest, MediaType};

    fn shown(bytes: &str) -> Raw {
        raw(&StoredManifest {
            id: ManifestId(1),
            digest: Digest::of(Algorithm::Sha256, bytes.as_bytes()),
            media_type: MediaType::OCI_MANIFEST,
            bytes: bytes::Bytes::copy_from_slice(bytes.as_bytes()),
        })
    }

    #[test]
    fn only_white_space_changes() {
        let written = r#"{"b":[],"a":[1, {"x\"{,\\":"y:z"}],"c":{ }}"#;

        let indented = shown(written).indented.unwrap();

        assert_eq!(
            indented,
            "{\n  \"b\": [],\n  \"a\": [\n    1,\n    {\n      \"x\\\"{,\\\\\": \"y:z\"\n    }\n  ],\n  \"c\": {}\n}"
        );
        let parsed = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
        assert_eq!(parsed(&indented), parsed(written));
    }

    #[test]
    fn what_has_lines_is_left_as_it_is() {
        assert_eq!(shown("{\n}").indented, None);
    }

    #[test]
    fn long_ones_are_cut_between_letters() {
        let long = format!("\"{}\"", "é".repeat(MAX_SHOWN));

        let raw = shown(&long);

        assert!(raw.is_cut && raw.indented.is_none());
        assert_eq!((raw.text.len(), raw.size), (MAX_SHOWN - 1, long.len()));
    }
}
