//! Passwords: the rule for new ones, hashing, checking.

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use crate::entropy::Entropy;
use crate::error::{Error, Result};

/// Fewer characters are refused.
pub const MIN_LENGTH: usize = 8;
/// More are refused: hashing a megabyte is a way to keep a server busy.
pub const MAX_LENGTH: usize = 1024;

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
        format!("Passwords have at least {MIN_LENGTH} characters and at most {MAX_LENGTH}; this one has {characters}"),
    ))
}

/// The argon2id hash, in the PHC string format. Takes some 20 ms and 19 MiB: never on an async thread.
///
/// # Errors
/// `Internal` if hashing fails.
pub fn hash(password: &str, entropy: &dyn Entropy) -> Result<String> {
    let mut salt = [0u8; 16];
    entropy.fill(&mut salt);
    Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|failed| Error::internal("hashing a password", failed.to_string()))
}

/// Whether it is the password behind the hash. As slow as [`hash`]; with no hash it takes the same time and says no, so
/// that answers do not tell which names exist.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    if password.chars().count() > MAX_LENGTH {
        return false;
    }
    let Some(known) = hash.and_then(|hash| PasswordHash::new(hash).ok()) else {
        let _ = Argon2::default().hash_password_with_salt(password.as_bytes(), b"nobody has this!");
        return false;
    };
    Argon2::default().verify_password(password.as_bytes(), &known).is_ok()
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
