//! Which cached answers are still true.
//!
//! A cache entry remembers the stamp it was read under; a committed change moves the stamp on, so the next look-up
//! misses. A reader takes the stamp *before* it asks the database, a writer moves it *after* the commit: an entry can be
//! dropped too early, never kept too long. Other processes' changes are noticed by the caches' short life only.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::ids::RepositoryId;

/// Repositories share this many stamps; two that meet in one only cost each other a look-up.
const CONTENT_STAMPS: usize = 256;

/// Stamps for access rules (one for all) and repository content (by repository).
pub struct Freshness {
    access: AtomicU64,
    content: Vec<AtomicU64>,
}

/// A moment in the life of what was asked about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stamp(u64);

impl Freshness {
    pub(super) fn new() -> Freshness {
        Freshness { access: AtomicU64::new(0), content: (0..CONTENT_STAMPS).map(|_| AtomicU64::new(0)).collect() }
    }

    /// Moves when a user, robot, team, grant, visibility or the set of repositories changes.
    pub fn access(&self) -> Stamp {
        Stamp(self.access.load(Ordering::Acquire))
    }

    /// Forgets all answers about access: the database was seen to know more than they say.
    pub fn distrust_access(&self) {
        self.access.fetch_add(1, Ordering::AcqRel);
    }

    /// Moves when a tag, manifest or blob link of the repository changes.
    pub fn content(&self, repository: RepositoryId) -> Stamp {
        Stamp(self.slot(repository).load(Ordering::Acquire))
    }

    pub(super) fn advance(&self, touched: &Touched) {
        if touched.access {
            self.access.fetch_add(1, Ordering::AcqRel);
        }
        for repository in &touched.repositories {
            self.slot(*repository).fetch_add(1, Ordering::AcqRel);
        }
    }

    fn slot(&self, repository: RepositoryId) -> &AtomicU64 {
        &self.content[usize::try_from(repository.0.unsigned_abs()).unwrap_or(0) % CONTENT_STAMPS]
    }
}

/// What one transaction changed, as far as caches care.
#[derive(Default)]
pub(super) struct Touched {
    pub access: bool,
    pub repositories: Vec<RepositoryId>,
}
