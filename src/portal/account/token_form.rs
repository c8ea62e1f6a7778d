//! The forms that make tokens.

use std::time::Duration;

use actix_web::HttpResponse;
use domain::access::ApiScope;
use domain::token::{self, NewPersonalToken};
use serde::Deserialize;

use super::head::{Head, Tab};
use super::tokens::{self, Credentials, Dialog};
use crate::portal::error::{self, Refusal};
use crate::portal::faults::Faults;
use crate::portal::problem::PageError;
use crate::portal::scopes::{self, Offered};
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

const DAY: u64 = 24 * 3600;
/// How long a token can be good, in days; for ever if there is none.
const LIFETIMES: [(&str, Option<u64>, &str); 4] = [
    ("30", Some(30), "account-days-30"),
    ("90", Some(90), "account-days-90"),
    ("365", Some(365), "account-days-365"),
    ("", None, "account-days-never"),
];

/// A form as it is shown.
pub(super) struct Form {
    pub typed: Typed,
    pub faults: Faults,
    /// Whether the scope of superusers is offered.
    is_operator: bool,
}

/// A form as it is sent.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Typed {
    pub(super) title: String,
    scope: Vec<String>,
    days: String,
}

impl Form {
    pub fn empty(visit: &Visit) -> Form {
        Form::with(visit, Typed { days: "90".into(), ..Typed::default() }, Faults::none())
    }

    fn with(visit: &Visit, typed: Typed, faults: Faults) -> Form {
        Form { typed, faults, is_operator: visit.visitor.is_operator() }
    }

    pub fn scopes(&self) -> Vec<Offered> {
        scopes::offered(self.is_operator, &self.typed.scope)
    }

    /// The word in the form, its name's key, and whether it is chosen.
    pub fn lifetimes(&self) -> Vec<(&'static str, &'static str, bool)> {
        LIFETIMES.into_iter().map(|(word, _, label)| (word, label, self.typed.days == word)).collect()
    }
}

impl Typed {
    fn lifetime(&self, visit: &Visit) -> Result<Option<Duration>, Faults> {
        if self.title.trim().is_empty() {
            return Err(Faults::one("title", visit.text().say("account-token-no-title")));
        }
        let chosen = LIFETIMES.into_iter().find(|(word, ..)| *word == self.days);
        let chosen = chosen.ok_or_else(|| Faults::one("days", visit.text().say("applications-no-days")))?;
        Ok(chosen.1.map(|days| Duration::from_secs(days * DAY)))
    }

    fn scopes(&self, visit: &Visit) -> Result<Vec<ApiScope>, Faults> {
        scopes::chosen(visit.visitor.is_operator(), &self.scope)
            .map_err(|why| Faults::one("scope", visit.text().say(why)))
    }
}

/// `POST /account/tokens/application`
///
/// # Errors
/// As [`token::create_application_token`], but for what the form can mend; to the page that asks for the password.
pub async fn create_application(visit: Visit, form: VerifiedForm<Typed>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    let typed = form.into_inner();
    let lifetime = match typed.lifetime(&visit) {
        Ok(lifetime) => lifetime,
        Err(faults) => return again(&visit, Dialog::NewApplication(Form::with(&visit, typed, faults))).await,
    };
    let (vault, entropy) = (visit.services.vault.clone(), visit.services.entropy.clone());
    let (title, now) = (typed.title.clone(), visit.services.clock.now());
    let making = move |tx: &mut domain::db::Tx<'_>| {
        token::create_application_token(tx, &me, (&vault, &*entropy), now, &title, lifetime)
    };
    match visit.services.db.write(making).await {
        // This secret is kept, sealed: the dialog can be opened again.
        Ok((made, _)) => Ok(visit.go(&Head::at(Tab::Tokens).dialog_of("credentials", &made.uuid))),
        Err(error) => {
            let faults = faults(&visit, error)?;
            again(&visit, Dialog::NewApplication(Form::with(&visit, typed, faults))).await
        }
    }
}

/// `POST /account/tokens/personal`: the answer shows the token, which nothing shows again.
///
/// # Errors
/// As [`token::create_personal_token`], but for what the form can mend; to the page that asks for the password.
pub async fn create_personal(visit: Visit, form: VerifiedForm<Typed>) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    visit.require_fresh()?;
    let typed = form.into_inner();
    let checked = typed.lifetime(&visit).and_then(|lifetime| Ok((lifetime, typed.scopes(&visit)?)));
    let new = match checked {
        Ok((lifetime, scopes)) => NewPersonalToken { name: typed.title.clone(), scopes, lifetime },
        Err(faults) => return again(&visit, Dialog::NewPersonal(Form::with(&visit, typed, faults))).await,
    };
    let (entropy, now) = (visit.services.entropy.clone(), visit.services.clock.now());
    let made = visit.services.db.write(move |tx| token::create_personal_token(tx, &me, &*entropy, now, &new)).await;
    match made {
        Ok((made, secret)) => {
            let credentials = Credentials {
                name: made.title,
                user: "$oauthtoken",
                secret: Some(secret),
                is_once: true,
                host: visit.address().host().to_string(),
                scopes: ApiScope::list(&made.scopes),
            };
            let page = tokens::page(&visit, Some(Dialog::Credentials(credentials))).await?;
            Ok(visit.shown_once(&page, &Head::at(Tab::Tokens).here()))
        }
        Err(error) => {
            let faults = faults(&visit, error)?;
            again(&visit, Dialog::NewPersonal(Form::with(&visit, typed, faults))).await
        }
    }
}

async fn again(visit: &Visit, dialog: Dialog) -> Result<HttpResponse, PageError> {
    Ok(visit.refused(&tokens::page(visit, Some(dialog)).await?))
}

/// What the domain says of a token's values; the form's names for them are its own.
fn faults(visit: &Visit, error: domain::Error) -> Result<Faults, PageError> {
    let here = |field: &str| match field {
        "expiration" => "days",
        "scopes" => "scope",
        _ => "title",
    };
    match error::refusal(&visit.request, &error) {
        Refusal::AtField { field, message } => Ok(Faults::one(here(field), message)),
        Refusal::Page(_) => Err(error.into()),
    }
}
