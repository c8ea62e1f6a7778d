//! Signing a browser in: the same for pages and for programs that act like one.

use domain::event::{self, Event, EventKind};
use domain::principal::{Origin, Principal};
use domain::{Error, Result, session};
use serde_json::json;

use super::services::Services;

/// Checks a password and begins a session; returns the secret of its cookie, which is always a new one.
///
/// # Errors
/// `Unauthenticated` in the same words for unknown names and wrong passwords; `Paused` while the name is locked.
pub async fn begin(services: &Services, from: Origin, username: &str, password: &str) -> Result<String> {
    let signed_in = services.sign_in.with_password(username, password, &from).await?;
    let Principal::User { id, .. } = signed_in.principal else {
        return Err(Error::Unauthenticated("sign in as a user".into()));
    };
    let caller = signed_in.from(from);
    let (entropy, now, lifetime) =
        (services.entropy.clone(), services.clock.now(), services.settings.sessions.lifetime);
    services
        .db
        .write(move |tx| {
            let secret = session::start(tx, &*entropy, now, id, &caller.origin, lifetime)?;
            let details =
                json!({ "type": "quayauth", "kind": "user", "useragent": caller.origin.user_agent.as_deref() });
            event::record(tx, &caller, now, Event::new(EventKind::LoginSuccess).details(details))?;
            Ok(secret)
        })
        .await
}

/// Ends the caller's session, if that is what they came with.
///
/// # Errors
/// As the database's.
pub async fn end(services: &Services, caller: &domain::principal::Caller) -> Result<()> {
    let domain::principal::Credential::Session { id, .. } = caller.credential else { return Ok(()) };
    let (caller, now) = (caller.clone(), services.clock.now());
    services
        .db
        .write(move |tx| {
            session::end(tx, id)?;
            event::record(tx, &caller, now, Event::new(EventKind::LogoutSuccess))
        })
        .await
}
