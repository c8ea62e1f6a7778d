//! What runs without being asked, how it went last, layers being listed, and callbacks of exports that did not arrive.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::Inspect;
use domain::audit::{self, Export};
use domain::layer_files::{Queue, Reading};
use domain::sweep::{self, Status};
use domain::time::Timestamp;
use serde::Deserialize;

use super::{may_change, superuser};
use crate::portal::flash::Flash;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

const EXPORTS: i64 = 20;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    state: String,
    /// Exports older than this one.
    before: Option<i64>,
}

#[derive(Template)]
#[template(path = "administration/jobs.html", blocks = ["jobs"])]
struct JobsPage {
    frame: Frame,
    here: String,
    asked: Asked,
    running: usize,
    failed: usize,
    jobs: Vec<Job>,
    layers: Layers,
    exports: Vec<Failing>,
    next: String,
    may_change: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Running,
    Failed,
    Good,
    /// Nobody knows of a turn, here or before.
    Waiting,
}

struct Job {
    name: &'static str,
    label: Option<&'static str>,
    state: State,
    every: String,
    started: Option<Moment>,
    took: String,
    items: i64,
    error: String,
    succeeded: Option<Moment>,
}

/// Layers whose files are being listed.
struct Layers {
    waiting: usize,
    /// Digest, bytes read and of how many.
    reading: Vec<(String, String, String)>,
}

/// An export whose callback did not arrive.
struct Failing {
    uuid: String,
    about: String,
    told: String,
    by: String,
    error: String,
    tries: i64,
    due: Option<Moment>,
}

/// `GET /administration/jobs`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let instance = visit.registry::<Inspect>().await?;
    let asked: Asked = visit.query();
    let jobs: Vec<Job> = visit.services.sweeps.list(&instance).into_iter().map(|job| Job::new(&visit, job)).collect();
    let layers = Layers::new(&visit, visit.services.layer_files.queue(&instance));
    let before = asked.before;
    let found = visit.services.db.read(move |conn| audit::failing(conn, &instance, before, EXPORTS + 1));
    let mut exports = found.await?;
    let more = exports.len() > usize::try_from(EXPORTS).unwrap_or(usize::MAX);
    exports.truncate(usize::try_from(EXPORTS).unwrap_or(usize::MAX));
    let next = exports.last().filter(|_| more).map(|last| last.id.to_string()).unwrap_or_default();
    let count = |state| jobs.iter().filter(|job| job.state == state).count();
    let page = JobsPage {
        frame: visit.frame(Here::Administration(Administration::Jobs)).await?,
        here: visit.here(),
        running: count(State::Running),
        failed: count(State::Failed),
        layers,
        next: if more { urls::with_query(urls::administration_jobs(), &[("before", &next)]) } else { String::new() },
        exports: exports.into_iter().map(|export| Failing::new(&visit, export)).collect(),
        jobs: jobs.into_iter().filter(|job| asked.state.is_empty() || asked.state == job.state_word()).collect(),
        may_change: may_change(&visit),
        asked,
    };
    if visit.wants("jobs") { Ok(visit.block(&page.as_jobs())) } else { Ok(visit.page(&page)) }
}

/// `POST /administration/jobs/<name>/run`
///
/// # Errors
/// As [`sweep::Board::run_now`].
pub async fn run(visit: Visit, name: Path<String>, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    visit.services.sweeps.run_now(&instance, &name).map_err(|_| PageError::NotFound)?;
    let flash = Flash::done(visit.text().with("admin-jobs-asked", "name", name.as_str()));
    Ok(visit.go_saying(urls::administration_jobs(), flash))
}

/// `POST /administration/exports/<uuid>/retry`
///
/// # Errors
/// Not found unless its callback failed.
pub async fn retry(visit: Visit, uuid: Path<String>, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    let (uuid, now) = (uuid.into_inner(), visit.services.clock.now());
    let tried = visit.services.db.write(move |tx| audit::retry(tx, &instance, now, &uuid)).await;
    tried.map_err(|error| match error {
        domain::Error::Invalid { .. } => PageError::NotFound,
        other => other.into(),
    })?;
    Ok(visit.go_saying(urls::administration_jobs(), Flash::done(visit.text().say("admin-jobs-retried"))))
}

/// How many jobs of this process failed in their last turn.
pub fn failed(jobs: &[Status]) -> usize {
    jobs.iter().filter(|job| state(job) == State::Failed).count()
}

fn state(job: &Status) -> State {
    match (&job.running_since, &job.last) {
        // What runs again after a failure failed until it is seen to do better.
        (_, Some(sweep::Turn { error: Some(_), .. })) => State::Failed,
        (Some(_), _) => State::Running,
        (None, Some(_)) => State::Good,
        (None, None) => State::Waiting,
    }
}

fn label(name: &str) -> Option<&'static str> {
    Some(match name {
        "write_pulls" => "admin-job-write-pulls",
        "expire_uploads" => "admin-job-expire-uploads",
        "expire_tags" => "admin-job-expire-tags",
        "expire_tokens" => "admin-job-expire-tokens",
        "purge_deleted" => "admin-job-purge-deleted",
        "expire_sessions" => "admin-job-expire-sessions",
        "count_events" => "admin-job-count-events",
        "expire_events" => "admin-job-expire-events",
        "list_layer_files" => "admin-job-list-layer-files",
        "forget_layer_files" => "admin-job-forget-layer-files",
        "tell_exports" => "admin-job-tell-exports",
        _ => return None,
    })
}

impl JobsPage {
    /// What the pills offer: the state's word, its name's key, and how many there are if that matters.
    fn states(&self) -> [(&'static str, &'static str, usize); 3] {
        [
            ("", "admin-jobs-all", 0),
            ("running", "admin-jobs-running", self.running),
            ("failed", "admin-jobs-failed", self.failed),
        ]
    }

    fn state_url(&self, state: &str) -> String {
        urls::with_query(urls::administration_jobs(), &[("state", state)])
    }

    fn is_in_state(&self, state: &str) -> bool {
        self.asked.state == state
    }
}

impl Job {
    fn new(visit: &Visit, job: Status) -> Job {
        let reader = visit.reader();
        let last = job.last.as_ref();
        Job {
            state: state(&job),
            label: label(job.name),
            name: job.name,
            every: reader.duration(job.every),
            started: job.running_since.or(last.map(|turn| turn.started_at)).map(|at| reader.moment(at)),
            took: last.map(|turn| took(visit, turn.started_at, turn.ended_at)).unwrap_or_default(),
            items: last.map_or(0, |turn| turn.items),
            error: last.and_then(|turn| turn.error.clone()).unwrap_or_default(),
            succeeded: job.succeeded_at.map(|at| reader.moment(at)),
        }
    }

    fn state_word(&self) -> &'static str {
        match self.state {
            State::Running => "running",
            State::Failed => "failed",
            State::Good => "good",
            State::Waiting => "waiting",
        }
    }

    fn badge(&self) -> &'static str {
        match self.state {
            State::Running => "badge badge-info",
            State::Failed => "badge badge-danger",
            State::Good => "badge badge-ok",
            State::Waiting => "badge",
        }
    }

    fn icon(&self) -> &'static str {
        match self.state {
            State::Running => "loader-circle",
            State::Failed => "circle-x",
            State::Good => "circle-check",
            State::Waiting => "clock",
        }
    }

    fn state_key(&self) -> &'static str {
        match self.state {
            State::Running => "admin-jobs-running",
            State::Failed => "admin-jobs-failed",
            State::Good => "admin-jobs-good",
            State::Waiting => "admin-jobs-waiting",
        }
    }
}

/// How long a turn took: most are over before a second is.
fn took(visit: &Visit, from: Timestamp, until: Timestamp) -> String {
    let time = until.since(from);
    match time.as_secs() {
        0 => format!("{} ms", time.as_millis()),
        _ => visit.reader().duration(time),
    }
}

impl Layers {
    fn new(visit: &Visit, queue: Queue) -> Layers {
        let reader = visit.reader();
        let line = |layer: Reading| (layer.layer.to_string(), reader.size(layer.read), reader.size(layer.total));
        Layers { waiting: queue.waiting, reading: queue.reading.into_iter().map(line).collect() }
    }

    fn is_idle(&self) -> bool {
        self.waiting == 0 && self.reading.is_empty()
    }
}

impl Failing {
    fn new(visit: &Visit, export: Export) -> Failing {
        let about = export.repository_name.or(export.namespace_name);
        Failing {
            uuid: export.uuid,
            about: about.unwrap_or_else(|| visit.text().say("admin-jobs-whole-registry")),
            told: export.callback_url.or(export.callback_email).unwrap_or_default(),
            by: export.requested_by,
            error: export.callback_error.unwrap_or_default(),
            tries: export.callback_tries,
            due: export.callback_due_at.map(|at| visit.reader().moment(Timestamp(at))),
        }
    }
}
