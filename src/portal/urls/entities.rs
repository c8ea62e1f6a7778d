//! Names that fields offer.

/// Names of these kinds (`user`, `robot`, `team`, with commas between them) in a namespace.
pub fn entities(namespace: &str, kinds: &str) -> String {
    format!("/entities?namespace={namespace}&kinds={kinds}")
}

/// As [`entities`], offering admins to create what nobody is called.
pub fn entities_or_new(namespace: &str, kinds: &str) -> String {
    format!("/entities?namespace={namespace}&kinds={kinds}&new=yes")
}
