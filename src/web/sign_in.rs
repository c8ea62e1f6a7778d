//! Signing a browser in: the same for pages and for programs that act like one.
//!
//! Users with a second factor sign in in two steps: [`begin`] takes the password and answers with a proof that it was
//! right, [`complete`] takes that and a code. The proof goes with the browser's cookie and is good for five minutes.

use domain::account::sign_in::{FirstStep, Pending, SecondStep, SignedIn};
use domain::event::{self, Event, EventKind};
use domain::principal::{Caller, Credential, Origin, Principal};
use domain::second_factor::Factor;
use domain::{Error, Result, session};
use serde_json::json;

use super::services::Services;

/// What a right password leads to.
#[derive(Debug)]
pub enum Begun {
    /// Somebody is signed in: the secret of their cookie.
    SignedIn(String),
    /// A code is needed: the proof to bring with it.
    CodeNeeded(String),
}

/// What a code leads to.
#[derive(Debug)]
pub enum Completed {
    /// Somebody is signed in: the secret of their cookie.
    SignedIn(String),
    /// The code is wrong or was used before; another may be tried with the same proof.
    WrongCode,
    /// It took too long, or the account changed: begin with the password again.
    Ended,
}

/// What confirming who one is leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmed {
    /// It is them.
    Done,
    /// The password is right; a code is needed beside it.
    CodeNeeded,
    /// The code is wrong or was used before.
    WrongCode,
}

/// Checks a password and begins a session, always with a new secret, unless a second factor is needed. `browser` is the
/// secret of the cookie the browser came with.
///
/// # Errors
/// `Unauthenticated` in the same words for unknown names and wrong passwords; `Paused` while the name is locked.
pub async fn begin(services: &Services, from: Origin, browser: &str, username: &str, password: &str) -> Result<Begun> {
    match services.sign_in.with_password(username, password, &from).await? {
        FirstStep::Done(signed_in) => start(services, from, signed_in, None).await.map(Begun::SignedIn),
        FirstStep::CodeNeeded(pending) => pending.seal(&services.vault, browser).map(Begun::CodeNeeded),
    }
}

/// The second step, with what [`begin`] answered for the same browser and a code of the app or a recovery code.
///
/// # Errors
/// `Paused` while the account is locked; as the database's.
pub async fn complete(services: &Services, from: Origin, browser: &str, proof: &str, code: &str) -> Result<Completed> {
    let Some(pending) = Pending::open(&services.vault, browser, proof) else { return Ok(Completed::Ended) };
    match services.sign_in.with_code(&pending, code, &from).await? {
        SecondStep::Done(signed_in, factor) => {
            start(services, from, signed_in, Some(factor)).await.map(Completed::SignedIn)
        }
        SecondStep::WrongCode => Ok(Completed::WrongCode),
        SecondStep::Ended => Ok(Completed::Ended),
    }
}

/// Makes the caller's session fresh again, by all that a sign-in asks for: the password, and a code for whoever has a
/// second factor.
///
/// # Errors
/// `Unauthenticated` if it is no browser's session or the password is wrong; `Paused` while the account is locked.
pub async fn confirm(services: &Services, caller: &Caller, password: &str, code: Option<&str>) -> Result<Confirmed> {
    let (Principal::User { name, .. }, Credential::Session { id, .. }) = (&caller.principal, &caller.credential) else {
        return Err(Error::Unauthenticated("sign in with a browser first".into()));
    };
    if let FirstStep::CodeNeeded(pending) = services.sign_in.with_password(name, password, &caller.origin).await? {
        let Some(code) = code else { return Ok(Confirmed::CodeNeeded) };
        match services.sign_in.with_code(&pending, code, &caller.origin).await? {
            SecondStep::Done(..) => {}
            SecondStep::WrongCode | SecondStep::Ended => return Ok(Confirmed::WrongCode),
        }
    }
    let (id, now) = (*id, services.clock.now());
    services.db.write(move |tx| session::confirm(tx, id, now)).await?;
    Ok(Confirmed::Done)
}

/// Who somebody else is who is sitting beside the caller, by all that a sign-in asks for; nothing if a code is needed and
/// none is right. Nobody is signed in by it.
///
/// # Errors
/// As [`begin`].
pub async fn who_is(
    services: &Services,
    from: &Origin,
    (username, password, code): (&str, &str, Option<&str>),
) -> Result<Option<(SignedIn, Option<Factor>)>> {
    let pending = match services.sign_in.with_password(username, password, from).await? {
        FirstStep::Done(signed_in) => return Ok(Some((signed_in, None))),
        FirstStep::CodeNeeded(pending) => pending,
    };
    let Some(code) = code else { return Ok(None) };
    match services.sign_in.with_code(&pending, code, from).await? {
        SecondStep::Done(signed_in, factor) => Ok(Some((signed_in, Some(factor)))),
        SecondStep::WrongCode | SecondStep::Ended => Ok(None),
    }
}

/// Whether who the caller is was confirmed a short while ago. Tokens were made for what they do.
pub fn is_fresh(services: &Services, caller: &Caller) -> bool {
    match caller.credential {
        Credential::Session { confirmed_at, .. } => {
            services.clock.now().since(confirmed_at) <= services.settings.sessions.fresh_for
        }
        _ => true,
    }
}

/// Begins the session of somebody who has shown who they are; returns the secret of its cookie.
///
/// # Errors
/// `Unauthenticated` for anybody but a user; as the database's.
pub async fn start(services: &Services, from: Origin, signed_in: SignedIn, factor: Option<Factor>) -> Result<String> {
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
            let mut details =
                json!({ "type": "quayauth", "kind": "user", "useragent": caller.origin.user_agent.as_deref() });
            if let Some(factor) = factor {
                details["second_factor"] = json!(factor.as_str());
            }
            event::record(tx, &caller, now, Event::new(EventKind::LoginSuccess).details(details))?;
            Ok(secret)
        })
        .await
}

/// Ends the caller's session, if that is what they came with.
///
/// # Errors
/// As the database's.
pub async fn end(services: &Services, caller: &Caller) -> Result<()> {
    let Credential::Session { id, .. } = caller.credential else { return Ok(()) };
    let (caller, now) = (caller.clone(), services.clock.now());
    services
        .db
        .write(move |tx| {
            session::end(tx, id)?;
            event::record(tx, &caller, now, Event::new(EventKind::LogoutSuccess))
        })
        .await
}

/// What this registry is called in authenticator apps.
pub fn name_in_apps(services: &Services) -> String {
    services.settings.external_url().host_str().unwrap_or("Pierhead").to_string()
}
