//! Every URL of the portal. Nobody else spells one.

use domain::oci::NamespaceName;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

pub(super) const LANDING: &str = "/";
pub(super) const SETUP: &str = "/setup";
pub(super) const SETUP_DONE: &str = "/setup/done";
pub(super) const SIGNIN: &str = "/signin";
pub(super) const SIGNOUT: &str = "/signout";
pub(super) const OAUTH_AUTHORIZE: &str = "/oauth/authorize";
pub(super) const OAUTH_AUTHORIZE_APP: &str = "/oauth/authorizeapp";
pub(super) const OAUTH_DENY_APP: &str = "/oauth/denyapp";
pub(super) const OAUTH_ACCESS_TOKEN: &str = "/oauth/access_token";
pub(super) const OAUTH_LOCAL_APP: &str = "/oauth/localapp";

/// The first page.
pub fn landing() -> &'static str {
    LANDING
}

/// Where people sign in, and where the form for it is sent.
pub fn signin() -> &'static str {
    SIGNIN
}

/// As [`signin`], going on to an address of this server afterwards.
pub fn signin_then(next: &str) -> String {
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    format!("{SIGNIN}?next={next}")
}

/// Where the form that ends a session is sent.
pub fn signout() -> &'static str {
    SIGNOUT
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
