//! Layers on top of each other.
//!
//! The highest layer that says something about a name decides. What a folder had below is hidden by a layer that removes
//! the folder or one above it, makes one of them opaque, or has something else in its place: [`Stack::floor`] finds the
//! lowest layer that still counts, with one look at the folder and those above it.

use std::collections::{BTreeMap, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Nullable, Text};

use super::browse::{FileEntry, View};
use super::path::{FilePath, name_in};
use super::rows::FileKind;
use super::state::ready;
use crate::db::Conn;
use crate::db::schema::layer_entries;
use crate::error::{Error, Result};
use crate::on_backend;
use crate::repository::Repository;
use crate::sentence::sentence;

/// Images of more layers are not merged; no container engine runs them.
const MAX_LAYERS: usize = 256;
/// Entries of a page.
const MAX_PAGE: usize = 1_000;

/// The page of a folder that is asked for.
pub(super) struct Page {
    pub folder: FilePath,
    after: String,
    limit: usize,
}

impl Page {
    pub(super) fn of(folder: FilePath, after: &str, limit: usize) -> Page {
        let (first, _) = folder.range();
        Page { after: format!("{first}{after}"), folder, limit: limit.clamp(1, MAX_PAGE) }
    }
}

/// Indexes of layers and where they stand in the image, lowest first. A layer that is there twice is there once, at its
/// higher place: what it says there hides what it says below.
pub(super) struct Stack {
    layers: Vec<(usize, i64)>,
    /// With what is there twice.
    all: Vec<(usize, i64)>,
    /// The layer looked at.
    pub at: usize,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    place: String,
    #[diesel(sql_type = Integer)]
    position: i32,
    #[diesel(sql_type = Text)]
    kind: FileKind,
    #[diesel(sql_type = Nullable<Integer>)]
    mode: Option<i32>,
    #[diesel(sql_type = BigInt)]
    uid: i64,
    #[diesel(sql_type = BigInt)]
    gid: i64,
    #[diesel(sql_type = BigInt)]
    size: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    mtime: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    link: Option<String>,
    #[diesel(sql_type = Nullable<BigInt>)]
    data_at: Option<i64>,
}

const COLUMNS: &str = "place, kind, mode, uid, gid, size, mtime, link, data_at";

/// What a layer says about a place: the place, the layer's position, the kind, whether it hides, whether it is opaque.
type Said = (String, usize, FileKind, bool, bool);

impl Stack {
    /// The layers up to the one looked at.
    pub(super) fn of(conn: &mut Conn, repository: &Repository, view: &View) -> Result<Stack> {
        let Some(layers) = view.layers.get(..=view.at).filter(|layers| layers.len() <= MAX_LAYERS) else {
            return Err(Error::invalid(
                "layer",
                sentence!(
                    "said-layer",
                    "The layer is one below {count}; got {given}",
                    count = MAX_LAYERS.min(view.layers.len()),
                    given = view.at
                ),
            ));
        };
        let ids = ready(conn, repository, layers)?;
        let mut all = Vec::with_capacity(layers.len());
        for (position, layer) in layers.iter().enumerate() {
            let not_yet = || {
                let message =
                    sentence!("said-not-listed", "the files of layer {layer} are not listed yet", layer = layer);
                Error::refused(message)
            };
            all.push((position, *ids.get(layer.as_str()).ok_or_else(not_yet)?));
        }
        Ok(Stack::over(all, view.at))
    }

    fn over(all: Vec<(usize, i64)>, at: usize) -> Stack {
        let mut layers: Vec<(usize, i64)> = Vec::with_capacity(all.len());
        for (position, id) in &all {
            layers.retain(|(_, known)| known != id);
            layers.push((*position, *id));
        }
        Stack { layers, all, at }
    }

    /// Only the layer looked at.
    pub(super) fn top(&self) -> Stack {
        self.only(|position| position == self.at)
    }

    /// The layers below it.
    pub(super) fn below(&self) -> Stack {
        self.only(|position| position < self.at)
    }

    fn only(&self, is_meant: impl Fn(usize) -> bool) -> Stack {
        Stack::over(self.all.iter().copied().filter(|(position, _)| is_meant(*position)).collect(), self.at)
    }

    fn ids(&self) -> Vec<i64> {
        self.layers.iter().map(|(_, id)| *id).collect()
    }

    /// What the layers say about a folder and those above it. Layers times depth look-ups of the primary key.
    fn chain(&self, conn: &mut Conn, folder: &FilePath) -> Result<Vec<Said>> {
        use layer_entries as e;
        let places: Vec<String> = folder.chain().map(|path| path.place()).collect();
        let rows: Vec<(i64, String, FileKind, bool, bool)> = e::table
            .filter(e::layer_id.eq_any(self.ids()))
            .filter(e::place.eq_any(places))
            .select((e::layer_id, e::place, e::kind, e::hides, e::is_opaque))
            .load(conn)?;
        let positions: HashMap<i64, usize> = self.layers.iter().map(|(position, id)| (*id, *position)).collect();
        let placed = rows.into_iter().filter_map(|(id, place, kind, hides, is_opaque)| {
            Some((place, *positions.get(&id)?, kind, hides, is_opaque))
        });
        Ok(placed.collect())
    }

    /// The lowest layer that still counts in a folder; `None` if there is no such folder.
    pub(super) fn floor(&self, conn: &mut Conn, folder: &FilePath) -> Result<Option<usize>> {
        let chain = self.chain(conn, folder)?;
        let (root, own) = (FilePath::root().place(), folder.place());
        let mut floor = 0;
        for (place, position, kind, hides, is_opaque) in &chain {
            let is_folder = *kind == FileKind::Directory || *place == root;
            if *hides || *is_opaque {
                floor = floor.max(*position);
            }
            if !is_folder && *kind != FileKind::Removed {
                floor = floor.max(position + 1);
            }
        }
        let is_there = |(place, position, kind, ..): &(String, usize, FileKind, bool, bool)| {
            *place == own && *kind == FileKind::Directory && *position >= floor
        };
        Ok((folder.is_root() || chain.iter().any(is_there)).then_some(floor))
    }

    /// Whether one of these layers hides what those below them have in a folder.
    pub(super) fn hides_below(&self, conn: &mut Conn, folder: &FilePath) -> Result<bool> {
        let root = FilePath::root().place();
        let chain = self.chain(conn, folder)?;
        Ok(chain.iter().any(|(place, _, kind, hides, is_opaque)| {
            *hides || *is_opaque || (*place != root && *kind != FileKind::Directory)
        }))
    }

    /// What is in a folder by name, and the name the list goes on after.
    pub(super) fn merged(
        &self,
        conn: &mut Conn,
        floor: usize,
        page: &Page,
    ) -> Result<(BTreeMap<String, FileEntry>, Option<String>)> {
        let (mut entries, next) = self.highest(conn, floor, page)?;
        entries.retain(|_, entry| entry.kind != FileKind::Removed);
        Ok((entries, next))
    }

    /// For each name what the highest layer says. Each layer gives a page and one more from its range of the index, so
    /// the work is layers times page, however large the folder is: among so many of each layer are all of the first names
    /// of all together.
    pub(super) fn highest(
        &self,
        conn: &mut Conn,
        floor: usize,
        page: &Page,
    ) -> Result<(BTreeMap<String, FileEntry>, Option<String>)> {
        let limit = page.limit + 1;
        let branches: Vec<String> = self
            .layers
            .iter()
            .filter(|(position, _)| *position >= floor)
            .map(|(position, id)| {
                format!(
                    "SELECT * FROM (SELECT {position} AS position, {COLUMNS} FROM layer_entries WHERE layer_id = {id} \
                     AND place > $1 AND place < $2 ORDER BY place LIMIT {limit}) layer_{position}"
                )
            })
            .collect();
        if branches.is_empty() {
            return Ok((BTreeMap::new(), None));
        }
        let statement = format!(
            "SELECT position, {COLUMNS} FROM (SELECT u.*, ROW_NUMBER() OVER (PARTITION BY place ORDER BY position DESC) \
             AS place_rank FROM ({}) u) ranked WHERE place_rank = 1 ORDER BY place LIMIT {limit}",
            branches.join(" UNION ALL ")
        );
        let (_, end) = page.folder.range();
        // Not one to be kept: it has a part for each layer, and there are as many of it as there are images.
        let question = diesel::sql_query(statement).bind::<Text, _>(&page.after).bind::<Text, _>(end);
        let mut rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
        let more = rows.len() > page.limit;
        rows.truncate(page.limit);
        let next = rows.last().filter(|_| more).map(|row| name_in(&row.place).to_string());
        Ok((rows.into_iter().map(|row| named(row, &page.folder)).collect(), next))
    }

    /// What is in the folder under these names. Layers times names look-ups of the primary key.
    pub(super) fn winners<'n>(
        &self,
        conn: &mut Conn,
        floor: usize,
        folder: &FilePath,
        names: impl Iterator<Item = &'n String>,
    ) -> Result<BTreeMap<String, FileEntry>> {
        use layer_entries as e;
        type Loaded = ((i64, String, FileKind, Option<i32>, i64, i64), (i64, Option<i64>, Option<String>, Option<i64>));
        let counting: HashMap<i64, usize> =
            self.layers.iter().filter(|(position, _)| *position >= floor).map(|(at, id)| (*id, *at)).collect();
        let places: Vec<String> = names.map(|name| folder.join(name).place()).collect();
        if counting.is_empty() || places.is_empty() {
            return Ok(BTreeMap::new());
        }
        let rows: Vec<Loaded> = e::table
            .filter(e::layer_id.eq_any(counting.keys().copied().collect::<Vec<_>>()))
            .filter(e::place.eq_any(places))
            .select((
                (e::layer_id, e::place, e::kind, e::mode, e::uid, e::gid),
                (e::size, e::mtime, e::link, e::data_at),
            ))
            .load(conn)?;
        let mut found: BTreeMap<String, FileEntry> = BTreeMap::new();
        for ((layer, place, kind, mode, uid, gid), (size, mtime, link, data_at)) in rows {
            let position = i32::try_from(counting.get(&layer).copied().unwrap_or(0)).unwrap_or(0);
            let row = Row { place, position, kind, mode, uid, gid, size, mtime, link, data_at };
            let (name, entry) = named(row, folder);
            if found.get(&name).is_none_or(|known| known.layer < entry.layer) {
                found.insert(name, entry);
            }
        }
        found.retain(|_, entry| entry.kind != FileKind::Removed);
        Ok(found)
    }

    /// What is at a path.
    pub(super) fn find(&self, conn: &mut Conn, path: &FilePath) -> Result<Option<FileEntry>> {
        let Some(parent) = path.parent() else { return Ok(None) };
        let Some(floor) = self.floor(conn, &parent)? else { return Ok(None) };
        let name = path.name().to_string();
        Ok(self.winners(conn, floor, &parent, std::iter::once(&name))?.remove(&name))
    }

    /// What a layer itself has at a path.
    pub(super) fn find_in(&self, conn: &mut Conn, layer: usize, path: &FilePath) -> Result<Option<FileEntry>> {
        let Some(parent) = path.parent() else { return Ok(None) };
        let name = path.name().to_string();
        let own = self.only(|position| position == layer);
        Ok(own.winners(conn, 0, &parent, std::iter::once(&name))?.remove(&name))
    }
}

fn named(row: Row, folder: &FilePath) -> (String, FileEntry) {
    let name = name_in(&row.place).to_string();
    let entry = FileEntry {
        path: folder.join(&name),
        kind: row.kind,
        mode: row.mode.and_then(|mode| u32::try_from(mode).ok()),
        uid: row.uid,
        gid: row.gid,
        size: u64::try_from(row.size).unwrap_or(0),
        modified: row.mtime,
        link: row.link,
        layer: usize::try_from(row.position).unwrap_or(0),
        change: None,
        data_at: row.data_at,
        name: name.clone(),
    };
    (name, entry)
}
