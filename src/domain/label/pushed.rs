//! Labels that an image brings with it.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{LabelSource, MAX_KEY, MAX_VALUE, NewLabel};
use crate::db::Tx;
use crate::db::schema::manifest_labels;
use crate::entropy::{self, Entropy};
use crate::error::Result;
use crate::ids::{ManifestId, RepositoryId};
use crate::on_backend;
use crate::time::Timestamp;

/// Of an image with more labels these many are kept, in the order of their keys.
const MAX_PUSHED: usize = 200;

/// The labels that are worth keeping: neither empty nor endless, and not too many.
pub(crate) fn from_push(given: BTreeMap<&str, &str>, entropy: &dyn Entropy) -> Vec<NewLabel> {
    let fits = |(key, value): &(&str, &str)| {
        let sized = !key.is_empty() && key.len() <= MAX_KEY && value.len() <= MAX_VALUE;
        // PostgreSQL stores no NUL in text.
        sized && !key.contains('\0') && !value.contains('\0')
    };
    given
        .into_iter()
        .filter(fits)
        .take(MAX_PUSHED)
        .map(|(key, value)| NewLabel {
            uuid: entropy::uuid(entropy).to_string(),
            key: key.to_string(),
            value: value.to_string(),
            media_type: "text/plain",
        })
        .collect()
}

#[derive(Insertable)]
#[diesel(table_name = manifest_labels)]
struct Row<'a> {
    uuid: &'a str,
    repository_id: i64,
    manifest_id: i64,
    key: &'a str,
    value: &'a str,
    media_type: &'a str,
    source: &'a str,
    created_at: i64,
}

/// Attaches the labels of an image to its manifest, unless an earlier push did. The link between both is locked by now, so
/// two pushes at once do not do it twice.
pub(crate) fn store_pushed(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    manifest: ManifestId,
    labels: &[NewLabel],
    now: Timestamp,
) -> Result<()> {
    if labels.is_empty() {
        return Ok(());
    }
    let known: Option<i64> = manifest_labels::table
        .filter(manifest_labels::repository_id.eq(repository.0))
        .filter(manifest_labels::manifest_id.eq(manifest.0))
        .filter(manifest_labels::source.eq(LabelSource::Manifest.as_str()))
        .select(manifest_labels::id)
        .first(&mut **tx)
        .optional()?;
    if known.is_some() {
        return Ok(());
    }
    let rows: Vec<Row<'_>> = labels
        .iter()
        .map(|label| Row {
            uuid: &label.uuid,
            repository_id: repository.0,
            manifest_id: manifest.0,
            key: &label.key,
            value: &label.value,
            media_type: label.media_type,
            source: LabelSource::Manifest.as_str(),
            created_at: now.0,
        })
        .collect();
    on_backend!(&mut *tx, c => diesel::insert_into(manifest_labels::table).values(&rows).execute(c))?;
    Ok(())
}
