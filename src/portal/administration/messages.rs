//! Messages to everybody, which stand above every page.

use actix_web::HttpResponse;
use actix_web::web::Path;
use askama::Template;
use domain::access::Inspect;
use domain::message::{self, MessageFormat, Severity};
use serde::Deserialize;

use super::{may_change, superuser};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    dialog: String,
}

/// The form for a message.
#[derive(Deserialize, Default)]
pub struct NewMessage {
    #[serde(default)]
    content: String,
    #[serde(default)]
    format: String,
    #[serde(default)]
    severity: String,
}

#[derive(Template)]
#[template(path = "administration/messages.html")]
struct MessagesPage {
    frame: Frame,
    may_change: bool,
    dialog: Option<CreateDialog>,
}

struct CreateDialog {
    typed: NewMessage,
    faults: Faults,
}

/// `GET /administration/messages[?dialog=create]`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    let creating = asked.dialog == "create" && may_change(&visit);
    if creating {
        visit.require_fresh()?;
    }
    let dialog = creating.then(|| CreateDialog { typed: NewMessage::default(), faults: Faults::none() });
    Ok(visit.page(&page(&visit, dialog).await?))
}

/// The frame has the messages already.
async fn page(visit: &Visit, dialog: Option<CreateDialog>) -> Result<MessagesPage, PageError> {
    visit.registry::<Inspect>().await?;
    let frame = visit.frame(Here::Administration(Administration::Messages)).await?;
    Ok(MessagesPage { frame, may_change: may_change(visit), dialog })
}

/// `POST /administration/messages`
///
/// # Errors
/// As [`message::post`], but for what the form can mend.
pub async fn create(visit: Visit, form: VerifiedForm<NewMessage>) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    let typed = form.into_inner();
    let format = MessageFormat::from_word(&typed.format).unwrap_or(MessageFormat::Plain);
    let severity = Severity::from_word(&typed.severity).unwrap_or(Severity::Info);
    // Browsers send lines as CR LF.
    let content = typed.content.replace("\r\n", "\n");
    let (now, entropy) = (visit.services.clock.now(), visit.services.entropy.clone());
    let posted = visit
        .services
        .db
        .write(move |tx| message::post(tx, &instance, &*entropy, now, (content.trim(), format, severity)).map(|_| ()));
    match posted.await {
        Ok(()) => {
            let flash = Flash::done(visit.text().say("admin-messages-posted"));
            Ok(visit.go_saying(urls::administration_messages(), flash))
        }
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            Ok(visit.refused(&page(&visit, Some(CreateDialog { typed, faults })).await?))
        }
    }
}

/// `POST /administration/messages/<uuid>/deletion`
///
/// # Errors
/// As [`message::delete`].
pub async fn delete(visit: Visit, uuid: Path<String>, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let instance = superuser(&visit).await?;
    let (uuid, now) = (uuid.into_inner(), visit.services.clock.now());
    visit.services.db.write(move |tx| message::delete(tx, &instance, now, &uuid)).await?;
    Ok(visit.go_saying(urls::administration_messages(), Flash::done(visit.text().say("admin-messages-deleted"))))
}

impl CreateDialog {
    /// What a message can be: word and name's key.
    fn severities(&self) -> [(&'static str, &'static str, bool); 3] {
        let one = |severity: Severity, key| (severity.as_str(), key, self.typed.severity == severity.as_str());
        [
            one(Severity::Info, "admin-message-info"),
            one(Severity::Warning, "admin-message-warning"),
            one(Severity::Error, "admin-message-error"),
        ]
    }

    /// How it can be written: word and name's key.
    fn formats(&self) -> [(&'static str, &'static str, bool); 2] {
        let one = |format: MessageFormat, key| (format.as_str(), key, self.typed.format == format.as_str());
        [one(MessageFormat::Plain, "admin-messages-plain"), one(MessageFormat::Markdown, "admin-messages-markdown")]
    }
}
