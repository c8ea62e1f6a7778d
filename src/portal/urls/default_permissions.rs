//! Default permissions: a tab of their organization's page.

/// The tab.
pub fn default_permissions(organization: &str) -> String {
    format!("/organization/{organization}?tab=default-permissions")
}

/// The tab after a row.
pub fn more_default_permissions(organization: &str, after: i64) -> String {
    format!("/organization/{organization}?tab=default-permissions&after={after}")
}

/// The form for a new one.
pub fn new_default_permission(organization: &str) -> String {
    format!("/organization/{organization}?tab=default-permissions&dialog=create")
}

/// The question before one is deleted.
pub fn delete_default_permission(organization: &str, uuid: &str) -> String {
    format!("/organization/{organization}?tab=default-permissions&dialog=delete&rule={uuid}")
}

/// What applying them to existing repositories does.
pub fn apply_default_permissions(organization: &str) -> String {
    format!("/organization/{organization}?tab=default-permissions&dialog=apply")
}

/// The same, going on after a repository.
pub fn apply_default_permissions_after(organization: &str, repository: &str) -> String {
    super::and_query(&apply_default_permissions(organization), &[("from", repository)])
}

/// Where a new one is sent.
pub fn default_permission_forms(organization: &str) -> String {
    format!("/organization/{organization}/default-permissions")
}

/// Where the confirmation is sent that applies them.
pub fn default_permissions_application(organization: &str) -> String {
    format!("/organization/{organization}/default-permissions/apply")
}

/// Where one is changed: `role`, `deletion`.
pub fn default_permission_action(organization: &str, uuid: &str, what: &str) -> String {
    format!("/organization/{organization}/default-permissions/{uuid}/{what}")
}
