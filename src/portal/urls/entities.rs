//! Names that fields offer.

/// Names of these kinds (`user`, `robot`, `team`, with commas between them) in a namespace.
pub fn entities(namespace: &str, kinds: &str) -> String {
    format!("/entities?namespace={namespace}&kinds={kinds}")
}
