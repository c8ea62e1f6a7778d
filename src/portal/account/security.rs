//! The tab of password and second factor.

use actix_web::HttpResponse;
use askama::Template;
use domain::second_factor::{self, State};

use super::Asked;
use super::factor::Begun;
use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;

#[derive(Template)]
#[template(path = "account/security.html")]
pub(super) struct SecurityPage {
    frame: Frame,
    head: Head,
    state: State,
    /// Since when codes are asked for.
    since: Option<Moment>,
    dialog: Option<Dialog>,
}

/// What stands over the tab.
pub(super) enum Dialog {
    /// The form of another password.
    Password(Faults),
    /// A secret for the app, waiting for its first code.
    Begun(Begun),
    /// Recovery codes: the only time they are seen.
    Codes(Vec<String>),
    /// The question before they are replaced.
    Regenerate,
    /// The question before the factor is switched off.
    Off,
}

/// `?tab=security`
pub async fn show(visit: &Visit, asked: &Asked) -> Result<HttpResponse, PageError> {
    if !asked.dialog.is_empty() {
        visit.require_fresh()?;
    }
    let mut page = page(visit, None).await?;
    page.dialog = match asked.dialog.as_str() {
        "password" => Some(Dialog::Password(Faults::none())),
        "second-factor" if page.state.begun => Begun::find(visit, Faults::none()).await?.map(Dialog::Begun),
        "codes" if page.state.active_since.is_some() => Some(Dialog::Regenerate),
        "off" if page.state.active_since.is_some() => Some(Dialog::Off),
        _ => None,
    };
    Ok(visit.page(&page))
}

/// The tab with a dialog.
pub(super) async fn page(visit: &Visit, dialog: Option<Dialog>) -> Result<SecurityPage, PageError> {
    let me = visit.myself().await?;
    let state = visit.services.db.read(move |conn| second_factor::state(conn, &me)).await?;
    let frame = visit.frame(Here::Elsewhere).await?;
    let reader = visit.reader();
    let since = state.active_since.map(|at| reader.moment(at));
    Ok(SecurityPage { frame, head: Head::at(Tab::Security), state, since, dialog })
}

impl SecurityPage {
    /// Recovery codes as a file, for whoever wants to keep them so.
    fn file(&self, codes: &[String]) -> String {
        format!("data:text/plain;charset=utf-8,{}%0A", codes.join("%0A"))
    }

    /// Recovery codes as one text.
    fn lines(&self, codes: &[String]) -> String {
        codes.join("\n")
    }
}
