//! A manifest with the configuration it names.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use super::configuration::Configuration;
use super::details::{Details, details_of};
use super::steps::{Steps, steps};
use crate::access::{Authorized, Read};
use crate::blob::{BlobStore, Blobs, read_small};
use crate::db::{Db, blocking};
use crate::error::{Error, Result, Thing};
use crate::oci::{Descriptor, Digest, MediaType, Platform};
use crate::repository::Repository;
use crate::seats::{Seat, Seats};

/// Larger configurations are not read.
pub const MAX_CONFIGURATION: u64 = 1024 * 1024;
/// Pages of this process that show images at once, and those for one address: each may hold some mebibytes of what
/// anybody pushed.
const AT_ONCE: (usize, usize) = (12, 6);
/// How long a page waits for its turn.
const WAIT: Duration = Duration::from_secs(10);

static TURNS: LazyLock<Seats> = LazyLock::new(|| Seats::new(AT_ONCE.0, AT_ONCE.1));

/// The permission to have images in memory, for as long as any of them is there.
#[derive(Debug, Clone)]
pub struct Turn {
    _seat: Arc<Seat>,
}

/// Waits for the turn of a page. A page takes one, however many images it opens: pages that each had some and waited for
/// more would wait for each other.
///
/// # Errors
/// `Busy` if it does not come.
pub async fn turn(repository: &Authorized<Repository, Read>) -> Result<Turn> {
    let seat = TURNS.wait(repository.caller().origin.ip, WAIT).await?;
    Ok(Turn { _seat: Arc::new(seat) })
}

/// A manifest as pages show it.
#[derive(Debug, Clone)]
pub struct Image {
    /// Where it stands.
    pub details: Details,
    /// What it says about running it.
    pub configured: Configured,
    /// Its layers and how they were made; none for an index.
    pub steps: Steps,
    /// What it is in memory by.
    pub(super) _turn: Option<Turn>,
}

/// What came of reading the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Configured {
    /// It was understood.
    Read(Box<Configuration>),
    /// An index has none.
    None,
    /// It is of another kind: the manifest is an artifact.
    Other(MediaType),
    /// Why it could not be read, to go on after "could not be read: ".
    Unreadable(String),
}

impl Configured {
    /// The configuration, if it was understood.
    pub fn read(&self) -> Option<&Configuration> {
        match self {
            Configured::Read(configuration) => Some(configuration),
            _ => None,
        }
    }
}

impl Image {
    /// Where it runs: of an image what its configuration says, of an index what it lists.
    pub fn platforms(&self) -> Vec<String> {
        match self.configured.read().and_then(|read| read.platform.as_ref()) {
            Some(platform) => vec![Platform::to_string(platform)],
            None => self.details.platforms(),
        }
    }
}

/// A manifest of the repository with its configuration, its layers and their history.
///
/// # Errors
/// `NotFound` if the repository does not have the manifest; `Unavailable` if the store does not work.
pub async fn open(
    db: &Db,
    reader: (&dyn BlobStore, &Blobs),
    repository: &Authorized<Repository, Read>,
    turn: &Turn,
    digest: &Digest,
) -> Result<Image> {
    let found = open_all(db, reader, repository, turn, std::slice::from_ref(digest)).await?.pop().flatten();
    found.ok_or_else(|| Error::NotFound(Thing::Manifest(digest.to_string())))
}

/// As [`open`] for some manifests, in their order; `None` for those that the repository does not have. As many statements
/// as for one.
///
/// # Errors
/// `Unavailable` if the store does not work.
pub async fn open_all(
    db: &Db,
    reader: (&dyn BlobStore, &Blobs),
    repository: &Authorized<Repository, Read>,
    turn: &Turn,
    digests: &[Digest],
) -> Result<Vec<Option<Image>>> {
    let (asked, wanted) = (repository.clone(), digests.to_vec());
    let found = db.read(move |conn| details_of(conn, &asked, &wanted)).await?;
    let mut images = Vec::with_capacity(found.len());
    for details in found {
        let Some(details) = details else {
            images.push(None);
            continue;
        };
        let configured = match &details.manifest.config {
            Some(config) => configured(reader, repository, config).await?,
            None => Configured::None,
        };
        let steps = steps(&details.manifest, configured.read());
        images.push(Some(Image { details, configured, steps, _turn: Some(turn.clone()) }));
    }
    Ok(images)
}

async fn configured(
    (store, blobs): (&dyn BlobStore, &Blobs),
    repository: &Authorized<Repository, Read>,
    config: &Descriptor,
) -> Result<Configured> {
    if !config.media_type.is_image_config() {
        return Ok(Configured::Other(config.media_type.clone()));
    }
    if config.size > MAX_CONFIGURATION {
        let (size, most) = (config.size, MAX_CONFIGURATION);
        return Ok(Configured::Unreadable(format!("it has {size} bytes, more than the {most} that are read")));
    }
    // The right to a manifest is none to a blob that was taken out of the repository since.
    match blobs.find(repository, &config.digest).await {
        Ok(_) => {}
        Err(Error::NotFound(_)) => return Ok(Configured::Unreadable("the repository does not have it".into())),
        Err(error) => return Err(error),
    }
    let Some(bytes) = read_small(store, &config.digest, MAX_CONFIGURATION).await? else {
        return Ok(Configured::Unreadable("the registry's storage does not have it".into()));
    };
    blocking(move || {
        Ok(match Configuration::parse(&bytes) {
            Ok(configuration) => Configured::Read(Box::new(configuration)),
            Err(reason) => Configured::Unreadable(reason),
        })
    })
    .await
}
