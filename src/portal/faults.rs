//! What is wrong with a form, field by field.

use actix_web::HttpRequest;
use domain::Error;

use super::error::{self, Refusal};
use super::problem::PageError;

/// One thing to correct.
pub struct Fault {
    /// The field's name, which is also its id in the page; empty for the form as a whole.
    pub field: String,
    /// A sentence that says what would be right.
    pub message: String,
}

/// Everything to correct in a form. None for a form that is shown for the first time.
#[derive(Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Of a form nobody sent yet.
    pub fn none() -> Faults {
        Faults::default()
    }

    /// One fault.
    pub fn one(field: impl Into<String>, message: impl Into<String>) -> Faults {
        let mut faults = Faults::none();
        faults.add(field, message);
        faults
    }

    /// What the domain says about the values of a form. A refusal that no value could mend is a page of its own.
    ///
    /// # Errors
    /// Everything that is not about a value.
    pub fn from_domain(request: &HttpRequest, error: Error) -> Result<Faults, PageError> {
        match error {
            Error::Invalid { .. } | Error::AlreadyExists(_) | Error::Content(_) => {
                match error::refusal(request, &error) {
                    Refusal::AtField { field, message } => Ok(Faults::one(field, message)),
                    Refusal::Page(_) => Err(error.into()),
                }
            }
            Error::Refused(ref why) => Ok(Faults::one("", error::sentence(&error::words(request).sentence(why)))),
            other => Err(other.into()),
        }
    }

    /// One more.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        self.0.push(Fault { field: field.into(), message: message.into() });
    }

    /// Whether there is anything to correct.
    pub fn any(&self) -> bool {
        !self.0.is_empty()
    }

    /// How much.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// In the order of the form.
    pub fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.0.iter()
    }

    /// What is wrong with a field.
    pub fn at(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|fault| fault.field == field).map(|fault| fault.message.as_str())
    }
}
