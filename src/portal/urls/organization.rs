//! Organizations and users as namespaces. Their names need no escaping: letters, digits, `.`, `_` and `-`.

/// The organizations one belongs to.
pub fn organizations() -> &'static str {
    "/organization"
}

/// The same, with this in their names.
pub fn organizations_with(text: &str) -> String {
    super::with_query(organizations(), &[("q", text)])
}

/// The organizations one belongs to with the form for a new one.
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

/// A tab of a namespace's page; the first needs no word.
pub fn namespace_tab(name: &str, is_user: bool, tab: &str) -> String {
    let page = super::namespace(name, is_user);
    if tab == "repositories" { page } else { format!("{page}?tab={tab}") }
}

/// Where an organization's settings are sent.
pub fn organization_settings(name: &str) -> String {
    format!("/organization/{name}/settings")
}

/// Where an organization's new name is sent.
pub fn organization_name(name: &str) -> String {
    format!("/organization/{name}/name")
}

/// Where the confirmation is sent that ends an organization.
pub fn organization_deletion(name: &str) -> String {
    format!("/organization/{name}/deletion")
}

/// The question before an organization is deleted.
pub fn delete_organization(name: &str) -> String {
    format!("/organization/{name}?tab=settings&dialog=delete")
}

/// The teams of an organization, and where a new one is sent.
pub fn teams(organization: &str) -> String {
    format!("/organization/{organization}/teams")
}

/// The people of an organization: `teams`, `members` or `collaborators`.
pub fn people(organization: &str, view: &str) -> String {
    match view {
        "teams" => format!("/organization/{organization}?tab=teams"),
        _ => format!("/organization/{organization}?tab=teams&view={view}"),
    }
}

/// The form for a new team.
pub fn new_team(organization: &str) -> String {
    format!("/organization/{organization}?tab=teams&dialog=create-team")
}

/// The form for a new team, with its name filled in.
pub fn new_team_named(organization: &str, team: &str) -> String {
    super::and_query(&new_team(organization), &[("team", team)])
}

/// The question before a team is deleted.
pub fn delete_team(organization: &str, team: &str) -> String {
    format!("/organization/{organization}?tab=teams&dialog=delete-team&team={team}")
}

/// A team.
pub fn team(organization: &str, team: &str) -> String {
    format!("/organization/{organization}/teams/{team}")
}

/// Something of a team that forms are sent to: `role`, `members`, ….
pub fn team_part(organization: &str, team: &str, part: &str) -> String {
    format!("/organization/{organization}/teams/{team}/{part}")
}

/// A team with a dialog.
pub fn team_dialog(organization: &str, team: &str, dialog: &str) -> String {
    format!("/organization/{organization}/teams/{team}?dialog={dialog}")
}

/// The question before somebody is taken out of a team. Names of robot accounts have a plus.
pub fn remove_from_team(organization: &str, team: &str, member: &str) -> String {
    let member = super::escaped(member);
    format!("/organization/{organization}/teams/{team}?dialog=remove-member&member={member}")
}

/// Where the confirmation is sent that takes somebody out of an organization.
pub fn member_removal(organization: &str, member: &str) -> String {
    format!("/organization/{organization}/members/{member}/removal")
}

/// Repositories of an organization whose names contain what is typed.
pub fn repository_candidates(organization: &str) -> String {
    format!("/organization/{organization}/repositories/candidates")
}

/// An invitation to a team.
pub fn invitation(code: &str) -> String {
    format!("/invitation/{code}")
}

/// What was deleted in a namespace and can come back.
pub fn deleted_repositories(name: &str, is_user: bool) -> String {
    format!("{}?view=deleted", super::namespace(name, is_user))
}

/// Where a change of several repositories of a namespace is sent: their `visibility`, their `deletion`, or their
/// `restoration`.
pub fn repositories_part(name: &str, is_user: bool, part: &str) -> String {
    format!("{}/repositories/{part}", super::namespace(name, is_user))
}
