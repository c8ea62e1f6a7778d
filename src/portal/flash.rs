//! A notice for the page that comes after a form: "Team created", with Undo where there is one.
//!
//! It travels in a cookie that the next page takes away, stamped so that nobody else can put words into a page.

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, time::Duration};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::web::services::Services;
use crate::web::session;

const NAME: &str = "pierhead_notice";
const LIFETIME: Duration = Duration::minutes(2);
/// Browsers keep 4 KiB a cookie; base64 and the stamp take their part.
const MAX_BYTES: usize = 2_600;

/// How it went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mood {
    /// Done.
    Done,
    /// Not done, or not all of it.
    Failed,
}

/// A notice, in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// How it went.
    pub mood: Mood,
    /// What happened.
    pub text: String,
    /// One line each for what did not work.
    pub details: Vec<String>,
    /// How to take it back.
    pub undo: Option<Undo>,
}

/// A form with nothing but a button.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// The button's words.
    pub label: String,
    /// Where it is sent.
    pub action: String,
    /// Hidden fields.
    pub fields: Vec<(String, String)>,
}

impl Flash {
    /// It is done.
    pub fn done(text: impl Into<String>) -> Flash {
        Flash { mood: Mood::Done, text: text.into(), details: Vec::new(), undo: None }
    }

    /// It is not done.
    pub fn failed(text: impl Into<String>) -> Flash {
        Flash { mood: Mood::Failed, ..Flash::done(text) }
    }

    /// With what did not work.
    pub fn listing(self, details: Vec<String>) -> Flash {
        Flash { details, ..self }
    }

    /// With a way to take it back.
    pub fn undone_by(self, label: impl Into<String>, action: String, fields: Vec<(String, String)>) -> Flash {
        Flash { undo: Some(Undo { label: label.into(), action, fields }), ..self }
    }

    /// Whether it went wrong.
    pub fn is_failure(&self) -> bool {
        self.mood == Mood::Failed
    }
}

/// The cookie that carries it.
pub(super) fn cookie(services: &Services, flash: &Flash) -> Cookie<'static> {
    let mut flash = flash.clone();
    let mut written = write(&flash);
    // Undo is what helps most, so the list goes first; what is too long altogether is left out.
    while written.len() > MAX_BYTES && flash.details.pop().is_some() {
        written = write(&flash);
    }
    if written.len() > MAX_BYTES {
        flash.undo = None;
        flash.text = flash.text.chars().take(300).collect();
        written = write(&flash);
    }
    let value = URL_SAFE_NO_PAD.encode(&written);
    let stamp = services.csrf.proof(&stamped(&value));
    let mut cookie = session::own_cookie(services, NAME, format!("{value}.{stamp}"));
    cookie.set_max_age(LIFETIME);
    cookie
}

/// The notice that came with a request, if we wrote it.
pub(super) fn read(request: &HttpRequest, services: &Services) -> Option<Flash> {
    let cookie = request.cookie(&session::cookie_named(services, NAME))?;
    let (value, stamp) = cookie.value().split_once('.')?;
    if !services.csrf.holds(&stamped(value), stamp) {
        return None;
    }
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(value).ok()?).ok()
}

/// Whether a request brought one.
pub(super) fn is_there(request: &HttpRequest, services: &Services) -> bool {
    request.cookie(&session::cookie_named(services, NAME)).is_some()
}

/// Takes it away.
pub(super) fn no_cookie(services: &Services) -> Cookie<'static> {
    let mut cookie = session::own_cookie(services, NAME, String::new());
    cookie.make_removal();
    cookie
}

fn write(flash: &Flash) -> Vec<u8> {
    serde_json::to_vec(flash).unwrap_or_default()
}

/// What is stamped; nothing else that is stamped with this key begins so.
fn stamped(value: &str) -> String {
    format!("notice:{value}")
}
