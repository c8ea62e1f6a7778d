//! The tab of invitations to teams. Answers go to the invitation's own address.

use actix_web::HttpResponse;
use askama::Template;
use domain::team::invitation::{self, Codes, Invitation};

use super::head::{Head, Tab};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;

#[derive(Template)]
#[template(path = "account/invitations.html")]
struct InvitationsPage {
    frame: Frame,
    head: Head,
    rows: Vec<(Invitation, Moment)>,
}

/// `?tab=invitations`
pub async fn show(visit: &Visit) -> Result<HttpResponse, PageError> {
    let (me, codes) = (visit.myself().await?, Codes::new(&visit.services.vault)?);
    let (now, reader) = (visit.services.clock.now(), visit.reader());
    let waiting = visit.services.db.read(move |conn| invitation::of_user(conn, &me, now, &codes)).await?;
    let rows = waiting.into_iter().map(|one| {
        let ends = reader.moment(one.expires_at);
        (one, ends)
    });
    let rows = rows.collect();
    let frame = visit.frame(Here::Elsewhere).await?;
    Ok(visit.page(&InvitationsPage { frame, head: Head::at(Tab::Invitations), rows }))
}
