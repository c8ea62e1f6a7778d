//! How much room there is where blobs are kept.

use std::path::Path;

use domain::db::blocking;
use domain::error::Error;

use crate::settings::{Settings, Storage};

/// A disk, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disk {
    /// Its size.
    pub size: u64,
    /// What this process can still write.
    pub free: u64,
}

/// The disk below the blobs; nothing if it does not say.
pub async fn of_storage(settings: &Settings) -> Option<Disk> {
    let Storage::File(folder) = settings.storage.clone();
    // A disk elsewhere can be slow to answer.
    blocking(move || of(&folder)).await.inspect_err(|error| tracing::warn!(%error, "how full the disk is")).ok()
}

fn of(folder: &Path) -> domain::Result<Disk> {
    let said = rustix::fs::statvfs(folder).map_err(|error| Error::internal("asking how full the disk is", error))?;
    let bytes = |blocks: u64| blocks.saturating_mul(said.f_frsize);
    Ok(Disk { size: bytes(said.f_blocks), free: bytes(said.f_bavail) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_on_a_disk_with_some_room() {
        let folder = tempfile::tempdir().unwrap();

        let disk = of(folder.path()).unwrap();

        assert!(disk.size > 0 && disk.free <= disk.size);
        assert!(of(&folder.path().join("none")).is_err());
    }
}
