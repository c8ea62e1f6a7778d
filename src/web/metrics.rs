//! What is counted, in Prometheus' text format.
//!
//! Few names with few labels: nothing a client sends becomes a label, so the number of series is fixed.

use std::sync::Arc;
use std::time::Duration;

use domain::db::Statements;
use prometheus::core::{Collector, Desc};
use prometheus::proto::MetricFamily;
use prometheus::{
    Encoder, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder,
};

/// Which door a request came through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    /// `/v2`
    Registry,
    /// `/v2/auth`
    Token,
    /// `/api`
    Api,
    /// Pages and what belongs to them.
    Portal,
    /// Health and metrics.
    Operations,
}

const DOORS: [(Door, &str); 5] = [
    (Door::Registry, "registry"),
    (Door::Token, "token"),
    (Door::Api, "api"),
    (Door::Portal, "portal"),
    (Door::Operations, "operations"),
];
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// Counters of this process.
pub struct Metrics {
    registry: Registry,
    /// By door and class of status, looked up once: labels cost more than counting.
    requests: Vec<[IntCounter; 5]>,
    durations: Vec<Histogram>,
    /// Requests being answered.
    pub in_flight: IntGauge,
    /// Manifests sent.
    pub pulls: IntCounter,
    /// Manifests taken in.
    pub pushes: IntCounter,
    /// Bytes of blobs sent.
    pub blob_bytes_sent: IntCounter,
    /// Bytes of blobs taken in.
    pub blob_bytes_received: IntCounter,
    /// Abandoned uploads removed.
    pub uploads_swept: IntCounter,
    /// Pulls that could not be written down.
    pub pulls_lost: IntCounter,
}

impl Metrics {
    /// All at zero, beside what is sent to the database.
    ///
    /// # Errors
    /// Only if two metrics were given one name.
    pub fn new(statements: &Arc<Statements>) -> prometheus::Result<Metrics> {
        let registry = Registry::new();
        let counter = |name: &str, help: &str| -> prometheus::Result<IntCounter> {
            let counter = IntCounter::new(name, help)?;
            registry.register(Box::new(counter.clone()))?;
            Ok(counter)
        };
        let requests = IntCounterVec::new(
            Opts::new("pierhead_http_requests_total", "Requests answered, by door and class of status"),
            &["door", "status"],
        )?;
        registry.register(Box::new(requests.clone()))?;
        let durations = HistogramVec::new(
            HistogramOpts::new(
                "pierhead_http_request_duration_seconds",
                "Time to the first byte of the answer, by door",
            )
            .buckets(vec![0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1, 0.5, 2.0, 10.0]),
            &["door"],
        )?;
        registry.register(Box::new(durations.clone()))?;
        let in_flight = IntGauge::new("pierhead_http_requests_in_flight", "Requests being answered")?;
        registry.register(Box::new(in_flight.clone()))?;
        let about = IntGauge::with_opts(
            Opts::new("pierhead_build_info", "Always 1; the labels say what runs")
                .const_label("version", env!("CARGO_PKG_VERSION")),
        )?;
        about.set(1);
        registry.register(Box::new(about))?;
        registry.register(Box::new(SentStatements::new(statements.clone())?))?;
        #[cfg(target_os = "linux")]
        registry.register(Box::new(prometheus::process_collector::ProcessCollector::for_self()))?;
        Ok(Metrics {
            requests: DOORS.map(|(_, door)| CLASSES.map(|class| requests.with_label_values(&[door, class]))).to_vec(),
            durations: DOORS.map(|(_, door)| durations.with_label_values(&[door])).to_vec(),
            in_flight,
            pulls: counter("pierhead_manifest_pulls_total", "Manifests sent")?,
            pushes: counter("pierhead_manifest_pushes_total", "Manifests taken in")?,
            blob_bytes_sent: counter("pierhead_blob_sent_bytes_total", "Bytes of blobs that were asked for")?,
            blob_bytes_received: counter("pierhead_blob_received_bytes_total", "Bytes of blobs taken in")?,
            uploads_swept: counter("pierhead_uploads_swept_total", "Abandoned uploads removed")?,
            pulls_lost: counter("pierhead_pulls_lost_total", "Pulls that could not be written down")?,
            registry,
        })
    }

    /// Counts an answer.
    pub fn answered(&self, door: Door, status: u16, took: Duration) {
        let index = DOORS.iter().position(|(known, _)| *known == door).unwrap_or(0);
        let class = usize::from((status / 100).clamp(1, 5) - 1);
        self.requests[index][class].inc();
        self.durations[index].observe(took.as_secs_f64());
    }

    /// Everything, as Prometheus reads it.
    ///
    /// # Errors
    /// If it cannot be written as text.
    pub fn render(&self) -> prometheus::Result<Vec<u8>> {
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

/// The database counts for itself; its figure is fetched when it is asked for.
struct SentStatements {
    zero: IntCounter,
    statements: Arc<Statements>,
}

impl SentStatements {
    fn new(statements: Arc<Statements>) -> prometheus::Result<SentStatements> {
        Ok(SentStatements { zero: SentStatements::counter()?, statements })
    }

    fn counter() -> prometheus::Result<IntCounter> {
        IntCounter::new("pierhead_database_statements_total", "Statements sent to the database")
    }
}

impl Collector for SentStatements {
    fn desc(&self) -> Vec<&Desc> {
        self.zero.desc()
    }

    fn collect(&self) -> Vec<MetricFamily> {
        // A new one each time: two readers at once must not add the difference twice.
        SentStatements::counter().map_or_else(
            |_| Vec::new(),
            |counter| {
                counter.inc_by(self.statements.sent());
                counter.collect()
            },
        )
    }
}
