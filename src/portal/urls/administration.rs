//! The pages for superusers.

use crate::portal::frame::Administration;

/// A page of the administration.
pub fn administration(page: impl std::borrow::Borrow<Administration>) -> &'static str {
    match page.borrow() {
        Administration::Users => "/administration/users",
        Administration::Organizations => "/administration/organizations",
        Administration::Sessions => "/administration/sessions",
        Administration::Jobs => "/administration/jobs",
        Administration::Storage => "/administration/storage",
        Administration::Logs => "/administration/logs",
        Administration::Messages => "/administration/messages",
        Administration::Health => "/administration/health",
        Administration::Settings => "/administration/settings",
    }
}

/// Where users are listed and the form for another is sent.
pub fn administration_users() -> &'static str {
    administration(Administration::Users)
}

/// Where the form for a change of a user is sent.
pub fn administration_user(name: &str, change: &str) -> String {
    format!("/administration/users/{name}/{change}")
}

/// Where organizations of everybody are listed.
pub fn administration_organizations() -> &'static str {
    administration(Administration::Organizations)
}

/// Where the form for a change of an organization is sent.
pub fn administration_organization(name: &str, change: &str) -> String {
    format!("/administration/organizations/{name}/{change}")
}

/// What was deleted and can come back.
pub fn administration_deleted() -> &'static str {
    "/administration/organizations?tab=deleted"
}

/// Where the form that brings something back is sent.
pub fn administration_restoration(kind: &str, id: i64) -> String {
    format!("/administration/deleted/{kind}/{id}/restoration")
}

/// What runs by itself.
pub fn administration_jobs() -> &'static str {
    administration(Administration::Jobs)
}

/// Where the form that has a job run is sent.
pub fn administration_run(job: &str) -> String {
    format!("/administration/jobs/{job}/run")
}

/// Where the form that tries an export's callback again is sent.
pub fn administration_retry(export: &str) -> String {
    format!("/administration/exports/{export}/retry")
}

/// Messages to everybody, and where the form for one is sent.
pub fn administration_messages() -> &'static str {
    administration(Administration::Messages)
}

/// Where the form that takes a message down is sent.
pub fn administration_message_deletion(uuid: &str) -> String {
    format!("/administration/messages/{uuid}/deletion")
}

/// Who is signed in.
pub fn administration_sessions() -> &'static str {
    administration(Administration::Sessions)
}

/// Where the form that ends a session is sent.
pub fn administration_session_end(uuid: &str) -> String {
    format!("/administration/sessions/{uuid}/end")
}

/// The settings in force.
pub fn administration_settings() -> &'static str {
    administration(Administration::Settings)
}
