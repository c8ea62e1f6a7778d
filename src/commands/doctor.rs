//! `pierhead doctor`: checks what a registry needs and says what to do.

use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Result, bail};
use domain::blob::BlobStore;
use domain::db::{Db, Location, pending};
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

/// Makes nothing that a start would make: what `doctor` leaves behind as root, the server could not read.
fn data_folder(settings: &Settings) -> Result<String> {
    let folder = &settings.server.data_dir;
    if !folder.exists() {
        return Ok(format!("{} will be made at the first start", folder.display()));
    }
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    if let Err(error) = std::fs::write(&probe, b"probe").and_then(|()| std::fs::remove_file(&probe)) {
        bail!("{} cannot be written to ({error}); give it to the user that runs pierhead", folder.display());
    }
    let mode = std::fs::metadata(folder)?.mode();
    if mode & 0o007 != 0 {
        bail!("everybody on this machine can look into {}; run: chmod 700 {0}", folder.display());
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
    if settings.access.secret_key.is_none() && !app::key_file(settings).exists() {
        return Ok("none yet; one will be made at the first start".into());
    }
    let vault = vault(settings)?;
    let sealed = vault.seal("doctor", "probe")?;
    vault.open("doctor", &sealed)?;
    Ok(match &settings.access.secret_key {
        Some(_) => "from the settings".into(),
        None => "a file in the data folder; keep a copy, robot tokens cannot be shown without it".into(),
    })
}

fn vault(settings: &Settings) -> Result<Vault> {
    Ok(Vault::new(&app::instance_key(settings, &SystemEntropy)?, Arc::new(SystemEntropy))?)
}

fn database(settings: &Settings) -> Result<String> {
    let location = app::database_location(settings);
    if let Location::Sqlite(path) = &location
        && !path.exists()
    {
        return Ok(format!("{} will be made at the first start", path.display()));
    }
    let db = Db::open_as_it_is(&location, 2)?;
    let waiting = pending(&mut db.connection(&location)?)?;
    if !waiting.is_empty() {
        return Ok(format!("reachable; {} migrations will run at the next start (pierhead migrate)", waiting.len()));
    }
    block_on(async { Ok(db.write_relaxed(domain::db::touch).await?) })?;
    let keyed = settings.access.secret_key.is_some() || app::key_file(settings).exists();
    let tied = domain::instance::belongs_to_key(&mut db.connection(&location)?, &vault_or_any(settings, keyed)?)?;
    if tied == Some(false) || (tied.is_some() && !keyed) {
        bail!("it was made with another secret key; restore secret.key (or PIERHEAD_SECRET_KEY) from a backup");
    }
    Ok("reachable, can be written to, schema up to date, belongs to the secret key".into())
}

/// With no key there is none to compare with; any will do to see that the database expects one.
fn vault_or_any(settings: &Settings, keyed: bool) -> Result<Vault> {
    if keyed { vault(settings) } else { Ok(Vault::new(&[0; 32], Arc::new(SystemEntropy))?) }
}

fn storage(settings: &Settings) -> Result<String> {
    let Storage::File(root) = &settings.storage;
    if !Filesystem::exists(root) {
        let location = app::database_location(settings);
        let expected = match &location {
            Location::Sqlite(path) if !path.exists() => false,
            _ => {
                let db = Db::open_as_it_is(&location, 2)?;
                // A schema that is not there yet knows no blobs.
                block_on(async { Ok(db.read(domain::blob::any).await.unwrap_or(false)) })?
            }
        };
        if expected {
            bail!("the database knows blobs, but {} is not a Pierhead store; is its disk mounted?", root.display());
        }
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
