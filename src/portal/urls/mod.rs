//! Every URL of the portal. Nobody else spells one.
//!
//! The forms are Quay's (`/organization/acme?tab=teams`, `/repository/acme/web/tag/1.4`). What changes something in a
//! repository is below `/-/`, which no repository's name can contain.

mod account;
mod administration;
mod applications;
mod default_permissions;
mod entities;
mod logs;
mod organization;
mod repository;
mod robots;

pub use account::*;
pub use administration::*;
pub use applications::*;
pub use default_permissions::*;
use domain::oci::NamespaceName;
pub use entities::*;
pub use logs::*;
pub use organization::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
pub use repository::*;
pub use robots::*;

pub(super) const LANDING: &str = "/";
pub(super) const REPOSITORIES: &str = "/repository";
pub(super) const SEARCH: &str = "/search";
pub(super) const SEARCH_INSTANT: &str = "/search/instant";
pub(super) const PREFERENCES: &str = "/preferences";
pub(super) const ACCOUNT: &str = "/account";
pub(super) const SETUP: &str = "/setup";
pub(super) const SETUP_DONE: &str = "/setup/done";
pub(super) const SIGNIN: &str = "/signin";
pub(super) const SIGNOUT: &str = "/signout";
pub(super) const SIGNIN_CODE: &str = "/signin/code";
pub(super) const CREATE_ACCOUNT: &str = "/createaccount";
pub(super) const RECOVERY: &str = "/recovery";
pub(super) const CONFIRM: &str = "/signin/confirm";
pub(super) const OAUTH_AUTHORIZE: &str = "/oauth/authorize";
pub(super) const OAUTH_AUTHORIZE_APP: &str = "/oauth/authorizeapp";
pub(super) const OAUTH_DENY_APP: &str = "/oauth/denyapp";
pub(super) const OAUTH_ACCESS_TOKEN: &str = "/oauth/access_token";
pub(super) const OAUTH_LOCAL_APP: &str = "/oauth/localapp";

/// The start page of whoever is signed in; the first page for others.
pub fn home() -> &'static str {
    LANDING
}

/// Repositories of all namespaces.
pub fn repositories() -> &'static str {
    REPOSITORIES
}

/// The same, with this in their names.
pub fn repositories_with(text: &str) -> String {
    with_query(REPOSITORIES, &[("q", text)])
}

/// What a search found.
pub fn search() -> &'static str {
    SEARCH
}

/// What a search for this found.
pub fn search_for(text: &str) -> String {
    let text = utf8_percent_encode(text, NON_ALPHANUMERIC);
    format!("{SEARCH}?q={text}")
}

/// The first hits, while somebody types.
pub fn search_instant() -> &'static str {
    SEARCH_INSTANT
}

/// Where theme and language are chosen.
pub fn preferences() -> &'static str {
    PREFERENCES
}

/// One's own account.
pub fn account() -> &'static str {
    ACCOUNT
}

/// One's own tokens.
pub fn account_tokens() -> &'static str {
    "/account?tab=tokens"
}

/// Invitations that wait for an answer.
pub fn invitations() -> &'static str {
    "/account?tab=invitations"
}

/// A namespace of either kind.
pub fn namespace(name: &str, is_user: bool) -> String {
    if is_user { user(name) } else { organization(name) }
}

/// The first page.
pub fn landing() -> &'static str {
    LANDING
}

/// Where people sign in, and where the form for it is sent.
pub fn signin() -> &'static str {
    SIGNIN
}

/// Where the second step of a sign-in is sent.
pub fn signin_code() -> &'static str {
    SIGNIN_CODE
}

/// Where the password is given again.
pub fn confirm() -> &'static str {
    CONFIRM
}

/// Where people make accounts for themselves.
pub fn create_account() -> &'static str {
    CREATE_ACCOUNT
}

/// What people do who forgot their password, and where they set a new one.
pub fn recovery() -> &'static str {
    RECOVERY
}

/// As [`signin`], going on to an address of this server afterwards.
pub fn signin_then(next: &str) -> String {
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    format!("{SIGNIN}?next={next}")
}

/// Where the password is given again, before going on to an address of this server.
pub fn confirm_then(next: &str) -> String {
    let next = utf8_percent_encode(next, NON_ALPHANUMERIC);
    format!("{CONFIRM}?next={next}")
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

/// An address with those of these values that are not empty.
pub fn with_query(address: &str, values: &[(&str, &str)]) -> String {
    debug_assert!(!address.contains('?'), "{address} has a query already");
    and_query(address, values)
}

/// An address with the state of a list in its query, but for what changes: `changes` take the place of values of their
/// names, and an empty one takes the value away.
pub fn with_changes(address: &str, state: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let kept = state.iter().filter(|(name, _)| !changes.iter().any(|(changed, _)| changed == name));
    with_query(address, &kept.chain(changes).copied().collect::<Vec<_>>())
}

/// As [`with_query`] for an address that has a query already.
pub fn and_query(address: &str, values: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(values.iter().filter(|(_, value)| !value.is_empty()));
    let query = query.finish();
    let between = if address.contains('?') { '&' } else { '?' };
    if query.is_empty() { address.to_string() } else { format!("{address}{between}{query}") }
}

/// Something for the query of an address.
fn escaped(value: &str) -> impl std::fmt::Display {
    utf8_percent_encode(value, NON_ALPHANUMERIC)
}
