//! Reads the headers of a tar archive one after the other and skips what is between them.
//!
//! Written for archives of strangers: extended headers are bounded, nothing is unpacked, and a step ends after a bounded
//! number of bytes whether it found something or not. Where implementations differ this one reads as Go's `archive/tar`
//! does, because that is what container engines unpack with.
//!
//! Source: POSIX pax interchange format; GNU tar manual, "Basic Tar Format".

use std::io::{self, Read};

use tar::{EntryType, GnuExtSparseHeader, Header};

use super::path::FilePath;
use super::rows::FileKind;

const BLOCK: usize = 512;
const MAX_PAX: u64 = 1024 * 1024;
const MAX_LONG_NAME: u64 = 64 * 1024;
/// Of 21 holes each.
const MAX_SPARSE_MAPS: u32 = 4096;

/// Why a layer cannot be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// It is no archive, or a broken one.
    Broken(String),
    /// It has more bytes than are read.
    TooLarge(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Fault {
        Fault::Broken(match error.kind() {
            io::ErrorKind::UnexpectedEof => "it ends in the middle".to_string(),
            _ => error.to_string(),
        })
    }
}

/// An entry of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub path: FilePath,
    pub kind: FileKind,
    pub mode: u32,
    pub uid: i64,
    pub gid: i64,
    pub size: i64,
    pub mtime: i64,
    pub link: Option<String>,
    /// Where its bytes begin; `None` if it has none or they have holes.
    pub data_at: Option<i64>,
}

/// What a step came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Walked {
    /// An entry.
    Entry(Box<Found>),
    /// Something that is not kept: a name that leads elsewhere, a kind nobody knows.
    Skipped,
    /// Bytes were skipped; there may be more.
    Working,
    /// The archive is over.
    End,
}

/// What extended headers say about the entry that follows them.
#[derive(Default)]
struct Extended {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
    uid: Option<i64>,
    gid: Option<i64>,
    mtime: Option<i64>,
    real_size: Option<u64>,
    is_sparse: bool,
}

pub(super) struct Walker<R> {
    reader: R,
    /// Bytes read so far.
    position: u64,
    /// Bytes to be skipped before the next header.
    pending: u64,
    limit: u64,
    scratch: Vec<u8>,
    extended: Extended,
}

impl<R: Read> Walker<R> {
    /// A walker that gives up after `limit` bytes.
    pub(super) fn new(reader: R, limit: u64) -> Walker<R> {
        let scratch = vec![0; 64 * 1024];
        Walker { reader, position: 0, pending: 0, limit, scratch, extended: Extended::default() }
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Goes on for about `budget` bytes at most.
    pub(super) fn step(&mut self, budget: u64) -> Result<Walked, Fault> {
        let until = self.position.saturating_add(budget);
        while self.pending > 0 {
            if self.position >= until {
                return Ok(Walked::Working);
            }
            self.skip_some()?;
        }
        let mut block = [0; BLOCK];
        if !self.read_block(&mut block)? || block.iter().all(|byte| *byte == 0) {
            return Ok(Walked::End);
        }
        let header = Header::from_byte_slice(&block);
        self.check(header, &block)?;
        let kind = header.entry_type();
        let size = number(header.entry_size())?;
        match kind {
            EntryType::XHeader => {
                let content = self.read_extension(size, MAX_PAX)?;
                self.read_pax(&content)?;
                Ok(Walked::Working)
            }
            EntryType::GNULongName => {
                self.extended.path = Some(without_nul(self.read_extension(size, MAX_LONG_NAME)?));
                Ok(Walked::Working)
            }
            EntryType::GNULongLink => {
                self.extended.link = Some(without_nul(self.read_extension(size, MAX_LONG_NAME)?));
                Ok(Walked::Working)
            }
            EntryType::XGlobalHeader => {
                self.pending = padded(size)?;
                Ok(Walked::Working)
            }
            _ => self.entry(header, kind, size),
        }
    }

    fn entry(&mut self, header: &Header, kind: EntryType, size: u64) -> Result<Walked, Fault> {
        let extended = std::mem::take(&mut self.extended);
        let is_sparse = extended.is_sparse || kind == EntryType::GNUSparse;
        let mut real_size = extended.real_size;
        if kind == EntryType::GNUSparse
            && let Some(gnu) = header.as_gnu()
        {
            real_size = Some(number(gnu.real_size())?);
            let (mut more, mut maps) = (gnu.is_extended(), 0);
            while more {
                maps += 1;
                if maps > MAX_SPARSE_MAPS {
                    return Err(Fault::Broken(format!(
                        "it has a file with more than {MAX_SPARSE_MAPS} lists of holes"
                    )));
                }
                let mut map = GnuExtSparseHeader::new();
                self.require(&mut map.as_mut_bytes()[..])?;
                more = map.is_extended();
            }
        }
        let path_bytes = extended.path.unwrap_or_else(|| header.path_bytes().into_owned());
        let Some(kind) = kind_of(kind, &path_bytes) else {
            self.pending = padded(extended.size.unwrap_or(size))?;
            return Ok(Walked::Skipped);
        };
        // Only files have content, whatever the size says.
        let stored = if kind == FileKind::File { extended.size.unwrap_or(size) } else { 0 };
        self.pending = padded(stored)?;
        let link = extended.link.or_else(|| header.link_name_bytes().map(std::borrow::Cow::into_owned));
        let link = link.filter(|_| matches!(kind, FileKind::Symlink | FileKind::Hardlink));
        let Some(path) = FilePath::of_bytes(&path_bytes) else { return Ok(Walked::Skipped) };
        let data_at = (kind == FileKind::File && !is_sparse).then_some(self.position);
        Ok(Walked::Entry(Box::new(Found {
            path,
            kind,
            mode: header.mode().unwrap_or(0) & 0o7777,
            uid: extended.uid.unwrap_or_else(|| signed(header.uid().unwrap_or(0))),
            gid: extended.gid.unwrap_or_else(|| signed(header.gid().unwrap_or(0))),
            size: signed(real_size.filter(|_| is_sparse).unwrap_or(stored)),
            mtime: extended.mtime.unwrap_or_else(|| signed(header.mtime().unwrap_or(0))),
            link: link.map(|link| String::from_utf8_lossy(&link).replace('\0', "").chars().take(4096).collect()),
            data_at: data_at.map(signed),
        })))
    }

    fn check(&self, header: &Header, block: &[u8; BLOCK]) -> Result<(), Fault> {
        let sum = |at: usize, byte: &u8| u32::from(if (148..156).contains(&at) { b' ' } else { *byte });
        let actual: u32 = block.iter().enumerate().map(|(at, byte)| sum(at, byte)).sum();
        if header.cksum().is_ok_and(|written| written == actual) {
            return Ok(());
        }
        let first = self.position <= BLOCK as u64;
        Err(Fault::Broken(match first {
            true => "it is no tar archive".to_string(),
            false => format!("the header before byte {} is damaged", self.position),
        }))
    }

    fn read_extension(&mut self, size: u64, most: u64) -> Result<Vec<u8>, Fault> {
        if size > most {
            return Err(Fault::Broken(format!("it has an extended header of {size} bytes; {most} are read")));
        }
        let mut content = vec![0; usize::try_from(size).unwrap_or(0)];
        self.require(&mut content)?;
        self.pending = padded(size)? - size;
        Ok(content)
    }

    /// Records are `length key=value\n`; the length counts all of it. Values may have line breaks.
    fn read_pax(&mut self, content: &[u8]) -> Result<(), Fault> {
        let damaged = || Fault::Broken("an extended header is damaged".to_string());
        let mut rest = content;
        while !rest.is_empty() && rest[0] != 0 {
            let blank = rest.iter().position(|byte| *byte == b' ').ok_or_else(damaged)?;
            let digits = std::str::from_utf8(&rest[..blank]).map_err(|_| damaged())?;
            let length: usize = digits.parse().map_err(|_| damaged())?;
            if length <= blank + 1 || length > rest.len() || rest[length - 1] != b'\n' {
                return Err(damaged());
            }
            let record = &rest[blank + 1..length - 1];
            let equals = record.iter().position(|byte| *byte == b'=').ok_or_else(damaged)?;
            self.note(&record[..equals], &record[equals + 1..]).ok_or_else(damaged)?;
            rest = &rest[length..];
        }
        Ok(())
    }

    fn note(&mut self, key: &[u8], value: &[u8]) -> Option<()> {
        let text = || std::str::from_utf8(value).ok();
        // Times have fractions, which nobody looks at here.
        let seconds = || text()?.split('.').next()?.parse::<i64>().ok();
        let extended = &mut self.extended;
        match key {
            b"path" | b"GNU.sparse.name" => extended.path = Some(value.to_vec()),
            b"linkpath" => extended.link = Some(value.to_vec()),
            b"size" => extended.size = Some(text()?.parse().ok()?),
            b"uid" => extended.uid = Some(text()?.parse().ok()?),
            b"gid" => extended.gid = Some(text()?.parse().ok()?),
            b"mtime" => extended.mtime = Some(seconds()?),
            b"GNU.sparse.size" | b"GNU.sparse.realsize" => extended.real_size = Some(text()?.parse().ok()?),
            _ => {}
        }
        extended.is_sparse |= key.starts_with(b"GNU.sparse.");
        Some(())
    }

    /// `false` at the end of the input.
    fn read_block(&mut self, block: &mut [u8; BLOCK]) -> Result<bool, Fault> {
        let mut filled = 0;
        while filled < BLOCK {
            match self.reader.read(&mut block[filled..]) {
                Ok(0) if filled == 0 => return Ok(false),
                Ok(0) => return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()),
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.advance(BLOCK as u64)?;
        Ok(true)
    }

    fn require(&mut self, buffer: &mut [u8]) -> Result<(), Fault> {
        self.reader.read_exact(buffer)?;
        self.advance(buffer.len() as u64)
    }

    fn skip_some(&mut self) -> Result<(), Fault> {
        let wanted = self.scratch.len().min(usize::try_from(self.pending).unwrap_or(usize::MAX));
        let read = self.reader.read(&mut self.scratch[..wanted])?;
        if read == 0 {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        self.pending -= read as u64;
        self.advance(read as u64)
    }

    fn advance(&mut self, read: u64) -> Result<(), Fault> {
        self.position += read;
        if self.position > self.limit {
            return Err(Fault::TooLarge(format!("it unpacks to more than {} bytes", self.limit)));
        }
        Ok(())
    }
}

fn kind_of(kind: EntryType, path: &[u8]) -> Option<FileKind> {
    Some(match kind {
        // Before there was a type for them, folders were files whose name ends in a slash.
        EntryType::Regular if path.ends_with(b"/") => FileKind::Directory,
        EntryType::Regular | EntryType::Continuous | EntryType::GNUSparse => FileKind::File,
        EntryType::Link => FileKind::Hardlink,
        EntryType::Symlink => FileKind::Symlink,
        EntryType::Directory => FileKind::Directory,
        EntryType::Char => FileKind::CharacterDevice,
        EntryType::Block => FileKind::BlockDevice,
        EntryType::Fifo => FileKind::Fifo,
        _ => return None,
    })
}

fn number(read: io::Result<u64>) -> Result<u64, Fault> {
    read.map_err(|error| Fault::Broken(error.to_string()))
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn padded(size: u64) -> Result<u64, Fault> {
    size.checked_next_multiple_of(BLOCK as u64).ok_or_else(|| Fault::TooLarge("an entry is larger than can be".into()))
}

fn without_nul(mut name: Vec<u8>) -> Vec<u8> {
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    name.truncate(end);
    name
}

#[cfg(test)]
#[path = "walk_tests.rs"]
mod tests;
