//! An account of one's own: the same for the page and for programs.

use domain::access::Standing;
use domain::account::{self, NewUser, User};
use domain::oci::NamespaceName;
use domain::principal::{Caller, Origin};
use domain::{Error, Result, Thing, session};

use super::services::Services;

/// Who asks for an account. The password was found to follow the rule.
pub struct Newcomer<'p> {
    /// The name wanted.
    pub name: NamespaceName,
    /// Address.
    pub email: Option<String>,
    /// Password.
    pub password: &'p str,
}

/// Makes the account, and signs a browser in with it if one asked: the secret of its cookie.
///
/// # Errors
/// As [`account::register`]; the same for a name that the settings raise above others.
pub async fn register(
    services: &Services,
    from: Origin,
    newcomer: Newcomer<'_>,
    signs_in: bool,
) -> Result<(User, Option<String>)> {
    let Newcomer { name, email, password } = newcomer;
    if services.access.raises(name.as_str()) {
        // The words for a name that is taken: nobody need know who sees everything here.
        return Err(Error::AlreadyExists(Thing::User(name.as_str().to_string())));
    }
    let hash = services.sign_in.hash_new(password, services.entropy.clone(), &from).await?;
    let new = NewUser { name, email, password_hash: Some(hash), standing: Standing::Plain };
    let (caller, now, entropy) = (Caller::anonymous(from), services.clock.now(), services.entropy.clone());
    let lifetime = services.settings.sessions.lifetime;
    services
        .db
        .write(move |tx| {
            let user = account::register(tx, &caller, now, &new)?;
            let begin = || session::start(tx, &*entropy, now, user.id, &caller.origin, lifetime);
            let secret = signs_in.then(begin).transpose()?;
            Ok((user, secret))
        })
        .await
}
