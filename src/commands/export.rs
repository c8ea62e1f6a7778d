//! `pierhead export`: what is, as a YAML document.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Args;
use domain::configuration;

use super::block_on;
use crate::app;
use crate::settings::Settings;

#[derive(Args)]
pub(super) struct ExportFlags {
    /// Write to this file instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

pub(super) fn run(settings: &Settings, flags: &ExportFlags) -> Result<()> {
    app::prepare_folders(settings)?;
    let db = app::open_database(settings)?;
    let found = block_on(async { Ok(db.read(configuration::read).await?) })?;
    let text = serde_saphyr::to_string(&found).context("writing YAML")?;
    match &flags.output {
        Some(path) => std::fs::write(path, text).with_context(|| format!("writing {}", path.display())),
        None => match std::io::stdout().write_all(text.as_bytes()) {
            // The reader may have seen enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
            other => other.context("writing to standard output"),
        },
    }
}
