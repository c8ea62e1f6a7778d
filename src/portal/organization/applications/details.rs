//! What is said about an application: the form for a new one and for one that exists.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::oauth::{self, Application, Details};
use serde::Deserialize;

use super::{Dialog, Manage, View, faults, find, organization, page_with};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

/// The form as it is shown.
pub(super) struct Form {
    pub typed: Typed,
    pub faults: Faults,
    pub action: String,
}

/// The form as it is sent.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Typed {
    pub(super) name: String,
    pub(super) description: String,
    pub(super) application_uri: String,
    pub(super) redirect_uri: String,
    pub(super) avatar_email: String,
}

impl Form {
    pub fn empty(action: String) -> Form {
        Form { typed: Typed::default(), faults: Faults::none(), action }
    }

    pub fn of(application: &Application, action: String) -> Form {
        let Details { name, description, application_uri, redirect_uri, avatar_email } = application.details.clone();
        let avatar_email = avatar_email.unwrap_or_default();
        let typed = Typed { name, description, application_uri, redirect_uri, avatar_email };
        Form { typed, faults: Faults::none(), action }
    }
}

impl Typed {
    fn details(&self) -> Details {
        let trimmed = |text: &String| text.trim().to_string();
        Details {
            name: trimmed(&self.name),
            description: trimmed(&self.description),
            application_uri: trimmed(&self.application_uri),
            redirect_uri: trimmed(&self.redirect_uri),
            avatar_email: Some(trimmed(&self.avatar_email)).filter(|email| !email.is_empty()),
        }
    }
}

/// `POST /organization/<name>/applications`
///
/// # Errors
/// As [`oauth::create`], but for what the form can mend.
pub async fn create(visit: Visit, name: Path<String>, form: VerifiedForm<Typed>) -> Result<HttpResponse, PageError> {
    let organization = organization(&visit, &name).await?;
    let typed = form.into_inner();
    let details = typed.details();
    let (vault, entropy) = (visit.services.vault.clone(), visit.services.entropy.clone());
    let now = visit.services.clock.now();
    let make = move |tx: &mut domain::db::Tx<'_>| oauth::create(tx, &organization, (&vault, &*entropy), now, &details);
    match visit.services.db.write(make).await {
        Ok(made) => {
            let flash = Flash::done(visit.text().with("applications-created", "name", made.details.name));
            Ok(visit.go_saying(&urls::application_view(&name, &made.client_id, "information"), flash))
        }
        Err(error) => {
            let form = Form { typed, faults: faults(&visit, error)?, action: urls::applications(&name) };
            Ok(visit.refused(&page_with(&visit, &name, Dialog::Create(form)).await?))
        }
    }
}

/// `POST /organization/<name>/applications/<client>/details`
///
/// # Errors
/// As [`oauth::change`], but for what the form can mend.
pub async fn change(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<Typed>,
) -> Result<HttpResponse, PageError> {
    let (name, client) = path.into_inner();
    let organization = organization(&visit, &name).await?;
    let typed = form.into_inner();
    let (vault, now) = (visit.services.vault.clone(), visit.services.clock.now());
    let (details, wanted) = (typed.details(), client.clone());
    let changed =
        visit.services.db.write(move |tx| oauth::change(tx, &organization, &vault, now, &wanted, &details)).await;
    if let Err(error) = changed {
        let faults = faults(&visit, error)?;
        let application = find(&visit, &name, &client).await?;
        let form = Form { typed, faults, action: urls::application_action(&name, &client, "details") };
        let dialog = Dialog::Manage(Manage { application, view: View::Settings(form) });
        return Ok(visit.refused(&page_with(&visit, &name, dialog).await?));
    }
    let flash = Flash::done(visit.text().with("applications-changed", "name", typed.name.trim()));
    Ok(visit.go_saying(&urls::application_view(&name, &client, "settings"), flash))
}
