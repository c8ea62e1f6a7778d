//! The one-time word in the set-up URL that `serve` prints on a fresh data folder.

use std::sync::{Mutex, PoisonError};

use domain::entropy::{Entropy, secret_with_prefix};
use domain::vault::{digest_of, same};

/// Proves that somebody reads this process's output. In memory only: each start prints a new one, until there is a user.
pub struct SetupToken {
    digest: Mutex<Option<Vec<u8>>>,
}

impl SetupToken {
    /// None yet: the registry is set up, or is about to be.
    pub fn none() -> SetupToken {
        SetupToken { digest: Mutex::new(None) }
    }

    /// Makes a new one and returns it, to be printed.
    pub fn renew(&self, entropy: &dyn Entropy) -> String {
        let token = secret_with_prefix(entropy, "");
        *self.digest.lock().unwrap_or_else(PoisonError::into_inner) = Some(digest_of(&token));
        token
    }

    /// Whether this is the one.
    pub fn accepts(&self, token: &str) -> bool {
        let digest = self.digest.lock().unwrap_or_else(PoisonError::into_inner);
        digest.as_ref().is_some_and(|digest| same(digest, &digest_of(token)))
    }

    /// It was used.
    pub fn discard(&self) {
        *self.digest.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
