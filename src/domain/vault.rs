//! The instance key and what is made with it.
//!
//! One secret of 32 bytes, shared by all replicas, is the root; every use has a key of its own derived from it
//! (HKDF-SHA256), so that no two uses can be played against each other.

use std::sync::Arc;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::{hkdf, hmac};
use sha2::{Digest as _, Sha256};

use crate::entropy::Entropy;
use crate::error::{Error, Result};

/// Seals secrets that must be shown again, and derives keys.
#[derive(Clone)]
pub struct Vault {
    root: Arc<hkdf::Prk>,
    sealing: Arc<LessSafeKey>,
    entropy: Arc<dyn Entropy>,
}

impl Vault {
    /// A vault under the instance key.
    ///
    /// # Errors
    /// `Internal` only if the cryptographic library refuses a key of the right length.
    pub fn new(instance_key: &[u8; 32], entropy: Arc<dyn Entropy>) -> Result<Vault> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"pierhead instance key").extract(instance_key);
        let key = derive(&root, "seal secrets")?;
        let sealing = UnboundKey::new(&AES_256_GCM, &key).map_err(|_| refused("making the sealing key"))?;
        Ok(Vault { root: Arc::new(root), sealing: Arc::new(LessSafeKey::new(sealing)), entropy })
    }

    /// A key of 32 bytes for one use, always the same for the same instance key.
    ///
    /// # Errors
    /// As [`Vault::new`].
    pub fn key_for(&self, purpose: &str) -> Result<[u8; 32]> {
        derive(&self.root, purpose)
    }

    /// Encrypts `secret` so that only this instance, and only for the same `context` (such as "robot token"), reads it.
    ///
    /// # Errors
    /// As [`Vault::new`].
    pub fn seal(&self, context: &str, secret: &str) -> Result<Vec<u8>> {
        let mut nonce = [0u8; NONCE_LEN];
        self.entropy.fill(&mut nonce);
        let mut sealed = secret.as_bytes().to_vec();
        self.sealing
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut sealed)
            .map_err(|_| refused("sealing a secret"))?;
        Ok([&nonce[..], &sealed[..]].concat())
    }

    /// What was sealed.
    ///
    /// # Errors
    /// `Internal` if it was sealed under another instance key or for another context, or was damaged.
    pub fn open(&self, context: &str, sealed: &[u8]) -> Result<String> {
        let unreadable =
            || Error::internal("opening a sealed secret", "it was sealed under another secret key; restore that key");
        let (nonce, body) = sealed.split_at_checked(NONCE_LEN).ok_or_else(unreadable)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| unreadable())?;
        let mut body = body.to_vec();
        let plain =
            self.sealing.open_in_place(nonce, Aad::from(context), &mut body).map_err(|_| unreadable())?.to_vec();
        String::from_utf8(plain).map_err(|_| unreadable())
    }
}

/// Stamps texts so that only this instance can have done it (HMAC-SHA256), each use under a key of its own.
pub struct Stamper {
    key: hmac::Key,
}

impl Vault {
    /// A stamper for one use.
    ///
    /// # Errors
    /// As [`Vault::new`].
    pub fn stamper(&self, purpose: &str) -> Result<Stamper> {
        Ok(Stamper { key: hmac::Key::new(hmac::HMAC_SHA256, &self.key_for(purpose)?) })
    }
}

impl Stamper {
    /// The stamp on a text.
    pub fn stamp(&self, text: &str) -> Vec<u8> {
        hmac::sign(&self.key, text.as_bytes()).as_ref().to_vec()
    }

    /// Whether this is it, in time that does not tell where it differs.
    pub fn holds(&self, text: &str, stamp: &[u8]) -> bool {
        hmac::verify(&self.key, text.as_bytes(), stamp).is_ok()
    }
}

/// What is kept of a secret with enough entropy of its own: its SHA-256.
pub fn digest_of(secret: &str) -> Vec<u8> {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Whether the digests are equal, in time that does not tell where they differ.
pub fn same(left: &[u8], right: &[u8]) -> bool {
    use subtle::ConstantTimeEq;
    left.ct_eq(right).into()
}

fn derive(root: &hkdf::Prk, purpose: &str) -> Result<[u8; 32]> {
    let mut key = [0u8; 32];
    root.expand(&[purpose.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|expanded| expanded.fill(&mut key))
        .map_err(|_| refused("deriving a key"))?;
    Ok(key)
}

fn refused(context: &'static str) -> Error {
    Error::internal(context, "the cryptographic library refused")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fixed(u8);
    impl Entropy for Fixed {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(self.0);
        }
    }

    fn vault(key: u8) -> Vault {
        Vault::new(&[key; 32], Arc::new(Fixed(7))).unwrap()
    }

    #[test]
    fn a_sealed_secret_opens_for_the_same_key_and_context_only() {
        let sealed = vault(1).seal("robot token", "s3cret").unwrap();

        assert_eq!(vault(1).open("robot token", &sealed).unwrap(), "s3cret");
        assert!(vault(2).open("robot token", &sealed).is_err());
        assert!(vault(1).open("webhook", &sealed).is_err());
        assert!(vault(1).open("robot token", &sealed[..5]).is_err());
    }

    #[test]
    fn purposes_have_keys_of_their_own() {
        assert_ne!(vault(1).key_for("a").unwrap(), vault(1).key_for("b").unwrap());
        assert_eq!(vault(1).key_for("a").unwrap(), vault(1).key_for("a").unwrap());
    }
}
