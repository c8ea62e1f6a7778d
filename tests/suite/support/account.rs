//! What pages do for whoever is signed in, before there is a page for it: permissions as values.

use std::sync::Arc;

use domain::access::{Admin, ApiScope, Authorized, Ceiling, Instance, Me};
use domain::principal::{Caller, Credential, Origin};
use domain::second_factor;
use domain::session::{self, Current};
use domain::time::{Clock, Timestamp};

use super::{Browser, TestApp};

impl TestApp {
    /// The session of a browser, as each page asks for it.
    pub async fn session_of(&self, browser: &Browser) -> Option<Current> {
        let cookie = browser.cookie()?;
        let (secret, now) = (cookie.split_once('=').unwrap().1.to_string(), self.clock.now());
        self.services.db.read(move |conn| session::find(conn, &secret, now)).await.unwrap()
    }

    /// The account of whoever is signed in with a browser.
    pub async fn account_of(&self, browser: &Browser) -> Authorized<Me, Admin> {
        let caller = Arc::new(self.caller_of(browser).await);
        self.services.access.myself(&caller, ApiScope::UserAdmin).await.unwrap()
    }

    /// The registry, for a superuser who is signed in with a browser.
    pub async fn registry_of(&self, browser: &Browser) -> Authorized<Instance, Admin> {
        let caller = Arc::new(self.caller_of(browser).await);
        self.services.access.registry::<Admin>(&caller).await.unwrap()
    }

    pub async fn caller_of(&self, browser: &Browser) -> Caller {
        let found = self.session_of(browser).await.unwrap();
        let credential = Credential::Session { id: found.id, confirmed_at: found.confirmed_at };
        Caller {
            principal: found.principal(),
            ceiling: Ceiling::None,
            token_made_at: None,
            credential,
            origin: Origin::default(),
        }
    }

    /// Switches a second factor on: the app that has it, and the recovery codes.
    pub async fn second_factor(&self, browser: &Browser) -> (Authenticator, Vec<String>) {
        let (me, now) = (self.account_of(browser).await, self.clock.now());
        let (vault, entropy) = (self.services.vault.clone(), self.services.entropy.clone());
        let begun =
            self.change(move |tx| second_factor::begin(tx, &me, (&vault, &*entropy), now, "registry.example.com"));
        let authenticator = Authenticator(begun.await.text);
        let (me, code) = (self.account_of(browser).await, authenticator.code(now));
        let (vault, entropy) = (self.services.vault.clone(), self.services.entropy.clone());
        let codes = self.change(move |tx| second_factor::confirm(tx, &me, (&vault, &*entropy), now, &code)).await;
        (authenticator, codes)
    }
}

/// An app on somebody's telephone.
pub struct Authenticator(pub String);

impl Authenticator {
    /// What it shows.
    pub fn code(&self, now: Timestamp) -> String {
        let secret = totp_rs::Secret::try_from_base32(&self.0).unwrap();
        let totp = totp_rs::Builder::new().with_secret(secret).build().unwrap();
        totp.generate(u64::try_from(now.0 / 1_000).unwrap()).to_string()
    }
}
