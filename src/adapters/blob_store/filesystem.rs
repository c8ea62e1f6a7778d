//! Blobs in a local folder.
//!
//! ```text
//! storage/pierhead-storage                 says that this folder is a store; made once
//! storage/uploads/<uuid>                   bytes on their way in
//! storage/blobs/sha256/ab/<64 hex digits>  blobs
//! ```
//!
//! An upload is synced, renamed to its digest, and the folder it is now in is synced: only then is it acknowledged. A
//! writer holds a file lock from before the upload's row is read until its progress is written down or it has its new
//! name, so two requests, or two processes, cannot mix their bytes; after taking the lock the path is looked at again,
//! since the file may have become a blob meanwhile. Bytes that were just verified replace a blob that is there already:
//! what the disk did to the old ones nobody knows. Only the two-letter folders are made on the
//! way: if the store itself vanishes (a disk that is not mounted), requests fail instead of starting an empty one.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, IoSlice, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use domain::blob::{BlobContent, BlobStore, UploadWriter};
use domain::db::blocking;
use domain::oci::{Algorithm, Digest, Hasher};
use domain::upload::UploadId;
use domain::{Error, Result, Thing};
use futures_util::future::BoxFuture;

const MARKER: &str = "pierhead-storage";
/// Files kept open: finding and opening one costs more than sending a small blob.
const OPEN_FILES: u64 = 256;
const OPEN_FOR: Duration = Duration::from_secs(30);
/// Buffers handed to the kernel in one call; it takes at most 1,024.
const SLICES: usize = 512;
const READ_BUFFER: usize = 1024 * 1024;

/// A local folder.
#[derive(Clone)]
pub struct Filesystem {
    root: Arc<Path>,
    open: moka::sync::Cache<Digest, BlobContent>,
}

impl Filesystem {
    /// The store in `root`, made if there is nothing yet.
    ///
    /// # Errors
    /// `Unavailable` if the folders cannot be made.
    pub fn open(root: &Path) -> Result<Filesystem> {
        let make = || {
            for folder in [root.join("uploads"), root.join("blobs/sha256"), root.join("blobs/sha512")] {
                std::fs::create_dir_all(folder)?;
            }
            if !root.join(MARKER).exists() {
                std::fs::write(root.join(MARKER), "A Pierhead blob store. Do not edit what is in this folder.\n")?;
            }
            sync_folder(root)
        };
        make().map_err(|source| unavailable("making the storage folder", root, source))?;
        let open = moka::sync::Cache::builder().max_capacity(OPEN_FILES).time_to_idle(OPEN_FOR).build();
        Ok(Filesystem { root: root.into(), open })
    }

    /// Whether a store was made in `root` before.
    pub fn exists(root: &Path) -> bool {
        root.join(MARKER).exists()
    }

    fn upload_path(&self, upload: UploadId) -> PathBuf {
        self.root.join("uploads").join(upload.to_string())
    }

    fn blob_path(&self, digest: &Digest) -> PathBuf {
        let hex = digest.hex();
        self.root.join("blobs").join(digest.algorithm().name()).join(&hex[..2]).join(hex)
    }

    /// Opens an upload's file, making it if need be, and locks it.
    fn lock_now(&self, upload: UploadId) -> Result<FileWriter> {
        let path = self.upload_path(upload);
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = opened.map_err(|source| unavailable("opening an upload", &path, source))?;
        let busy = || Error::Busy { retry_after: Duration::from_secs(1) };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy()),
            Err(TryLockError::Error(error)) => return Err(unavailable("locking an upload", &path, error)),
        }
        // It may have become a blob, or been thrown away, between opening and locking.
        let still = std::fs::metadata(&path).and_then(|named| Ok((named.ino(), file.metadata()?.ino())));
        match still {
            Ok((named, opened)) if named == opened => Ok(FileWriter { store: self.clone(), file: Some(file), path }),
            _ => Err(busy()),
        }
    }

    fn move_into_place(&self, from: &Path, to: &Path) -> io::Result<()> {
        let folder = to.parent().unwrap_or(&self.root);
        match std::fs::create_dir(folder) {
            Ok(()) => sync_folder(folder.parent().unwrap_or(&self.root))?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
        std::fs::rename(from, to)?;
        sync_folder(folder)
    }

    fn put_now(&self, chunks: &[Bytes], digest: &Digest) -> Result<()> {
        let to = self.blob_path(digest);
        // A name of its own: two that push the same blob must not write into one file. Found and removed by the sweep
        // of stale uploads if the process dies here.
        let from = self.upload_path(UploadId(uuid::Uuid::new_v4()));
        let write = || {
            let mut file = OpenOptions::new().write(true).create_new(true).open(&from)?;
            write_all(&mut file, chunks)?;
            file.sync_data()?;
            self.move_into_place(&from, &to)
        };
        write().map_err(|source| {
            let _ = std::fs::remove_file(&from);
            unavailable("storing a blob", &to, source)
        })
    }

    fn open_now(&self, digest: &Digest) -> Result<Option<BlobContent>> {
        let path = self.blob_path(digest);
        let opened = File::open(&path).and_then(|file| Ok((file.metadata()?.len(), file)));
        match opened {
            Ok((size, file)) => {
                let content = BlobContent { size, file: Arc::new(file) };
                self.open.insert(digest.clone(), content.clone());
                Ok(Some(content))
            }
            Err(error) if error.kind() == ErrorKind::NotFound && self.root.join(MARKER).exists() => Ok(None),
            Err(error) => Err(unavailable("opening a blob", &path, error)),
        }
    }

    fn stale_now(&self, age: Duration) -> io::Result<Vec<UploadId>> {
        let mut stale = Vec::new();
        for entry in std::fs::read_dir(self.root.join("uploads"))? {
            let entry = entry?;
            // Compared with the file system's own clock: the age of a file, not the time of day.
            let old = entry
                .metadata()
                .and_then(|there| there.modified())
                .is_ok_and(|touched| touched.elapsed().is_ok_and(|elapsed| elapsed > age));
            if let (true, Some(Ok(id))) = (old, entry.file_name().to_str().map(str::parse)) {
                stale.push(id);
            }
        }
        Ok(stale)
    }

    fn probe_now(&self) -> Result<()> {
        if !Filesystem::exists(&self.root) {
            let gone = io::Error::new(ErrorKind::NotFound, "the store's folder is gone; is its disk mounted?");
            return Err(unavailable("looking at the storage folder", &self.root, gone));
        }
        // A name of its own: replicas and `doctor` look at the same folder.
        let path = self.root.join(format!("uploads/.probe-{}", uuid::Uuid::new_v4()));
        let write = || {
            let mut file = File::create(&path)?;
            file.write_all(b"probe")?;
            file.sync_all()?;
            std::fs::remove_file(&path)
        };
        write().map_err(|source| unavailable("writing to the storage folder", &self.root, source))
    }
}

impl BlobStore for Filesystem {
    fn put<'a>(&'a self, chunks: Vec<Bytes>, digest: &'a Digest) -> BoxFuture<'a, Result<()>> {
        let (store, digest) = (self.clone(), digest.clone());
        Box::pin(blocking(move || store.put_now(&chunks, &digest)))
    }

    fn lock(&self, upload: UploadId) -> BoxFuture<'_, Result<Box<dyn UploadWriter>>> {
        let store = self.clone();
        Box::pin(blocking(move || Ok(Box::new(store.lock_now(upload)?) as Box<dyn UploadWriter>)))
    }

    fn abort(&self, upload: UploadId) -> BoxFuture<'_, Result<()>> {
        let path = self.upload_path(upload);
        Box::pin(blocking(move || remove(&path)))
    }

    fn open<'a>(&'a self, digest: &'a Digest) -> BoxFuture<'a, Result<Option<BlobContent>>> {
        let (store, digest) = (self.clone(), digest.clone());
        Box::pin(blocking(move || store.open_now(&digest)))
    }

    fn open_at_once(&self, digest: &Digest) -> Option<BlobContent> {
        self.open.get(digest)
    }

    fn delete<'a>(&'a self, digest: &'a Digest) -> BoxFuture<'a, Result<()>> {
        self.open.invalidate(digest);
        let path = self.blob_path(digest);
        Box::pin(blocking(move || remove(&path)))
    }

    fn stale_uploads(&self, age: Duration) -> BoxFuture<'_, Result<Vec<UploadId>>> {
        let store = self.clone();
        Box::pin(blocking(move || {
            store.stale_now(age).map_err(|source| unavailable("listing uploads", &store.root, source))
        }))
    }

    fn probe(&self) -> BoxFuture<'_, Result<()>> {
        let store = self.clone();
        Box::pin(blocking(move || store.probe_now()))
    }
}

/// An upload's file, locked. It is lent to a blocking task for each batch.
struct FileWriter {
    store: Filesystem,
    file: Option<File>,
    path: PathBuf,
}

impl FileWriter {
    /// Does `work` with the file where it may block.
    fn lend<T: Send + 'static>(
        &mut self,
        context: &'static str,
        work: impl FnOnce(&mut File) -> io::Result<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T>> {
        Box::pin(async move {
            let broken = || Error::internal(context, "an earlier write to the same upload failed");
            let mut file = self.file.take().ok_or_else(broken)?;
            let (outcome, file) = blocking(move || Ok((work(&mut file), file))).await?;
            self.file = Some(file);
            outcome.map_err(|source| unavailable(context, &self.path, source))
        })
    }
}

impl UploadWriter for FileWriter {
    fn resume_at(&mut self, received: u64) -> BoxFuture<'_, Result<()>> {
        Box::pin(async move {
            let there = self.lend("preparing an upload", move |file| resume(file, received)).await?;
            if there {
                return Ok(());
            }
            // Lost with the machine's power, or by hand. Nothing can be resumed.
            let name = self.path.file_name().map(|name| name.to_string_lossy().into_owned());
            Err(Error::NotFound(Thing::Upload(name.unwrap_or_default())))
        })
    }

    fn write(&mut self, chunks: Vec<Bytes>) -> BoxFuture<'_, Result<()>> {
        self.lend("writing an upload", move |file| write_all(file, &chunks))
    }

    fn sync(&mut self) -> BoxFuture<'_, Result<()>> {
        self.lend("syncing an upload", |file| file.sync_data())
    }

    fn rehash(&mut self, mut hasher: Hasher) -> BoxFuture<'_, Result<Hasher>> {
        self.lend("reading an upload again", move |file| {
            file.seek(SeekFrom::Start(0))?;
            let mut buffer = vec![0; READ_BUFFER];
            loop {
                match file.read(&mut buffer)? {
                    0 => return Ok(hasher),
                    count => hasher.update(&buffer[..count]),
                }
            }
        })
    }

    fn commit<'a>(mut self: Box<Self>, size: u64, digest: &'a Digest) -> BoxFuture<'a, Result<()>>
    where
        Self: 'a,
    {
        let (from, to, store) = (self.path.clone(), self.store.blob_path(digest), self.store.clone());
        Box::pin(async move {
            let length = self.lend("storing a blob", |file| Ok(file.metadata()?.len())).await?;
            if length != size {
                return Err(Error::internal("storing a blob", format!("{length} bytes are there and not {size}")));
            }
            let moved = blocking(move || {
                store.move_into_place(&from, &to).map_err(|source| unavailable("storing a blob", &to, source))
            });
            // The lock, which goes with the writer, is held until the file has its new name.
            let outcome = moved.await;
            drop(self);
            outcome
        })
    }
}

fn write_all(file: &mut File, chunks: &[Bytes]) -> io::Result<()> {
    for some in chunks.chunks(SLICES) {
        let mut slices: Vec<IoSlice<'_>> = some.iter().map(|chunk| IoSlice::new(chunk)).collect();
        let mut left = &mut slices[..];
        while !left.is_empty() {
            match file.write_vectored(left) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => IoSlice::advance_slices(&mut left, count),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

/// Cuts a file down to what is known to be right and goes to its end; `false` if less than that is there.
fn resume(file: &mut File, received: u64) -> io::Result<bool> {
    let length = file.metadata()?.len();
    if length > received {
        file.set_len(received)?;
    }
    file.seek(SeekFrom::Start(received))?;
    Ok(length >= received)
}

fn remove(path: &Path) -> Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unavailable("removing a file", path, error)),
        _ => Ok(()),
    }
}

/// Makes renames in and additions to a folder last.
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

fn unavailable(context: &'static str, path: &Path, source: io::Error) -> Error {
    Error::Unavailable { context, source: format!("{}: {source}", path.display()).into() }
}

/// Every algorithm has a folder; a new one must be made in [`Filesystem::open`] too.
const _: fn(Algorithm) = |algorithm| match algorithm {
    Algorithm::Sha256 | Algorithm::Sha512 => {}
};
