//! What a worker asked for and what it was told.

use std::collections::BTreeMap;

use crate::image::Piece;

/// One worker's.
#[derive(Default)]
pub struct Journal {
    pub blobs: Vec<Asked<Piece>>,
    pub manifests: Vec<Asked<Document>>,
    /// By repository and tag, in the order of asking.
    pub tags: BTreeMap<(&'static str, String), Vec<Pointed>>,
    pub interrupted: Vec<Interrupted>,
    /// Answers that no crash explains.
    pub surprises: Vec<String>,
}

/// Something pushed to a repository.
pub struct Asked<T> {
    pub repository: &'static str,
    pub what: T,
    pub acknowledged: bool,
}

pub struct Document {
    pub digest: String,
    pub media_type: &'static str,
    pub bytes: Vec<u8>,
}

/// A tag asked to point somewhere.
pub struct Pointed {
    pub digest: String,
    pub acknowledged: bool,
}

/// An upload that a kill stopped.
#[derive(Clone)]
pub struct Interrupted {
    pub repository: &'static str,
    pub location: String,
    pub bytes: Vec<u8>,
}

impl Journal {
    /// How many pushes of either kind were acknowledged.
    pub fn acknowledged(&self) -> usize {
        let blobs = self.blobs.iter().filter(|asked| asked.acknowledged).count();
        blobs + self.manifests.iter().filter(|asked| asked.acknowledged).count()
    }

    /// Blobs that are certainly in the repository.
    pub fn pieces_in(&self, repository: &str) -> Vec<&Piece> {
        let there = self.blobs.iter().filter(|asked| asked.acknowledged && asked.repository == repository);
        there.map(|asked| &asked.what).collect()
    }
}

impl Pointed {
    /// What a tag may point at after a crash: the last that was acknowledged, or anything attempted later. Nothing (no
    /// tag) is possible only if none was acknowledged.
    pub fn possible(history: &[Pointed]) -> (bool, Vec<&str>) {
        let last = history.iter().rposition(|pointed| pointed.acknowledged);
        let from = last.unwrap_or(0);
        (last.is_some(), history[from..].iter().map(|pointed| pointed.digest.as_str()).collect())
    }
}
