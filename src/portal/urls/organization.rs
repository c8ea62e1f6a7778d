//! Organizations and users as namespaces. Their names need no escaping: letters, digits, `.`, `_` and `-`.

/// The organizations one belongs to.
pub fn organizations() -> &'static str {
    "/organization"
}

/// The same with the form for a new one.
pub fn new_organization() -> &'static str {
    "/organization?dialog=create"
}

/// An organization.
pub fn organization(name: &str) -> String {
    format!("/organization/{name}")
}

/// A tab of an organization's page.
pub fn organization_tab(name: &str, tab: &str) -> String {
    format!("/organization/{name}?tab={tab}")
}

/// A user's namespace.
pub fn user(name: &str) -> String {
    format!("/user/{name}")
}
