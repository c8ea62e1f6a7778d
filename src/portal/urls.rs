//! Every URL of the portal. Nobody else spells one.

use domain::oci::NamespaceName;

pub(super) const LANDING: &str = "/";
pub(super) const SETUP: &str = "/setup";
pub(super) const SETUP_DONE: &str = "/setup/done";

/// The first page.
pub fn landing() -> &'static str {
    LANDING
}

/// Where the form that creates the first administrator is sent.
pub fn setup() -> &'static str {
    SETUP
}

/// What `serve` prints on a fresh data folder, below the external URL. Set-up words need no escaping in a URL.
pub fn setup_with(token: &str) -> String {
    format!("{SETUP}?token={token}")
}

/// Next steps for the administrator just created.
pub fn setup_done(user: &NamespaceName) -> String {
    format!("{SETUP_DONE}?user={user}")
}
