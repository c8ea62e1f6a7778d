//! The page of a team: who is in it, who is invited, what it says about itself, which repositories it may use.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::{Inspect, Read, RepositoryRole, TeamRole};
use domain::repository::GrantedRepository;
use domain::team::{self, Team, TeamMember, invitation};
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::roles;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// Rows of one page of members, and of permissions.
const ON_A_PAGE: i64 = 50;
/// Invitations shown at once; they come before the members of the first page.
const INVITED: i64 = 100;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
struct Asked {
    /// Members after this row.
    #[serde(default)]
    after: i64,
    /// Permissions after this repository.
    #[serde(default)]
    permissions_after: String,
    dialog: Option<String>,
    member: Option<String>,
}

/// What was typed into one of the page's forms, with what is wrong with it.
#[derive(Default)]
pub(super) struct Typed {
    pub member: String,
    pub repository: String,
    pub role: Option<RepositoryRole>,
    pub description: Option<String>,
    pub faults: Faults,
}

#[derive(Template)]
#[template(path = "organization/team.html")]
pub(super) struct TeamPage {
    frame: Frame,
    head: Head,
    team: Team,
    members: Vec<TeamMember>,
    invited: Vec<String>,
    /// Repositories granted to the team, for who may see how the organization is administered.
    permissions: Vec<GrantedRepository>,
    /// Addresses of what comes after these members and permissions, and of the beginning; empty where there is none.
    first: String,
    next: String,
    next_permissions: String,
    typed: Typed,
    removing: Option<String>,
}

/// `GET /organization/<name>/teams/<team>`
///
/// # Errors
/// As [`team::one`].
pub async fn show(visit: Visit, path: Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (name, team) = path.into_inner();
    let asked: Asked = visit.query();
    let mut typed = Typed::default();
    let dialog = asked.dialog.clone();
    let member = asked.member.clone();
    let mut page = page(&visit, (&name, &team), asked, Typed::default()).await?;
    if page.head.may.administer {
        if dialog.as_deref() == Some("describe") {
            typed.description = Some(page.team.description.clone());
        }
        page.removing = member.filter(|_| dialog.as_deref() == Some("remove-member"));
        page.typed = typed;
    }
    Ok(visit.page(&page))
}

/// The page again, with a form that is to be mended.
pub(super) async fn refused(visit: &Visit, names: (&str, &str), typed: Typed) -> Result<HttpResponse, PageError> {
    Ok(visit.refused(&page(visit, names, Asked::default(), typed).await?))
}

async fn page(
    visit: &Visit,
    (name, team_name): (&str, &str),
    asked: Asked,
    typed: Typed,
) -> Result<TeamPage, PageError> {
    let organization = visit.namespace::<Read>(name).await?;
    let head = Head::load(visit, name, false, Tab::Teams).await?;
    let (sees_all, now, wanted) = (head.may.inspect, visit.services.clock.now(), team_name.to_string());
    let inspected = if sees_all { Some(visit.namespace::<Inspect>(name).await?) } else { None };
    let is_first = asked.after == 0 && asked.permissions_after.is_empty();
    let read = visit.services.db.read(move |conn| {
        let team = team::one(conn, &organization, &wanted, sees_all)?;
        let members = team::members(conn, team.id, asked.after, ON_A_PAGE + 1)?;
        let with_invited = sees_all && asked.after == 0;
        let invited = if with_invited { invitation::pending(conn, team.id, now, INVITED)? } else { Vec::new() };
        let permissions = match &inspected {
            Some(organization) => {
                team::permissions(conn, organization, &wanted, &asked.permissions_after, ON_A_PAGE + 1)?
            }
            None => Vec::new(),
        };
        Ok((team, members, invited, permissions))
    });
    let (team, members, invited, permissions) = read.await?;
    let ((members, more_members), (permissions, more_permissions)) = (cut(members), cut(permissions));
    let here = urls::team(name, team_name);
    let next = members.last().filter(|_| more_members).map(|last| format!("{here}?after={}", last.row));
    let next_permissions = permissions.last().filter(|_| more_permissions);
    let next_permissions = next_permissions.map(|(last, ..)| format!("{here}?permissions_after={last}"));
    let first = if is_first { String::new() } else { here };
    let frame = visit.frame(Here::Namespace(name.to_string())).await?;
    let (next, next_permissions) = (next.unwrap_or_default(), next_permissions.unwrap_or_default());
    Ok(TeamPage {
        frame,
        head,
        team,
        members,
        invited,
        permissions,
        first,
        next,
        next_permissions,
        typed,
        removing: None,
    })
}

/// A page of what was looked for with one more, and whether there was one more.
fn cut<T>(mut found: Vec<T>) -> (Vec<T>, bool) {
    let most = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    (found, more)
}

impl TeamPage {
    fn role_key(&self) -> &'static str {
        roles::role_key(self.team.role)
    }

    fn is_admin(&self) -> bool {
        self.team.role == TeamRole::Admin
    }

    fn icon(member: &TeamMember) -> &'static str {
        if member.is_robot { "bot" } else { "user" }
    }

    fn kind(member: &TeamMember) -> &'static str {
        if member.is_robot { "team-kind-robot" } else { "team-kind-user" }
    }

    fn repository_url(&self, name: &str) -> String {
        urls::repository(&format!("{}/{name}", self.head.name()))
    }

    /// The role the form for another repository has chosen.
    fn chosen(&self) -> RepositoryRole {
        self.typed.role.unwrap_or(RepositoryRole::Read)
    }

    /// What a form of this team is sent to.
    fn part(&self, part: &str) -> String {
        urls::team_part(self.head.name(), &self.team.name, part)
    }

    /// Where the question before a member is removed is asked.
    fn remove_url(&self, member: &str) -> String {
        urls::remove_from_team(self.head.name(), &self.team.name, member)
    }
}
