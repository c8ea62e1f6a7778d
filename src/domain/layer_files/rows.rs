//! The rows a layer becomes.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;

use super::path::FilePath;
use super::walk::Found;
use crate::db::schema::layer_entries;
use crate::db::schema::layer_entries as e;
use crate::db::{Conn, Tx, text_enum};
use crate::error::Result;

/// Rows inserted by one statement.
const INSERTED_AT_ONCE: usize = 500;
/// Folders remembered as written; forgetting some costs a statement that changes nothing.
const REMEMBERED_FOLDERS: usize = 20_000;

const WHITEOUT: &str = ".wh.";
const OPAQUE: &str = ".wh..wh..opq";
/// Other things that AUFS kept for itself.
const AUFS: &str = ".wh..wh.";

text_enum! {
    /// What an entry is.
    FileKind {
        /// A folder.
        Directory = "directory",
        /// A file.
        File = "file",
        /// A link to a path.
        Symlink = "symlink",
        /// Another name of a file of the same layer.
        Hardlink = "hardlink",
        /// A character device.
        CharacterDevice = "character_device",
        /// A block device.
        BlockDevice = "block_device",
        /// A named pipe.
        Fifo = "fifo",
        /// Nothing: what lower layers have under this name is gone.
        Removed = "removed",
    }
}

#[derive(Insertable, Debug, Clone, PartialEq, Eq)]
#[diesel(table_name = layer_entries)]
pub(super) struct EntryRow {
    pub layer_id: i64,
    pub place: String,
    pub kind: FileKind,
    pub mode: Option<i32>,
    pub uid: i64,
    pub gid: i64,
    pub size: i64,
    pub mtime: Option<i64>,
    pub link: Option<String>,
    pub data_at: Option<i64>,
    pub hides: bool,
    pub is_opaque: bool,
}

/// Rows to be written together. Of equal places the last counts, as when an archive is unpacked.
#[derive(Default)]
pub(super) struct Batch {
    entries: BTreeMap<String, EntryRow>,
    folders: BTreeMap<String, EntryRow>,
    whiteouts: BTreeMap<String, EntryRow>,
    opaque: BTreeMap<String, EntryRow>,
}

/// Makes rows of entries.
pub(super) struct Collector {
    layer: i64,
    known_folders: HashSet<String>,
}

impl Collector {
    pub(super) fn new(layer: i64) -> Collector {
        Collector { layer, known_folders: HashSet::new() }
    }

    /// Adds the rows of an entry; `false` if there is nothing to keep.
    pub(super) fn add(&mut self, batch: &mut Batch, found: Found) -> bool {
        let Some(parent) = found.path.parent() else {
            // The root itself, which many archives begin with.
            let row = self.row(&found.path, FileKind::Directory);
            batch.entries.insert(row.place.clone(), EntryRow { mode: mode_of(&found), ..row });
            return true;
        };
        let name = found.path.name();
        if name == OPAQUE {
            let row = EntryRow { is_opaque: true, ..self.row(&parent, FileKind::Directory) };
            self.add_folders(batch, &parent);
            batch.opaque.insert(row.place.clone(), row);
        } else if name.starts_with(AUFS) {
            return false;
        } else if let Some(gone) = name.strip_prefix(WHITEOUT) {
            if gone.is_empty() {
                return false;
            }
            let row = EntryRow { hides: true, ..self.row(&parent.join(gone), FileKind::Removed) };
            self.add_folders(batch, &parent);
            batch.whiteouts.insert(row.place.clone(), row);
        } else {
            self.add_folders(batch, &parent);
            let row = EntryRow {
                mode: mode_of(&found),
                uid: found.uid,
                gid: found.gid,
                size: found.size,
                mtime: Some(found.mtime),
                data_at: found.data_at,
                ..self.row(&found.path, found.kind)
            };
            batch.entries.insert(row.place.clone(), EntryRow { link: found.link, ..row });
        }
        true
    }

    /// Folders that the archive may not have entries of their own for.
    fn add_folders(&mut self, batch: &mut Batch, folder: &FilePath) {
        for above in folder.chain().filter(|above| !above.is_root()) {
            let row = self.row(&above, FileKind::Directory);
            if !self.known_folders.insert(row.place.clone()) {
                return;
            }
            batch.folders.insert(row.place.clone(), row);
        }
        if self.known_folders.len() > REMEMBERED_FOLDERS {
            self.known_folders.clear();
        }
    }

    fn row(&self, path: &FilePath, kind: FileKind) -> EntryRow {
        EntryRow {
            layer_id: self.layer,
            place: path.place(),
            kind,
            mode: None,
            uid: 0,
            gid: 0,
            size: 0,
            mtime: None,
            link: None,
            data_at: None,
            hides: false,
            is_opaque: false,
        }
    }
}

fn mode_of(found: &Found) -> Option<i32> {
    i32::try_from(found.mode).ok()
}

/// Inserts rows, some hundred at once on PostgreSQL. Diesel has no such statement with a conflict for SQLite, where one
/// by one costs little: there is no network between.
macro_rules! upsert {
    ($tx:ident, $rows:expr, $insert:ident => $statement:expr) => {{
        let rows: Vec<&EntryRow> = $rows.values().collect();
        match &mut **$tx {
            Conn::Postgres(conn) => {
                for some in rows.chunks(INSERTED_AT_ONCE) {
                    let $insert =
                        diesel::insert_into(e::table).values(some.to_vec()).on_conflict((e::layer_id, e::place));
                    $statement.execute(conn)?;
                }
            }
            Conn::Sqlite(conn) => {
                for row in rows {
                    let $insert = diesel::insert_into(e::table).values(row).on_conflict((e::layer_id, e::place));
                    $statement.execute(conn)?;
                }
            }
        }
    }};
}

impl Batch {
    pub(super) fn len(&self) -> usize {
        self.entries.len() + self.folders.len() + self.whiteouts.len() + self.opaque.len()
    }

    /// Bytes of their paths and of what links point to.
    pub(super) fn path_bytes(&self) -> u64 {
        let all = [&self.entries, &self.folders, &self.whiteouts, &self.opaque];
        let bytes = |row: &EntryRow| (row.place.len() + row.link.as_ref().map_or(0, String::len)) as u64;
        all.into_iter().flat_map(|rows| rows.values()).map(bytes).sum()
    }

    /// Writes the rows. Doing it again changes nothing, so an index that was interrupted is simply made once more.
    pub(super) fn write(&self, tx: &mut Tx<'_>) -> Result<()> {
        use diesel::upsert::excluded;
        // Whether one hides what is below was said by a whiteout beside it and stays.
        upsert!(tx, self.entries, insert => insert.do_update().set((
            e::kind.eq(excluded(e::kind)),
            e::mode.eq(excluded(e::mode)),
            e::uid.eq(excluded(e::uid)),
            e::gid.eq(excluded(e::gid)),
            e::size.eq(excluded(e::size)),
            e::mtime.eq(excluded(e::mtime)),
            e::link.eq(excluded(e::link)),
            e::data_at.eq(excluded(e::data_at)),
        )));
        upsert!(tx, self.folders, insert => insert.do_nothing());
        upsert!(tx, self.whiteouts, insert => insert.do_update().set(e::hides.eq(true)));
        upsert!(tx, self.opaque, insert => insert.do_update().set(e::is_opaque.eq(true)));
        Ok(())
    }
}
