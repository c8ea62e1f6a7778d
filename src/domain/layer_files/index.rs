//! Making the index of a layer, in the background.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::prelude::*;
use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

use super::forget;
use super::rows::{Batch, Collector};
use super::state::{IndexState, LEASE, claim, let_go, may_be_asked, note_progress, rows, state_of};
use super::unpack::{Unpacked, unpacked};
use super::walk::{Fault, Walked, Walker};
use crate::access::{Authorized, Read};
use crate::blob::{BlobContent, BlobStore};
use crate::db::schema::layer_indexes;
use crate::db::{Db, blocking};
use crate::error::{Causes, Error, Result};
use crate::oci::Digest;
use crate::repository::Repository;
use crate::seats::Seats;
use crate::time::Clock;

/// Layers read at once by a process.
const AT_ONCE: usize = 2;
/// Layers that may wait, and for one address.
const MAX_QUEUED: usize = 1_000;
const MAX_QUEUED_EACH: usize = 200;
/// Bytes of paths for each entry that may be kept, on average.
const PATH_BYTES: u64 = 512;
/// Rows and bytes of one step: what is written at once, and how long a stop waits at most.
const ROWS_OF_A_STEP: usize = 1_000;
const BYTES_OF_A_STEP: u64 = 32 * 1024 * 1024;
/// How soon a layer that was asked for while others are read gets its turn.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// Bounds on what is read of a layer.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes as stored.
    pub size: u64,
    /// Bytes after decompression.
    pub unpacked_size: u64,
    /// Files and folders.
    pub entries: u64,
    /// How long reading may take.
    pub time: Duration,
}

/// How far the index of a layer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LayerState {
    /// Nobody asked for it.
    NotIndexed,
    /// It waits for its turn.
    Queued,
    /// It is being read.
    Indexing {
        /// Bytes read.
        read: u64,
        /// Of so many.
        total: u64,
    },
    /// It can be browsed.
    Ready {
        /// Files and folders.
        entries: u64,
        /// Entries that were left out because their paths lead elsewhere or are too long.
        skipped: u64,
    },
    /// It could not be read, for this reason; asking again tries again after a while.
    Failed(String),
    /// It is too large, for this reason; asking again tries again after a while.
    TooLarge(String),
}

/// Layers, their files, and what is being read.
pub struct LayerFiles {
    pub(super) db: Db,
    pub(super) store: Arc<dyn BlobStore>,
    pub(super) limits: Limits,
    /// Files being sent or looked at.
    pub(super) reading: Seats,
    clock: Arc<dyn Clock>,
    waiting: Mutex<Waiting>,
    stopping: AtomicBool,
}

#[derive(Default)]
pub(super) struct Waiting {
    pub(super) queue: VecDeque<(Digest, Option<IpAddr>)>,
    /// What waits (`None`) and what is being read.
    pub(super) layers: HashMap<Digest, Option<Arc<Progress>>>,
}

pub(super) struct Progress {
    pub(super) read: Arc<AtomicU64>,
    pub(super) total: u64,
}

/// How far an index is, and whether asking for it has it made.
struct Look {
    state: LayerState,
    may_be_asked: bool,
}

impl LayerFiles {
    /// Layers of this store, indexed in this database.
    pub fn new(db: Db, store: Arc<dyn BlobStore>, clock: Arc<dyn Clock>, limits: Limits) -> LayerFiles {
        let reading = super::content::turns();
        let (waiting, stopping) = (Mutex::default(), AtomicBool::new(false));
        LayerFiles { db, store, limits, reading, clock, waiting, stopping }
    }

    /// How far the indexes of these layers are, in their order. What the repository does not have is not indexed.
    ///
    /// One statement. Indexes: `layer_indexes.digest`, `blobs.digest`, `repository_blobs` primary key.
    ///
    /// # Errors
    /// As the database's.
    pub async fn states(
        &self,
        repository: &Authorized<Repository, Read>,
        layers: &[Digest],
    ) -> Result<Vec<LayerState>> {
        let looks = self.look(repository, layers).await?;
        Ok(looks.into_iter().map(|look| look.state).collect())
    }

    async fn look(&self, repository: &Repository, layers: &[Digest]) -> Result<Vec<Look>> {
        let (id, wanted) = (repository.id.0, layers.to_vec());
        let rows = self.db.read(move |conn| rows(conn, id, &wanted)).await?;
        let now = self.clock.now();
        let here = self.lock();
        let look = |layer: &Digest| {
            let Some(row) = rows.get(layer.as_str()) else {
                return Look { state: LayerState::NotIndexed, may_be_asked: false };
            };
            match (here.layers.get(layer), row) {
                (Some(None), _) => Look { state: LayerState::Queued, may_be_asked: false },
                (Some(Some(progress)), _) => {
                    let read = progress.read.load(Ordering::Relaxed);
                    Look { state: LayerState::Indexing { read, total: progress.total }, may_be_asked: false }
                }
                (None, Some(row)) => Look { state: state_of(row, now), may_be_asked: may_be_asked(row, now) },
                (None, None) => Look { state: LayerState::NotIndexed, may_be_asked: true },
            }
        };
        Ok(layers.iter().map(look).collect())
    }

    /// Asks for the indexes of these layers; returns how far they are. What is ready, on its way or was tried a short
    /// while ago is left alone.
    ///
    /// # Errors
    /// `Busy` if very many wait, or many that were asked for from the same address.
    pub async fn request(
        &self,
        repository: &Authorized<Repository, Read>,
        layers: &[Digest],
    ) -> Result<Vec<LayerState>> {
        let mut looks = self.look(repository, layers).await?;
        let address = repository.caller().origin.ip;
        let mut waiting = self.lock();
        let mut own = waiting.queue.iter().filter(|(_, whose)| *whose == address).count();
        for (layer, look) in layers.iter().zip(&mut looks).filter(|(_, look)| look.may_be_asked) {
            if waiting.queue.len() >= MAX_QUEUED || own >= MAX_QUEUED_EACH {
                return Err(Error::Busy { retry_after: Duration::from_secs(10) });
            }
            if !waiting.layers.contains_key(layer) {
                waiting.layers.insert(layer.clone(), None);
                waiting.queue.push_back((layer.clone(), address));
                own += 1;
            }
            look.state = LayerState::Queued;
        }
        Ok(looks.into_iter().map(|look| look.state).collect())
    }

    /// Makes the indexes that were asked for, two at a time, until none waits or [`LayerFiles::stop`] was called; returns
    /// how many layers were looked at. To be called again and again.
    pub async fn work(&self) -> usize {
        let mut looked_at = 0;
        let mut running = FuturesUnordered::new();
        loop {
            while running.len() < AT_ONCE
                && let Some(layer) = self.next()
            {
                running.push(self.index(layer));
                looked_at += 1;
            }
            if running.is_empty() {
                return looked_at;
            }
            tokio::select! {
                _ = running.next() => {}
                () = tokio::time::sleep(LOOK_AGAIN) => {}
            }
        }
    }

    /// Ends what [`LayerFiles::work`] does after its current step; what was not finished is begun again when somebody
    /// asks.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Relaxed);
    }

    pub(super) fn lock(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Digest> {
        if self.stopping.load(Ordering::Relaxed) {
            return None;
        }
        self.lock().queue.pop_front().map(|(layer, _)| layer)
    }

    async fn index(&self, layer: Digest) {
        if let Err(error) = self.read_layer(&layer).await {
            tracing::error!(%layer, error = %Causes(&error), "reading the files of a layer failed");
        }
        self.lock().layers.remove(&layer);
    }

    async fn read_layer(&self, layer: &Digest) -> Result<()> {
        let content = self.store.open(layer).await?;
        let size = content.as_ref().map_or(0, |content| content.size);
        let (digest, now) = (layer.clone(), self.clock.now());
        let Some(id) = self.db.write_relaxed(move |tx| claim(tx, &digest, size, now)).await? else { return Ok(()) };
        let outcome = match content {
            None => Err(Fault::Broken("the registry's storage does not have it".into())),
            Some(content) if size > self.limits.size => {
                drop(content);
                Err(Fault::TooLarge(format!("it has {size} bytes; {} are read", self.limits.size)))
            }
            Some(content) => match self.read_entries(layer, id, content).await {
                Err(error) => {
                    self.db.write_relaxed(move |tx| let_go(tx, id)).await?;
                    return Err(error);
                }
                Ok(outcome) => outcome,
            },
        };
        self.finish(id, outcome).await
    }

    /// Reads step by step: what is found is written before the next is read, so that a layer is never in memory.
    async fn read_entries(&self, layer: &Digest, id: i64, content: BlobContent) -> Result<Outcome> {
        let (read, total) = (Arc::new(AtomicU64::new(0)), content.size);
        let progress = Arc::new(Progress { read: read.clone(), total });
        self.lock().layers.insert(layer.clone(), Some(progress));
        let begun = Instant::now();
        let (limit, at) = (self.limits.unpacked_size, read.clone());
        let mut reader = match blocking(move || Ok(unpacked(content, at))).await? {
            Ok(source) => Reader::new(id, source, limit),
            Err(error) => return Ok(Err(error.into())),
        };
        loop {
            let (back, step) = blocking(move || {
                let step = reader.step();
                Ok((reader, step))
            })
            .await?;
            reader = back;
            let step = match step {
                Ok(step) => step,
                Err(fault) => return Ok(Err(fault)),
            };
            let (now, so_far) = (self.clock.now(), i64::try_from(read.load(Ordering::Relaxed)).unwrap_or(i64::MAX));
            let batch = step.batch;
            let (rows, bytes) = (reader.rows, reader.path_bytes);
            self.db
                .write_relaxed(move |tx| {
                    batch.write(tx)?;
                    note_progress(tx, id, so_far, now)
                })
                .await?;
            if rows > self.limits.entries {
                return Ok(Err(Fault::TooLarge(format!("it has more than {} files and folders", self.limits.entries))));
            }
            let most = self.limits.entries.saturating_mul(PATH_BYTES);
            if bytes > most {
                return Ok(Err(Fault::TooLarge(format!("its paths have more than {most} bytes"))));
            }
            if step.is_last {
                return Ok(Ok((reader.entries, reader.skipped)));
            }
            if begun.elapsed() > self.limits.time {
                let seconds = self.limits.time.as_secs();
                return Ok(Err(Fault::TooLarge(format!("reading it took longer than {seconds} s"))));
            }
            if self.stopping.load(Ordering::Relaxed) {
                return Err(Error::Busy { retry_after: LEASE });
            }
        }
    }

    async fn finish(&self, id: i64, outcome: Outcome) -> Result<()> {
        let now = self.clock.now();
        let (state, reason, (entries, skipped)) = match outcome {
            Ok(counts) => (IndexState::Ready, None, counts),
            Err(Fault::Broken(reason)) => (IndexState::Failed, Some(reason), (0, 0)),
            Err(Fault::TooLarge(reason)) => (IndexState::TooLarge, Some(reason), (0, 0)),
        };
        let has_failed = state != IndexState::Ready;
        self.db
            .write_relaxed(move |tx| {
                diesel::update(layer_indexes::table.find(id))
                    .set((
                        layer_indexes::state.eq(state),
                        layer_indexes::reason.eq(&reason),
                        layer_indexes::entries.eq(i64::try_from(entries).unwrap_or(i64::MAX)),
                        layer_indexes::skipped.eq(i64::try_from(skipped).unwrap_or(i64::MAX)),
                        layer_indexes::updated_at.eq(now.0),
                    ))
                    .execute(&mut **tx)?;
                Ok(())
            })
            .await?;
        while has_failed && self.db.write_relaxed(move |tx| forget::some_entries(tx, id)).await? > 0 {}
        Ok(())
    }
}

/// Entries and skipped ones, or why there are none.
type Outcome = std::result::Result<(u64, u64), Fault>;

/// A layer being read.
struct Reader {
    walker: Walker<Unpacked>,
    collector: Collector,
    entries: u64,
    skipped: u64,
    /// What was found and the folders it lies in, which the archive need not have entries for.
    rows: u64,
    path_bytes: u64,
}

struct Step {
    batch: Batch,
    is_last: bool,
}

impl Reader {
    fn new(id: i64, source: Unpacked, limit: u64) -> Reader {
        let (walker, collector) = (Walker::new(source, limit), Collector::new(id));
        Reader { walker, collector, entries: 0, skipped: 0, rows: 0, path_bytes: 0 }
    }

    fn step(&mut self) -> std::result::Result<Step, Fault> {
        let mut batch = Batch::default();
        let until = self.walker.position().saturating_add(BYTES_OF_A_STEP);
        let is_last = loop {
            if batch.len() >= ROWS_OF_A_STEP || self.walker.position() >= until {
                break false;
            }
            match self.walker.step(BYTES_OF_A_STEP)? {
                Walked::End => break true,
                Walked::Working => {}
                Walked::Skipped => self.skipped += 1,
                Walked::Entry(found) => {
                    let kept = self.collector.add(&mut batch, *found);
                    *(if kept { &mut self.entries } else { &mut self.skipped }) += 1;
                }
            }
        };
        self.rows += batch.len() as u64;
        self.path_bytes += batch.path_bytes();
        Ok(Step { batch, is_last })
    }
}
