//! Facts about this instance as a whole.

use diesel::prelude::*;

use crate::db::schema::instance_facts;
use crate::db::{Conn, Tx};
use crate::error::{Error, Result};
use crate::on_backend;
use crate::vault::Vault;

const KEY_CHECK: &str = "key_check";
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
        Some(false) => Err(Error::Refused(
            "the database was made with another secret key; restore secret.key (or PIERHEAD_SECRET_KEY) from a backup"
                .into(),
        )),
        None => {
            let row = (instance_facts::name.eq(KEY_CHECK), instance_facts::value.eq(vault.seal(CONTEXT, "right")?));
            on_backend!(&mut *tx, c => diesel::insert_into(instance_facts::table)
                .values(row).on_conflict_do_nothing().execute(c))?;
            Ok(())
        }
    }
}
