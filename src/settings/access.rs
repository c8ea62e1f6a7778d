//! Who runs this registry.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::settings::parse::{self, Parsed};
use crate::settings::reader::Reader;
use crate::settings::secret::Secret;

const LEAST_PASSWORD_LETTERS: usize = 8;

/// People with power over everything, and the key that signs.
#[derive(Clone, Debug)]
pub struct Access {
    /// Superusers, beside those the database knows. `PIERHEAD_ACCESS__SUPERUSERS`, e.g. `alice,bob`.
    pub superusers: Vec<String>,
    /// Users who see everything and change nothing. `PIERHEAD_ACCESS__READ_ONLY_SUPERUSERS`.
    pub read_only_superusers: Vec<String>,
    /// Whether users join an organization by accepting an invitation. `PIERHEAD_ACCESS__REQUIRE_TEAM_INVITATION`.
    pub require_team_invitation: bool,
    /// Audience that identities of keyless robot accounts must be made for. `PIERHEAD_ACCESS__FEDERATION_AUDIENCE`.
    pub federation_audience: Option<String>,
    /// Superuser to create at start when there is none.
    pub first_admin: Option<FirstAdmin>,
    /// Key that protects tokens and sessions; `None` uses a generated file in the data folder. `PIERHEAD_SECRET_KEY`.
    pub secret_key: Option<Secret<[u8; 32]>>,
}

/// The first superuser.
#[derive(Clone, Debug)]
pub struct FirstAdmin {
    /// Name to sign in with. `PIERHEAD_ADMIN_USERNAME`.
    pub username: String,
    /// Password to sign in with. `PIERHEAD_ADMIN_PASSWORD`.
    pub password: Secret<String>,
    /// Address for mail. `PIERHEAD_ADMIN_EMAIL`.
    pub email: Option<String>,
}

impl Access {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let secret_key = reader.secret(
            "secret_key",
            "a generated file in the data folder",
            "Key that protects tokens and sessions: 32 bytes in base64, from `head -c 32 /dev/urandom | base64`",
            secret_key,
        );
        let first_admin = FirstAdmin::read(reader);
        let superusers =
            reader.list("access.superusers", "Names of superusers, beside those the database knows", user_name);
        let read_only_superusers = reader.list(
            "access.read_only_superusers",
            "Names of users who see everything and change nothing",
            user_name,
        );
        let require_team_invitation = reader.value(
            "access.require_team_invitation",
            "false",
            "Whether a user added to a team of an organization they are not in yet is asked first",
            parse::boolean,
        );
        let federation_audience = reader.optional(
            "access.federation_audience",
            "any",
            "Audience (`aud`) that the signed identity of a keyless robot account must be made for",
            parse::text,
        );
        for name in read_only_superusers.iter().filter(|name| superusers.contains(name)) {
            let hint = format!("{name} is in access.superusers too; a name belongs in one of the two");
            reader.fault("access.read_only_superusers", hint);
        }
        Self { superusers, read_only_superusers, require_team_invitation, federation_audience, first_admin, secret_key }
    }
}

impl FirstAdmin {
    fn read(reader: &mut Reader) -> Option<Self> {
        let username = reader.optional(
            "admin_username",
            "",
            "Name of the superuser created at start when there is none",
            user_name,
        );
        let password = reader.secret("admin_password", "", "Password of that first superuser", password);
        let email = reader.optional("admin_email", "", "E-mail address of that first superuser", email);
        reader.require_companion("admin_username", "admin_password");
        reader.require_companion("admin_password", "admin_username");
        reader.require_companion("admin_email", "admin_username");
        let (username, password) = username.zip(password)?;
        Some(Self { username, password, email })
    }
}

fn secret_key(text: &str) -> Parsed<[u8; 32]> {
    let bytes = STANDARD.decode(text.trim()).ok();
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or_else(|| "32 bytes in base64; make one with: head -c 32 /dev/urandom | base64".to_owned())
}

/// Source: Quay's rule for user names, which clients and migrated data rely on.
fn user_name(text: &str) -> Parsed<String> {
    let is_plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let parts_are_plain = text.split(['.', '_', '-']).all(|part| !part.is_empty() && part.chars().all(is_plain));
    match parts_are_plain && (2..=255).contains(&text.len()) {
        true => Ok(text.to_owned()),
        false => {
            Err("a user name: 2 to 255 lower-case letters and digits, with single '.', '_' or '-' between".to_owned())
        }
    }
}

fn password(text: &str) -> Parsed<String> {
    let is_long = text.chars().count() >= LEAST_PASSWORD_LETTERS;
    match is_long {
        true => Ok(text.to_owned()),
        false => Err(format!("at least {LEAST_PASSWORD_LETTERS} characters")),
    }
}

fn email(text: &str) -> Parsed<String> {
    let is_address = text.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    match is_address && !text.contains(char::is_whitespace) {
        true => parse::text(text),
        false => Err("an e-mail address, such as admin@example.com".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::testing::Given;

    #[test]
    fn a_name_in_both_lists_is_a_fault() {
        let file = "[access]\nsuperusers = ['alice', 'bob']\nread_only_superusers = ['bob', 'carol']\n";

        let text = Given::file(file).fault();

        assert!(text.contains("bob is in access.superusers too"), "{text}");
    }

    #[test]
    fn an_empty_variable_empties_the_list_of_the_file() {
        let given = Given::file("[access]\nsuperusers = ['alice']\n").variable("PIERHEAD_ACCESS__SUPERUSERS", "");
        assert!(given.settings().access.superusers.is_empty());
    }

    #[test]
    fn the_first_admin_needs_name_and_password() {
        let named = Given::nothing().variable("PIERHEAD_ADMIN_USERNAME", "alice");
        assert!(named.clone().fault().contains("needs admin_password (PIERHEAD_ADMIN_PASSWORD) too"));
        let mailed = Given::nothing().variable("PIERHEAD_ADMIN_EMAIL", "alice@example.com");
        assert!(mailed.fault().contains("needs admin_username"));

        let given = named.variable("PIERHEAD_ADMIN_PASSWORD", "correct-horse");
        let admin = given.settings().access.first_admin.unwrap();
        assert_eq!((admin.username.as_str(), admin.password.expose().as_str()), ("alice", "correct-horse"));
        assert_eq!(admin.email, None);
    }

    #[test]
    fn a_wrong_password_is_not_also_reported_as_missing() {
        let given = Given::nothing().variable("PIERHEAD_ADMIN_USERNAME", "alice");
        let text = given.variable("PIERHEAD_ADMIN_PASSWORD", "short").fault();
        assert!(text.contains("at least 8 characters"), "{text}");
    }

    #[test]
    fn the_secret_key_is_32_bytes() {
        let given = |bytes: &[u8]| Given::nothing().variable("PIERHEAD_SECRET_KEY", &STANDARD.encode(bytes));

        let key = given(&[7; 32]).settings().access.secret_key.unwrap();
        assert_eq!(key.expose(), &[7; 32]);
        assert!(given(&[7; 31]).fault().contains("head -c 32 /dev/urandom | base64"));
    }

    #[test]
    fn user_names_follow_quays_rule() {
        for good in ["al", "a.b_c-d", "7up"] {
            assert!(user_name(good).is_ok(), "{good}");
        }
        for wrong in ["a", "Alice", "-al", "al-", "a..b", "a b", "é1", &"a".repeat(256)] {
            assert!(user_name(wrong).is_err(), "{wrong}");
        }
    }
}
