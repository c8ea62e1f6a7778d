//! Links to set a new password with, where there is no mail: a superuser or the command line makes them.

use domain::account::{self, Recovery, password};
use domain::principal::Origin;
use domain::{Error, Result, Thing};

use super::services::Services;
use crate::settings::Settings;

/// The link that carries this secret: in the query, which no log has.
pub fn link(settings: &Settings, secret: &str) -> String {
    let mut url = settings.external_url();
    url.set_path("/recovery");
    url.query_pairs_mut().append_pair("code", secret);
    url.to_string()
}

/// Whose password a secret sets, if it is good; it stays so.
///
/// # Errors
/// As the database's.
pub async fn find(services: &Services, secret: &str) -> Result<Option<Recovery>> {
    let (secret, now) = (secret.to_string(), services.clock.now());
    services.db.read(move |conn| account::recovery(conn, &secret, now)).await
}

/// Sets the password of the secret's user and uses the secret up; nobody is signed in by it.
///
/// # Errors
/// `NotFound` in the same words for a secret that is wrong, used or too old; `Invalid` for a password that breaks the rule,
/// with which the secret stays good; `Busy`.
pub async fn redeem(services: &Services, from: Origin, secret: &str, new_password: &str) -> Result<Recovery> {
    // Before the work of hashing, which strangers are not to have for the asking.
    if find(services, secret).await?.is_none() {
        return Err(Error::NotFound(Thing::Recovery));
    }
    password::check_rule(new_password)?;
    let hash = services.sign_in.hash_new(new_password, services.entropy.clone(), &from).await?;
    let (secret, now) = (secret.to_string(), services.clock.now());
    services.db.write(move |tx| account::redeem_recovery(tx, &secret, &hash, &from, now)).await
}
