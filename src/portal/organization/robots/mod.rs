//! The tab "Robot accounts" of a namespace: accounts for programs, and the dialogs in which they are made, looked up and
//! changed.
//!
//! Which dialog is open is in the address. Tokens are shown to admins alone: whoever may only look gets everything else.

mod changes;
mod create;
mod credentials;
mod dialogs;
mod federation;
mod permissions;

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::access::{Authorized, Inspect, NamespaceAction, Read};
use domain::oci::RobotShortName;
use domain::organization::{Namespace, Several};
use domain::robot::{self, RobotRow};
use serde::Deserialize;

use self::dialogs::Dialog;
use super::head::{Head, Tab};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::read;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// Robot accounts on a page.
const AT_ONCE: usize = 50;
/// Names of teams shown beside a robot account.
const TEAMS_SHOWN: i64 = 3;

/// What forms about robot accounts are sent to. `{kind}` says of which namespaces the name is one.
pub fn routes(config: &mut web::ServiceConfig) {
    let base = "/{kind:organization|user}/{name}/robots";
    config
        .route(base, web::post().to(create::submit))
        .route(&format!("{base}/{{robot}}/description"), web::post().to(changes::describe))
        .route(&format!("{base}/{{robot}}/token"), web::post().to(changes::regenerate))
        .route(&format!("{base}/{{robot}}/deletion"), web::post().to(changes::delete))
        .route(&format!("{base}/{{robot}}/permissions"), web::post().to(permissions::change))
        .route(&format!("{base}/{{robot}}/federation"), web::post().to(federation::change))
        .route(&format!("{base}/{{robot}}/files/{{file}}"), read().to(credentials::download));
}

/// What the address says of the tab.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub(super) struct Shown {
    q: String,
    after: String,
    dialog: String,
    robot: String,
    show: String,
    more: String,
}

#[derive(Template)]
#[template(path = "organization/robots/list.html", blocks = ["robots"])]
struct RobotsPage {
    frame: Frame,
    head: Head,
    shown: Shown,
    rows: Vec<Row>,
    next: String,
    dialog: Option<Dialog>,
}

struct Row {
    short: String,
    description: String,
    teams: String,
    repositories: i64,
    last_used: Option<Moment>,
    created: Moment,
}

/// `?tab=robots`
///
/// # Errors
/// As [`visit.namespace`](Visit::namespace).
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let dialog = dialogs::asked_for(&visit, &head, &shown).await?;
    let page = page(&visit, head, shown, dialog).await?;
    if visit.wants("robots") { Ok(visit.block(&page.as_robots())) } else { Ok(visit.page(&page)) }
}

/// The tab again, with a dialog whose form is to be mended.
async fn refused(visit: &Visit, named: &Named, dialog: Dialog) -> Result<HttpResponse, PageError> {
    let head = Head::load(visit, &named.namespace, named.is_user(), Tab::Robots).await?;
    let page = page(visit, head, Shown::default(), Some(dialog)).await?;
    Ok(visit.refused(&page))
}

async fn page(visit: &Visit, head: Head, shown: Shown, dialog: Option<Dialog>) -> Result<RobotsPage, PageError> {
    let readable: Authorized<Namespace, Read> = visit.namespace(head.name()).await?;
    let inspected: Authorized<Namespace, Inspect> = visit.namespace(head.name()).await?;
    let (prefix, after) = (short_of(&shown.q, head.name()).to_string(), shown.after.clone());
    let limit = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
    let read = visit.services.db.read(move |conn| {
        let mut found = robot::list(conn, &readable, &prefix, &after, limit)?;
        let has_more = found.len() > AT_ONCE;
        found.truncate(AT_ONCE);
        let teams = robot::teams(conn, &inspected, &found, TEAMS_SHOWN)?;
        Ok((found, has_more, teams))
    });
    let (found, has_more, teams) = read.await?;
    let reader = visit.reader();
    let row = |robot: &RobotRow| Row {
        short: robot.short_name.clone(),
        description: robot.description.clone(),
        teams: teams.get(&robot.id).map(listed).unwrap_or_default(),
        repositories: robot.repositories,
        last_used: robot.last_used_at.map(|at| reader.moment(at)),
        created: reader.moment(robot.created_at),
    };
    let next = found
        .last()
        .filter(|_| has_more)
        .map(|last| urls::robots_page(head.name(), head.is_user(), &[("q", &shown.q), ("after", &last.short_name)]));
    let head = match head.may.administer {
        true => {
            let url = urls::robots_page(head.name(), head.is_user(), &[("dialog", "create")]);
            head.offering(url, visit.text().say("robots-create"))
        }
        false => head,
    };
    let frame = visit.frame(Here::Namespace(head.name().to_string())).await?;
    Ok(RobotsPage { frame, rows: found.iter().map(row).collect(), next: next.unwrap_or_default(), head, shown, dialog })
}

fn listed(teams: &Several) -> String {
    let shown = teams.names.join(", ");
    if teams.is_cut() { format!("{shown} …") } else { shown }
}

/// A robot account's name within its namespace, whichever way it is written.
fn short_of<'a>(name: &'a str, namespace: &str) -> &'a str {
    let name = name.trim();
    name.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('+')).unwrap_or(name)
}

impl RobotsPage {
    fn list_url(&self) -> String {
        urls::robots_page(self.head.name(), self.head.is_user(), &[])
    }

    /// The page without its query, for the form that filters.
    fn path(&self) -> String {
        urls::namespace(self.head.name(), self.head.is_user())
    }

    fn dialog_create(&self) -> String {
        urls::robots_page(self.head.name(), self.head.is_user(), &[("dialog", "create")])
    }

    fn dialog_url(&self, dialog: &str, robot: &str) -> String {
        urls::robot_dialog(self.head.name(), self.head.is_user(), dialog, robot)
    }

    fn first(&self) -> String {
        match self.shown.after.is_empty() {
            true => String::new(),
            false => urls::robots_page(self.head.name(), self.head.is_user(), &[("q", &self.shown.q)]),
        }
    }
}

/// The robot account that a path names.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Named {
    kind: String,
    #[serde(rename = "name")]
    namespace: String,
    #[serde(default)]
    robot: String,
}

impl Named {
    fn is_user(&self) -> bool {
        self.kind == "user"
    }

    /// The namespace, for somebody who may do `A` in it, if it is of the kind that the path says.
    async fn open<A: NamespaceAction>(&self, visit: &Visit) -> Result<Authorized<Namespace, A>, PageError> {
        let namespace = visit.namespace::<A>(&self.namespace).await?;
        if namespace.is_organization == self.is_user() { Err(PageError::NotFound) } else { Ok(namespace) }
    }

    /// Its name within the namespace; what cannot be one is not there.
    fn short(&self) -> Result<RobotShortName, PageError> {
        short_of(&self.robot, &self.namespace).parse().map_err(|_| PageError::NotFound)
    }

    /// Its whole name.
    fn whole(&self) -> String {
        format!("{}+{}", self.namespace, short_of(&self.robot, &self.namespace))
    }

    fn list_url(&self) -> String {
        urls::robots_page(&self.namespace, self.is_user(), &[])
    }

    fn dialog_url(&self, dialog: &str) -> String {
        urls::robot_dialog(&self.namespace, self.is_user(), dialog, short_of(&self.robot, &self.namespace))
    }

    fn action(&self, what: &str) -> String {
        urls::robot_action(&self.namespace, self.is_user(), short_of(&self.robot, &self.namespace), what)
    }
}
