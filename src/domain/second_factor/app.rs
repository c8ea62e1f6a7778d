//! What an authenticator app and we agree on: the secret, the address it is scanned from, and codes of six digits that
//! change every half minute. What apps do with other lengths and hashes differs, so there is no choice.
//!
//! Source: RFC 6238; "Key Uri Format" of Google Authenticator.

use totp_rs::{Builder, Secret as Key};

use crate::entropy::Entropy;
use crate::error::{Error, Result};
use crate::ids::UserId;
use crate::time::Timestamp;

/// As long as the hash, as RFC 4226 recommends.
const SECRET_BYTES: usize = 20;
/// 80 bits: nobody tries them out, even with the digests before them.
const RECOVERY_CODE_BYTES: usize = 10;
/// Letters of a recovery code between two dashes.
const GROUP: usize = 4;
/// Codes of a step before and after are taken: clocks differ, and people take time to type.
const TOLERATED_STEPS: u16 = 1;

/// What an app needs to make codes. Shown to its user and to nobody else.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// In base 32, to be typed.
    pub text: String,
    /// As `otpauth://` address, to be scanned.
    pub url: String,
}

impl Secret {
    /// Of a user, under the name that this registry is to have in the app.
    pub(super) fn of(text: String, user: &str, registry: &str) -> Result<Secret> {
        // A colon divides registry and user in the address.
        let registry = registry.replace(':', " ");
        let totp = builder(&text)?.with_account_name(user).with_issuer(Some(registry.trim())).build();
        let url = totp.and_then(|totp| totp.to_url()).map_err(|fault| Error::internal("describing a factor", fault))?;
        Ok(Secret { text, url })
    }
}

/// Under what the secret of this user is sealed.
pub(super) fn sealed_as(user: UserId) -> String {
    format!("second factor of user {}", user.0)
}

/// A new secret, in base 32.
pub(super) fn new_secret(entropy: &dyn Entropy) -> String {
    let mut bytes = [0u8; SECRET_BYTES];
    entropy.fill(&mut bytes);
    Key::from(bytes.to_vec()).to_base32()
}

/// The time step of this code, if it is a code of now, or almost.
pub(super) fn step_of(secret: &str, code: &str, now: Timestamp) -> Result<Option<i64>> {
    let totp = builder(secret)?.build().map_err(|fault| Error::internal("making codes", fault))?;
    let seconds = u64::try_from(now.0 / 1_000).unwrap_or(0);
    Ok(totp.check(&plain(code), seconds).and_then(|step| i64::try_from(step).ok()))
}

/// A new recovery code, such as `MFRG-GZDF-MZTW-Q2LK`.
pub(super) fn new_recovery_code(entropy: &dyn Entropy) -> String {
    let mut bytes = [0u8; RECOVERY_CODE_BYTES];
    entropy.fill(&mut bytes);
    let letters: Vec<char> = Key::from(bytes.to_vec()).to_base32().chars().collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// A code as it was meant: people add blanks and dashes and forget the shift key.
pub(super) fn plain(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect::<String>().to_ascii_uppercase()
}

fn builder(secret: &str) -> Result<Builder> {
    let key = Key::try_from_base32(secret).map_err(|fault| Error::internal("reading a factor's secret", fault))?;
    Ok(Builder::new().with_secret(key).with_skew(TOLERATED_STEPS))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `12345678901234567890`, the secret of RFC 6238's test vectors.
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    fn at(second: i64) -> Timestamp {
        Timestamp(second * 1_000)
    }

    #[test]
    fn codes_are_those_of_the_specification() {
        // The last six of the eight digits in appendix B.
        for (second, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(step_of(SECRET, code, at(second)).unwrap(), Some(second / 30), "{second}");
        }
    }

    #[test]
    fn a_code_is_good_for_a_step_before_and_after() {
        let of_step_1 = |second| step_of(SECRET, "287 082", at(second)).unwrap();

        assert_eq!([0, 29, 30, 89].map(of_step_1), [Some(1); 4]);
        assert_eq!(of_step_1(90), None);
        assert_eq!(step_of(SECRET, "28708", at(59)).unwrap(), None);
        assert_eq!(step_of(SECRET, "+87082", at(59)).unwrap(), None);
    }

    #[test]
    fn the_address_names_user_and_registry() {
        let secret = Secret::of(SECRET.into(), "carol", "[::1]").unwrap();

        assert!(secret.url.starts_with("otpauth://totp/"), "{}", secret.url);
        assert!(secret.url.contains(&format!("secret={SECRET}")), "{}", secret.url);
        assert!(secret.url.contains(":carol?"), "{}", secret.url);
    }

    #[test]
    fn recovery_codes_are_read_however_they_are_typed() {
        struct Counting;
        impl Entropy for Counting {
            fn fill(&self, buffer: &mut [u8]) {
                (0u8..).zip(buffer).for_each(|(at, byte)| *byte = at);
            }
        }

        let code = new_recovery_code(&Counting);

        assert_eq!(code, "AAAQ-EAYE-AUDA-OCAJ");
        assert_eq!(plain(" aaaq eaye-AUDA--ocaj "), plain(&code));
    }
}
