//! `pierhead doctor`: checks what a registry needs and says what to do.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};
use domain::blob::BlobStore;
use domain::db::{Db, pending};
use domain::vault::Vault;

use super::{block_on, say};
use crate::adapters::blob_store::Filesystem;
use crate::adapters::system::SystemEntropy;
use crate::app;
use crate::settings::{Settings, Storage};

/// 2024-01-01: a clock before that was never set.
const PLAUSIBLE: Duration = Duration::from_secs(1_704_067_200);

pub(super) fn run(settings: Settings) -> Result<()> {
    let checks = [
        ("data folder", data_folder(&settings)),
        ("clock", clock()),
        ("secret key", secret_key(&settings)),
        ("database", database(&settings)),
        ("storage", storage(&settings)),
        ("TLS", tls(&settings)),
        ("external URL", external_url(&settings)),
    ];
    let mut faults = 0;
    for (what, outcome) in checks {
        match outcome {
            Ok(note) => say(format_args!("ok    {what}: {note}")),
            Err(why) => {
                faults += 1;
                say(format_args!("FAULT {what}: {why:#}"));
            }
        }
    }
    if faults > 0 {
        bail!("{faults} of the checks failed");
    }
    Ok(())
}

fn data_folder(settings: &Settings) -> Result<String> {
    app::prepare_folders(settings)?;
    let folder = &settings.server.data_dir;
    let probe = folder.join(".doctor");
    if let Err(error) = std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe)) {
        bail!("{} cannot be written to ({error}); give it to the user that runs pierhead", folder.display());
    }
    Ok(format!("{} can be written to", folder.display()))
}

#[expect(clippy::disallowed_methods, reason = "it is the machine's clock that is checked")]
fn clock() -> Result<String> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    if since < PLAUSIBLE {
        bail!("the clock says it is before 2024; set it, or tokens will be refused (timedatectl set-ntp true)");
    }
    Ok(humantime::format_rfc3339_seconds(SystemTime::UNIX_EPOCH + since).to_string())
}

fn secret_key(settings: &Settings) -> Result<String> {
    let key = app::instance_key(settings, &SystemEntropy)?;
    let vault = Vault::new(&key, Arc::new(SystemEntropy))?;
    let sealed = vault.seal("doctor", "probe")?;
    vault.open("doctor", &sealed)?;
    Ok(match &settings.access.secret_key {
        Some(_) => "from the settings".into(),
        None => "a file in the data folder; keep a copy, robot tokens cannot be shown without it".into(),
    })
}

fn database(settings: &Settings) -> Result<String> {
    let location = app::database_location(settings);
    let db = Db::open_as_it_is(&location, 2)?;
    let waiting = pending(&mut db.connection(&location)?)?;
    if !waiting.is_empty() {
        return Ok(format!("reachable; {} migrations will run at the next start (pierhead migrate)", waiting.len()));
    }
    block_on(async { Ok(db.write_relaxed(domain::db::touch).await?) })?;
    Ok("reachable, can be written to, schema up to date".into())
}

fn storage(settings: &Settings) -> Result<String> {
    let Storage::File(root) = &settings.storage;
    if !Filesystem::exists(root) {
        return Ok(format!("{} will be made at the first start", root.display()));
    }
    let store = Filesystem::open(root)?;
    block_on(async { Ok(store.probe().await?) })?;
    Ok(format!("{} can be written to", root.display()))
}

fn tls(settings: &Settings) -> Result<String> {
    match &settings.tls {
        None => {
            Ok("off; put a proxy in front or set tls.certificate and tls.key before people use this from afar".into())
        }
        Some(files) => {
            super::tls::load(files)?;
            Ok(format!("{} and its key belong together", files.certificate.display()))
        }
    }
}

fn external_url(settings: &Settings) -> Result<String> {
    let url = settings.external_url();
    if settings.has_external_url() {
        Ok(url.to_string())
    } else {
        Ok(format!("not set, so {url} is assumed; set external_url when clients use another name"))
    }
}
