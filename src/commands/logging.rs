//! Where log lines go and how they look.

use std::io::IsTerminal;

use anyhow::{Context, Result};
use tracing_subscriber::EnvFilter;

use crate::settings::{Log, LogFormat};

/// Lines for people on a terminal, JSON otherwise; on standard error, so that standard output is for what was asked.
pub(super) fn start(log: &Log) -> Result<()> {
    // Clients that try HTTPS on a plain port, and workers starting, are nobody's news. What is given wins over this.
    let filter = EnvFilter::try_new(format!("actix_http=off,actix_server=warn,r2d2=off,{}", log.level))
        .with_context(|| format!("log.level '{}'", log.level))?;
    let human = match log.format {
        LogFormat::Human => true,
        LogFormat::Json => false,
        LogFormat::Auto => std::io::stderr().is_terminal(),
    };
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let started = if human {
        lines.with_target(false).try_init()
    } else {
        lines.json().flatten_event(true).with_current_span(false).with_span_list(false).try_init()
    };
    started.map_err(|error| anyhow::anyhow!("starting the log: {error}"))
}
