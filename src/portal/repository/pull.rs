//! The commands that fetch something, by what it is.

use domain::oci::MediaType;

const HELM_CHART: &str = "application/vnd.cncf.helm.config.v1+json";

/// What something is, unless it is an image as most are, which needs no word.
pub(super) fn artifact(artifact_type: Option<&str>) -> Option<&str> {
    let is_image = |word: &str| word.parse::<MediaType>().is_ok_and(|media_type| media_type.is_image_config());
    artifact_type.filter(|word| !is_image(word))
}

/// The commands that fetch what a tag of `repository`, with the registry's name, points at.
pub(super) fn by_tag(artifact_type: Option<&str>, repository: &str, tag: &str) -> Vec<String> {
    match artifact_type {
        // Versions may have a plus, tags may not: helm pushes an underscore for it.
        Some(HELM_CHART) => vec![format!("helm pull oci://{repository} --version {}", tag.replace('_', "+"))],
        other => of_any(other, &format!("{repository}:{tag}")),
    }
}

/// The commands that fetch what has this digest.
pub(super) fn by_digest(artifact_type: Option<&str>, repository: &str, digest: &str) -> Vec<String> {
    of_any(artifact_type, &format!("{repository}@{digest}"))
}

fn of_any(artifact_type: Option<&str>, reference: &str) -> Vec<String> {
    let clients: &[&str] = if artifact(artifact_type).is_some() { &["oras"] } else { &["docker", "podman"] };
    clients.iter().map(|client| format!("{client} pull {reference}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_is_pulled_by_its_own_clients() {
        let image = Some("application/vnd.oci.image.config.v1+json");
        assert_eq!(
            by_tag(image, "r.example/a/web", "1"),
            ["docker pull r.example/a/web:1", "podman pull r.example/a/web:1"]
        );
        assert_eq!(by_tag(None, "r.example/a/web", "1").len(), 2, "an index has no artifact type");
        let chart = "helm pull oci://r.example/a/web --version 1.0.0+3";
        assert_eq!(by_tag(Some(HELM_CHART), "r.example/a/web", "1.0.0_3"), [chart]);
        assert_eq!(
            by_digest(Some(HELM_CHART), "r.example/a/web", "sha256:ab"),
            ["oras pull r.example/a/web@sha256:ab"]
        );
        assert_eq!(by_tag(Some("text/x.notes"), "r.example/a/web", "v1"), ["oras pull r.example/a/web:v1"]);
    }
}
