//! What pages outside of the frame have that are written in the reader's language: signing in and what belongs to it.

use super::flash::Flash;
use super::text::{Argument, Text};
use super::visit::Visit;

/// What stands around such a page. Made by [`Visit::outside`].
pub struct Outside {
    /// Of this program.
    pub version: &'static str,
    /// The reader's words.
    pub text: Text,
    /// As in `data-theme`.
    pub theme: &'static str,
    /// Host and port of the registry.
    pub host: String,
    /// For the hidden field of every form.
    pub proof: String,
    /// What became of the form before.
    pub flash: Option<Flash>,
}

impl Visit {
    /// What stands around a page outside of the frame.
    pub(super) fn outside(&self) -> Outside {
        Outside {
            version: env!("CARGO_PKG_VERSION"),
            text: self.text(),
            theme: self.visitor.theme,
            host: self.address().host().to_string(),
            proof: self.visitor.proof.clone(),
            flash: self.flash(),
        }
    }
}

impl Outside {
    /// A message without arguments.
    pub fn say(&self, key: &str) -> String {
        self.text.say(key)
    }

    /// A message with one argument.
    pub fn with(&self, key: &str, name: &'static str, value: impl Argument) -> String {
        self.text.with(key, name, value)
    }
}
