//! Repositories. Their names need no escaping; tags and digests neither: letters, digits and `.`, `_`, `-`, `:`, `+`, `=`.

/// A repository: its information.
pub fn repository(name: &str) -> String {
    format!("/repository/{name}")
}

/// A tab of a repository's page.
pub fn repository_tab(name: &str, tab: &str) -> String {
    format!("/repository/{name}?tab={tab}")
}

/// A tag.
pub fn tag(name: &str, tag: &str) -> String {
    format!("/repository/{name}/tag/{tag}")
}

/// A manifest.
pub fn manifest(name: &str, digest: &str) -> String {
    format!("/repository/{name}/manifest/{digest}")
}

/// Something that can be done to a repository: `star`, `tags/deletion`. No name contains `/-/`.
pub fn repository_action(name: &str, action: &str) -> String {
    format!("/repository/{name}/-/{action}")
}

/// The form for a new repository in this namespace.
pub fn new_repository(namespace: &str) -> String {
    format!("/repository?dialog=create&namespace={namespace}")
}

/// Two tags or manifests of a repository side by side: `from=…&to=…` follow.
pub fn compare(name: &str) -> String {
    format!("/repository/{name}/-/compare")
}
