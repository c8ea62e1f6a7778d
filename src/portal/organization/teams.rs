//! The tab "Teams and membership" of an organization: its teams, who is in them, and who has permissions without.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::{Admin, Authorized, Inspect, Read, TeamRole};
use domain::db::Tx;
use domain::oci::TeamName;
use domain::organization::{self, NameQuery, Namespace, Person, PersonRow};
use domain::page::Cursor;
use domain::team::{self, TeamListRow};
use serde::Deserialize;

use super::direct::Direct;
use super::head::{Head, Tab};
use super::people::{self, View};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::roles;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// Rows of one page.
const ON_A_PAGE: usize = 50;
/// More grants of a team than these are not counted one by one before it is deleted.
const COUNTED: i64 = 1_000;
/// Characters of a description that the list shows.
const SUMMARY: usize = 200;

/// What the address says of the tab's state.
#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Asked {
    view: String,
    q: String,
    after: String,
    before: String,
    dialog: String,
    team: String,
    member: String,
    /// The repository that the dialog's page before ended with.
    more: String,
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
#[template(path = "organization/teams.html", blocks = ["teams"])]
struct TeamsPage {
    frame: Frame,
    head: Head,
    view: View,
    teams: Vec<Row>,
    people: Vec<PersonRow>,
    asked: Asked,
    /// Addresses of the pages around this one; empty where there is none.
    previous: String,
    next: String,
    creating: Option<CreateDialog>,
    deleting: Option<DeleteDialog>,
    removing: Option<Person>,
    direct: Option<Direct>,
}

struct Row {
    team: TeamListRow,
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
    let asked: Asked = visit.query();
    let wanted = if head.may.administer { asked.dialog.clone() } else { String::new() };
    let deleting = match wanted.as_str() {
        "delete-team" => Some(DeleteDialog::load(&visit, &head, asked.team.clone()).await?),
        _ => None,
    };
    let creating = (wanted == "create-team").then(|| CreateDialog::named(asked.team.clone()));
    let page = page(&visit, head, asked).await?;
    if visit.wants("teams") {
        return Ok(visit.block(&page.as_teams()));
    }
    let (mut removing, mut direct) = (None, None);
    match page.asked.dialog.as_str() {
        "remove-member" if page.head.may.administer => removing = Some(page.person(&visit).await?),
        "direct" if page.head.may.inspect => direct = Some(page.direct(&visit).await?),
        _ => {}
    }
    Ok(visit.page(&TeamsPage { creating, deleting, removing, direct, ..page }))
}

/// `POST /organization/<name>/teams`
///
/// # Errors
/// As [`team::create`], but for what the form can mend.
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
            let page = page(&visit, head, Asked::default()).await?;
            Ok(visit.refused(&TeamsPage { creating: Some(CreateDialog { typed, faults }), ..page }))
        }
    }
}

async fn make(visit: &Visit, organization: Authorized<Namespace, Admin>, typed: &NewTeam) -> domain::Result<String> {
    let name: TeamName = typed.name.trim().parse()?;
    let role = TeamRole::from_word(&typed.role).unwrap_or(TeamRole::Member);
    let (description, now) = (typed.description.trim().to_string(), visit.services.clock.now());
    let create = move |tx: &mut Tx<'_>| team::create(tx, &organization, now, (&name, role, &description));
    Ok(visit.services.db.write(create).await?.name)
}

async fn page(visit: &Visit, head: Head, asked: Asked) -> Result<TeamsPage, PageError> {
    let view = View::named(&asked.view).filter(|_| head.may.inspect).unwrap_or(View::Teams);
    let (mut teams, mut people) = (Vec::new(), Vec::new());
    let (previous, next);
    if view == View::Teams {
        let organization = visit.namespace::<Read>(head.name()).await?;
        let (query, sees_all) = (asked.query(), head.may.inspect);
        let found = visit.services.db.read(move |conn| team::rows(conn, &organization, &query)).await?;
        (previous, next) = (found.previous, found.next);
        teams = found.rows.into_iter().map(|team| Row { opens: sees_all || team.is_mine, team }).collect();
    } else {
        let organization = visit.namespace::<Inspect>(head.name()).await?;
        let found = people::found(visit, organization, view, asked.query()).await?;
        (people, previous, next) = (found.rows, found.previous, found.next);
    }
    let here = urls::people(head.name(), view.word());
    let at = |way: &str, cursor: Option<Cursor>| {
        let cursor = cursor.map(|cursor| cursor.to_string());
        cursor.map_or_else(String::new, |cursor| urls::and_query(&here, &[("q", &asked.q), (way, &cursor)]))
    };
    let (previous, next) = (at("before", previous), at("after", next));
    let head = match head.may.administer && view == View::Teams {
        true => {
            let url = urls::new_team(head.name());
            head.offering(url, visit.text().say("teams-create"))
        }
        false => head,
    };
    let frame = visit.frame(Here::Namespace(head.name().to_string())).await?;
    let (creating, deleting, removing, direct) = (None, None, None, None);
    Ok(TeamsPage { frame, head, view, teams, people, asked, previous, next, creating, deleting, removing, direct })
}

impl Asked {
    fn query(&self) -> NameQuery {
        NameQuery::asked(&self.q, (&self.after, &self.before), ON_A_PAGE)
    }
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
        roles::role_key(self.team.role)
    }

    /// The first line of what it says about itself.
    fn summary(&self) -> String {
        let line = self.team.description.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        line.chars().take(SUMMARY).collect()
    }
}

impl CreateDialog {
    fn named(name: String) -> CreateDialog {
        CreateDialog { typed: NewTeam { name, ..NewTeam::default() }, faults: Faults::none() }
    }

    fn roles(&self) -> Vec<roles::Choice> {
        roles::team_roles(TeamRole::from_word(&self.typed.role).unwrap_or(TeamRole::Member))
    }
}

impl TeamsPage {
    /// Who the dialog is about.
    async fn person(&self, visit: &Visit) -> Result<Person, PageError> {
        let organization = visit.namespace::<Inspect>(self.head.name()).await?;
        let member = self.asked.member.clone();
        Ok(visit.services.db.read(move |conn| organization::person(conn, &organization, &member)).await?)
    }

    /// What is granted to them directly.
    async fn direct(&self, visit: &Visit) -> Result<Direct, PageError> {
        let asked = (self.asked.member.as_str(), self.asked.more.as_str());
        Direct::of(visit, (self.head.name(), self.head.may.administer), &self.here(), asked).await
    }

    /// The address of this page of the list.
    fn here(&self) -> String {
        let (here, asked) = (urls::people(self.head.name(), self.view.word()), &self.asked);
        urls::and_query(&here, &[("q", &asked.q), ("after", &asked.after), ("before", &asked.before)])
    }

    /// The question before this person is removed, on this page of the list.
    fn remove_url(&self, person: &PersonRow) -> String {
        urls::and_query(&self.here(), &[("dialog", "remove-member"), ("member", &person.name)])
    }

    /// What is granted to this person directly, over this page of the list.
    fn direct_url(&self, person: &PersonRow) -> String {
        Direct::url(&self.here(), &person.name)
    }
}
