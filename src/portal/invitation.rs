//! An invitation to a team, for the user it is for.

use actix_web::HttpResponse;
use actix_web::web::{self, Path};
use askama::Template;
use domain::team::invitation::{self, Codes, Invitation};
use serde::Deserialize;

use super::flash::Flash;
use super::frame::{Frame, Here};
use super::problem::PageError;
use super::show::Moment;
use super::visit::Visit;
use super::{read, urls};
use crate::web::form::VerifiedForm;

/// What one answers.
#[derive(Deserialize)]
pub struct Answer {
    answer: String,
}

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage {
    frame: Frame,
    invitation: Invitation,
    expires: Moment,
}

/// Every page of invitations.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(web::resource("/invitation/{code}").route(read().to(show)).route(web::post().to(answer)));
}

/// `GET /invitation/<code>`
///
/// # Errors
/// Not found unless it waits for whoever asks.
pub async fn show(visit: Visit, code: Path<String>) -> Result<HttpResponse, PageError> {
    let invitation = find(&visit, &code).await?;
    let frame = visit.frame(Here::Elsewhere).await?;
    let expires = visit.reader().moment(invitation.expires_at);
    Ok(visit.page(&InvitationPage { frame, invitation, expires }))
}

/// `POST /invitation/<code>`
///
/// # Errors
/// As [`invitation::accept`].
pub async fn answer(visit: Visit, code: Path<String>, form: VerifiedForm<Answer>) -> Result<HttpResponse, PageError> {
    let accepts = form.into_inner().answer == "accept";
    let found = find(&visit, &code).await?;
    let (me, now, code) = (visit.myself().await?, visit.services.clock.now(), code.into_inner());
    let (organization, team) = (found.organization, found.team);
    if accepts {
        visit.services.db.write(move |tx| invitation::accept(tx, &me, now, &code)).await?;
        let flash = Flash::done(visit.text().with2("invitation-accepted", "team", &team, "name", &organization));
        return Ok(visit.go_saying(&urls::organization(&organization), flash));
    }
    visit.services.db.write(move |tx| invitation::decline(tx, &me, now, &code)).await?;
    let flash = Flash::done(visit.text().with2("invitation-declined", "team", &team, "name", &organization));
    Ok(visit.go_saying(urls::home(), flash))
}

async fn find(visit: &Visit, code: &str) -> Result<Invitation, PageError> {
    let me = visit.myself().await?;
    let codes = Codes::new(&visit.services.vault)?;
    let now = visit.services.clock.now();
    let waiting = visit.services.db.read(move |conn| invitation::of_user(conn, &me, now, &codes)).await?;
    waiting.into_iter().find(|invitation| invitation.code == code).ok_or(PageError::NotFound)
}
