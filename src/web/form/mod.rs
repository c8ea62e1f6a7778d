//! Forms somebody filled in on a page of ours.
//!
//! [`VerifiedForm`] is what pages take: a handler gets what is in it only after the request was found to come from this
//! site and to carry the proof that belongs to the browser's cookie. Set-up alone takes a [`SameSiteForm`]: its form has
//! a proof of its own, the set-up word.

mod same_site;
mod verified;

use actix_web::error::UrlencodedError;
use actix_web::{ResponseError, http::StatusCode};
use serde::Deserialize;

pub use same_site::{SameSiteForm, came_from_here, is_from_here};
pub use verified::VerifiedForm;

/// The largest form, in bytes, decompressed: a long description fits.
pub const MAX_BYTES: usize = 256 * 1024;
/// The hidden field of forms that create: whatever is sent under it twice is done once.
pub const ONCE_FIELD: &str = "_once";

/// A form with nothing to fill in: a button, and the proof.
#[derive(Deserialize)]
pub struct Pressed {}

/// Why there is no form. Handlers that answer it themselves take `Result<VerifiedForm<T>, FormRejection>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormRejection {
    /// Another site's page sent it.
    FromElsewhere,
    /// Without the proof that belongs to the browser's cookie: a stale page, or not one of ours.
    Unproven,
    /// More than 256 KiB.
    TooLarge,
    /// Not what browsers send for a form.
    NotAForm,
    /// Fields missing, unknown, twice or not in UTF-8.
    Unreadable,
}

impl FormRejection {
    /// What is wrong, as a sentence.
    pub fn message(self) -> &'static str {
        match self {
            FormRejection::FromElsewhere => "The form was sent from a page of another site.",
            FormRejection::Unproven => "The page was open for too long, or cookies are switched off.",
            FormRejection::TooLarge => "The form is larger than 256 KiB.",
            FormRejection::NotAForm => "What arrived is not a form: application/x-www-form-urlencoded is needed.",
            FormRejection::Unreadable => "The form has other fields than the page it belongs to.",
        }
    }
}

impl std::fmt::Display for FormRejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message())
    }
}

impl ResponseError for FormRejection {
    fn status_code(&self) -> StatusCode {
        match self {
            FormRejection::FromElsewhere | FormRejection::Unproven => StatusCode::FORBIDDEN,
            FormRejection::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            FormRejection::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            FormRejection::Unreadable => StatusCode::BAD_REQUEST,
        }
    }
}

impl From<UrlencodedError> for FormRejection {
    fn from(error: UrlencodedError) -> FormRejection {
        match error {
            UrlencodedError::Overflow { .. } => FormRejection::TooLarge,
            UrlencodedError::ContentType => FormRejection::NotAForm,
            _ => FormRejection::Unreadable,
        }
    }
}
