//! TLS by certificate and key files, read again when they change.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use arc_swap::ArcSwap;
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use crate::settings::Tls;

/// How often the files are looked at. Certificates are renewed days before they end.
const LOOK_EVERY: Duration = Duration::from_secs(10);

/// The certificate in use.
#[derive(Debug)]
pub(super) struct Current(ArcSwap<CertifiedKey>);

impl ResolvesServerCert for Current {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.0.load_full())
    }
}

/// Reads certificate chain and key and checks that they belong together.
///
/// # Errors
/// Which file is wrong and how.
pub(super) fn load(files: &Tls) -> Result<CertifiedKey> {
    let shown = |path: &Path| format!("reading {}", path.display());
    let chain = CertificateDer::pem_file_iter(&files.certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| shown(&files.certificate))?;
    anyhow::ensure!(!chain.is_empty(), "{} holds no certificate in PEM", files.certificate.display());
    let key = PrivateKeyDer::from_pem_file(&files.key).with_context(|| shown(&files.key))?;
    CertifiedKey::from_der(chain, key, &ring::default_provider())
        .with_context(|| format!("{} and {} do not belong together", files.certificate.display(), files.key.display()))
}

/// A server configuration whose certificate follows the files.
pub(super) fn configure(files: &Tls) -> Result<(ServerConfig, Arc<Current>)> {
    let current = Arc::new(Current(ArcSwap::from_pointee(load(files)?)));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(current.clone());
    Ok((config, current))
}

/// Follows the files for ever. A file that cannot be read leaves the certificate as it is: half of a renewal may be
/// written while we look.
pub(super) async fn follow(files: Tls, current: Arc<Current>) {
    let mut seen = stamps(&files);
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        let now = stamps(&files);
        if now == seen {
            continue;
        }
        let again = files.clone();
        match tokio::task::spawn_blocking(move || load(&again)).await {
            Ok(Ok(key)) => {
                current.0.store(Arc::new(key));
                seen = now;
                tracing::info!(certificate = %files.certificate.display(), "read the renewed certificate");
            }
            Ok(Err(error)) => tracing::warn!(error = format!("{error:#}"), "kept the certificate in use"),
            Err(error) => tracing::warn!(%error, "kept the certificate in use"),
        }
    }
}

fn stamps(files: &Tls) -> [Option<SystemTime>; 2] {
    [&files.certificate, &files.key].map(|path| std::fs::metadata(path).and_then(|file| file.modified()).ok())
}
