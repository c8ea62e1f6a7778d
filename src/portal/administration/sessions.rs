//! Who is signed in with a browser.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::Inspect;
use domain::ids::SessionId;
use domain::session::{self, Session};
use serde::Deserialize;

use super::{may_change, superuser};
use crate::portal::flash::Flash;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, agent};
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

const ON_A_PAGE: usize = 50;
/// Letters of what a browser says of itself; it can say a lot.
const AGENT: usize = 120;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "administration/sessions.html")]
struct SessionsPage {
    frame: Frame,
    rows: Vec<Row>,
    /// The first page, where this is another.
    newest: String,
    older: String,
    may_change: bool,
}

struct Row {
    uuid: String,
    user: String,
    is_this: bool,
    began: Moment,
    seen: Moment,
    ip: String,
    agent: String,
    /// What that is, if it is known.
    program: Option<String>,
}

/// `GET /administration/sessions`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let instance = visit.registry::<Inspect>().await?;
    let asked: Asked = visit.query();
    let (now, before) = (visit.services.clock.now(), asked.before.map(SessionId));
    let limit = i64::try_from(ON_A_PAGE + 1).unwrap_or(i64::MAX);
    let found = visit.services.db.read(move |conn| session::list_all(conn, &instance, now, before, limit));
    let mut found = found.await?;
    let more = found.len() > ON_A_PAGE;
    found.truncate(ON_A_PAGE);
    let page = |id: i64| urls::with_query(urls::administration_sessions(), &[("before", &id.to_string())]);
    let older = found.last().filter(|_| more).map(|last| page(last.id.0)).unwrap_or_default();
    let newest = asked.before.map(|_| urls::administration_sessions().to_string()).unwrap_or_default();
    let page = SessionsPage {
        frame: visit.frame(Here::Administration(Administration::Sessions)).await?,
        rows: found.into_iter().map(|session| Row::new(&visit, session)).collect(),
        newest,
        older,
        may_change: may_change(&visit),
    };
    Ok(visit.page(&page))
}

/// `POST /administration/sessions/<uuid>/end`
///
/// # Errors
/// As [`session::revoke_any`].
pub async fn end(visit: Visit, uuid: Path<String>, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    let (uuid, now) = (uuid.into_inner(), visit.services.clock.now());
    visit.services.db.write(move |tx| session::revoke_any(tx, &instance, now, &uuid)).await?;
    Ok(visit.go_saying(urls::administration_sessions(), Flash::done(visit.text().say("admin-sessions-ended"))))
}

impl Row {
    fn new(visit: &Visit, session: Session) -> Row {
        let reader = visit.reader();
        let own = visit.visitor.session.as_ref().map(|own| own.id);
        let agent: String = session.user_agent.unwrap_or_default().chars().take(AGENT).collect();
        Row {
            is_this: own == Some(session.id),
            began: reader.moment(session.created_at),
            seen: reader.moment(session.seen_at),
            ip: session.ip.unwrap_or_default(),
            program: agent::name_of(&agent),
            agent,
            uuid: session.uuid,
            user: session.user_name,
        }
    }
}
