//! The bytes of a layer before compression, read in one direction.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::blob::BlobContent;

const BUFFER: usize = 128 * 1024;
/// Zstandard keeps this much of what it wrote, as a power of two: what `zstd` accepts unless told otherwise.
const MAX_WINDOW_LOG: u32 = 27;

/// A blob, read from its beginning. Others may read the same file at the same time.
struct BlobReader {
    file: Arc<File>,
    at: Arc<AtomicU64>,
    end: u64,
}

impl Read for BlobReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.at.load(Ordering::Relaxed);
        let left = usize::try_from(self.end - at.min(self.end)).unwrap_or(usize::MAX);
        let wanted = buffer.len().min(left);
        let read = self.file.read_at(&mut buffer[..wanted], at)?;
        self.at.store(at + read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

/// What a layer unpacks to, as its first bytes say: media types are often wrong.
pub(super) type Unpacked = Box<dyn Read + Send>;

/// Opens a layer for reading; `at` follows how many of its bytes were read.
///
/// # Errors
/// If the beginning cannot be read.
pub(super) fn unpacked(content: BlobContent, at: Arc<AtomicU64>) -> io::Result<Unpacked> {
    at.store(0, Ordering::Relaxed);
    let mut reader = BufReader::with_capacity(BUFFER, BlobReader { file: content.file, at, end: content.size });
    let first = reader.fill_buf()?;
    if first.starts_with(&[0x1f, 0x8b]) {
        // Several members one after the other are one layer: eStargz is made like that.
        return Ok(Box::new(flate2::bufread::MultiGzDecoder::new(reader)));
    }
    if is_zstd(first) {
        let mut decoder = zstd::stream::read::Decoder::with_buffer(reader)?;
        decoder.window_log_max(MAX_WINDOW_LOG)?;
        return Ok(Box::new(decoder));
    }
    Ok(Box::new(reader))
}

/// A frame, or one to be skipped, which `zstd:chunked` begins with.
fn is_zstd(first: &[u8]) -> bool {
    first.starts_with(&[0x28, 0xb5, 0x2f, 0xfd])
        || (first.len() >= 4 && first[0] & 0xf0 == 0x50 && first[1..4] == [0x2a, 0x4d, 0x18])
}
