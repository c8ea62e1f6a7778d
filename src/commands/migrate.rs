//! `pierhead migrate`.

use anyhow::{Context, Result};
use domain::db::{Db, run_pending};

use super::say;
use crate::app;
use crate::settings::Settings;

pub(super) fn run(settings: &Settings) -> Result<()> {
    app::prepare_folders(settings)?;
    let location = app::database_location(settings);
    let db = Db::open_as_it_is(&location, settings.database.connections).context("opening the database")?;
    let ran = run_pending(&mut db.connection(&location)?)?;
    for name in &ran {
        say(format_args!("ran {name}"));
    }
    say(if ran.is_empty() { "The schema is up to date." } else { "The schema is up to date now." });
    Ok(())
}
