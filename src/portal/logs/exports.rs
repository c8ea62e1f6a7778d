//! Handing a log out by a link: the dialog with the form for it and the links that are good.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::access::{Admin, Inspect};
use domain::audit::{self, DAY, Export, NewExport, Scope, Told};
use domain::time::Timestamp;
use domain::{Error, entropy};
use serde::Deserialize;

use super::asked::{self, Asked};
use super::place::Place;
use super::{Log, LogPage, part};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::organization;
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, SafeHtml};
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;
use crate::web::origin;

/// How long a link is good.
const LINK_LIFETIME: Duration = Duration::from_secs(24 * 3600);
const LISTED: i64 = 20;

/// The dialog.
#[derive(Template)]
#[template(path = "logs/dialog.html")]
pub(super) struct ExportDialog<'a> {
    frame: &'a Frame,
    typed: NewLink,
    faults: Faults,
    links: Vec<Link>,
    /// The page without it.
    back: String,
    action: String,
}

/// Its form.
#[derive(Deserialize, Clone, Default)]
pub struct NewLink {
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) to: String,
    #[serde(default)]
    pub(super) callback_url: String,
    #[serde(default)]
    pub(super) callback_email: String,
}

/// A link that is good.
struct Link {
    first_day: String,
    last_day: String,
    asked_by: String,
    asked_at: Moment,
    ends_at: Moment,
    url: String,
    callback: Option<Callback>,
}

/// Who is told that it can be fetched, and whether they were.
struct Callback {
    to: String,
    said: String,
}

/// The dialog as it opens: the days that the page shows.
///
/// # Errors
/// As the database's.
pub(super) async fn dialog<'a>(
    visit: &Visit,
    frame: &'a Frame,
    place: &Place,
    asked: &Asked,
    scope: Scope<Admin>,
) -> Result<ExportDialog<'a>, PageError> {
    let typed = NewLink { from: asked.first_field(), to: asked.last_field(), ..NewLink::default() };
    let now = visit.services.clock.now();
    let found = visit.services.db.read(move |conn| audit::list(conn, &scope, now, LISTED)).await?;
    let links = found.iter().map(|export| link(visit, export)).collect::<Result<Vec<_>, Error>>()?;
    let back = place.page(&asked.pairs().list());
    Ok(ExportDialog { frame, typed, faults: Faults::none(), links, back, action: place.exports() })
}

fn link(visit: &Visit, export: &Export) -> Result<Link, Error> {
    let reader = visit.reader();
    let utc = visit.utc_reader();
    let url = export.message(&visit.services.vault)?["exported_data_url"].as_str().unwrap_or_default().to_string();
    let text = visit.text();
    let told = |to: &String| Callback {
        to: to.clone(),
        said: match (export.told_at, &export.callback_error) {
            (Some(at), _) => text.with("logs-told-at", "when", reader.moment(Timestamp(at)).relative),
            (None, Some(error)) => text.with("logs-told-failed", "error", error),
            (None, None) => text.say("logs-told-waiting"),
        },
    };
    Ok(Link {
        first_day: utc.date(Timestamp(export.from_at)),
        last_day: utc.date(Timestamp(export.until_at - 1)),
        asked_by: export.requested_by.clone(),
        asked_at: reader.moment(Timestamp(export.created_at)),
        ends_at: reader.moment(Timestamp(export.expires_at)),
        url,
        callback: export.callback_url.as_ref().map(told),
    })
}

/// `POST /organization/<organization>/logs/exports`
///
/// # Errors
/// Not found for a user's namespace; as [`audit::request`], but for what the form can mend.
pub async fn of_organization(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<NewLink>,
) -> Result<HttpResponse, PageError> {
    let (read, admin) = namespace(&visit, &name, true).await?;
    ask(&visit, Place::Organization(name.into_inner()), (read, admin), form.into_inner()).await
}

/// `POST /user/<user>/logs/exports`
///
/// # Errors
/// As [`of_organization`].
pub async fn of_user(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<NewLink>,
) -> Result<HttpResponse, PageError> {
    let (read, admin) = namespace(&visit, &name, false).await?;
    ask(&visit, Place::User(name.into_inner()), (read, admin), form.into_inner()).await
}

/// `POST /repository/<repository>/-/logs/exports`
///
/// # Errors
/// As [`of_organization`].
pub async fn of_repository(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<NewLink>,
) -> Result<HttpResponse, PageError> {
    visit.user()?;
    let admin = Scope::repository(&visit.repository::<Admin>(&name).await?);
    let place = Place::Repository(name.into_inner());
    ask(&visit, place, (admin.clone().into(), admin), form.into_inner()).await
}

/// `POST /administration/logs/exports`
///
/// # Errors
/// As [`of_organization`].
pub async fn of_registry(visit: Visit, form: VerifiedForm<NewLink>) -> Result<HttpResponse, PageError> {
    let admin = Scope::registry(&visit.registry::<Admin>().await?);
    visit.require_fresh()?;
    ask(&visit, Place::Registry, (admin.clone().into(), admin), form.into_inner()).await
}

async fn namespace(
    visit: &Visit,
    name: &str,
    is_organization: bool,
) -> Result<(Scope<Inspect>, Scope<Admin>), PageError> {
    let admin = visit.namespace::<Admin>(name).await?;
    if admin.is_organization != is_organization {
        return Err(PageError::NotFound);
    }
    let scope = Scope::namespace(&admin);
    Ok((scope.clone().into(), scope))
}

async fn ask(
    visit: &Visit,
    place: Place,
    (read, admin): (Scope<Inspect>, Scope<Admin>),
    typed: NewLink,
) -> Result<HttpResponse, PageError> {
    let now = visit.services.clock.now();
    let wanted = match typed.check(visit) {
        Ok(wanted) => wanted,
        Err((told, faults)) => {
            let noted = admin.clone();
            visit.services.db.write(move |tx| audit::refuse(tx, &noted, now, &told)).await?;
            return refused(visit, place, (read, admin), (typed, faults)).await;
        }
    };
    let (from, until, told) = wanted;
    let uuid = entropy::uuid(&*visit.services.entropy);
    let base_url = origin::base_url(&visit.request, &visit.services);
    let new = NewExport { uuid, from, until, told, expires_at: now.plus(LINK_LIFETIME), base_url };
    visit.services.db.write(move |tx| audit::request(tx, &admin, now, &new)).await?;
    let back = place.page(&[("dialog", "export".to_string())]);
    Ok(visit.go_saying(&back, Flash::done(visit.text().say("logs-export-made"))))
}

async fn refused(
    visit: &Visit,
    place: Place,
    (read, admin): (Scope<Inspect>, Scope<Admin>),
    (typed, faults): (NewLink, Faults),
) -> Result<HttpResponse, PageError> {
    let here = match &place {
        Place::Organization(name) | Place::User(name) => Here::Namespace(name.clone()),
        Place::Registry => Here::Administration(Administration::Logs),
        Place::Repository(name) => Here::Namespace(name.split('/').next().unwrap_or_default().to_string()),
    };
    let frame = visit.frame(here).await?;
    let asked = Asked::of(&visit.request, visit.services.clock.now());
    let shown = dialog(visit, &frame, &place, &asked, admin).await?;
    let shown = SafeHtml::of(&ExportDialog { typed, faults, ..shown });
    let log = Log { part: part(visit, &frame, (&place, &asked), read, true).await?, dialog: shown };
    match &place {
        Place::Organization(name) => organization::logs::refused(visit, frame, (name, false), log).await,
        Place::User(name) => organization::logs::refused(visit, frame, (name, true), log).await,
        Place::Registry | Place::Repository(_) => Ok(visit.refused(&LogPage { frame, log })),
    }
}

type Wanted = (Timestamp, Timestamp, Told);

impl NewLink {
    /// What is asked for; otherwise who was to be told, for the log, and what is wrong.
    fn check(&self, visit: &Visit) -> Result<Wanted, (Told, Faults)> {
        let text = visit.text();
        let mut faults = Faults::none();
        let (first, last) = (asked::day(&self.from), asked::day(&self.to));
        for (field, day) in [("from", first), ("to", last)] {
            if day.is_none() {
                faults.add(field, text.say("logs-export-day-wrong"));
            }
        }
        if first.zip(last).is_some_and(|(first, last)| first > last) {
            faults.add("to", text.say("logs-export-days-wrong"));
        }
        let (url, email) = (self.callback_url.trim(), self.callback_email.trim());
        if !url.is_empty() && !is_callback(url) {
            faults.add("callback_url", text.say("logs-export-url-wrong"));
        }
        if !email.is_empty() && !is_email(email) {
            faults.add("callback_email", text.say("logs-export-email-wrong"));
        }
        let told = match (url.is_empty(), email.is_empty()) {
            (false, _) => Told::Url(url.chars().take(2_000).collect()),
            (true, false) => Told::Email(email.chars().take(254).collect()),
            (true, true) => Told::Nobody,
        };
        match (first, last) {
            (Some(first), Some(last)) if !faults.any() => Ok((Timestamp(first), Timestamp(last + DAY), told)),
            _ => Err((told, faults)),
        }
    }
}

fn is_callback(url: &str) -> bool {
    let fits = |url: url::Url| matches!(url.scheme(), "http" | "https") && url.has_host();
    url.len() <= 2_000 && url::Url::parse(url).is_ok_and(fits)
}

fn is_email(email: &str) -> bool {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control();
    let parts = email.split_once('@').filter(|(name, host)| !name.is_empty() && !host.is_empty());
    email.len() <= 254 && !email.chars().any(odd) && parts.is_some_and(|(_, host)| !host.contains('@'))
}
