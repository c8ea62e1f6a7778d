//! OAuth applications: a tab of their organization's page. Client ids need no escaping: letters and digits.

/// The tab after a row.
pub fn more_applications(organization: &str, after: i64) -> String {
    format!("/organization/{organization}?tab=applications&after={after}")
}

/// The form for a new one.
pub fn new_application(organization: &str) -> String {
    format!("/organization/{organization}?tab=applications&dialog=create")
}

/// A view of one: `settings`, `information`, `generate` or `tokens`.
pub fn application_view(organization: &str, client: &str, view: &str) -> String {
    format!("/organization/{organization}?tab=applications&dialog=manage&client={client}&view={view}")
}

/// What it identifies itself by, with its secret (`shown`), or with the question before it gets another (`reset`).
pub fn application_secret(organization: &str, client: &str, secret: &str) -> String {
    format!("{}&secret={secret}", application_view(organization, client, "information"))
}

/// Its tokens before a row.
pub fn more_application_tokens(organization: &str, client: &str, before: i64) -> String {
    format!("{}&before={before}", application_view(organization, client, "tokens"))
}

/// The question before a token is revoked.
pub fn revoke_application_token(organization: &str, client: &str, token: &str) -> String {
    format!("{}&token={token}", application_view(organization, client, "tokens"))
}

/// The question before one is deleted.
pub fn delete_application(organization: &str, client: &str) -> String {
    format!("/organization/{organization}?tab=applications&dialog=delete&client={client}")
}

/// Where a new one is sent.
pub fn applications(organization: &str) -> String {
    format!("/organization/{organization}/applications")
}

/// Where something of one is changed: `details`, `secret`, `deletion`, `tokens`.
pub fn application_action(organization: &str, client: &str, what: &str) -> String {
    format!("/organization/{organization}/applications/{client}/{what}")
}
