//! Randomness as a port, and the secrets made of it.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Fills buffers with bytes nobody can guess.
pub trait Entropy: Send + Sync {
    /// Overwrites all of `buffer`.
    fn fill(&self, buffer: &mut [u8]);
}

/// The letters of robot tokens: Quay's, which scripts and secret scanners know.
const ROBOT_ALPHABET: &[u8; 36] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const ROBOT_TOKEN_LENGTH: usize = 64;

/// A robot's token: 64 of A–Z and 0–9, some 330 bits.
pub fn robot_token(entropy: &dyn Entropy) -> String {
    plain_secret(entropy, ROBOT_TOKEN_LENGTH)
}

/// So many of A–Z and 0–9, five bits each: for what programs cut out of addresses and paste into others.
pub fn plain_secret(entropy: &dyn Entropy, length: usize) -> String {
    let mut secret = String::with_capacity(length);
    let mut buffer = [0u8; ROBOT_TOKEN_LENGTH];
    while secret.len() < length {
        entropy.fill(&mut buffer);
        // 252 is the largest multiple of 36 in a byte: above it the first letters would come up more often.
        let fair = buffer.iter().filter(|byte| **byte < 252).take(length - secret.len());
        secret.extend(fair.map(|byte| char::from(ROBOT_ALPHABET[usize::from(byte % 36)])));
    }
    secret
}

/// A long random secret with a prefix that says what it is: 256 bits after `prefix`.
pub fn secret_with_prefix(entropy: &dyn Entropy, prefix: &str) -> String {
    let mut bytes = [0u8; 32];
    entropy.fill(&mut bytes);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// A random (version 4) UUID.
pub fn uuid(entropy: &dyn Entropy) -> uuid::Uuid {
    let mut bytes = [0u8; 16];
    entropy.fill(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}
