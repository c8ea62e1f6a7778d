//! What is in a folder, row by row, and the way there.

use domain::layer_files::{Change, FileEntry, FileKind, FilePath};
use domain::time::Timestamp;

use super::super::subject::Subject;
use super::Shown;
use crate::portal::show::Moment;
use crate::portal::visit::Visit;

/// A part of the way to a folder.
pub struct Crumb {
    /// Its name; a slash for the root.
    pub name: String,
    /// Its page; nothing for where one is.
    pub url: Option<String>,
}

impl Crumb {
    /// The way to a path, root first.
    pub(super) fn of(path: &FilePath, to: impl Fn(&FilePath) -> String) -> Vec<Crumb> {
        let mut crumbs = vec![Crumb { name: crumb(path), url: None }];
        let mut above = path.parent();
        while let Some(folder) = above {
            crumbs.push(Crumb { name: crumb(&folder), url: Some(to(&folder)) });
            above = folder.parent();
        }
        crumbs.reverse();
        crumbs
    }
}

fn crumb(path: &FilePath) -> String {
    if path.is_root() { "/".into() } else { path.name().into() }
}

/// Something in a folder.
pub struct FileRow {
    /// Its picture.
    pub icon: &'static str,
    /// Name.
    pub name: String,
    /// Where it is opened; nothing for what cannot be.
    pub url: Option<String>,
    /// Where a link leads.
    pub link: Option<String>,
    /// What the layer does to it.
    pub change: Option<Mark>,
    /// As `ls -l` writes them.
    pub permissions: String,
    /// User and group.
    pub owner: String,
    /// Bytes in words; nothing for what has none.
    pub size: Option<String>,
    /// When it was changed.
    pub modified: Option<Moment>,
    /// The layer it is of, counted from one.
    pub layer: usize,
}

/// A sign and its word.
pub struct Mark {
    /// Of the sign.
    pub class: &'static str,
    /// `+`, `~`, `−` or nothing.
    pub sign: &'static str,
    /// The word's key.
    pub word: &'static str,
}

impl Mark {
    fn of(change: Change) -> Mark {
        let (class, sign, word) = match change {
            Change::Added => ("mark mark-add", "+", "image-added"),
            Change::Changed => ("mark mark-mod", "~", "image-changed"),
            Change::Removed => ("mark mark-del", "−", "image-removed"),
            Change::Unchanged => ("", "", "image-unchanged"),
        };
        Mark { class, sign, word }
    }
}

impl FileRow {
    pub(super) fn new(visit: &Visit, subject: &Subject, shown: &Shown, entry: FileEntry) -> FileRow {
        let reader = visit.reader();
        let is_gone = entry.change == Some(Change::Removed);
        let path = [("path", entry.path.as_str()), ("after", "")];
        let url = match entry.kind {
            _ if is_gone => None,
            FileKind::Directory => Some(shown.link(subject, &path)),
            _ if entry.has_content() => Some(shown.link(subject, &[path[0], path[1], ("show", "file")])),
            _ => None,
        };
        FileRow {
            icon: match entry.kind {
                FileKind::Directory => "folder",
                FileKind::Symlink | FileKind::Hardlink => "file-symlink",
                _ => "file",
            },
            permissions: entry.permissions(),
            owner: format!("{}:{}", entry.uid, entry.gid),
            size: (entry.kind == FileKind::File).then(|| reader.size(entry.size)),
            modified: entry.modified.map(|seconds| reader.moment(Timestamp(seconds.saturating_mul(1000)))),
            change: entry.change.map(Mark::of),
            layer: entry.layer + 1,
            name: entry.name,
            link: entry.link,
            url,
        }
    }
}
