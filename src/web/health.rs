//! Whether this process lives, and whether it can do its work. Quay's probes are answered in Quay's shape.

use std::time::{Duration, Instant};

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::db::Db;
use domain::error::Causes;
use domain::{Error, Result};
use serde_json::json;
use tokio::sync::Mutex;

use super::authenticate::{Presented, presented};
use super::services::Services;

/// A verdict is kept this long: probes are open to everybody and must cost next to nothing.
const VERDICT_FOR: Duration = Duration::from_secs(2);
/// A part that does not answer in this time does not work.
const PATIENCE: Duration = Duration::from_secs(5);

/// The last verdict.
pub struct Readiness {
    born: Instant,
    last: Mutex<Option<(Instant, Verdict)>>,
}

impl Default for Readiness {
    fn default() -> Readiness {
        Readiness { born: Instant::now(), last: Mutex::default() }
    }
}

/// What works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdict {
    /// Reads and writes.
    pub database: bool,
    /// Takes and gives bytes.
    pub storage: bool,
}

impl Verdict {
    /// Whether requests can be answered.
    pub fn ready(self) -> bool {
        self.database && self.storage
    }
}

/// Where Quay's probes are.
const QUAY: [&str; 6] =
    ["/health", "/health/instance", "/health/endtoend", "/health/warning", "/health/dbrevision", "/status"];

/// Probes and metrics.
pub fn routes(config: &mut web::ServiceConfig) {
    for path in QUAY {
        config.route(path, web::get().to(quay)).route(path, web::head().to(quay));
    }
    config
        .route("/_internal_ping", web::get().to(ping))
        .route("/health/live", web::get().to(live))
        .route("/health/live", web::head().to(live))
        .route("/health/ready", web::get().to(ready))
        .route("/health/ready", web::head().to(ready))
        .route("/metrics", web::get().to(metrics))
        .route("/metrics", web::head().to(metrics));
}

async fn live() -> HttpResponse {
    HttpResponse::Ok().json(json!({ "status": "live" }))
}

/// `GET /_internal_ping`
async fn ping() -> HttpResponse {
    HttpResponse::Ok().json(true)
}

async fn ready(services: web::Data<Services>, readiness: web::Data<Readiness>) -> HttpResponse {
    let verdict = readiness.verdict(&services).await;
    let word = |works: bool| if works { "ready" } else { "failing" };
    let body = json!({
        "status": word(verdict.ready()),
        "database": word(verdict.database),
        "storage": word(verdict.storage),
    });
    answer(verdict).json(body)
}

async fn quay(services: web::Data<Services>, readiness: web::Data<Readiness>) -> HttpResponse {
    let verdict = readiness.verdict(&services).await;
    let mut answer = answer(verdict);
    let body = json!({
        "data": { "services": {
            "auth": verdict.database,
            "database": verdict.database,
            "storage": verdict.storage,
            "disk_space": verdict.storage,
            // What Quay has processes and servers for is in this one, which answers.
            "redis": true,
            "registry_gunicorn": true,
            "service_key": true,
            "web_gunicorn": true,
        } },
        "status_code": if verdict.ready() { 200 } else { 503 },
    });
    answer.json(body)
}

fn answer(verdict: Verdict) -> actix_web::HttpResponseBuilder {
    if verdict.ready() { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() }
}

/// On the main listener only with `metrics.token`; who asks without it is told of nothing.
async fn metrics(request: HttpRequest, services: web::Data<Services>) -> HttpResponse {
    let wanted = services.settings.metrics.token.as_ref().map(|token| domain::vault::digest_of(token.expose()));
    let allowed = match (wanted, presented(&request)) {
        (Some(wanted), Ok(Presented::Bearer(given))) => domain::vault::same(&wanted, &domain::vault::digest_of(given)),
        _ => false,
    };
    if allowed { metrics_page(&services) } else { HttpResponse::NotFound().finish() }
}

/// The counters, for whoever may see them.
pub fn metrics_page(services: &Services) -> HttpResponse {
    match services.metrics.render() {
        Ok(text) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"))
            .body(text),
        Err(error) => {
            tracing::error!(%error, "could not write the metrics");
            HttpResponse::InternalServerError().finish()
        }
    }
}

impl Readiness {
    /// How long this process answers.
    pub fn age(&self) -> Duration {
        self.born.elapsed()
    }

    /// What works, as it was found a moment ago or is found now.
    pub async fn verdict(&self, services: &Services) -> Verdict {
        let mut last = self.last.lock().await;
        if let Some((when, verdict)) = *last
            && when.elapsed() < VERDICT_FOR
        {
            return verdict;
        }
        let (database, storage) =
            tokio::join!(works("database", database(&services.db)), works("storage", services.store.probe()));
        let verdict = Verdict { database, storage };
        *last = Some((Instant::now(), verdict));
        verdict
    }
}

async fn works(part: &str, check: impl Future<Output = Result<()>>) -> bool {
    let outcome = match tokio::time::timeout(PATIENCE, check).await {
        Ok(outcome) => outcome,
        Err(elapsed) => Err(Error::Unavailable { context: "waiting for an answer", source: elapsed.into() }),
    };
    if let Err(error) = &outcome {
        tracing::error!(part, error = %Causes(error), "not ready");
    }
    outcome.is_ok()
}

/// Reads, and begins a transaction that writes: a read-only disk fails the second.
async fn database(db: &Db) -> Result<()> {
    db.read(|conn| domain::account::any(conn).map(|_| ())).await?;
    db.write_relaxed(domain::db::touch).await
}
