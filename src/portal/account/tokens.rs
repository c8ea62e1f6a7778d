//! The tab of tokens that people make for themselves: application tokens, which stand for the password on command lines,
//! and personal tokens, which allow part of what their user may do.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::ApiScope;
use domain::token::{self, Token, TokenKind};

use super::Asked;
use super::head::{Head, Tab};
use super::token_form::Form;
use crate::portal::credentials::{self, File};
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

#[derive(Template)]
#[template(path = "account/tokens.html")]
pub(super) struct TokensPage {
    frame: Frame,
    head: Head,
    application: Vec<Row>,
    personal: Vec<Row>,
    dialog: Option<Dialog>,
}

/// What stands over the tab.
pub(super) enum Dialog {
    /// The form of an application token.
    NewApplication(Form),
    /// The form of a personal token.
    NewPersonal(Form),
    /// A token with its secret.
    Credentials(Credentials),
    /// The question before one is revoked.
    Revoke(Question),
}

/// A token and how it is used.
pub(super) struct Credentials {
    pub name: String,
    /// What Docker is told as the user's name.
    pub user: &'static str,
    /// Not there if it was sealed by an older version.
    pub secret: Option<String>,
    /// Whether this is the only time it is seen.
    pub is_once: bool,
    pub host: String,
    pub scopes: String,
}

pub(super) struct Question {
    name: String,
    action: String,
}

/// A token in one of the lists.
struct Row {
    uuid: String,
    name: String,
    scopes: String,
    made: Moment,
    ends: Option<Moment>,
    is_over: bool,
    used: Option<Moment>,
}

/// `?tab=tokens`
pub async fn show(visit: &Visit, asked: &Asked) -> Result<HttpResponse, PageError> {
    if !asked.dialog.is_empty() {
        visit.require_fresh()?;
    }
    let dialog = match asked.dialog.as_str() {
        "application" => Some(Dialog::NewApplication(Form::empty(visit))),
        "personal" => Some(Dialog::NewPersonal(Form::empty(visit))),
        "credentials" => Some(Dialog::Credentials(credentials(visit, &asked.of).await?)),
        "revoke-application" => Some(Dialog::Revoke(question(visit, TokenKind::Application, &asked.of).await?)),
        "revoke-personal" => Some(Dialog::Revoke(question(visit, TokenKind::Access, &asked.of).await?)),
        _ => None,
    };
    Ok(visit.page(&page(visit, dialog).await?))
}

/// `POST /account/tokens/<kind>/<uuid>/removal`
///
/// # Errors
/// As [`token::revoke_own`]; to the page that asks for the password.
pub async fn revoke(
    visit: Visit,
    path: Path<(String, String)>,
    _: VerifiedForm<Pressed>,
) -> Result<HttpResponse, PageError> {
    let (kind, uuid) = path.into_inner();
    let kind = match kind.as_str() {
        "application" => TokenKind::Application,
        "personal" => TokenKind::Access,
        _ => return Err(PageError::NotFound),
    };
    let me = visit.myself().await?;
    visit.require_fresh()?;
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| token::revoke_own(tx, &me, now, kind, &uuid)).await?;
    Ok(visit.go_saying(&Head::at(Tab::Tokens).here(), Flash::done(visit.text().say("account-token-revoked"))))
}

/// The tab with a dialog.
pub(super) async fn page(visit: &Visit, dialog: Option<Dialog>) -> Result<TokensPage, PageError> {
    let me = visit.myself().await?;
    let read = visit
        .services
        .db
        .read(move |conn| Ok((token::application_tokens(conn, &me, None)?, token::personal_tokens(conn, &me)?)));
    let (application, personal) = read.await?;
    let rows = |tokens: Vec<Token>| tokens.into_iter().map(|one| Row::of(visit, one)).collect();
    let frame = visit.frame(Here::Elsewhere).await?;
    Ok(TokensPage {
        frame,
        head: Head::at(Tab::Tokens),
        application: rows(application),
        personal: rows(personal),
        dialog,
    })
}

async fn credentials(visit: &Visit, uuid: &str) -> Result<Credentials, PageError> {
    let (me, vault, uuid) = (visit.myself().await?, visit.services.vault.clone(), uuid.to_string());
    let read = visit.services.db.read(move |conn| token::application_token(conn, &me, &vault, &uuid));
    let (token, secret) = read.await?;
    Ok(Credentials {
        name: token.title,
        user: "$app",
        secret,
        is_once: false,
        host: visit.address().host().to_string(),
        scopes: String::new(),
    })
}

async fn question(visit: &Visit, kind: TokenKind, uuid: &str) -> Result<Question, PageError> {
    let me = visit.myself().await?;
    let list = move |conn: &mut domain::db::Conn| match kind {
        TokenKind::Application => token::application_tokens(conn, &me, None),
        TokenKind::Access => token::personal_tokens(conn, &me),
    };
    let found = visit.services.db.read(list).await?;
    let found = found.into_iter().find(|token| token.uuid == uuid).ok_or(PageError::NotFound)?;
    let what = match kind {
        TokenKind::Application => "tokens/application",
        TokenKind::Access => "tokens/personal",
    };
    Ok(Question { name: found.title, action: urls::account_action_on(what, uuid, "removal") })
}

impl Row {
    fn of(visit: &Visit, token: Token) -> Row {
        let (reader, now) = (visit.reader(), visit.services.clock.now());
        Row {
            uuid: token.uuid,
            name: token.title,
            scopes: ApiScope::list(&token.scopes),
            made: reader.moment(token.created_at),
            is_over: token.expires_at.is_some_and(|at| at <= now),
            ends: token.expires_at.map(|at| reader.moment(at)),
            used: token.last_used_at.map(|at| reader.moment(at)),
        }
    }
}

impl Credentials {
    /// What makes programs use it.
    fn logins(&self, secret: &str) -> Vec<String> {
        let made = self.made(secret);
        ["docker login", "podman login", "helm registry login"].iter().map(|program| made.login(program)).collect()
    }

    /// What else can be made of it: for clusters, and for programs without a command.
    fn files(&self, secret: &str) -> [File; 2] {
        let made = self.made(secret);
        [made.kubernetes(), made.docker_config()]
    }

    fn made<'a>(&'a self, secret: &'a str) -> credentials::Credentials<'a> {
        credentials::Credentials { host: &self.host, user: self.user, secret, title: &self.name }
    }

    /// How the API takes it.
    fn header(&self, secret: &str) -> String {
        format!("Authorization: Bearer {secret}")
    }
}
