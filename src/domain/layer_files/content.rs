//! The bytes of a file inside a layer.
//!
//! A compressed layer can only be read from its beginning, so this costs what lies before the file. It happens on a
//! thread that may block, a few at a time, and ends when nobody listens any more.

use std::io::{self, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::Stream;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::browse::{FileEntry, View};
use super::index::LayerFiles;
use super::path::FilePath;
use super::rows::FileKind;
use super::stack::Stack;
use super::unpack::{Unpacked, unpacked};
use crate::access::{Authorized, Read as MayRead};
use crate::blob::BlobContent;
use crate::db::{Conn, blocking};
use crate::error::{Error, Result, Thing};
use crate::oci::Digest;
use crate::repository::Repository;
use crate::seats::{Seat, Seats};
use crate::sentence::sentence;

/// Files read at once by a process, and for one address.
const AT_ONCE: (usize, usize) = (12, 4);
/// How long a client may take none of what was read for it.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long somebody waits for their turn.
const WAIT: Duration = Duration::from_secs(10);
/// Longer files are shown up to here, in bytes.
pub const MAX_PREVIEW: u64 = 256 * 1024;
const CHUNK: usize = 64 * 1024;
/// Chunks ahead of a slow client.
const CHUNKS_AHEAD: usize = 4;

/// A file to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The file.
    pub entry: FileEntry,
    /// Its content.
    pub text: PreviewText,
}

/// The content of a file as far as people can read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PreviewText {
    /// Text.
    Text {
        /// Its beginning, at most [`MAX_PREVIEW`] bytes.
        text: String,
        /// Whether there is more.
        is_cut: bool,
    },
    /// It is no UTF-8 text.
    Binary,
}

/// The bytes of a file, in order. To be sent as an attachment of type `application/octet-stream` that nobody guesses
/// another type of: whoever built the image wrote it. Dropping it ends the reading.
#[derive(Debug)]
pub struct FileContent {
    /// The last part of its path.
    pub name: String,
    /// How many bytes come if nothing fails.
    pub size: u64,
    chunks: mpsc::Receiver<Result<Bytes>>,
}

impl Stream for FileContent {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.chunks.poll_recv(context)
    }
}

impl LayerFiles {
    /// The beginning of a file of the image, with all layers up to the one looked at, as text.
    ///
    /// # Errors
    /// `NotFound` if there is none; `Refused` if it is no file or a layer is not indexed; `Busy` if many are read.
    pub async fn preview(
        &self,
        repository: &Authorized<Repository, MayRead>,
        view: View,
        path: FilePath,
    ) -> Result<Preview> {
        let (entry, source) = self.open_file(repository, view, path).await?;
        let size = source.size;
        // Closed when nobody waits for the answer any more.
        let (gone, _here) = mpsc::channel::<()>(1);
        let bytes = blocking(move || {
            let mut source = source.begin(|| gone.is_closed())?;
            let mut bytes = Vec::new();
            let shown = size.min(MAX_PREVIEW);
            source.by_ref().take(shown).read_to_end(&mut bytes).map_err(unreadable)?;
            if bytes.len() as u64 != shown {
                return Err(unreadable(io::ErrorKind::UnexpectedEof.into()));
            }
            Ok(bytes)
        })
        .await?;
        Ok(Preview { entry, text: text_of(bytes, size > MAX_PREVIEW) })
    }

    /// All bytes of a file of the image, with all layers up to the one looked at.
    ///
    /// # Errors
    /// As [`LayerFiles::preview`].
    pub async fn content(
        &self,
        repository: &Authorized<Repository, MayRead>,
        view: View,
        path: FilePath,
    ) -> Result<FileContent> {
        let (entry, source) = self.open_file(repository, view, path).await?;
        let size = source.size;
        let (sender, chunks) = mpsc::channel(CHUNKS_AHEAD);
        let runtime = Handle::current();
        // Not waited for: it ends with the file, at its deadline, or when nobody takes anything any more. Whoever takes
        // nothing does not hear of an error either: what comes is shorter than was said.
        drop(tokio::task::spawn_blocking(move || {
            if let Err(error) = source.send(&sender, &runtime) {
                let _ = sender.try_send(Err(error));
            }
        }));
        Ok(FileContent { name: entry.name, size, chunks })
    }

    async fn open_file(
        &self,
        repository: &Authorized<Repository, MayRead>,
        view: View,
        path: FilePath,
    ) -> Result<(FileEntry, Source)> {
        let asked = repository.clone();
        let (entry, file, layer) = self.db.read(move |conn| locate(conn, &asked, &view, &path)).await?;
        let turn = self.reading.wait(repository.caller().origin.ip, WAIT).await?;
        let content = self.store.open(&layer).await?;
        let content = content.ok_or_else(|| Error::NotFound(Thing::Blob(layer.to_string())))?;
        let begin = file.data_at.and_then(|at| u64::try_from(at).ok()).unwrap_or(0);
        let deadline = Instant::now() + self.limits.time;
        Ok((entry, Source { content, begin, size: file.size, deadline, _turn: turn }))
    }
}

/// The entry, the file whose bytes it has, and the layer they are in.
fn locate(
    conn: &mut Conn,
    repository: &Repository,
    view: &View,
    path: &FilePath,
) -> Result<(FileEntry, FileEntry, Digest)> {
    let unknown = || Error::NotFound(Thing::File(path.to_string()));
    let stack = Stack::of(conn, repository, view)?;
    let entry = stack.find(conn, path)?.ok_or_else(unknown)?;
    let file = match (entry.kind, &entry.link) {
        (FileKind::Hardlink, Some(target)) => {
            let target: FilePath = target.parse()?;
            // Its target is in the same layer, unless a builder that looks at differences left it out.
            let here = stack.find_in(conn, entry.layer, &target)?.filter(|file| file.kind == FileKind::File);
            match here {
                Some(file) => file,
                None => stack.find(conn, &target)?.ok_or_else(unknown)?,
            }
        }
        _ => entry.clone(),
    };
    if file.kind != FileKind::File {
        return Err(Error::refused(sentence!("said-no-file", "{path} is no file", path = path)));
    }
    if file.data_at.is_none() {
        let message = sentence!("said-holes", "{path} is stored with holes, which cannot be shown", path = path);
        return Err(Error::refused(message));
    }
    let layer = view.layers.get(file.layer).cloned().ok_or_else(unknown)?;
    Ok((entry, file, layer))
}

/// A file in a layer, to be read.
struct Source {
    content: BlobContent,
    begin: u64,
    size: u64,
    deadline: Instant,
    /// Held as long as it is read.
    _turn: Seat,
}

/// The turns of those who read.
pub(super) fn turns() -> Seats {
    Seats::new(AT_ONCE.0, AT_ONCE.1)
}

impl Source {
    /// Reads up to where the file begins.
    fn begin(&self, is_over: impl Fn() -> bool) -> Result<Unpacked> {
        let mut source = unpacked(self.content.clone(), Arc::new(AtomicU64::new(0))).map_err(unreadable)?;
        let mut scratch = vec![0; CHUNK];
        let mut left = self.begin;
        while left > 0 {
            if is_over() || Instant::now() > self.deadline {
                return Err(unreadable(io::ErrorKind::TimedOut.into()));
            }
            let wanted = usize::try_from(left).unwrap_or(CHUNK).min(CHUNK);
            let read = source.read(&mut scratch[..wanted]).map_err(unreadable)?;
            if read == 0 {
                return Err(unreadable(io::ErrorKind::UnexpectedEof.into()));
            }
            left -= read as u64;
        }
        Ok(source)
    }

    fn send(&self, to: &mpsc::Sender<Result<Bytes>>, runtime: &Handle) -> Result<()> {
        let mut source = self.begin(|| to.is_closed())?;
        let mut left = self.size;
        while left > 0 {
            if Instant::now() > self.deadline {
                return Err(unreadable(io::ErrorKind::TimedOut.into()));
            }
            let mut chunk = vec![0; usize::try_from(left).unwrap_or(CHUNK).min(CHUNK)];
            source.read_exact(&mut chunk).map_err(unreadable)?;
            left -= chunk.len() as u64;
            match runtime.block_on(tokio::time::timeout(PATIENCE, to.send(Ok(chunk.into())))) {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Ok(()),
                Err(_) => return Err(unreadable(io::ErrorKind::TimedOut.into())),
            }
        }
        Ok(())
    }
}

fn text_of(mut bytes: Vec<u8>, is_cut: bool) -> PreviewText {
    if let Err(error) = std::str::from_utf8(&bytes)
        && is_cut
        && error.error_len().is_none()
    {
        // The end cuts a letter in two.
        bytes.truncate(error.valid_up_to());
    }
    match String::from_utf8(bytes) {
        Ok(text) if !text.contains('\0') => PreviewText::Text { text, is_cut },
        _ => PreviewText::Binary,
    }
}

fn unreadable(source: io::Error) -> Error {
    Error::Unavailable { context: "reading a file of a layer", source: source.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_is_utf8_without_nul() {
        let text = |text: &str, is_cut| PreviewText::Text { text: text.into(), is_cut };
        assert_eq!(text_of("héllo".into(), false), text("héllo", false));
        assert_eq!(text_of("hé".as_bytes()[..2].to_vec(), true), text("h", true));
        for binary in [&b"h\xc3"[..], b"a\0b", b"\xff\xfe"] {
            assert_eq!(text_of(binary.to_vec(), false), PreviewText::Binary);
        }
        assert_eq!(text_of(b"\xffabc".to_vec(), true), PreviewText::Binary);
    }
}
