//! `pierhead apply`: makes the registry what a YAML document says.

use std::io::{IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Args;
use domain::configuration::{self, Change, Configuration, Hand};
use domain::principal::Caller;

use super::{block_on, say};
use crate::app;
use crate::settings::Settings;
use crate::web::services::Services;

/// Larger documents are a mistake.
const MAX_BYTES: u64 = 256 * 1024 * 1024;

#[derive(Args)]
pub(super) struct ApplyFlags {
    /// The document; `-` reads standard input
    file: PathBuf,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask before changing anything
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Delete users, organizations, teams, robot accounts and repositories that the document does not speak of
    #[arg(long)]
    prune: bool,
}

pub(super) fn run(settings: Settings, flags: &ApplyFlags) -> Result<()> {
    let should = read(&flags.file)?;
    block_on(async {
        let services = app::build(settings).await?;
        let is = services.db.read(configuration::read).await?;
        let changes = configuration::plan(&is, &should, flags.prune);
        for change in &changes {
            say(change);
        }
        if changes.is_empty() {
            say("Nothing to change.");
            return Ok(());
        }
        say(format_args!("{}.", counted(&changes)));
        if flags.dry_run || !(flags.yes || confirmed(&flags.file)?) {
            return Ok(());
        }
        carry_out(&services, &changes).await
    })
}

fn read(file: &Path) -> Result<Configuration> {
    let mut text = String::new();
    if file == Path::new("-") {
        std::io::stdin().take(MAX_BYTES).read_to_string(&mut text).context("reading standard input")?;
    } else {
        let opened = std::fs::File::open(file).with_context(|| format!("opening {}", file.display()))?;
        opened.take(MAX_BYTES).read_to_string(&mut text).with_context(|| format!("reading {}", file.display()))?;
    }
    let should: Configuration =
        serde_saphyr::from_str(&text).with_context(|| format!("{} is not such a document", file.display()))?;
    if should.version != configuration::VERSION {
        bail!(
            "{} has version {}; this program reads version {}",
            file.display(),
            should.version,
            configuration::VERSION
        );
    }
    Ok(should)
}

fn counted(changes: &[Change]) -> String {
    let of = |sign: char| changes.iter().filter(|change| change.sign == sign).count();
    format!("{} to add, {} to change, {} to remove", of('+'), of('~'), of('-'))
}

fn confirmed(file: &Path) -> Result<bool> {
    if file == Path::new("-") || !std::io::stdin().is_terminal() {
        bail!("nobody can be asked here: give --yes to change this, or --dry-run to look only");
    }
    let mut out = std::io::stdout();
    write!(out, "Change this? [y/N] ")?;
    out.flush()?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    let yes = matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes");
    if !yes {
        say("Nothing was changed.");
    }
    Ok(yes)
}

async fn carry_out(services: &Services, changes: &[Change]) -> Result<()> {
    let hand = Hand {
        db: services.db.clone(),
        access: services.access.clone(),
        vault: services.vault.clone(),
        entropy: services.entropy.clone(),
        clock: services.clock.clone(),
        caller: Arc::new(Caller::system("configuration file")),
    };
    for (done, change) in changes.iter().enumerate() {
        hand.carry_out(&change.action).await.with_context(|| {
            let all = changes.len();
            format!("`{change}` failed after {done} of {all} steps; mend it and apply again: steps done stay done")
        })?;
    }
    say(format_args!("{} steps done.", changes.len()));
    Ok(())
}
