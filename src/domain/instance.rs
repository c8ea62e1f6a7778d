//! Facts about this instance as a whole.

use diesel::prelude::*;

use crate::db::schema::instance_facts;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::on_backend;
use crate::time::Timestamp;
use crate::vault::Vault;

const KEY_CHECK: &str = "key_check";
const SIZE: &str = "registry_size";
const CONTEXT: &str = "key check";

/// Whether the database was made with this secret key; `None` if it was not made with any yet.
///
/// # Errors
/// As the database's.
pub fn belongs_to_key(conn: &mut Conn, vault: &Vault) -> Result<Option<bool>> {
    let sealed: Option<Vec<u8>> =
        instance_facts::table.find(KEY_CHECK).select(instance_facts::value).first(conn).optional()?;
    Ok(sealed.map(|sealed| vault.open(CONTEXT, &sealed).is_ok()))
}

/// Ties the database to the secret key at the first start; later only checks it.
///
/// # Errors
/// `Refused` if it was made with another key: tokens of robot accounts could not be read, and would be lost for good once
/// new ones are made.
pub fn tie_to_key(tx: &mut Tx<'_>, vault: &Vault) -> Result<()> {
    match belongs_to_key(tx, vault)? {
        Some(true) => Ok(()),
        Some(false) => Err(Error::refused(
            "the database was made with another secret key; restore secret.key (or PIERHEAD_SECRET_KEY) from a backup",
        )),
        None => {
            let row = (instance_facts::name.eq(KEY_CHECK), instance_facts::value.eq(vault.seal(CONTEXT, "right")?));
            on_backend!(&mut *tx, c => diesel::insert_into(instance_facts::table)
                .values(row).on_conflict_do_nothing().execute(c))?;
            Ok(())
        }
    }
}

/// How much is stored, as it was counted last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountedSize {
    /// Bytes of all blobs.
    pub bytes: u64,
    /// When they were counted.
    pub at: Timestamp,
}

/// The size that was counted last; `None` before the first time.
///
/// # Errors
/// As the database's.
pub fn counted_size(conn: &mut Conn) -> Result<Option<CountedSize>> {
    let kept: Option<Vec<u8>> =
        instance_facts::table.find(SIZE).select(instance_facts::value).first(conn).optional()?;
    let read = kept.and_then(|value| serde_json::from_slice::<(u64, i64)>(&value).ok());
    Ok(read.map(|(bytes, at)| CountedSize { bytes, at: Timestamp(at) }))
}

/// Keeps a size that was counted now.
///
/// # Errors
/// As the database's.
pub fn keep_size(tx: &mut Tx<'_>, size: CountedSize) -> Result<()> {
    let value =
        serde_json::to_vec(&(size.bytes, size.at.0)).map_err(|error| Error::internal("keeping a size", error))?;
    let row = (instance_facts::name.eq(SIZE), instance_facts::value.eq(&value));
    on_backend!(&mut *tx, c => diesel::insert_into(instance_facts::table)
        .values(row).on_conflict(instance_facts::name).do_update().set(instance_facts::value.eq(&value)).execute(c))?;
    Ok(())
}
