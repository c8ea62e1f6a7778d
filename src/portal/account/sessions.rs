//! The tab of browsers that are signed in.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::db::Tx;
use domain::ids::SessionId;
use domain::session::{self, Session};

use super::Asked;
use super::head::{Head, Tab};
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, agent};
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// Sessions on a page.
const AT_ONCE: usize = 50;
/// More than anybody has.
const ALL: i64 = 500;

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    frame: Frame,
    head: Head,
    rows: Vec<Row>,
    has_others: bool,
    first: String,
    next: String,
    /// Whether it is asked if all others are to end.
    asks: bool,
}

struct Row {
    uuid: String,
    /// What the browser calls itself.
    agent: String,
    /// What that means, as far as we can tell.
    name: Option<String>,
    ip: String,
    began: Moment,
    seen: Moment,
    is_current: bool,
}

/// `?tab=sessions`
pub async fn show(visit: &Visit, asked: &Asked) -> Result<HttpResponse, PageError> {
    let (me, now) = (visit.myself().await?, visit.services.clock.now());
    let before = asked.beyond.map(SessionId);
    let more = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
    let mut found = visit.services.db.read(move |conn| session::list(conn, &me, now, before, more)).await?;
    let has_more = found.len() > AT_ONCE;
    found.truncate(AT_ONCE);
    let next = found.last().filter(|_| has_more).map(|last| urls::account_more("sessions", last.id.0));
    let head = Head::at(Tab::Sessions);
    let first = if before.is_some() { head.here() } else { String::new() };
    let frame = visit.frame(Here::Elsewhere).await?;
    let rows: Vec<Row> = found.into_iter().map(|one| Row::of(visit, one)).collect();
    let has_others = before.is_some() || rows.iter().any(|row| !row.is_current);
    let asks = asked.dialog == "others" && has_others;
    let page = SessionsPage { frame, head, rows, has_others, first, next: next.unwrap_or_default(), asks };
    Ok(visit.page(&page))
}

/// `POST /account/sessions/<uuid>/removal`
///
/// # Errors
/// As [`session::revoke`].
pub async fn end(visit: Visit, uuid: Path<String>, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let (me, now) = (visit.myself().await?, visit.services.clock.now());
    visit.services.db.write(move |tx| session::revoke(tx, &me, now, &uuid)).await?;
    Ok(visit.go_saying(&Head::at(Tab::Sessions).here(), Flash::done(visit.text().say("account-session-ended"))))
}

/// `POST /account/sessions/removal`: all but the one this came with.
///
/// # Errors
/// As [`session::revoke`].
pub async fn end_others(visit: Visit, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let (me, now) = (visit.myself().await?, visit.services.clock.now());
    let current = visit.visitor.session.as_ref().map(|session| session.id);
    let ending = move |tx: &mut Tx<'_>| {
        let all = session::list(tx, &me, now, None, ALL)?;
        let others: Vec<Session> = all.into_iter().filter(|one| Some(one.id) != current).collect();
        others.iter().try_for_each(|one| session::revoke(tx, &me, now, &one.uuid))?;
        Ok(others.len())
    };
    let ended = visit.services.db.write(ending).await?;
    let flash = Flash::done(visit.text().with("account-sessions-ended", "count", ended));
    Ok(visit.go_saying(&Head::at(Tab::Sessions).here(), flash))
}

impl Row {
    fn of(visit: &Visit, session: Session) -> Row {
        let reader = visit.reader();
        let current = visit.visitor.session.as_ref().map(|current| current.id);
        let agent = session.user_agent.unwrap_or_default();
        Row {
            uuid: session.uuid,
            name: agent::name_of(&agent),
            agent,
            ip: session.ip.unwrap_or_default(),
            began: reader.moment(session.created_at),
            seen: reader.moment(session.seen_at),
            is_current: Some(session.id) == current,
        }
    }
}
