//! What one process owns, built from settings. The one file that knows everybody.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::access::registry_token::RegistryTokens;
use domain::access::{Access, Rules, Standing};
use domain::account::sign_in::SignIn;
use domain::account::{self, FirstUser};
use domain::blob::Blobs;
use domain::db::{Db, Location};
use domain::entropy::Entropy;
use domain::event::Refusals;
use domain::layer_files::{LayerFiles, Limits};
use domain::manifest::Manifests;
use domain::principal::Origin;
use domain::pull::Pulls;
use domain::robot::{Documents, Keyless};
use domain::tag::TagNames;
use domain::time::Clock;
use domain::upload::{UploadLimits, Uploads};
use domain::vault::Vault;

use crate::adapters::blob_store::Filesystem;
use crate::adapters::egress::Egress;
use crate::adapters::http_client::HttpClient;
use crate::adapters::system::{SystemClock, SystemEntropy};
use crate::settings::{ByteSize, Database, Place, Settings, Storage};
use crate::web::metrics::Metrics;
use crate::web::news::News;
use crate::web::services::Services;
use crate::web::session::Csrf;
use crate::web::setup_token::SetupToken;
use crate::web::throttle::Throttle;

const KEY_FILE: &str = "secret.key";

/// Where the settings say the database is.
pub fn database_location(settings: &Settings) -> Location {
    match &settings.database.location {
        Database::Sqlite(path) => Location::Sqlite(path.clone()),
        Database::Postgres(url) => Location::Postgres(url.expose().clone()),
    }
}

/// Makes the data folder and what an embedded database needs.
///
/// # Errors
/// If a folder cannot be made.
pub fn prepare_folders(settings: &Settings) -> Result<()> {
    let data = &settings.server.data_dir;
    std::fs::create_dir_all(data).with_context(|| format!("making the data folder {}", data.display()))?;
    if let Database::Sqlite(path) = &settings.database.location
        && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).with_context(|| format!("making the folder {}", folder.display()))?;
    }
    Ok(())
}

/// Opens the database, its schema brought up to date.
///
/// # Errors
/// If it cannot be reached or migrated.
pub fn open_database(settings: &Settings) -> Result<Db> {
    let location = database_location(settings);
    let shown = match &location {
        Location::Sqlite(path) => path.display().to_string(),
        Location::Postgres(_) => "PostgreSQL".to_string(),
    };
    let db = Db::open(&location, settings.database.connections);
    let db = db.with_context(|| format!("opening the database ({shown})"))?;
    db.statements().log_slower_than(settings.database.slow_statement);
    Ok(db)
}

/// The file the instance key is in, unless the settings give it.
pub fn key_file(settings: &Settings) -> std::path::PathBuf {
    settings.server.data_dir.join(KEY_FILE)
}

/// The instance key: from the settings, or from a file in the data folder that is made once, readable by its owner only.
///
/// # Errors
/// If the file cannot be read or made, or holds something else.
pub fn instance_key(settings: &Settings, entropy: &dyn Entropy) -> Result<[u8; 32]> {
    if let Some(key) = &settings.access.secret_key {
        return Ok(*key.expose());
    }
    let path = key_file(settings);
    if !path.exists() {
        let mut key = [0u8; 32];
        entropy.fill(&mut key);
        write_key(&path, &key).with_context(|| format!("writing the secret key {}", path.display()))?;
        tracing::info!(path = %path.display(), "made a secret key; keep a copy of it with your backups");
    }
    read_key(&path)
}

fn write_key(path: &Path, key: &[u8; 32]) -> std::io::Result<()> {
    // Written beside and renamed: a crash must not leave half a key that every later start would trip over.
    let draft = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
    writeln!(file, "{}", STANDARD.encode(key))?;
    file.sync_all()?;
    std::fs::rename(&draft, path)?;
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())
}

fn read_key(path: &Path) -> Result<[u8; 32]> {
    let text = std::fs::read_to_string(path).with_context(|| format!("reading the secret key {}", path.display()))?;
    let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.with_context(|| {
        format!("the secret key {} is not 32 bytes in base64; restore it from a backup", path.display())
    })
}

/// Builds everything a process works with.
///
/// # Errors
/// If database, storage or key are not usable; the message says which and what to do.
pub async fn build(settings: Settings) -> Result<Arc<Services>> {
    build_with(settings, Arc::new(SystemClock), Arc::new(SystemEntropy)).await
}

/// As [`build`], with clock and randomness of one's own.
///
/// # Errors
/// As [`build`].
pub async fn build_with(settings: Settings, clock: Arc<dyn Clock>, entropy: Arc<dyn Entropy>) -> Result<Arc<Services>> {
    prepare_folders(&settings)?;
    let vault = Vault::new(&instance_key(&settings, &*entropy)?, entropy.clone())?;
    let db = open_database(&settings)?;
    let checked = vault.clone();
    db.write(move |tx| domain::instance::tie_to_key(tx, &checked)).await?;
    let store = Arc::new(open_storage(&settings, &db).await?);
    let audience = service_name(&settings);
    let limits = UploadLimits {
        max_size: settings.limits.blob_size.map(|size| size.bytes()),
        idle_timeout: settings.server.idle_timeout,
    };
    let uploads = Uploads::new(db.clone(), store.clone(), clock.clone(), entropy.clone(), limits);
    let client = Arc::new(HttpClient::new(egress(&settings))?);
    let documents: Arc<dyn Documents> = client.clone();
    let audience_of_identities = settings.access.federation_audience.clone();
    let services = Services {
        access: Access::new(db.clone(), rules(&settings)),
        sign_in: Arc::new(SignIn::new(db.clone(), clock.clone(), &*entropy, &vault, settings.limits.failed_sign_ins)?),
        keyless: Keyless::new(db.clone(), clock.clone(), &vault, documents.clone(), audience_of_identities)?,
        documents,
        callbacks: client,
        tokens: RegistryTokens::new(&vault, &audience)?,
        blobs: Blobs::new(db.clone()),
        layer_files: LayerFiles::new(db.clone(), store.clone(), clock.clone(), layer_limits(&settings)),
        manifests: Manifests::new(db.clone(), clock.clone()),
        tag_names: TagNames::default(),
        pulls: Pulls::new(db.clone(), clock.clone()),
        refusals: Refusals::new(db.clone(), clock.clone()),
        news: News::default(),
        sweeps: crate::jobs::board(),
        setup: SetupToken::none(),
        csrf: Csrf::new(&vault)?,
        throttle: Throttle::new(settings.limits.api_requests, settings.limits.sign_ins),
        metrics: Metrics::new(db.statements())?,
        settings,
        db,
        vault,
        entropy,
        clock,
        store,
        uploads,
    };
    create_configured_admin(&services).await?;
    Ok(Arc::new(services))
}

/// A database that knows blobs and a folder that never held any do not belong together: serving would look like losing
/// every image.
///
/// # Errors
/// If the folder is not a store although it should be one, or cannot be made.
pub async fn open_storage(settings: &Settings, db: &Db) -> Result<Filesystem> {
    let Storage::File(root) = &settings.storage;
    if !Filesystem::exists(root) && db.read(domain::blob::any).await? {
        bail!(
            "the database knows blobs, but {} is not a Pierhead store: is its disk mounted? If the blobs are really \
             gone, make the folder and an empty file 'pierhead-storage' in it",
            root.display()
        );
    }
    Ok(Filesystem::open(root)?)
}

fn rules(settings: &Settings) -> Rules {
    let read_only = settings.access.read_only_superusers.iter().map(|name| (name.clone(), Standing::ReadOnlySuperuser));
    let superusers = settings.access.superusers.iter().map(|name| (name.clone(), Standing::Superuser));
    Rules { standing: read_only.chain(superusers).collect::<HashMap<_, _>>() }
}

/// How much of a layer is read to list its files.
fn layer_limits(settings: &Settings) -> Limits {
    let of = &settings.layer_files;
    let bytes = |size: Option<ByteSize>| size.map_or(u64::MAX, ByteSize::bytes);
    let (size, unpacked_size) = (bytes(of.size), bytes(of.unpacked_size));
    Limits { size, unpacked_size, entries: of.entries.into(), time: of.time }
}

/// What may be connected to beside the public internet.
fn egress(settings: &Settings) -> Egress {
    let (mut networks, mut hosts) = (Vec::new(), Vec::new());
    for place in &settings.egress.allow {
        match place {
            Place::Network(network) => networks.push(*network),
            Place::Host(host) => hosts.push(host.clone()),
        }
    }
    Egress::new(networks, hosts)
}

/// The name of the token service: the host of the external URL, with its port where that is unusual.
fn service_name(settings: &Settings) -> String {
    let url = settings.external_url();
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_string(),
        (None, _) => "pierhead".to_string(),
    }
}

/// The administrator named in the settings, if there is no user yet.
async fn create_configured_admin(services: &Services) -> Result<()> {
    let Some(admin) = &services.settings.access.first_admin else { return Ok(()) };
    if services.db.read(account::any).await? {
        return Ok(());
    }
    let first = FirstUser {
        name: admin.username.parse().context("admin_username")?,
        password: admin.password.expose().clone(),
        email: admin.email.clone(),
    };
    let made =
        account::create_first(&services.db, services.entropy.clone(), services.clock.now(), Origin::default(), first);
    match made.await {
        Ok(user) => tracing::info!(user = user.name, "created the first administrator from the settings"),
        // Another replica was first.
        Err(domain::Error::Refused(_)) => {}
        Err(error) => return Err(error).context("creating the administrator named in the settings"),
    }
    Ok(())
}
