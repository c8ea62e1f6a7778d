//! Sending a file: large reads, no copies that can be spared, no waiting on the async thread.
//!
//! What the kernel has in memory is read in place (`RWF_NOWAIT`): that costs less than handing the read to another thread.
//! What it has not is read where blocking is allowed. One buffer goes round as long as the connection gives it back.

use std::fs::File;
use std::io::{self, IoSliceMut};
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use bytes::Bytes;
use rustix::io::{Errno, ReadWriteFlags};
use tokio::task::JoinHandle;

/// Half of it costs noticeably more per byte, twice as much falls out of the processor's cache.
const CHUNK: usize = 256 * 1024;

/// The answer to HEAD: the length of a body that is not sent.
pub struct HeadBody(pub u64);

impl MessageBody for HeadBody {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.0)
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}

/// A read where blocking is allowed: gives the buffer back with the count of bytes read into it.
type Reading = JoinHandle<io::Result<(Vec<u8>, usize)>>;

/// Part of a file as a response body.
pub struct BlobBody {
    file: Arc<File>,
    at: u64,
    left: u64,
    buffer: Arc<Vec<u8>>,
    /// Whether the file system can say "not in memory" instead of waiting for the disk.
    can_refuse: bool,
    reading: Option<Reading>,
}

impl BlobBody {
    /// `length` bytes from `first` on.
    pub fn new(file: Arc<File>, first: u64, length: u64) -> BlobBody {
        BlobBody { file, at: first, left: length, buffer: Arc::default(), can_refuse: true, reading: None }
    }

    fn wanted(&self) -> usize {
        usize::try_from(self.left).unwrap_or(CHUNK).min(CHUNK)
    }

    /// A buffer nobody else holds: the last one if the connection is done with it.
    fn take_buffer(&mut self, size: usize) -> Vec<u8> {
        let mut buffer = Arc::try_unwrap(std::mem::take(&mut self.buffer)).unwrap_or_default();
        if buffer.len() < size {
            buffer.resize(size, 0);
        }
        buffer
    }

    fn lend(&mut self, buffer: Vec<u8>, count: usize) -> Poll<Option<io::Result<Bytes>>> {
        if count == 0 {
            // Fewer bytes than were announced: the connection must break, or the client would take it for the whole.
            return Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into())));
        }
        self.at += count as u64;
        self.left -= count as u64;
        self.buffer = Arc::new(buffer);
        Poll::Ready(Some(Ok(Bytes::from_owner(Lent { buffer: self.buffer.clone(), count }))))
    }
}

/// The filled part of a buffer, on loan to the connection.
struct Lent {
    buffer: Arc<Vec<u8>>,
    count: usize,
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.count]
    }
}

impl MessageBody for BlobBody {
    type Error = io::Error;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.left)
    }

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        if self.left == 0 {
            return Poll::Ready(None);
        }
        let wanted = self.wanted();
        if self.reading.is_none() {
            let mut buffer = self.take_buffer(wanted);
            if self.can_refuse {
                match read_if_in_memory(&self.file, &mut buffer[..wanted], self.at) {
                    Ok(count) => return self.lend(buffer, count),
                    Err(Errno::AGAIN | Errno::INTR) => {}
                    Err(_) => self.can_refuse = false,
                }
            }
            let (file, at) = (self.file.clone(), self.at);
            self.reading = Some(tokio::task::spawn_blocking(move || {
                let count = file.read_at(&mut buffer[..wanted], at)?;
                Ok((buffer, count))
            }));
        }
        let Some(reading) = self.reading.as_mut() else { return Poll::Ready(None) };
        let done = ready!(Pin::new(reading).poll(context));
        self.reading = None;
        match done {
            Ok(Ok((buffer, count))) => self.lend(buffer, count),
            Ok(Err(error)) => {
                tracing::error!(%error, "a blob could not be read");
                Poll::Ready(Some(Err(error)))
            }
            Err(panic) => Poll::Ready(Some(Err(io::Error::other(panic)))),
        }
    }
}

#[cfg(target_os = "linux")]
fn read_if_in_memory(file: &File, buffer: &mut [u8], at: u64) -> rustix::io::Result<usize> {
    rustix::io::preadv2(file, &mut [IoSliceMut::new(buffer)], at, ReadWriteFlags::NOWAIT)
}

#[cfg(not(target_os = "linux"))]
fn read_if_in_memory(_: &File, _: &mut [u8], _: u64) -> rustix::io::Result<usize> {
    Err(Errno::NOTSUP)
}
