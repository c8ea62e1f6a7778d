//! What the doors work with: one set for the process, built by [`crate::app`].

use std::sync::Arc;

use domain::access::Access;
use domain::access::registry_token::RegistryTokens;
use domain::account::sign_in::SignIn;
use domain::audit::Callbacks;
use domain::blob::{BlobStore, Blobs};
use domain::db::Db;
use domain::entropy::Entropy;
use domain::event::Refusals;
use domain::layer_files::LayerFiles;
use domain::manifest::Manifests;
use domain::pull::Pulls;
use domain::robot::{Documents, Keyless};
use domain::sweep::Board;
use domain::tag::TagNames;
use domain::time::Clock;
use domain::upload::Uploads;
use domain::vault::Vault;

use super::metrics::Metrics;
use super::news::News;
use super::session::Csrf;
use super::setup_token::SetupToken;
use super::throttle::Throttle;
use crate::settings::Settings;

/// Everything a request may need.
pub struct Services {
    /// As loaded at start.
    pub settings: Settings,
    /// The database.
    pub db: Db,
    /// The gate to every resource.
    pub access: Access,
    /// Checks credentials.
    pub sign_in: Arc<SignIn>,
    /// Exchanges signed identities for robot accounts' tokens.
    pub keyless: Keyless,
    /// Reads what other services publish.
    pub documents: Arc<dyn Documents>,
    /// Sends messages to addresses that users named.
    pub callbacks: Arc<dyn Callbacks>,
    /// Signs and checks registry tokens.
    pub tokens: RegistryTokens,
    /// Seals secrets.
    pub vault: Vault,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Bytes of blobs.
    pub store: Arc<dyn BlobStore>,
    /// Which repository has which blob.
    pub blobs: Blobs,
    /// Pushes in progress.
    pub uploads: Uploads,
    /// The files inside layers.
    pub layer_files: LayerFiles,
    /// Manifests by tag and digest.
    pub manifests: Manifests,
    /// Names of tags, for filters.
    pub tag_names: TagNames,
    /// Pulls not yet written down.
    pub pulls: Pulls,
    /// Lets whoever reads the log create the first user.
    pub setup: SetupToken,
    /// Proofs that a browser's request was meant.
    pub csrf: Csrf,
    /// Refused pulls and pushes not yet written down.
    pub refusals: Refusals,
    /// Streams of events to browsers.
    pub news: News,
    /// How the sweeps do.
    pub sweeps: Board,
    /// How many requests somebody may send.
    pub throttle: Throttle,
    /// What `/metrics` shows.
    pub metrics: Metrics,
}
