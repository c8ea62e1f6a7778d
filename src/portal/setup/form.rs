//! What is typed into the set-up form, checked field by field.

use domain::account::{FirstUser, password};
use domain::oci::NamespaceName;
use serde::Deserialize;

/// The longest address mail servers carry.
const MAX_EMAIL: usize = 254;

/// The form as sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetupForm {
    #[serde(default)]
    pub token: String,
    #[serde(default)]
    username: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    password_again: String,
}

/// What the form shows again; never passwords.
#[derive(Default)]
pub struct Typed {
    pub username: String,
    pub email: String,
}

/// A field of the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    Username,
    Email,
    Password,
    PasswordAgain,
}

impl Field {
    /// Its name and id in the page.
    pub fn id(self) -> &'static str {
        match self {
            Field::Username => "username",
            Field::Email => "email",
            Field::Password => "password",
            Field::PasswordAgain => "password_again",
        }
    }

    /// What it is called in the page.
    pub fn label(self) -> &'static str {
        match self {
            Field::Username => "Username",
            Field::Email => "Email",
            Field::Password => "Password",
            Field::PasswordAgain => "Password again",
        }
    }

    /// The one the domain means; what it does not name is about the user as a whole, so the first.
    pub fn named(field: &str) -> Field {
        match field {
            "password" => Field::Password,
            "email" => Field::Email,
            _ => Field::Username,
        }
    }
}

/// What is wrong with a field.
#[derive(Debug)]
pub struct Fault {
    pub field: Field,
    /// A sentence.
    pub message: String,
}

impl SetupForm {
    /// What to show again.
    pub fn typed(&self) -> Typed {
        Typed { username: self.username.clone(), email: self.email.clone() }
    }

    /// The user this describes.
    ///
    /// # Errors
    /// Every fault, in the order of the fields.
    pub fn check(self) -> Result<FirstUser, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut note = |field, message| faults.push(Fault { field, message });
        let name = username(self.username.trim()).map_err(|message| note(Field::Username, message)).ok();
        let email = email(self.email.trim()).map_err(|message| note(Field::Email, message)).ok();
        match new_password(&self.password) {
            Err(message) => note(Field::Password, message),
            Ok(()) if self.password != self.password_again => {
                note(Field::PasswordAgain, "The two passwords differ. Type both once more.".into());
            }
            Ok(()) => {}
        }
        match (name, email) {
            (Some(name), Some(email)) if faults.is_empty() => Ok(FirstUser { name, password: self.password, email }),
            _ => Err(faults),
        }
    }
}

fn username(typed: &str) -> Result<NamespaceName, String> {
    if typed.is_empty() {
        return Err("Choose a username.".into());
    }
    typed.parse().map_err(|_| {
        let rule = "Use 2 to 255 lower-case letters and digits, with single . _ or - between them.";
        match typed.to_lowercase().replace(' ', "-").parse::<NamespaceName>() {
            Ok(better) => format!("{rule} Try “{better}”."),
            Err(_) => rule.into(),
        }
    })
}

fn email(typed: &str) -> Result<Option<String>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    let has_both_parts = typed.rsplit_once('@').is_some_and(|(who, domain)| !who.is_empty() && !domain.is_empty());
    let is_plain = !typed.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    if has_both_parts && is_plain && typed.len() <= MAX_EMAIL {
        Ok(Some(typed.to_string()))
    } else {
        Err("Write an address like “amara@example.com”, or leave this empty.".into())
    }
}

fn new_password(typed: &str) -> Result<(), String> {
    if typed.is_empty() {
        return Err("Choose a password.".into());
    }
    password::check_rule(typed).map_err(|_| match typed.chars().count() {
        few if few < password::MIN_LENGTH => {
            format!("Use at least {} characters; this password has {few}.", password::MIN_LENGTH)
        }
        _ => format!("Use at most {} characters.", password::MAX_LENGTH),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(username: &str, email: &str, password: &str, again: &str) -> SetupForm {
        let [username, email, password, password_again] = [username, email, password, again].map(String::from);
        SetupForm { token: String::new(), username, email, password, password_again }
    }

    fn fields(form: SetupForm) -> Vec<Field> {
        form.check().err().unwrap_or_default().iter().map(|fault| fault.field).collect()
    }

    #[test]
    fn a_right_form_is_a_user() {
        let user = form(" amara ", "", "correct horse", "correct horse").check().unwrap_or_else(|_| panic!("refused"));

        assert_eq!((user.name.as_str(), user.email), ("amara", None));
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let all = [Field::Username, Field::Email, Field::Password];
        assert_eq!(fields(form("A", "nobody", "short", "other")), all);
        assert_eq!(fields(form("", "a@", "", "")), all);
        assert_eq!(fields(form("amara", "a@b", "correct horse", "correct hors")), [Field::PasswordAgain]);
    }

    #[test]
    fn a_name_that_is_nearly_right_gets_a_suggestion() {
        assert!(username("Amara Okafor").unwrap_err().ends_with("Try “amara-okafor”."));
        assert!(!username("<b>").unwrap_err().contains("Try"));
    }
}
