//! What an operator can set, read once at start.
//!
//! A setting comes from its default, from the settings file (TOML), from a `PIERHEAD_*` variable or from the command
//! line; the later one wins. Each section is one struct in one file, and its `read` function is the only place that
//! knows a setting's key, default, kind and documentation sentence. The `Reader` hands the values out and keeps the
//! register from which `pierhead config` ([`render_effective`]) and README's table ([`markdown_table`]) are written.
//!
//! Invariant: a [`Settings`] exists only if nothing at all was wrong; otherwise [`Faults`] names every fault at once.
//! Secrets are [`Secret`]s and appear neither in faults nor in the report.

mod access;
mod accounts;
mod audit;
mod byte_size;
mod database;
mod egress;
mod fault;
mod file;
mod layer_files;
mod limits;
mod log;
mod metrics;
mod parse;
mod reader;
mod registry;
mod report;
mod retention;
mod secret;
mod server;
mod sessions;
mod source;
mod storage;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod tls;
mod unknown;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use url::Url;

pub use crate::settings::access::{Access, FirstAdmin};
pub use crate::settings::accounts::Accounts;
pub use crate::settings::audit::Audit;
pub use crate::settings::byte_size::ByteSize;
pub use crate::settings::database::{Database, DatabaseSettings};
pub use crate::settings::egress::{Egress, Place};
pub use crate::settings::fault::{Fault, Faults};
pub use crate::settings::layer_files::LayerFiles;
pub use crate::settings::limits::Limits;
pub use crate::settings::log::{Log, LogFormat, LoggedRequests};
pub use crate::settings::metrics::Metrics;
pub use crate::settings::registry::Registry;
pub use crate::settings::report::{Effective, Entry, Report, markdown_table, render_effective};
pub use crate::settings::retention::Retention;
pub use crate::settings::secret::Secret;
pub use crate::settings::server::Server;
pub use crate::settings::sessions::Sessions;
pub use crate::settings::source::Source;
pub use crate::settings::storage::Storage;
pub use crate::settings::tls::Tls;

use crate::settings::file::SettingsFile;
use crate::settings::reader::Reader;
use crate::settings::source::Layers;

const FILE_IN_WORKING_DIRECTORY: &str = "pierhead.toml";
const FILE_VARIABLE: &str = "PIERHEAD_CONFIG";

/// Everything an operator decided, checked.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where and how requests are answered.
    pub server: Server,
    /// Certificate for HTTPS; `None` serves plain HTTP.
    pub tls: Option<Tls>,
    /// Where rows are kept.
    pub database: DatabaseSettings,
    /// Where blobs are kept.
    pub storage: Storage,
    /// Who runs this registry, and the key that signs.
    pub access: Access,
    /// Who may make accounts.
    pub accounts: Accounts,
    /// How pushes and pulls behave.
    pub registry: Registry,
    /// How much and how long.
    pub limits: Limits,
    /// Looking into layers.
    pub layer_files: LayerFiles,
    /// Signing in with a browser.
    pub sessions: Sessions,
    /// How long things are kept that are over.
    pub retention: Retention,
    /// Where this registry may connect to by itself.
    pub egress: Egress,
    /// What is written into the usage log beside what always is.
    pub audit: Audit,
    /// What is logged and how.
    pub log: Log,
    /// How `/metrics` is served.
    pub metrics: Metrics,
    /// All of the above, one by one, with what each means.
    pub report: Report,
}

/// The places settings are read from, handed in by `main`.
#[derive(Clone, Default)]
pub struct Sources {
    /// `--config`; wins over `PIERHEAD_CONFIG`. The file must exist.
    pub config: Option<PathBuf>,
    /// Names and values of the environment; names without the prefix `PIERHEAD_` are ignored.
    pub environment: Vec<(String, String)>,
    /// Settings of the command line by key, such as `listen` or `limits.blob_size`; the last one wins.
    pub flags: Vec<(String, String)>,
}

/// Settings without a fault, and where each came from.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The settings.
    pub settings: Settings,
    /// Every setting once, those without a section first.
    pub report: Vec<Entry>,
    /// The settings file that was read, if there is one.
    pub file: Option<PathBuf>,
}

impl Settings {
    /// Settings from all sources.
    ///
    /// # Errors
    /// Every fault found: values that do not fit, settings that contradict each other, unknown keys and variables, a
    /// settings file that cannot be read.
    pub fn load(sources: Sources) -> Result<Loaded, Faults> {
        load(sources, Path::new(FILE_IN_WORKING_DIRECTORY))
    }

    /// Address clients use: the configured one, else the scheme in use and the address listened on.
    #[must_use]
    pub fn external_url(&self) -> Url {
        let configured = self.server.external_url.clone();
        configured.unwrap_or_else(|| url_of_listener(self.server.listen, self.tls.is_some()))
    }

    /// Whether the operator named the address clients use.
    #[must_use]
    pub fn has_external_url(&self) -> bool {
        self.server.external_url.is_some()
    }

    fn read(reader: &mut Reader) -> Self {
        let server = Server::read(reader);
        let settings = Self {
            database: DatabaseSettings::read(reader, &server.data_dir),
            storage: Storage::read(reader, &server.data_dir),
            access: Access::read(reader),
            accounts: Accounts::read(reader),
            tls: Tls::read(reader),
            registry: Registry::read(reader),
            limits: Limits::read(reader),
            layer_files: LayerFiles::read(reader),
            sessions: Sessions::read(reader),
            retention: Retention::read(reader),
            egress: Egress::read(reader),
            audit: Audit::read(reader),
            log: Log::read(reader),
            metrics: Metrics::read(reader),
            report: Report::default(),
            server,
        };
        let url = settings.external_url();
        reader.show("external_url", url.as_str().trim_end_matches('/'));
        settings
    }
}

fn load(sources: Sources, usual_file: &Path) -> Result<Loaded, Faults> {
    let environment: BTreeMap<String, String> = sources.environment.into_iter().collect();
    let chosen_file = sources.config.or_else(|| environment.get(FILE_VARIABLE).map(PathBuf::from));
    // A file that cannot be read must not hide the faults of the variables and flags.
    let (file, file_fault) = match SettingsFile::open(chosen_file, usual_file) {
        Ok(file) => (file, None),
        Err(fault) => (None, Some(fault)),
    };
    let path = file.as_ref().map(|file| file.path.clone());

    let mut reader = Reader::new(Layers { file, environment, flags: sources.flags.into_iter().collect() });
    let mut settings = Settings::read(&mut reader);
    let (report, faults) = reader.finish();

    let faults: Vec<Fault> = file_fault.into_iter().chain(faults).collect();
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    settings.report = Report::of(&report);
    Ok(Loaded { settings, report, file: path })
}

fn url_of_listener(listen: SocketAddr, with_tls: bool) -> Url {
    let scheme = if with_tls { "https" } else { "http" };
    // Built anew because the zone of an IPv6 address (`fe80::1%3`) has no place in a URL.
    let address = SocketAddr::new(listen.ip(), listen.port());
    Url::parse(&format!("{scheme}://{address}")).expect("scheme and socket address make a URL")
}
