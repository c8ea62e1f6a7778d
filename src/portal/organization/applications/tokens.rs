//! Tokens of an application that stand for whoever generates them.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::{ApiScope, Inspect};
use domain::ids::TokenId;
use domain::oauth;
use domain::token::Token;
use serde::Deserialize;

use super::{Dialog, Manage, View, faults, find, organization, page_with};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::scopes::{self, Offered};
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// Tokens on a page of the dialog.
const AT_ONCE: usize = 50;
const DAY: u64 = 24 * 3600;
/// How long a token can be good, in days.
const LIFETIMES: [(u64, &str); 4] = [
    (30, "applications-days-30"),
    (90, "applications-days-90"),
    (365, "applications-days-365"),
    (3_650, "applications-days-3650"),
];

/// The form as it is shown.
pub(super) struct Form {
    pub typed: Typed,
    pub faults: Faults,
    /// Whether the scope of superusers is offered.
    is_operator: bool,
}

/// The form as it is sent.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
pub struct Typed {
    pub(super) name: String,
    scope: Vec<String>,
    days: String,
}

/// A token just generated.
pub(super) struct Generated {
    pub name: String,
    /// The only time it is seen.
    pub secret: String,
    pub scopes: String,
}

/// The list.
pub(super) struct Tokens {
    pub rows: Vec<Row>,
    pub next: String,
    /// The token that is to be revoked, if that is asked.
    pub question: Option<Question>,
}

/// The question before a token is revoked.
pub(super) struct Question {
    pub name: String,
    pub action: String,
}

/// A token in the list.
pub(super) struct Row {
    pub uuid: String,
    pub name: String,
    pub created_by: String,
    pub scopes: String,
    pub created: Moment,
    pub expires: Option<Moment>,
    pub last_used: Option<Moment>,
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

    /// Days, their name's key, and whether they are chosen.
    pub fn lifetimes(&self) -> Vec<(u64, &'static str, bool)> {
        LIFETIMES.into_iter().map(|(days, label)| (days, label, self.typed.days == days.to_string())).collect()
    }
}

impl Typed {
    /// What is asked for, or what is wrong.
    fn check(&self, visit: &Visit) -> Result<(Vec<ApiScope>, Duration), Faults> {
        let text = visit.text();
        let mut faults = Faults::none();
        let scopes = scopes::chosen(visit.visitor.is_operator(), &self.scope).unwrap_or_else(|why| {
            faults.add("scope", text.say(why));
            Vec::new()
        });
        let days = LIFETIMES.into_iter().map(|(days, _)| days).find(|days| self.days == days.to_string());
        if self.name.trim().is_empty() {
            faults.add("name", text.say("applications-no-name"));
        }
        match days {
            Some(days) if !faults.any() => Ok((scopes, Duration::from_secs(days * DAY))),
            Some(_) => Err(faults),
            None => {
                faults.add("days", text.say("applications-no-days"));
                Err(faults)
            }
        }
    }
}

impl Tokens {
    pub async fn of(
        visit: &Visit,
        name: &str,
        client: &str,
        before: Option<i64>,
        question: Option<String>,
    ) -> Result<Tokens, PageError> {
        let organization = visit.namespace::<Inspect>(name).await?;
        let (wanted, before) = (client.to_string(), before.map(TokenId));
        let limit = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
        let read = visit.services.db.read(move |conn| oauth::minted(conn, &organization, &wanted, before, limit));
        let mut found = read.await?;
        let has_more = found.len() > AT_ONCE;
        found.truncate(AT_ONCE);
        let next = found.last().filter(|_| has_more).map(|last| urls::more_application_tokens(name, client, last.id.0));
        let asked = question.and_then(|uuid| found.iter().find(|token| token.uuid == uuid));
        let question = asked.map(|token| Question {
            name: token.title.clone(),
            action: urls::application_action(name, client, &format!("tokens/{}/revocation", token.uuid)),
        });
        let reader = visit.reader();
        let row = |token: Token| Row {
            uuid: token.uuid,
            name: token.title,
            created_by: token.created_by,
            scopes: ApiScope::list(&token.scopes),
            created: reader.moment(token.created_at),
            expires: token.expires_at.map(|at| reader.moment(at)),
            last_used: token.last_used_at.map(|at| reader.moment(at)),
        };
        Ok(Tokens { rows: found.into_iter().map(row).collect(), next: next.unwrap_or_default(), question })
    }
}

/// `POST /organization/<name>/applications/<client>/tokens`: the answer is the page with the token, which nothing shows a
/// second time.
///
/// # Errors
/// As [`oauth::mint`], but for what the form can mend; to the page that asks for the password.
pub async fn generate(
    visit: Visit,
    path: Path<(String, String)>,
    form: VerifiedForm<Typed>,
) -> Result<HttpResponse, PageError> {
    let (name, client) = path.into_inner();
    let organization = organization(&visit, &name).await?;
    visit.require_fresh()?;
    let application = find(&visit, &name, &client).await?;
    let typed = form.into_inner();
    let (scopes, lifetime) = match typed.check(&visit) {
        Ok(checked) => checked,
        Err(faults) => {
            let view = View::Generate(Form::with(&visit, typed, faults));
            let dialog = Dialog::Manage(Manage { application, view });
            return Ok(visit.refused(&page_with(&visit, &name, dialog).await?));
        }
    };
    let (entropy, now) = (visit.services.entropy.clone(), visit.services.clock.now());
    let (wanted, title) = (client.clone(), typed.name.trim().to_string());
    let minted = visit
        .services
        .db
        .write(move |tx| oauth::mint(tx, &organization, &*entropy, now, &wanted, (&title, &scopes, Some(lifetime))));
    let (is_refused, view) = match minted.await {
        Ok((token, issued)) => {
            let scopes = ApiScope::list(&token.scopes);
            (false, View::Generated(Generated { name: token.title, secret: issued.secret, scopes }))
        }
        Err(error) => {
            let faults = faults(&visit, error)?;
            (true, View::Generate(Form::with(&visit, typed, faults)))
        }
    };
    let page = page_with(&visit, &name, Dialog::Manage(Manage { application, view })).await?;
    if is_refused {
        return Ok(visit.refused(&page));
    }
    Ok(visit.shown_once(&page, &urls::application_view(&name, &client, "tokens")))
}

/// `POST /organization/<name>/applications/<client>/tokens/<token>/revocation`
///
/// # Errors
/// As [`oauth::revoke_minted`].
pub async fn revoke(
    visit: Visit,
    path: Path<(String, String, String)>,
    _: VerifiedForm<Pressed>,
) -> Result<HttpResponse, PageError> {
    let (name, client, uuid) = path.into_inner();
    let organization = organization(&visit, &name).await?;
    let (wanted, now) = (client.clone(), visit.services.clock.now());
    visit.services.db.write(move |tx| oauth::revoke_minted(tx, &organization, now, &wanted, &uuid)).await?;
    let flash = Flash::done(visit.text().say("applications-token-revoked"));
    Ok(visit.go_saying(&urls::application_view(&name, &client, "tokens"), flash))
}
