//! What programs sign in with, made of a name and a secret: commands and files.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Longest name of a Kubernetes object. Source: RFC 1123, as Kubernetes applies it.
const MAX_OBJECT_NAME: usize = 253;

/// A name and a secret for this registry.
pub struct Credentials<'a> {
    /// The registry, as images name it.
    pub host: &'a str,
    /// The name.
    pub user: &'a str,
    /// The secret.
    pub secret: &'a str,
    /// What files and objects are called after.
    pub title: &'a str,
}

/// A file to be copied or downloaded.
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub content: String,
}

impl Credentials<'_> {
    /// The command that signs a program in, such as `docker login`.
    pub fn login(&self, program: &str) -> String {
        format!("echo {} | {program} -u '{}' --password-stdin {}", self.secret, self.user, self.host)
    }

    /// Docker's file, which Podman, Helm, ORAS and Kubernetes read too.
    fn auths(&self) -> serde_json::Value {
        let auth = STANDARD.encode(format!("{}:{}", self.user, self.secret));
        serde_json::json!({ "auths": { self.host: { "auth": auth } } })
    }

    /// Docker's `config.json`.
    pub fn docker_config(&self) -> File {
        let content = serde_json::to_string_pretty(&self.auths()).unwrap_or_default();
        File { name: object_name(self.title, "-auth.json"), content: format!("{content}\n") }
    }

    /// A pull secret for Kubernetes.
    pub fn kubernetes(&self) -> File {
        let name = object_name(self.title, "-pull-secret");
        let data = STANDARD.encode(self.auths().to_string());
        let content = format!(
            "apiVersion: v1\nkind: Secret\nmetadata:\n  name: {name}\ndata:\n  .dockerconfigjson: {data}\ntype: \
             kubernetes.io/dockerconfigjson\n"
        );
        File { name: format!("{name}.yml"), content }
    }
}

/// A title as names of Kubernetes objects and files can be, with what comes after it.
fn object_name(title: &str, end: &str) -> String {
    let mut name = String::new();
    for letter in title.chars().take(MAX_OBJECT_NAME - end.len()) {
        match letter {
            plain if plain.is_ascii_alphanumeric() => name.push(plain.to_ascii_lowercase()),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    match name.trim_end_matches('-') {
        "" => end.trim_start_matches('-').to_string(),
        name => format!("{name}{end}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_objects_fit_kubernetes() {
        assert_eq!(object_name("acme+ci_push.eu", "-auth.json"), "acme-ci-push-eu-auth.json");
        assert_eq!(object_name("Ada's laptop", "-pull-secret"), "ada-s-laptop-pull-secret");
        assert_eq!(object_name("<ü>", "-pull-secret"), "pull-secret");
        assert_eq!(object_name(&format!("acme+{}", "a".repeat(300)), "-pull-secret").len(), MAX_OBJECT_NAME);
    }
}
