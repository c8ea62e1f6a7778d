//! `pierhead user create|set-password|recover|enable|disable|list`.

use std::io::{BufRead, IsTerminal};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use domain::access::Standing;
use domain::account::{self, NewUser, password};
use domain::db::Db;
use domain::principal::Caller;
use domain::time::Clock;

use super::{block_on, say};
use crate::adapters::system::{SystemClock, SystemEntropy};
use crate::app;
use crate::settings::Settings;
use crate::web::recovery;

const PAGE: i64 = 500;

#[derive(Subcommand)]
pub(super) enum UserCommand {
    /// Create a user; the password is read from standard input
    Create {
        /// Name, also of the user's namespace
        name: String,
        /// E-mail address
        #[arg(long)]
        email: Option<String>,
        /// Make the user a superuser
        #[arg(long)]
        superuser: bool,
    },
    /// Set a user's password, read from standard input; lifts a lock-out
    SetPassword {
        /// Whose
        name: String,
    },
    /// Make a link with which a user sets a new password, once and within a day
    Recover {
        /// Whom it is for
        name: String,
    },
    /// Let a disabled user in again
    Enable {
        /// Whom
        name: String,
    },
    /// Shut a user and their robot accounts out
    Disable {
        /// Whom
        name: String,
    },
    /// List all users
    List,
}

pub(super) fn run(settings: Settings, command: UserCommand) -> Result<()> {
    app::prepare_folders(&settings)?;
    let db = app::open_database(&settings)?;
    block_on(async {
        match command {
            UserCommand::Create { name, email, superuser } => create(&db, &name, email, superuser).await,
            UserCommand::SetPassword { name } => set_password(&db, &name).await,
            UserCommand::Recover { name } => recover(&db, &settings, &name).await,
            UserCommand::Enable { name } => set_enabled(&db, name, true).await,
            UserCommand::Disable { name } => set_enabled(&db, name, false).await,
            UserCommand::List => list(&db).await,
        }
    })
}

async fn create(db: &Db, name: &str, email: Option<String>, superuser: bool) -> Result<()> {
    let name = name.parse().map_err(|wrong| anyhow::anyhow!("{wrong}"))?;
    if !superuser && !db.read(account::any).await? {
        bail!("this would be the first user, and nobody could administer the registry; add --superuser");
    }
    let password_hash = Some(read_and_hash_password().await?);
    let standing = if superuser { Standing::Superuser } else { Standing::Plain };
    let new = NewUser { name, email, password_hash, standing };
    let now = SystemClock.now();
    let user = db.write(move |tx| account::create(tx, &Caller::system("command line"), now, &new)).await?;
    say(format_args!("Created {} {}.", if superuser { "superuser" } else { "user" }, user.name));
    Ok(())
}

async fn set_password(db: &Db, name: &str) -> Result<()> {
    let wanted = name.to_string();
    db.read(move |conn| account::by_name(conn, &wanted)).await?;
    let hash = read_and_hash_password().await?;
    let (user, now) = (name.to_string(), SystemClock.now());
    db.write(move |tx| account::set_password(tx, &Caller::system("command line"), now, &user, &hash)).await?;
    say(format_args!("Set the password of {name}. A server that is running notices within two seconds."));
    Ok(())
}

async fn recover(db: &Db, settings: &Settings, name: &str) -> Result<()> {
    let (user, now) = (name.to_string(), SystemClock.now());
    let make =
        move |tx: &mut domain::db::Tx<'_>| account::make_recovery_on_command_line(tx, &SystemEntropy, now, &user);
    let (secret, _) = db.write(make).await?;
    say(format_args!("For {name}, good for 24 hours and one new password:"));
    say(recovery::link(settings, &secret));
    Ok(())
}

async fn set_enabled(db: &Db, name: String, enabled: bool) -> Result<()> {
    let (user, now) = (name.clone(), SystemClock.now());
    db.write(move |tx| account::set_enabled(tx, &Caller::system("command line"), now, &user, enabled)).await?;
    let done = if enabled { "Enabled" } else { "Disabled" };
    say(format_args!("{done} {name}. A server that is running notices within two seconds."));
    Ok(())
}

async fn list(db: &Db) -> Result<()> {
    let mut after = String::new();
    loop {
        let from = after.clone();
        let users = db.read(move |conn| account::list(conn, &from, PAGE)).await?;
        for user in &users {
            let state = if user.enabled { "enabled" } else { "disabled" };
            say(format_args!("{}\t{}\t{state}\t{}", user.name, user.standing, user.email.as_deref().unwrap_or("-")));
        }
        match users.last() {
            Some(last) => after = last.name.clone(),
            None => return Ok(()),
        }
    }
}

async fn read_and_hash_password() -> Result<String> {
    let password = tokio::task::spawn_blocking(read_password).await??;
    password::check_rule(&password)?;
    let entropy = Arc::new(SystemEntropy);
    Ok(domain::db::blocking(move || password::hash(&password, &*entropy)).await?)
}

/// From standard input, so that it is neither in the list of processes nor in the shell's history.
fn read_password() -> Result<String> {
    if std::io::stdin().is_terminal() {
        say("Password (it will be shown; pipe it in to avoid that):");
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).context("reading the password from standard input")?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        bail!("no password on standard input; try: printf '%s' 'the password' | pierhead user …");
    }
    Ok(password.to_string())
}
