//! The tab "Default permissions" of an organization: what new repositories grant by themselves, and to whom.

use actix_web::HttpResponse;
use actix_web::web::{self, Path};
use askama::Template;
use domain::access::{Admin, Authorized, Inspect, RepositoryRole};
use domain::db::Conn;
use domain::default_permission::{self, Holder, Rule, Target};
use domain::error::Thing;
use domain::oci::RepositoryName;
use domain::organization::Namespace;
use domain::{Error, entropy};
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::roles::{self, Choice, permissions};
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// Rules on a page.
const AT_ONCE: usize = 50;
/// Batches of repositories in one request, each a transaction; what is left waits for the next press of the button.
const BATCHES: usize = 20;

/// What forms of the tab are sent to.
pub fn routes(config: &mut web::ServiceConfig) {
    let base = "/organization/{name}/default-permissions";
    config
        .route(base, web::post().to(create))
        .route(&format!("{base}/apply"), web::post().to(apply))
        .route(&format!("{base}/{{rule}}/role"), web::post().to(change_role))
        .route(&format!("{base}/{{rule}}/deletion"), web::post().to(delete));
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    after: Option<i64>,
    dialog: String,
    rule: String,
    /// The repository after which applying goes on.
    from: String,
}

#[derive(Template)]
#[template(path = "organization/default_permissions.html")]
struct RulesPage {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    has_before: bool,
    next: String,
    dialog: Option<Dialog>,
}

enum Dialog {
    Create(CreateDialog),
    Delete(Row),
    Apply(Applying),
}

struct Applying {
    rules: Vec<Row>,
    from: String,
}

struct Row {
    uuid: String,
    creator: Option<Who>,
    grantee: Who,
    role: RepositoryRole,
}

/// Somebody a rule names.
struct Who {
    name: String,
    icon: &'static str,
    kind: &'static str,
}

struct CreateDialog {
    typed: NewRule,
    faults: Faults,
}

/// The form for a new rule.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct NewRule {
    creator_kind: String,
    creator: String,
    grantee: String,
    grantee_kind: String,
    role: String,
}

/// The form of a role.
#[derive(Deserialize)]
pub struct NewRole {
    role: String,
}

/// The form that applies the rules.
#[derive(Deserialize)]
pub struct Applied {
    /// The repository after which it goes on; empty for the beginning.
    #[serde(default)]
    from: String,
}

/// `?tab=default-permissions`
///
/// # Errors
/// As [`visit.namespace`](Visit::namespace).
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let organization = visit.namespace::<Inspect>(head.name()).await?;
    let dialog = match shown.dialog.as_str() {
        _ if !head.may.administer => None,
        "create" => Some(Dialog::Create(CreateDialog { typed: NewRule::default(), faults: Faults::none() })),
        "delete" => {
            let uuid = shown.rule.clone();
            let found = visit.services.db.read(move |conn| default_permission::find(conn, &organization, &uuid));
            Some(Dialog::Delete(Row::of(found.await?)))
        }
        "apply" => {
            let all = visit.services.db.read(move |conn| default_permission::list(conn, &organization, 0, 1_000_i64));
            let general = all.await?.into_iter().filter(|rule| rule.creator.is_none());
            Some(Dialog::Apply(Applying { rules: general.map(Row::of).collect(), from: shown.from }))
        }
        _ => None,
    };
    Ok(visit.page(&page(&visit, head, shown.after.unwrap_or(0), dialog).await?))
}

async fn page(visit: &Visit, head: Head, after: i64, dialog: Option<Dialog>) -> Result<RulesPage, PageError> {
    let organization = visit.namespace::<Inspect>(head.name()).await?;
    let limit = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
    let read = visit.services.db.read(move |conn| default_permission::list(conn, &organization, after, limit));
    let mut rules = read.await?;
    let has_more = rules.len() > AT_ONCE;
    rules.truncate(AT_ONCE);
    let next = rules.last().filter(|_| has_more).map(|rule| urls::more_default_permissions(head.name(), rule.id));
    let head = match head.may.administer {
        true => {
            let url = urls::new_default_permission(head.name());
            head.offering(url, visit.text().say("default-permissions-create"))
        }
        false => head,
    };
    Ok(RulesPage {
        frame: visit.frame(Here::Namespace(head.name().to_string())).await?,
        head,
        rows: rules.into_iter().map(Row::of).collect(),
        has_before: after > 0,
        next: next.unwrap_or_default(),
        dialog,
    })
}

impl RulesPage {
    fn first(&self) -> String {
        if self.has_before { urls::default_permissions(self.head.name()) } else { String::new() }
    }
}

impl Row {
    fn of(rule: Rule) -> Row {
        Row {
            uuid: rule.uuid,
            creator: rule.creator.as_ref().map(Who::of),
            grantee: Who::of(&rule.grantee),
            role: rule.role,
        }
    }

    fn roles(&self) -> Vec<Choice> {
        permissions(self.role)
    }

    fn role_key(&self) -> &'static str {
        roles::permission_key(self.role)
    }
}

impl Who {
    fn of(holder: &Holder) -> Who {
        let (icon, kind) = match holder {
            Holder::User(..) => ("user", "entities-user"),
            Holder::Robot(_) => ("bot", "entities-robot"),
            Holder::Team(_) => ("users", "entities-team"),
        };
        Who { name: holder.name().to_string(), icon, kind }
    }
}

impl CreateDialog {
    fn is_for_one(&self) -> bool {
        self.typed.creator_kind == "one"
    }

    fn is_for_team(&self) -> bool {
        self.typed.grantee_kind != "user"
    }

    fn roles(&self) -> Vec<Choice> {
        permissions(RepositoryRole::from_word(&self.typed.role).unwrap_or(RepositoryRole::Read))
    }
}

/// `POST /organization/<name>/default-permissions`
///
/// # Errors
/// As [`default_permission::create`], but for what the form can mend.
pub async fn create(visit: Visit, name: Path<String>, form: VerifiedForm<NewRule>) -> Result<HttpResponse, PageError> {
    let organization = organization(&visit, &name).await?;
    let typed = form.into_inner();
    match make(&visit, organization, typed.clone()).await? {
        Ok(grantee) => {
            let flash = Flash::done(visit.text().with("default-permissions-created", "name", grantee));
            Ok(visit.go_saying(&urls::default_permissions(&name), flash))
        }
        Err(faults) => {
            let head = Head::load(&visit, &name, false, Tab::DefaultPermissions).await?;
            let dialog = Dialog::Create(CreateDialog { typed, faults });
            Ok(visit.refused(&page(&visit, head, 0, Some(dialog)).await?))
        }
    }
}

async fn make(
    visit: &Visit,
    organization: Authorized<Namespace, Admin>,
    typed: NewRule,
) -> Result<Result<String, Faults>, PageError> {
    let Some(role) = RepositoryRole::from_word(&typed.role) else {
        return Ok(Err(Faults::one("role", visit.text().say("default-permissions-no-role"))));
    };
    let id = (entropy::uuid(&*visit.services.entropy), visit.services.clock.now());
    let written = visit.services.db.write(move |tx| {
        let target = target(tx, &organization, &typed)?;
        default_permission::create(tx, &organization, id, target, role)
    });
    match written.await {
        Ok(made) => Ok(Ok(made.grantee.name().to_string())),
        Err(Error::Invalid { field: "creator", .. }) => {
            Ok(Err(Faults::one("creator", visit.text().say("default-permissions-no-creator"))))
        }
        Err(Error::Invalid { field: "grantee", .. }) => {
            Ok(Err(Faults::one("grantee", visit.text().say("default-permissions-no-grantee"))))
        }
        Err(Error::Invalid { message, .. }) => Ok(Err(Faults::one("", visit.text().sentence(&message)))),
        Err(other) => Ok(Err(Faults::from_domain(&visit.request, other)?)),
    }
}

/// Whom the rule is about; the field is named for names that nobody has.
fn target(conn: &mut Conn, organization: &Authorized<Namespace, Admin>, typed: &NewRule) -> domain::Result<Target> {
    let unknown = |field: &'static str| {
        move |error| match error {
            Error::NotFound(Thing::User(_) | Thing::Robot(_) | Thing::Team(_)) => Error::invalid(field, "unknown"),
            other => other,
        }
    };
    let creator = (typed.creator_kind == "one")
        .then(|| default_permission::grantee(conn, organization, typed.creator.trim()).map_err(unknown("creator")));
    let creator = creator.transpose()?;
    let name = typed.grantee.trim();
    let grantee = match typed.grantee_kind.as_str() {
        "user" => default_permission::grantee(conn, organization, name),
        _ => default_permission::team(conn, organization, name),
    };
    Ok(Target { creator, grantee: grantee.map_err(unknown("grantee"))? })
}

/// `POST /organization/<name>/default-permissions/<rule>/role`
///
/// # Errors
/// As [`default_permission::set_role`].
pub async fn change_role(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<NewRole>,
) -> Result<HttpResponse, PageError> {
    let (name, uuid) = path.into_inner();
    let organization = organization(&visit, &name).await?;
    let back = urls::default_permissions(&name);
    let Some(role) = RepositoryRole::from_word(&form.into_inner().role) else {
        return Ok(visit.go_saying(&back, Flash::failed(visit.text().say("default-permissions-no-role"))));
    };
    let now = visit.services.clock.now();
    let write = visit.services.db.write(move |tx| {
        let old = default_permission::find(tx, &organization.clone().into(), &uuid)?;
        default_permission::set_role(tx, &organization, now, &uuid, role).map(|new| (old, new))
    });
    let (old, new) = write.await?;
    let said = visit.text().with("default-permissions-changed", "name", new.grantee.name());
    let flash = Flash::done(said).undone_by(
        visit.text().say("default-permissions-undo"),
        urls::default_permission_action(&name, &new.uuid, "role"),
        vec![("role".to_string(), old.role.as_str().to_string())],
    );
    Ok(visit.go_saying(&back, flash))
}

/// `POST /organization/<name>/default-permissions/<rule>/deletion`
///
/// # Errors
/// As [`default_permission::remove`].
pub async fn delete(
    visit: Visit,
    path: Path<(String, String)>,
    _: VerifiedForm<Pressed>,
) -> Result<HttpResponse, PageError> {
    let (name, uuid) = path.into_inner();
    let organization = organization(&visit, &name).await?;
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| default_permission::remove(tx, &organization, now, &uuid)).await?;
    let flash = Flash::done(visit.text().say("default-permissions-deleted"));
    Ok(visit.go_saying(&urls::default_permissions(&name), flash))
}

/// `POST /organization/<name>/default-permissions/apply`: to repositories that exist. What a batch did stays done if a
/// later one fails, and nothing is granted twice. Of very many, the rest waits in the form that comes next.
///
/// # Errors
/// As [`default_permission::apply_to_existing`].
pub async fn apply(visit: Visit, name: Path<String>, form: VerifiedForm<Applied>) -> Result<HttpResponse, PageError> {
    let organization = organization(&visit, &name).await?;
    let from = form.into_inner().from.parse::<RepositoryName>().map_or_else(|_| String::new(), |name| name.to_string());
    let (mut after, mut repositories, mut grants) = (Some(from), 0, 0);
    for _ in 0..BATCHES {
        let Some(from) = after.take() else { break };
        let (organization, now) = (organization.clone(), visit.services.clock.now());
        let batch =
            visit.services.db.write(move |tx| default_permission::apply_to_existing(tx, &organization, now, &from));
        let applied = batch.await?;
        repositories += applied.repositories;
        grants += applied.grants;
        after = applied.next;
    }
    let text = visit.text();
    let said = match (grants, &after) {
        (_, Some(_)) => text.with("default-permissions-applied-some", "count", repositories),
        (0, None) => text.say("default-permissions-applied-none"),
        (_, None) => text.with2("default-permissions-applied", "count", repositories, "grants", grants),
    };
    Ok(match after {
        Some(from) => visit.go_saying(&urls::apply_default_permissions_after(&name, &from), Flash::failed(said)),
        None => visit.go_saying(&urls::default_permissions(&name), Flash::done(said)),
    })
}

/// The organization, for its admins. Users have no default permissions.
async fn organization(visit: &Visit, name: &str) -> Result<Authorized<Namespace, Admin>, PageError> {
    let found = visit.namespace::<Admin>(name).await?;
    if found.is_organization { Ok(found) } else { Err(PageError::NotFound) }
}
