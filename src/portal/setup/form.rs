//! What is typed into the set-up form, checked field by field.

use domain::account::{FirstUser, password};
use domain::oci::NamespaceName;
use serde::Deserialize;

use crate::portal::faults::Faults;
use crate::portal::text::Text;

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

impl SetupForm {
    /// What to show again.
    pub fn typed(&self) -> Typed {
        Typed { username: self.username.clone(), email: self.email.clone() }
    }

    /// The user this describes.
    ///
    /// # Errors
    /// Every fault, in the order of the fields and in the reader's language.
    pub fn check(self, text: Text) -> Result<FirstUser, Faults> {
        let mut faults = Faults::none();
        let name = username(self.username.trim(), text).map_err(|message| faults.add("username", message)).ok();
        let email = email(self.email.trim(), text).map_err(|message| faults.add("email", message)).ok();
        match new_password(&self.password, text) {
            Err(message) => faults.add("password", message),
            Ok(()) if self.password != self.password_again => {
                faults.add("password_again", text.say("setup-passwords-differ"));
            }
            Ok(()) => {}
        }
        match (name, email) {
            (Some(name), Some(email)) if !faults.any() => Ok(FirstUser { name, password: self.password, email }),
            _ => Err(faults),
        }
    }
}

/// What the domain says, at the fields of this form; what is about the user as a whole is about the first.
pub fn at_fields(said: &Faults) -> Faults {
    let mut faults = Faults::none();
    for fault in said.iter() {
        let field = match fault.field.as_str() {
            known @ ("password" | "email") => known,
            _ => "username",
        };
        faults.add(field, fault.message.clone());
    }
    faults
}

fn username(typed: &str, text: Text) -> Result<NamespaceName, String> {
    if typed.is_empty() {
        return Err(text.say("setup-no-username"));
    }
    typed.parse().map_err(|_| match typed.to_lowercase().replace(' ', "-").parse::<NamespaceName>() {
        Ok(better) => text.with("setup-username-better", "name", better.as_str()),
        Err(_) => text.say("setup-username-rule"),
    })
}

fn email(typed: &str, text: Text) -> Result<Option<String>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    let has_both_parts = typed.rsplit_once('@').is_some_and(|(who, domain)| !who.is_empty() && !domain.is_empty());
    let is_plain = !typed.contains(|letter: char| letter.is_whitespace() || letter.is_control());
    if has_both_parts && is_plain && typed.len() <= MAX_EMAIL {
        Ok(Some(typed.to_string()))
    } else {
        Err(text.say("setup-email-rule"))
    }
}

fn new_password(typed: &str, text: Text) -> Result<(), String> {
    if typed.is_empty() {
        return Err(text.say("setup-no-password"));
    }
    password::check_rule(typed).map_err(|_| match typed.chars().count() {
        few if few < password::MIN_LENGTH => {
            text.with2("setup-password-short", "least", password::MIN_LENGTH, "count", few)
        }
        _ => text.with("setup-password-long", "most", password::MAX_LENGTH),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::portal::text::Language;

    fn english() -> Text {
        Text::new(Language::English)
    }

    fn form(username: &str, email: &str, password: &str, again: &str) -> SetupForm {
        let [username, email, password, password_again] = [username, email, password, again].map(String::from);
        SetupForm { token: String::new(), username, email, password, password_again }
    }

    fn fields(form: SetupForm) -> Vec<String> {
        form.check(english()).err().unwrap_or_default().iter().map(|fault| fault.field.clone()).collect()
    }

    #[test]
    fn a_right_form_is_a_user() {
        let user = form(" amara ", "", "correct horse", "correct horse").check(english());
        let user = user.unwrap_or_else(|_| panic!("refused"));

        assert_eq!((user.name.as_str(), user.email), ("amara", None));
    }

    #[test]
    fn every_fault_is_named_at_once() {
        let all = ["username", "email", "password"];
        assert_eq!(fields(form("A", "nobody", "short", "other")), all);
        assert_eq!(fields(form("", "a@", "", "")), all);
        assert_eq!(fields(form("amara", "a@b", "correct horse", "correct hors")), ["password_again"]);
    }

    #[test]
    fn a_name_that_is_nearly_right_gets_a_suggestion() {
        assert!(username("Amara Okafor", english()).unwrap_err().ends_with("Try “amara-okafor”."));
        assert!(!username("<b>", english()).unwrap_err().contains("Try"));
    }
}
