//! The tab "Teams and membership" of an organization: its teams, who is in them, and who has permissions without.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::Error;
use domain::access::{Admin, Authorized, Inspect, Read, TeamRole};
use domain::error::Thing;
use domain::ids::TeamId;
use domain::oci::TeamName;
use domain::organization::{Namespace, Person};
use domain::team::{self, TeamRow};
use serde::Deserialize;

use super::head::{Head, Tab, asked};
use super::people::{self, View};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// Rows of one page.
pub(super) const ON_A_PAGE: i64 = 50;
/// More grants of a team than these are not counted one by one before it is deleted.
const COUNTED: i64 = 1_000;
/// Characters of a description that the list shows.
const SUMMARY: usize = 200;

/// What the address says of the tab's state.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    view: Option<String>,
    #[serde(default)]
    after: String,
    dialog: Option<String>,
    team: Option<String>,
    member: Option<String>,
}

/// The form for a new team.
#[derive(Deserialize, Default)]
pub struct NewTeam {
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    role: String,
}

#[derive(Template)]
#[template(path = "organization/teams.html")]
struct TeamsPage {
    frame: Frame,
    head: Head,
    view: View,
    teams: Vec<Row>,
    people: Vec<Person>,
    /// What this page of the list begins after.
    after: String,
    /// Addresses of the pages around this one; empty where there is none.
    first: String,
    next: String,
    creating: Option<CreateDialog>,
    deleting: Option<DeleteDialog>,
    removing: Option<Person>,
}

struct Row {
    team: TeamRow,
    /// Whether the visitor may look into it.
    opens: bool,
}

struct CreateDialog {
    typed: NewTeam,
    faults: Faults,
}

struct DeleteDialog {
    team: String,
    members: i64,
    repositories: usize,
}

/// `?tab=teams[&view=members|collaborators]`
///
/// # Errors
/// As [`visit.namespace`](Visit::namespace).
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let asked: Asked = asked(&visit);
    let wanted = |name: &str| asked.dialog.as_deref() == Some(name) && head.may.administer;
    let creating = wanted("create-team").then(|| CreateDialog { typed: NewTeam::default(), faults: Faults::none() });
    let deleting = match &asked.team {
        Some(team) if wanted("delete-team") => Some(DeleteDialog::load(&visit, &head, team.clone()).await?),
        _ => None,
    };
    let removes = wanted("remove-member");
    let mut page = page(&visit, head, &asked).await?;
    page.removing = asked
        .member
        .filter(|_| removes)
        .and_then(|name| page.people.iter().find(|person| person.name == name).cloned());
    Ok(visit.page(&TeamsPage { creating, deleting, ..page }))
}

/// `POST /organization/<name>/teams`
///
/// # Errors
/// As [`team::put`], but for what the form can mend.
pub async fn create(visit: Visit, name: Path<String>, form: VerifiedForm<NewTeam>) -> Result<HttpResponse, PageError> {
    let organization = visit.namespace::<Admin>(&name).await?;
    let typed = form.into_inner();
    match make(&visit, organization, &typed).await {
        Ok(team) => {
            let flash = Flash::done(visit.text().with("teams-created", "name", &team));
            Ok(visit.go_saying(&urls::team(&name, &team), flash))
        }
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            let head = Head::load(&visit, &name, false, Tab::Teams).await?;
            let page = page(&visit, head, &Asked::default()).await?;
            Ok(visit.refused(&TeamsPage { creating: Some(CreateDialog { typed, faults }), ..page }))
        }
    }
}

async fn make(visit: &Visit, organization: Authorized<Namespace, Admin>, typed: &NewTeam) -> domain::Result<String> {
    let name: TeamName = typed.name.trim().parse()?;
    let role = TeamRole::from_word(&typed.role).unwrap_or(TeamRole::Member);
    let (description, now) = (typed.description.trim().to_string(), visit.services.clock.now());
    let made = visit.services.db.write(move |tx| {
        // Putting a team that is there would change it.
        match team::by_name(tx, organization.id, name.as_str()) {
            Ok(_) => Err(Error::AlreadyExists(Thing::Team(name.as_str().to_string()))),
            Err(Error::NotFound(_)) => team::put(tx, &organization, now, &name, role, Some(&description)),
            Err(other) => Err(other),
        }
    });
    Ok(made.await?.name)
}

async fn page(visit: &Visit, head: Head, asked: &Asked) -> Result<TeamsPage, PageError> {
    let view = View::named(asked.view.as_deref()).filter(|_| head.may.inspect).unwrap_or(View::Teams);
    let (mut teams, mut people) = (Vec::new(), Vec::new());
    let (last, more);
    if view == View::Teams {
        (teams, more) = teams_after(visit, &head, asked.after.clone()).await?;
        last = teams.last().map(|row| row.team.name.clone());
    } else {
        let organization = visit.namespace::<Inspect>(head.name()).await?;
        (people, more) = people::after(visit, organization, view, asked.after.clone()).await?;
        last = people.last().map(|person| person.name.clone());
    }
    let here = urls::people(head.name(), view.word());
    let next = last.filter(|_| more).map_or_else(String::new, |last| format!("{here}&after={last}"));
    let first = if asked.after.is_empty() { String::new() } else { here };
    let head = match head.may.administer && view == View::Teams {
        true => {
            let url = urls::new_team(head.name());
            head.offering(url, visit.text().say("teams-create"))
        }
        false => head,
    };
    let frame = visit.frame(Here::Namespace(head.name().to_string())).await?;
    let (after, creating, deleting, removing) = (asked.after.clone(), None, None, None);
    Ok(TeamsPage { frame, head, view, teams, people, after, first, next, creating, deleting, removing })
}

/// A page of teams, and whether there are more.
async fn teams_after(visit: &Visit, head: &Head, after: String) -> Result<(Vec<Row>, bool), PageError> {
    let organization = visit.namespace::<Read>(head.name()).await?;
    let sees_all = head.may.inspect;
    let read = visit.services.db.read(move |conn| {
        let own = team::of_principal(conn, organization.id, &organization.caller().principal)?;
        Ok((team::list(conn, &organization, &after, ON_A_PAGE + 1)?, own))
    });
    let (found, own): (Vec<TeamRow>, Vec<TeamId>) = read.await?;
    let (found, more) = cut(found);
    let row = |team: TeamRow| Row { opens: sees_all || own.contains(&team.id), team };
    Ok((found.into_iter().map(row).collect(), more))
}

/// A page of what was looked for with one more, and whether there was one more.
pub(super) fn cut<T>(mut found: Vec<T>) -> (Vec<T>, bool) {
    let most = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = found.len() > most;
    found.truncate(most);
    (found, more)
}

impl DeleteDialog {
    async fn load(visit: &Visit, head: &Head, team: String) -> Result<DeleteDialog, PageError> {
        let organization = visit.namespace::<Inspect>(head.name()).await?;
        let read = visit.services.db.read(move |conn| {
            let id = team::by_name(conn, organization.id, &team)?;
            let members = team::count_members(conn, &[id])?.get(&id).copied().unwrap_or(0);
            let repositories = team::permissions(conn, &organization, &team, "", COUNTED)?.len();
            Ok(DeleteDialog { team, members, repositories })
        });
        Ok(read.await?)
    }
}

impl Row {
    fn is_admin(&self) -> bool {
        self.team.role == TeamRole::Admin
    }

    fn role_key(&self) -> &'static str {
        super::role_key(self.team.role)
    }

    /// The first line of what it says about itself.
    fn summary(&self) -> String {
        let line = self.team.description.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        line.chars().take(SUMMARY).collect()
    }
}

impl CreateDialog {
    fn roles(&self) -> Vec<super::Choice> {
        super::team_roles(TeamRole::from_word(&self.typed.role).unwrap_or(TeamRole::Member))
    }
}

impl TeamsPage {
    fn repository_url(&self, name: &str) -> String {
        urls::repository(&format!("{}/{name}", self.head.name()))
    }

    /// The address of this page of the list.
    fn here(&self) -> String {
        let here = urls::people(self.head.name(), self.view.word());
        if self.after.is_empty() { here } else { format!("{here}&after={}", self.after) }
    }

    /// The question before this person is removed, on this page of the list.
    fn remove_url(&self, person: &Person) -> String {
        format!("{}&dialog=remove-member&member={}", self.here(), person.name)
    }
}
