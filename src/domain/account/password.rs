//! Passwords: the rule for new ones, hashing, checking.

use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::sentence::sentence;

/// Fewer characters are refused.
pub const MIN_LENGTH: usize = 8;
/// More are refused: hashing a megabyte is a way to keep a server busy.
pub const MAX_LENGTH: usize = 1024;

/// As many as hash at once in ordinary times.
const KEPT_WORKSPACES: usize = 2;

/// The working memory of hashing. Taken fresh each time, the system's allocator kept the 19 MiB once for every thread that
/// ever hashed.
static WORKSPACES: Mutex<Vec<Vec<Block>>> = Mutex::new(Vec::new());

/// Checks a new password against the rule: 8 to 1,024 characters.
///
/// # Errors
/// `Invalid`, saying the rule.
pub fn check_rule(password: &str) -> Result<()> {
    let characters = password.chars().count();
    if (MIN_LENGTH..=MAX_LENGTH).contains(&characters) {
        return Ok(());
    }
    Err(Error::invalid(
        "password",
        sentence!(
            "said-password-length",
            "Passwords have at least {least} characters and at most {most}; this one has {characters}",
            least = MIN_LENGTH,
            most = MAX_LENGTH,
            characters = characters
        ),
    ))
}

/// The argon2id hash, in the PHC string format. Takes some 20 ms and 19 MiB: never on an async thread.
///
/// # Errors
/// `Internal` if hashing fails.
pub fn hash(password: &str, entropy: &dyn Entropy) -> Result<String> {
    let mut salt = [0u8; 16];
    entropy.fill(&mut salt);
    new_hash(password, &salt)
        .map(|hash| hash.to_string())
        .map_err(|failed| Error::internal("hashing a password", failed.to_string()))
}

fn new_hash(password: &str, salt: &[u8]) -> argon2::password_hash::Result<PasswordHash> {
    let argon2 = Argon2::default();
    Ok(PasswordHash {
        algorithm: Algorithm::default().ident(),
        version: Some(Version::default().into()),
        params: ParamsString::try_from(argon2.params())?,
        salt: Some(Salt::new(salt)?),
        hash: Some(derive(&argon2, password, salt)?),
    })
}

/// Whether it is the password behind the hash. As slow as [`hash`]; with no hash it takes the same time and says no, so
/// that answers do not tell which names exist.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.chars().count() > MAX_LENGTH {
        return false;
    }
    let Some(known) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        let _ = derive(&Argon2::default(), password, b"nobody has this!");
        return false;
    };
    verify_known(password, &known).unwrap_or(false)
}

fn verify_known(password: &str, known: &PasswordHash) -> argon2::password_hash::Result<bool> {
    let version = known.version.map(Version::try_from).transpose()?.unwrap_or_default();
    let argon2 = Argon2::new(Algorithm::try_from(known.algorithm.as_str())?, version, Params::try_from(known)?);
    let (Some(salt), Some(expected)) = (&known.salt, &known.hash) else { return Ok(false) };
    // `Output` compares in constant time.
    Ok(derive(&argon2, password, salt)? == *expected)
}

fn derive(argon2: &Argon2<'_>, password: &str, salt: &[u8]) -> argon2::password_hash::Result<Output> {
    let mut output = [0u8; Output::MAX_LENGTH];
    let length = argon2.params().output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN);
    let output = output.get_mut(..length).ok_or(argon2::password_hash::Error::OutputSize)?;

    let kept = || WORKSPACES.lock().unwrap_or_else(PoisonError::into_inner);
    let mut workspace = kept().pop().unwrap_or_default();
    workspace.resize(argon2.params().block_count(), Block::default());
    let done = argon2.hash_password_into_with_memory(password.as_bytes(), salt, output, &mut workspace);
    let mut kept = kept();
    if kept.len() < KEPT_WORKSPACES {
        kept.push(workspace);
    }
    drop(kept);

    done?;
    Output::new(output).map_err(Into::into)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zeroes;
    impl Entropy for Zeroes {
        fn fill(&self, buffer: &mut [u8]) {
            buffer.fill(0);
        }
    }

    #[test]
    fn a_hash_accepts_its_password_and_no_other() {
        let hash = hash("correct horse", &Zeroes).unwrap();

        assert!(hash.starts_with("$argon2id$"));
        assert!(verify("correct horse", Some(&hash)));
        assert!(!verify("correct hors", Some(&hash)));
        assert!(!verify("correct horse", None));
        assert!(!verify("correct horse", Some("not a hash")));
    }

    #[test]
    fn short_and_endless_passwords_break_the_rule() {
        assert!(check_rule("1234567").is_err());
        assert!(check_rule("12345678").is_ok());
        assert!(check_rule("ÄÖÜäöüß!").is_ok());
        assert!(check_rule(&"x".repeat(MAX_LENGTH + 1)).is_err());
    }
}
