//! Handing a log out by a link: the dialog with the form for it and the links that are good.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use domain::access::{Admin, Inspect};
use domain::audit::{self, DAY, Export, NewExport, Scope, Told};
use domain::time::Timestamp;
use domain::{Error, entropy};
use serde::Deserialize;

use super::asked::{self, Asked};
use super::place::Place;
use super::{Log, LogPage, open, reader};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Administration, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, Reader};
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;
use crate::web::origin;

/// How long a link is good.
const LINK_LIFETIME: Duration = Duration::from_secs(24 * 3600);
const LISTED: i64 = 20;

/// The dialog.
pub(super) struct ExportDialog {
    pub typed: NewLink,
    pub faults: Faults,
    pub links: Vec<Link>,
    /// The page without it.
    pub back: String,
    pub action: String,
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
pub(super) struct Link {
    pub first_day: String,
    pub last_day: String,
    pub asked_by: String,
    pub asked_at: Moment,
    pub ends_at: Moment,
    pub url: String,
    pub callback: Option<Callback>,
}

/// What became of telling a program.
pub(super) struct Callback {
    pub to: String,
    pub state: CallbackState,
}

pub(super) enum CallbackState {
    Told(Moment),
    Failed(String),
    Waiting,
}

/// The dialog as it opens: the days that the page shows.
///
/// # Errors
/// As the database's.
pub(super) async fn dialog(
    visit: &Visit,
    place: &Place,
    asked: &Asked,
    scope: Scope<Admin>,
) -> Result<ExportDialog, PageError> {
    let typed = NewLink { from: asked.from_field(), to: asked.to_field(), ..NewLink::default() };
    let now = visit.services.clock.now();
    let found = visit.services.db.read(move |conn| audit::list(conn, &scope, now, LISTED)).await?;
    let links = found.iter().map(|export| link(visit, export)).collect::<Result<Vec<_>, Error>>()?;
    let back = place.page(&asked.pairs().list());
    Ok(ExportDialog { typed, faults: Faults::none(), links, back, action: place.exports() })
}

fn link(visit: &Visit, export: &Export) -> Result<Link, Error> {
    let reader = reader(visit);
    let utc = Reader::new(visit.text().language, None, visit.services.clock.now());
    let url = export.message(&visit.services.vault)?["exported_data_url"].as_str().unwrap_or_default().to_string();
    let told = |to: &String| Callback {
        to: to.clone(),
        state: match (export.told_at, &export.callback_error) {
            (Some(at), _) => CallbackState::Told(reader.moment(Timestamp(at))),
            (None, Some(error)) => CallbackState::Failed(error.clone()),
            (None, None) => CallbackState::Waiting,
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
        Place::Registry => Here::Administration(Administration::Logs),
        Place::Organization(name) | Place::User(name) => Here::Namespace(name.clone()),
        Place::Repository(name) => Here::Namespace(name.split('/').next().unwrap_or_default().to_string()),
    };
    let log = open(visit, place.clone(), read, Some(admin.clone())).await?;
    let dialog = dialog(visit, &place, &log.asked, admin).await?;
    let log = Log { dialog: Some(ExportDialog { typed, faults, ..dialog }), ..log };
    Ok(visit.refused(&LogPage { frame: visit.frame(here).await?, log }))
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
