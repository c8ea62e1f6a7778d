//! The command line.

mod apply;
mod config;
mod doctor;
mod export;
mod logging;
mod migrate;
mod serve;
mod tls;
mod user;

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};

use crate::settings::{Loaded, Settings, Sources};

/// A container registry with a web portal.
#[derive(Parser)]
#[command(name = "pierhead", version, about, after_help = "Without a command, pierhead serves.")]
pub struct CommandLine {
    #[command(flatten)]
    settings: SettingsFlags,
    #[command(subcommand)]
    command: Option<Command>,
}

/// Where settings come from and the few that are often given by hand.
#[derive(Args)]
struct SettingsFlags {
    /// Settings file; without it ./pierhead.toml is read if it exists
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Address and port to listen on
    #[arg(long, global = true, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Folder for database, keys and blobs
    #[arg(long, global = true, value_name = "FOLDER")]
    data_dir: Option<String>,
    /// URL under which people reach this registry
    #[arg(long, global = true, value_name = "URL")]
    external_url: Option<String>,
    /// sqlite:PATH or postgres://…
    #[arg(long, global = true, value_name = "URL")]
    database_url: Option<String>,
    /// Any other setting, by its name in the settings file; may be repeated
    #[arg(long = "set", global = true, value_name = "KEY=VALUE", value_parser = key_and_value)]
    set: Vec<(String, String)>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the registry (the default)
    Serve,
    /// Print the settings in effect, without secrets
    Config {
        #[command(subcommand)]
        command: Option<config::ConfigCommand>,
    },
    /// Bring the database schema up to date and exit
    Migrate,
    /// Create, enable, disable and list users, set and recover passwords
    User {
        #[command(subcommand)]
        command: user::UserCommand,
    },
    /// Write users, organizations, teams, robot accounts, permissions and repositories as YAML
    Export(export::ExportFlags),
    /// Make the registry what a YAML document says
    Apply(apply::ApplyFlags),
    /// Check database, storage, key and clock, and say what to do
    Doctor,
}

impl CommandLine {
    /// Runs the command.
    ///
    /// # Errors
    /// What the person at the terminal needs to know.
    pub fn run(self) -> Result<()> {
        if let Some(Command::Config { command: Some(config::ConfigCommand::Table) }) = self.command {
            return config::table();
        }
        // Whatever is made from here on (database, keys, blobs) is for its owner's eyes only.
        rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
        let loaded = self.settings.load()?;
        match self.command {
            None | Some(Command::Serve) => serve::run(loaded),
            Some(Command::Config { command }) => config::run(&loaded, command.as_ref()),
            Some(Command::Migrate) => migrate::run(&loaded.settings),
            Some(Command::User { command }) => user::run(loaded.settings, command),
            Some(Command::Export(flags)) => export::run(&loaded.settings, &flags),
            Some(Command::Apply(flags)) => apply::run(loaded.settings, &flags),
            Some(Command::Doctor) => doctor::run(loaded.settings),
        }
    }
}

impl SettingsFlags {
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    fn load(&self) -> Result<Loaded> {
        let named = [
            ("listen", &self.listen),
            ("data_dir", &self.data_dir),
            ("external_url", &self.external_url),
            ("database_url", &self.database_url),
        ];
        let flags = named.into_iter().filter_map(|(key, given)| Some((key.to_string(), given.clone()?)));
        let sources = Sources {
            config: self.config.clone(),
            environment: std::env::vars_os()
                .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
                .collect(),
            flags: flags.chain(self.set.iter().cloned()).collect(),
        };
        Ok(Settings::load(sources)?)
    }
}

fn key_and_value(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as KEY=VALUE, such as limits.blob_size=10GiB")?;
    Ok((key.trim().to_string(), value.to_string()))
}

/// A runtime for commands that are not a server.
fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

/// Prints a line for people. Standard output may be closed early (`| head`), which is no fault.
fn say(line: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stdout(), "{line}");
}
