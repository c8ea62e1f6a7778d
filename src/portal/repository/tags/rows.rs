//! One tag of the list, as the page shows it.

use domain::tag::{Referred, TagRow};

use super::super::{head::Head, pull};
use crate::portal::show::Moment;
use crate::portal::urls;

/// A row.
pub struct Row {
    /// The tag.
    pub name: String,
    /// Its page.
    pub url: String,
    /// What it points at.
    pub digest: String,
    /// Bytes in words.
    pub size: String,
    /// When it moved last.
    pub updated: Moment,
    /// Who moved it.
    pub moved_by: Option<String>,
    /// When it ends.
    pub expires: Option<Moment>,
    /// Pulls in words.
    pub pulls: String,
    /// The last one.
    pub last_pulled: Option<Moment>,
    /// How many labels it has.
    pub labels: i64,
    /// What an index lists.
    pub platforms: Vec<PlatformRow>,
    /// Whether its platforms are shown.
    pub is_open: bool,
    /// Other tags of the same image on this page.
    pub same: Vec<String>,
    /// Classes of the lines beside it.
    pub lanes: Vec<String>,
    /// What was said about it.
    pub about: Referred,
    /// What it is, where it is no image.
    pub artifact: Option<String>,
}

/// A platform of an index.
pub struct PlatformRow {
    /// `linux/amd64`.
    pub name: Option<String>,
    /// The manifest.
    pub digest: String,
    /// Its page.
    pub url: String,
    /// Bytes in words; nothing if it is not here.
    pub size: Option<String>,
}

impl Row {
    /// With what the page needs of the tag.
    pub fn new(
        head: &Head,
        tag: &TagRow,
        about: Referred,
        same: Vec<String>,
        lanes: Vec<String>,
        is_open: bool,
    ) -> Row {
        let reader = &head.reader;
        let platforms = tag.platforms.iter().map(|platform| PlatformRow {
            name: platform.platform.clone(),
            url: urls::manifest(&head.name, &platform.digest),
            digest: platform.digest.clone(),
            size: platform.size.map(|size| reader.size(size.unsigned_abs())),
        });
        Row {
            url: urls::tag(&head.name, &tag.name),
            name: tag.name.clone(),
            digest: tag.digest.clone(),
            size: reader.size(tag.size.unsigned_abs()),
            updated: reader.moment(tag.updated_at),
            moved_by: tag.moved_by.clone(),
            expires: tag.expires_at.map(|at| reader.moment(at)),
            pulls: reader.number(tag.pulls.unsigned_abs()),
            last_pulled: tag.last_pulled_at.map(|at| reader.moment(at)),
            labels: tag.labels,
            platforms: platforms.collect(),
            artifact: pull::artifact(tag.artifact_type.as_deref()).map(str::to_string),
            is_open,
            same,
            lanes,
            about,
        }
    }

    /// Whether there is something to open.
    pub fn is_index(&self) -> bool {
        !self.platforms.is_empty()
    }

    /// The other tags of the same image in words.
    pub fn same_tags(&self) -> String {
        self.same.join(", ")
    }
}
