//! News of a repository's tags while its page is open, as server-sent events.
//!
//! The stream says only that something changed; the page then asks for its list as it would anyway. This process hears
//! of its own changes at once, of other processes' within a few seconds.

use std::time::Duration;

use actix_web::{HttpResponse, web};
use bytes::Bytes;
use domain::access::Read;
use domain::repository;
use domain::time::Timestamp;
use futures_util::stream;
use serde::Deserialize;

use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::{security_headers, session};

/// How often this process's own changes are looked for; that costs a look at one number.
const LOOKS_EVERY: Duration = Duration::from_millis(500);
/// Every so many looks the database is asked, for what other processes changed.
const ASKS_EVERY: u32 = 8;
/// A browser that is still there asks again; one that is gone is noticed.
const LASTS: u32 = 1_200;
/// Every so many looks something is sent, so that proxies keep the connection.
const SPEAKS_EVERY: u32 = 40;
/// How the stream begins: how long a browser waits before it asks again, in milliseconds.
const BEGIN: &[u8] = b"retry: 3000\n\n";
const CHANGED: &[u8] = b"event: tags\ndata: changed\n\n";

/// What the address says.
#[derive(Deserialize, Default)]
struct Asked {
    /// When the last push was that the page knows of; 0 for none.
    since: Option<i64>,
}

/// Where the news of what comes after a page's last push are.
pub(super) fn address(name: &str, pushed: Option<Timestamp>) -> String {
    let since = pushed.map_or(0, |at| at.0).to_string();
    urls::with_query(&urls::repository_action(name, "tags/news"), &[("since", &since)])
}

/// `GET /repository/<name>/-/tags/news`; no content where there are streams enough, so that the browser does not ask again.
///
/// # Errors
/// Not found for whoever may not read the repository.
pub async fn follow(visit: Visit, name: web::Path<String>) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Read>(&name).await?;
    let Some(seat) = visit.services.news.begin(visit.caller().origin.ip) else {
        return Ok(HttpResponse::NoContent().finish());
    };
    let (caller, services) = (visit.caller().clone(), visit.services.clone());
    let secret = visit.visitor.session.as_ref().and_then(|_| session::secret(&visit.request, &services));
    let seen = services.db.freshness().content(repository.id);
    let asked = repository.clone();
    let pushed = services.db.read(move |conn| repository::pushed_at(conn, &asked)).await?;
    // What was pushed between the page and its stream is news, too.
    let asked: Asked = visit.query();
    let is_late = asked.since.is_some_and(|since| since != pushed.map_or(0, |at| at.0));
    let first = if is_late { [BEGIN, CHANGED].concat() } else { BEGIN.to_vec() };
    let watch = stream::unfold((0u32, seen, pushed), move |(mut look, seen, pushed)| {
        // Held as long as the stream is.
        let _ = &seat;
        let (caller, services, repository) = (caller.clone(), services.clone(), repository.clone());
        let secret = secret.clone();
        async move {
            while look < LASTS && !services.news.has_ended() {
                look += 1;
                tokio::time::sleep(LOOKS_EVERY).await;
                let current = services.db.freshness().content(repository.id);
                let mut latest = pushed;
                if look.is_multiple_of(ASKS_EVERY) {
                    // Whoever lost the permission or was signed out meanwhile hears nothing more.
                    services.access.repository::<Read>(&caller, &repository.name).await.ok()?;
                    let (asked, secret, now) = (repository.clone(), secret.clone(), services.clock.now());
                    let read = services.db.read(move |conn| {
                        let is_over = match &secret {
                            Some(secret) => domain::session::find(conn, secret, now)?.is_none(),
                            None => false,
                        };
                        if is_over { Ok(None) } else { Ok(Some(repository::pushed_at(conn, &asked)?)) }
                    });
                    latest = read.await.ok()??;
                }
                if current != seen || latest != pushed {
                    return Some((Ok::<_, actix_web::Error>(event()), (look, current, latest)));
                }
                if look.is_multiple_of(SPEAKS_EVERY) {
                    return Some((Ok(Bytes::from_static(b": still here\n\n")), (look, seen, pushed)));
                }
            }
            None
        }
    });
    let begin = stream::once(async move { Ok::<_, actix_web::Error>(Bytes::from(first)) });
    let mut response = HttpResponse::Ok();
    security_headers::on_file(&mut response);
    Ok(response
        .content_type("text/event-stream")
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(Box::pin(futures_util::StreamExt::chain(begin, watch))))
}

fn event() -> Bytes {
    Bytes::from_static(CHANGED)
}
