//! The first user: whoever sets the registry up.

use diesel::connection::SimpleConnection;

use super::actions::{NewUser, create};
use super::{password, queries};
use crate::access::Standing;
use crate::db::{Conn, Db, blocking};
use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::oci::NamespaceName;
use crate::principal::{Caller, Origin};
use crate::sentence::sentence;
use crate::time::Timestamp;
use std::sync::Arc;

/// What the first user chose.
#[derive(Clone)]
pub struct FirstUser {
    /// Name.
    pub name: NamespaceName,
    /// Password, in the clear.
    pub password: String,
    /// Address.
    pub email: Option<String>,
}

/// Creates the first user, a superuser.
///
/// # Errors
/// `Refused` if there is a user already; `Invalid` for a password that breaks the rule.
pub async fn create_first(
    db: &Db,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
    origin: Origin,
    first: FirstUser,
) -> Result<super::User> {
    password::check_rule(&first.password)?;
    // Asked before hashing as well: this door is open to everybody, and hashing costs.
    if db.read(queries::any).await? {
        return Err(already_set_up());
    }
    let FirstUser { name, password, email } = first;
    let password_hash = blocking(move || password::hash(&password, &*entropy)).await?;
    let new = NewUser { name, email, password_hash: Some(password_hash), standing: Standing::Superuser };
    db.write(move |tx| {
        if let Conn::Postgres(conn) = &mut **tx {
            // Two at once must not both be first. SQLite has one writer anyway.
            conn.batch_execute("LOCK TABLE users IN EXCLUSIVE MODE")?;
        }
        if queries::any(tx)? {
            return Err(already_set_up());
        }
        let caller = Caller { origin: origin.clone(), ..Caller::system("first-time set-up") };

        create(tx, &caller, now, &new)
    })
    .await
}

fn already_set_up() -> Error {
    Error::refused(sentence!("said-set-up", "this registry is set up already; sign in as a superuser"))
}
