//! The tab of applications that act for the user.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::ids::TokenId;
use domain::oauth::{self, Grant};

use super::Asked;
use super::head::{Head, Tab};
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::scopes;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// Applications on a page.
const AT_ONCE: usize = 50;

#[derive(Template)]
#[template(path = "account/applications.html")]
struct ApplicationsPage {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    first: String,
    next: String,
    /// The application that is to be taken back what it may do, if that is asked.
    question: Option<Row>,
}

struct Row {
    uuid: String,
    name: String,
    description: String,
    organization: String,
    /// The keys of their names.
    scopes: Vec<&'static str>,
    given: Moment,
    used: Option<Moment>,
}

/// `?tab=applications`
pub async fn show(visit: &Visit, asked: &Asked) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    let after = TokenId(asked.beyond.unwrap_or(0));
    let more = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
    let of = Some(asked.of.clone()).filter(|_| asked.dialog == "revoke");
    let read = visit.services.db.read(move |conn| {
        let asked_about = of.map(|uuid| oauth::find_grant(conn, &me, &uuid)).transpose()?;
        Ok((oauth::grants(conn, &me, after, more)?, asked_about))
    });
    let (mut found, asked_about) = read.await?;
    let has_more = found.len() > AT_ONCE;
    found.truncate(AT_ONCE);
    let next = found.last().filter(|_| has_more).map(|last| urls::account_more("applications", last.token.id.0));
    let head = Head::at(Tab::Applications);
    let page = ApplicationsPage {
        frame: visit.frame(Here::Elsewhere).await?,
        rows: found.into_iter().map(|grant| Row::of(visit, grant)).collect(),
        first: if after.0 > 0 { head.here() } else { String::new() },
        next: next.unwrap_or_default(),
        question: asked_about.map(|grant| Row::of(visit, grant)),
        head,
    };
    Ok(visit.page(&page))
}

/// `POST /account/applications/<uuid>/removal`
///
/// # Errors
/// As [`oauth::revoke_grant`].
pub async fn revoke(visit: Visit, uuid: Path<String>, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let (me, now) = (visit.myself().await?, visit.services.clock.now());
    visit.services.db.write(move |tx| oauth::revoke_grant(tx, &me, now, &uuid)).await?;
    let flash = Flash::done(visit.text().say("account-application-revoked"));
    Ok(visit.go_saying(&Head::at(Tab::Applications).here(), flash))
}

impl Row {
    fn of(visit: &Visit, grant: Grant) -> Row {
        let (reader, details) = (visit.reader(), grant.holder.application.details);
        Row {
            uuid: grant.token.uuid,
            name: details.name,
            description: details.description,
            organization: grant.holder.organization,
            scopes: grant.token.scopes.iter().map(|scope| scopes::keys(*scope).0).collect(),
            given: reader.moment(grant.token.created_at),
            used: grant.token.last_used_at.map(|at| reader.moment(at)),
        }
    }
}
