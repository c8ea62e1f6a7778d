//! Looking into folders: of one layer, and of the image that its layers make. The rules are in [`Stack`].

use std::collections::BTreeMap;

use super::index::LayerFiles;
use super::path::FilePath;
use super::rows::FileKind;
use super::stack::{Page, Stack};
use crate::access::{Authorized, Read};
use crate::db::Conn;
use crate::error::{Error, Result, Thing};
use crate::oci::Digest;
use crate::repository::Repository;

/// What is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Layers of an image, lowest first.
    pub layers: Vec<Digest>,
    /// The layer that is looked at, or up to which the image is; counted from 0.
    pub at: usize,
}

/// What a layer does to what the layers below it have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is another than before.
    Changed,
    /// It is there again as it was: folders are, when something in them changes.
    Unchanged,
    /// It is gone.
    Removed,
}

/// Something in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEntry {
    /// Name.
    pub name: String,
    /// Path.
    pub path: FilePath,
    /// What it is; of what was removed, what it was.
    pub kind: FileKind,
    /// Permission bits; `None` for folders that no archive describes.
    pub mode: Option<u32>,
    /// Owner.
    pub uid: i64,
    /// Group.
    pub gid: i64,
    /// Bytes.
    pub size: u64,
    /// When it was last changed, in seconds since 1970.
    pub modified: Option<i64>,
    /// Where a link leads, as written.
    pub link: Option<String>,
    /// The layer it is of, counted from 0.
    pub layer: usize,
    /// What the layer did; `None` in the view of the image.
    pub change: Option<Change>,
    pub(super) data_at: Option<i64>,
}

impl FileEntry {
    /// Whether its content can be shown.
    pub fn has_content(&self) -> bool {
        self.data_at.is_some() || self.kind == FileKind::Hardlink
    }

    /// Type and permissions as `ls -l` writes them, such as `drwxr-xr-x`.
    pub fn permissions(&self) -> String {
        let kind = match self.kind {
            FileKind::Directory => 'd',
            FileKind::Symlink => 'l',
            FileKind::CharacterDevice => 'c',
            FileKind::BlockDevice => 'b',
            FileKind::Fifo => 'p',
            FileKind::File | FileKind::Hardlink | FileKind::Removed => '-',
        };
        let mode = self.mode.unwrap_or(0o755);
        let mut text = String::from(kind);
        for (shift, special, letter) in [(6, 0o4000, 's'), (3, 0o2000, 's'), (0, 0o1000, 't')] {
            let bits = mode >> shift;
            text.push(if bits & 4 == 0 { '-' } else { 'r' });
            text.push(if bits & 2 == 0 { '-' } else { 'w' });
            text.push(match (mode & special != 0, bits & 1 != 0) {
                (false, false) => '-',
                (false, true) => 'x',
                (true, true) => letter,
                (true, false) => letter.to_ascii_uppercase(),
            });
        }
        text
    }
}

/// A page of a folder, in the order of the names' bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// What is in it. May be shorter than asked for although there is more.
    pub entries: Vec<FileEntry>,
    /// The list goes on after this name.
    pub next: Option<String>,
}

impl LayerFiles {
    /// What a layer has in a folder and what it does to the layers below: its own entries, and what it removes.
    ///
    /// Five statements at most. Indexes: those of [`LayerFiles::states`], `layer_entries` primary key.
    ///
    /// # Errors
    /// `NotFound` if the layer has no such folder; `Refused` if a layer up to it is not indexed.
    pub async fn layer_folder(
        &self,
        repository: &Authorized<Repository, Read>,
        view: View,
        folder: FilePath,
        after: String,
        limit: usize,
    ) -> Result<Listing> {
        let repository = repository.clone();
        self.db
            .read(move |conn| {
                let stack = Stack::of(conn, &repository, &view)?;
                layer_folder(conn, &stack, &Page::of(folder, &after, limit))
            })
            .await
    }

    /// What the image has in a folder with all layers up to the one looked at.
    ///
    /// Three statements. Indexes as of [`LayerFiles::layer_folder`].
    ///
    /// # Errors
    /// As [`LayerFiles::layer_folder`].
    pub async fn image_folder(
        &self,
        repository: &Authorized<Repository, Read>,
        view: View,
        folder: FilePath,
        after: String,
        limit: usize,
    ) -> Result<Listing> {
        let repository = repository.clone();
        self.db
            .read(move |conn| {
                let stack = Stack::of(conn, &repository, &view)?;
                let page = Page::of(folder, &after, limit);
                let floor = stack.floor(conn, &page.folder)?.ok_or_else(|| unknown(&page.folder))?;
                let (entries, next) = stack.merged(conn, floor, &page)?;
                Ok(Listing { entries: entries.into_values().collect(), next })
            })
            .await
    }

    /// What the image has at a path with all layers up to the one looked at; for finding a file by its path.
    ///
    /// # Errors
    /// As [`LayerFiles::layer_folder`].
    pub async fn file(
        &self,
        repository: &Authorized<Repository, Read>,
        view: View,
        path: FilePath,
    ) -> Result<FileEntry> {
        let repository = repository.clone();
        self.db
            .read(move |conn| {
                let stack = Stack::of(conn, &repository, &view)?;
                stack.find(conn, &path)?.ok_or_else(|| unknown(&path))
            })
            .await
    }
}

fn layer_folder(conn: &mut Conn, stack: &Stack, page: &Page) -> Result<Listing> {
    let own = stack.top();
    let hides = own.hides_below(conn, &page.folder)?;
    let (mut entries, mut next) = own.highest(conn, 0, page)?;
    if entries.is_empty() && !page.folder.is_root() && own.floor(conn, &page.folder)?.is_none() {
        return Err(unknown(&page.folder));
    }
    let below = stack.below();
    let before = match below.floor(conn, &page.folder)? {
        None => BTreeMap::new(),
        // All that is below in the folder is gone or replaced.
        Some(floor) if hides => {
            let (before, before_next) = below.merged(conn, floor, page)?;
            next = nearest(next, before_next);
            before
        }
        Some(floor) => below.winners(conn, floor, &page.folder, entries.keys())?,
    };
    let is_shown = |name: &String| next.as_ref().is_none_or(|end| name <= end);
    let mut all: BTreeMap<String, FileEntry> = BTreeMap::new();
    for (name, was) in before.iter().filter(|(name, _)| hides && is_shown(name)) {
        all.insert(name.clone(), FileEntry { change: Some(Change::Removed), layer: stack.at, ..was.clone() });
    }
    entries.retain(|name, _| is_shown(name));
    for (name, entry) in entries {
        let was = before.get(&name);
        let change = match (entry.kind, was) {
            // A whiteout of what is not there, or of what an opaque folder hides anyway.
            (FileKind::Removed, None) => continue,
            (FileKind::Removed, Some(_)) => Change::Removed,
            (_, None) => Change::Added,
            (_, Some(was)) if is_same(&entry, was) => Change::Unchanged,
            (_, Some(_)) => Change::Changed,
        };
        let shown = match was.filter(|_| change == Change::Removed) {
            Some(was) => FileEntry { layer: entry.layer, ..was.clone() },
            None => entry,
        };
        all.insert(name, FileEntry { change: Some(change), layer: stack.at, ..shown });
    }
    Ok(Listing { entries: all.into_values().collect(), next })
}

/// The first of two names that lists go on after: behind it one of them is not complete.
fn nearest(one: Option<String>, other: Option<String>) -> Option<String> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    }
}

/// Whether a layer has the same again. Of a folder only who may do what with it counts: its time and size change with
/// what is in it.
fn is_same(entry: &FileEntry, was: &FileEntry) -> bool {
    let who = |entry: &FileEntry| (entry.kind, entry.mode, entry.uid, entry.gid);
    let what = |entry: &FileEntry| (entry.size, entry.modified, entry.link.clone());
    match entry.kind {
        // A folder nobody described is one that only the paths below it speak of.
        FileKind::Directory => was.kind == FileKind::Directory && (entry.mode.is_none() || who(entry) == who(was)),
        _ => who(entry) == who(was) && what(entry) == what(was),
    }
}

fn unknown(path: &FilePath) -> Error {
    Error::NotFound(Thing::File(path.to_string()))
}
