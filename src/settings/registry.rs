//! How pushes and pulls behave.

use std::time::Duration;

use crate::settings::parse::{self, HOUR, MINUTE};
use crate::settings::reader::Reader;

/// Choices the OCI specification leaves open.
#[derive(Clone, Debug)]
pub struct Registry {
    /// Whether a push creates the namespace it names. Default false. `PIERHEAD_REGISTRY__CREATE_NAMESPACE_ON_PUSH`.
    pub create_namespace_on_push: bool,
    /// Whether an index may name manifests not here. Default false. `PIERHEAD_REGISTRY__ALLOW_SPARSE_INDEXES`.
    pub allow_sparse_indexes: bool,
    /// How long a bearer token is good. Default 5 min. `PIERHEAD_REGISTRY__TOKEN_LIFETIME`, e.g. `10m`.
    pub token_lifetime: Duration,
}

impl Registry {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            create_namespace_on_push: reader.value(
                "registry.create_namespace_on_push",
                "false",
                "Whether a push to a namespace that does not exist creates it",
                parse::boolean,
            ),
            allow_sparse_indexes: reader.value(
                "registry.allow_sparse_indexes",
                "false",
                "Whether an image index may be pushed without all the manifests it names",
                parse::boolean,
            ),
            token_lifetime: reader.value(
                "registry.token_lifetime",
                "5m",
                "How long a bearer token of `docker login` is good, from 1m to 1h",
                parse::duration(MINUTE..=HOUR),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::testing::Given;

    #[test]
    fn choices_are_read_from_toml_and_from_variables() {
        let file = "[registry]\nallow_sparse_indexes = true\n";
        let given = Given::file(file).variable("PIERHEAD_REGISTRY__CREATE_NAMESPACE_ON_PUSH", "true");

        let registry = given.settings().registry;

        assert!(registry.allow_sparse_indexes && registry.create_namespace_on_push);
        assert_eq!(registry.token_lifetime.as_secs(), 300);
    }

    #[test]
    fn a_token_is_good_for_an_hour_at_most() {
        let text = Given::nothing().flag("registry.token_lifetime", "2h").fault();
        assert!(text.contains("from 1m to 1h"), "{text}");
    }
}
