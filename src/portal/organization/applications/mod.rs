//! The tab "OAuth applications" of an organization: which there are, and the dialog in which one is managed.
//!
//! Secrets are shown to admins who ask for them; a token that is generated is shown once, in the answer to its form.

mod changes;
mod details;
mod tokens;

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::access::{Admin, Authorized, Inspect};
use domain::ids::ApplicationId;
use domain::oauth::{self, Application};
use domain::organization::Namespace;
use serde::Deserialize;

use self::details::Form;
use self::tokens::{Generated, Tokens};
use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// Applications on a page.
const AT_ONCE: usize = 50;

/// What forms of the tab are sent to.
pub fn routes(config: &mut web::ServiceConfig) {
    let base = "/organization/{name}/applications";
    config
        .route(base, web::post().to(details::create))
        .route(&format!("{base}/{{client}}/details"), web::post().to(details::change))
        .route(&format!("{base}/{{client}}/secret"), web::post().to(changes::reset_secret))
        .route(&format!("{base}/{{client}}/deletion"), web::post().to(changes::delete))
        .route(&format!("{base}/{{client}}/tokens"), web::post().to(tokens::generate))
        .route(&format!("{base}/{{client}}/tokens/{{token}}/revocation"), web::post().to(tokens::revoke));
}

/// What the address says of the tab.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    after: Option<i64>,
    dialog: String,
    client: String,
    view: String,
    secret: String,
    before: Option<i64>,
    token: String,
}

#[derive(Template)]
#[template(path = "organization/applications/list.html")]
struct ApplicationsPage {
    frame: Frame,
    head: Head,
    rows: Vec<Application>,
    has_before: bool,
    next: String,
    dialog: Option<Dialog>,
}

enum Dialog {
    /// The form for a new one.
    Create(Form),
    /// Everything about one.
    Manage(Manage),
    /// The question before one is deleted.
    Delete(Application),
}

/// Everything about an application, a view at a time.
struct Manage {
    application: Application,
    view: View,
}

/// What the dialog shows.
enum View {
    Settings(Form),
    Information(Information),
    Generate(tokens::Form),
    Generated(Generated),
    Tokens(Tokens),
}

/// What an application identifies itself by.
struct Information {
    /// Whether its secret is shown.
    is_shown: bool,
    /// Whether the question before another secret is asked.
    asks_for_reset: bool,
}

impl View {
    const WORDS: [(&'static str, &'static str); 4] = [
        ("settings", "applications-view-settings"),
        ("information", "applications-view-information"),
        ("generate", "applications-view-generate"),
        ("tokens", "applications-view-tokens"),
    ];

    fn word(&self) -> &'static str {
        match self {
            View::Settings(_) => "settings",
            View::Information(_) => "information",
            View::Generate(_) | View::Generated(_) => "generate",
            View::Tokens(_) => "tokens",
        }
    }
}

impl Manage {
    /// The views, for those who may change the application and for those who may only look.
    fn views(&self, may: impl std::borrow::Borrow<bool>) -> Vec<(&'static str, &'static str, bool)> {
        let offered = View::WORDS.into_iter().filter(|(word, _)| *may.borrow() || *word != "generate");
        offered.map(|(word, label)| (word, label, word == self.view.word())).collect()
    }
}

/// `?tab=applications`
///
/// # Errors
/// As [`visit.namespace`](Visit::namespace); not found for another organization's application.
pub async fn show(visit: Visit, head: Head) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let dialog = match shown.dialog.as_str() {
        "create" if head.may.administer => Some(Dialog::Create(Form::empty(urls::applications(head.name())))),
        "delete" if head.may.administer => Some(Dialog::Delete(find(&visit, head.name(), &shown.client).await?)),
        "manage" => Some(Dialog::Manage(manage(&visit, &head, &shown).await?)),
        _ => None,
    };
    Ok(visit.page(&page(&visit, head, shown.after, dialog).await?))
}

async fn manage(visit: &Visit, head: &Head, shown: &Shown) -> Result<Manage, PageError> {
    let application = find(visit, head.name(), &shown.client).await?;
    let view = match shown.view.as_str() {
        "information" => View::Information(Information {
            is_shown: shown.secret == "shown" && application.secret.is_some(),
            asks_for_reset: shown.secret == "reset" && application.secret.is_some(),
        }),
        "generate" if head.may.administer => {
            visit.require_fresh()?;
            View::Generate(tokens::Form::empty(visit))
        }
        "tokens" => {
            let question = Some(shown.token.clone()).filter(|token| !token.is_empty() && head.may.administer);
            View::Tokens(Tokens::of(visit, head.name(), &application.client_id, shown.before, question).await?)
        }
        _ => {
            let action = urls::application_action(head.name(), &application.client_id, "details");
            View::Settings(Form::of(&application, action))
        }
    };
    Ok(Manage { application, view })
}

/// The tab with a dialog.
async fn page(
    visit: &Visit,
    head: Head,
    after: Option<i64>,
    dialog: Option<Dialog>,
) -> Result<ApplicationsPage, PageError> {
    let organization = visit.namespace::<Inspect>(head.name()).await?;
    let limit = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
    let from = ApplicationId(after.unwrap_or(0));
    let read = visit.services.db.read(move |conn| oauth::list(conn, &organization, None, from, limit));
    let mut rows = read.await?;
    let has_more = rows.len() > AT_ONCE;
    rows.truncate(AT_ONCE);
    let next = rows.last().filter(|_| has_more).map(|last| urls::more_applications(head.name(), last.id.0));
    let head = match head.may.administer {
        true => {
            let url = urls::new_application(head.name());
            head.offering(url, visit.text().say("applications-create"))
        }
        false => head,
    };
    Ok(ApplicationsPage {
        frame: visit.frame(Here::Namespace(head.name().to_string())).await?,
        head,
        rows,
        has_before: after.is_some(),
        next: next.unwrap_or_default(),
        dialog,
    })
}

/// The tab in answer to a form: with what is to be mended, or with what is shown only once.
async fn page_with(visit: &Visit, name: &str, dialog: Dialog) -> Result<ApplicationsPage, PageError> {
    let head = Head::load(visit, name, false, Tab::Applications).await?;
    page(visit, head, None, Some(dialog)).await
}

impl ApplicationsPage {
    fn first(&self) -> String {
        if self.has_before { urls::organization_tab(self.head.name(), "applications") } else { String::new() }
    }

    fn list_url(&self) -> String {
        urls::organization_tab(self.head.name(), "applications")
    }
}

/// An application of the organization, with its secret for admins.
async fn find(visit: &Visit, name: &str, client: &str) -> Result<Application, PageError> {
    let inspected = visit.namespace::<Inspect>(name).await?;
    let admin = visit.namespace::<Admin>(name).await.ok();
    let (client, vault) = (client.to_string(), visit.services.vault.clone());
    let found = visit.services.db.read(move |conn| {
        let admin = admin.as_ref().map(|admin| (admin, &vault));
        oauth::find(conn, &inspected, admin, &client)
    });
    Ok(found.await?)
}

/// The organization, for its admins. Users have no applications.
async fn organization(visit: &Visit, name: &str) -> Result<Authorized<Namespace, Admin>, PageError> {
    let found = visit.namespace::<Admin>(name).await?;
    if found.is_organization { Ok(found) } else { Err(PageError::NotFound) }
}

/// What the domain says about the values of a form.
fn faults(visit: &Visit, error: domain::Error) -> Result<Faults, PageError> {
    Faults::from_domain(&visit.request, error)
}
