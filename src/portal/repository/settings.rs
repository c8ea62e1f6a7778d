//! Who may do what in a repository, who sees it, whether it can be pushed to, and its end.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::access::{Admin, Authorized, RepositoryRole, RepositoryState, Visibility};
use domain::deletion;
use domain::repository::{self, Granted, Grantee, GranteeKind, Repository};
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::roles::{self, Choice};
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// Of each kind on a page; the rest are behind "Next".
const ON_A_PAGE: i64 = 50;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    users: i64,
    teams: i64,
}

/// Somebody and a role.
#[derive(Deserialize)]
pub struct NewPermission {
    #[serde(default)]
    who: String,
    /// What the list of suggestions said it is.
    #[serde(default)]
    who_kind: String,
    #[serde(default)]
    role: String,
}

/// Somebody whose permission ends, or changes.
#[derive(Deserialize)]
pub struct Changed {
    name: String,
    kind: String,
    #[serde(default)]
    role: String,
}

/// One of two.
#[derive(Deserialize)]
pub struct Chosen {
    value: String,
}

/// The name, typed again.
#[derive(Deserialize)]
pub struct Confirmed {
    #[serde(default)]
    confirm: String,
}

#[derive(Template)]
#[template(path = "repository/settings.html")]
struct SettingsPage {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    more: String,
    typed: Typed,
    faults: Faults,
    restorable: String,
}

#[derive(Default)]
struct Typed {
    who: String,
    role: String,
}

/// Somebody with a permission.
struct Row {
    name: String,
    kind: &'static str,
    is_outsider: bool,
    role: RepositoryRole,
}

/// `GET /repository/<name>?tab=settings`
///
/// # Errors
/// Not found or forbidden for whoever is no admin.
pub async fn show(visit: Visit, name: &str) -> Result<HttpResponse, PageError> {
    Ok(visit.page(&page(&visit, name, Typed::default(), Faults::none()).await?))
}

async fn page(visit: &Visit, name: &str, typed: Typed, faults: Faults) -> Result<SettingsPage, PageError> {
    let shown: Shown = visit.query();
    let repository = visit.repository::<domain::access::Inspect>(name).await?;
    let (_, head) = Head::load(visit, name, Some(Tab::Settings)).await?;
    let read = visit.services.db.read(move |conn| {
        let users = repository::granted(conn, &repository, GranteeKind::Somebody, shown.users, ON_A_PAGE + 1)?;
        let teams = repository::granted(conn, &repository, GranteeKind::Team, shown.teams, ON_A_PAGE + 1)?;
        Ok((users, teams))
    });
    let (mut users, mut teams) = read.await?;
    let (next_users, next_teams) = (cut(&mut users), cut(&mut teams));
    let more = match (next_users, next_teams) {
        (None, None) => String::new(),
        (users, teams) => {
            let beyond = i64::MAX;
            let (users, teams) = (users.unwrap_or(beyond), teams.unwrap_or(beyond));
            format!("{}&users={users}&teams={teams}", urls::repository_tab(name, "settings"))
        }
    };
    let kept = visit.services.settings.retention.deleted;
    Ok(SettingsPage {
        frame: visit.frame(Here::Namespace(head.namespace.clone())).await?,
        rows: teams.into_iter().chain(users).map(Row::from).collect(),
        more,
        typed,
        faults,
        restorable: head.reader.duration(kept),
        head,
    })
}

/// Takes off what belongs to the next page; answers after which row that begins.
fn cut(rows: &mut Vec<Granted>) -> Option<i64> {
    let most = usize::try_from(ON_A_PAGE).unwrap_or(usize::MAX);
    let more = rows.len() > most;
    rows.truncate(most);
    rows.last().filter(|_| more).map(|last| last.id)
}

impl From<Granted> for Row {
    fn from(granted: Granted) -> Row {
        let kind = match granted.grantee {
            Grantee::User(_) => "user",
            Grantee::Robot(_) => "robot",
            Grantee::Team(_) => "team",
        };
        Row { name: granted.name, kind, is_outsider: granted.in_organization == Some(false), role: granted.role }
    }
}

impl Row {
    fn icon(&self) -> &'static str {
        match self.kind {
            "team" => "users",
            "robot" => "bot",
            _ => "user",
        }
    }

    fn kind_key(&self) -> &'static str {
        match self.kind {
            "team" => "settings-team",
            "robot" => "settings-robot",
            _ => "settings-user",
        }
    }

    fn role_key(&self) -> &'static str {
        roles::permission_key(self.role)
    }

    fn roles(&self) -> Vec<Choice> {
        roles::permissions(self.role)
    }
}

impl SettingsPage {
    /// What the form for another permission offers.
    fn roles(&self) -> Vec<Choice> {
        roles::permissions(RepositoryRole::from_word(&self.typed.role).unwrap_or(RepositoryRole::Read))
    }
}

/// `POST /repository/<name>/-/permissions`
///
/// # Errors
/// As [`repository::grant`], but for what the form can mend.
pub async fn grant(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<NewPermission>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Admin>(&name).await?;
    let form = form.into_inner();
    let Some(role) = RepositoryRole::from_word(&form.role) else { return Err(PageError::NotFound) };
    let who = form.who.trim().to_string();
    let is_team = form.who_kind == "team";
    let mut granted = change(&visit, &repository, who.clone(), is_team, Some(role)).await;
    if !is_team && matches!(granted, Err(domain::Error::NotFound(_))) {
        // Typed and not picked from what was suggested: a team is meant where nobody else is called so.
        granted = change(&visit, &repository, who.clone(), true, Some(role)).await.or(granted);
    }
    match granted {
        Ok(_) => {
            let flash = Flash::done(visit.text().with("settings-granted", "name", &who));
            Ok(visit.go_saying(&urls::repository_tab(&name, "settings"), flash))
        }
        Err(domain::Error::NotFound(_)) => {
            let faults = Faults::one("who", visit.text().with("settings-unknown", "name", &who));
            let typed = Typed { who, role: form.role };
            Ok(visit.refused(&page(&visit, &name, typed, faults).await?))
        }
        Err(error) => {
            let mut faults = Faults::none();
            for fault in Faults::from_domain(&visit.request, error)?.iter() {
                faults.add("who", fault.message.clone());
            }
            let typed = Typed { who, role: form.role };
            Ok(visit.refused(&page(&visit, &name, typed, faults).await?))
        }
    }
}

/// `POST /repository/<name>/-/permissions/change`: another role, or none.
///
/// # Errors
/// As [`repository::grant`] and [`repository::revoke`].
pub async fn change_permission(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Changed>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Admin>(&name).await?;
    let form = form.into_inner();
    let role = match form.role.as_str() {
        "" => None,
        word => Some(RepositoryRole::from_word(word).ok_or(PageError::NotFound)?),
    };
    let before = change(&visit, &repository, form.name.clone(), form.kind == "team", role).await?;
    let flash = match (role, before) {
        (None, Some(before)) => revoked(&visit, &name, form, before),
        _ => Flash::done(visit.text().with("settings-granted", "name", &form.name)),
    };
    Ok(visit.go_saying(&urls::repository_tab(&name, "settings"), flash))
}

/// Says that a permission is gone, and gives it back.
fn revoked(visit: &Visit, repository: &str, form: Changed, before: RepositoryRole) -> Flash {
    let said = visit.text().with("settings-revoked", "name", &form.name);
    let fields = [("name", form.name), ("kind", form.kind), ("role", before.as_str().to_string())];
    let fields = fields.map(|(field, value)| (field.to_string(), value)).to_vec();
    let action = urls::repository_action(repository, "permissions/change");
    Flash::done(said).undone_by(visit.text().say("namespace-undo"), action, fields)
}

/// Grants or revokes; returns what was revoked.
async fn change(
    visit: &Visit,
    repository: &Authorized<Repository, Admin>,
    who: String,
    is_team: bool,
    role: Option<RepositoryRole>,
) -> domain::Result<Option<RepositoryRole>> {
    let (repository, now) = (repository.clone(), visit.services.clock.now());
    visit
        .services
        .db
        .write(move |tx| {
            let grantee = match is_team {
                true => repository::team(tx, &repository, &who)?,
                false => repository::grantee(tx, &repository, &who)?,
            };
            let Some(role) = role else {
                let before = repository::granted_to(tx, &repository.clone().into(), grantee)?;
                repository::revoke(tx, &repository, now, (grantee, &who))?;
                return Ok(before.map(|granted| granted.role));
            };
            repository::grant(tx, &repository, now, (grantee, &who), role)?;
            Ok(None)
        })
        .await
}

/// `POST /repository/<name>/-/visibility`
///
/// # Errors
/// As [`repository::change_visibility`].
pub async fn change_visibility(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Chosen>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Admin>(&name).await?;
    let (visibility, key, other) = match form.into_inner().value.as_str() {
        "public" => (Visibility::Public, "settings-now-public", "private"),
        "private" => (Visibility::Private, "settings-now-private", "public"),
        _ => return Err(PageError::NotFound),
    };
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| repository::change_visibility(tx, &repository, now, visibility)).await?;
    let (action, fields) = (urls::repository_action(&name, "visibility"), vec![("value".into(), other.into())]);
    let flash = Flash::done(visit.text().say(key)).undone_by(visit.text().say("namespace-undo"), action, fields);
    Ok(visit.go_saying(&urls::repository_tab(&name, "settings"), flash))
}

/// `POST /repository/<name>/-/state`
///
/// # Errors
/// As [`repository::change_state`].
pub async fn change_state(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Chosen>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Admin>(&name).await?;
    let (state, key) = match form.into_inner().value.as_str() {
        "normal" => (RepositoryState::Normal, "settings-now-normal"),
        "read-only" => (RepositoryState::ReadOnly, "settings-now-read-only"),
        _ => return Err(PageError::NotFound),
    };
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| repository::change_state(tx, &repository, now, state)).await?;
    Ok(visit.go_saying(&urls::repository_tab(&name, "settings"), Flash::done(visit.text().say(key))))
}

/// `POST /repository/<name>/-/deletion`
///
/// # Errors
/// As [`deletion::repository`], but for a name typed wrongly.
pub async fn delete(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Confirmed>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Admin>(&name).await?;
    if form.into_inner().confirm.trim() != repository.name.as_str() {
        let faults =
            Faults::one("confirm", visit.text().with("settings-confirm-wrong", "name", repository.name.as_str()));
        return Ok(visit.refused(&page(&visit, &name, Typed::default(), faults).await?));
    }
    let (_, head) = Head::load(&visit, &name, None).await?;
    let (now, id) = (visit.services.clock.now(), repository.id);
    visit.services.db.write(move |tx| deletion::repository(tx, &repository, now)).await?;
    let mut flash = Flash::done(visit.text().with("settings-deleted", "name", &head.name));
    // Whoever administers the repository alone cannot bring it back.
    if visit.namespace::<Admin>(&head.namespace).await.is_ok() {
        let action = urls::repositories_part(&head.namespace, !head.overview.is_organization, "restoration");
        let fields = vec![("repository".to_string(), id.0.to_string())];
        flash = flash.undone_by(visit.text().say("namespace-undo"), action, fields);
    }
    Ok(visit.go_saying(&head.namespace_url(), flash))
}
