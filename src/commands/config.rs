//! `pierhead config` and `pierhead config check`.

use anyhow::Result;
use clap::Subcommand;

use super::say;
use crate::settings::{Loaded, markdown_table, render_effective};

#[derive(Subcommand)]
pub(super) enum ConfigCommand {
    /// Only say whether the settings are right
    Check,
    /// Print the table of all settings, as in the README
    Table,
}

pub(super) fn run(loaded: &Loaded, command: Option<&ConfigCommand>) -> Result<()> {
    match command {
        None => say(render_effective(&loaded.report).trim_end()),
        Some(ConfigCommand::Check) => match &loaded.file {
            Some(file) => say(format_args!("The settings are right ({} was read).", file.display())),
            None => say("The settings are right (no settings file was read)."),
        },
        Some(ConfigCommand::Table) => return table(),
    }
    Ok(())
}

pub(super) fn table() -> Result<()> {
    say(markdown_table().trim_end());
    Ok(())
}
