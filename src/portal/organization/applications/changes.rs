//! What cannot be taken back: another secret, the end of an application.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::oauth;

use super::organization;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// `POST /organization/<name>/applications/<client>/secret`
///
/// # Errors
/// As [`oauth::reset_secret`].
pub async fn reset_secret(
    visit: Visit,
    path: Path<(String, String)>,
    _: VerifiedForm<Pressed>,
) -> Result<HttpResponse, PageError> {
    let (name, client) = path.into_inner();
    let organization = organization(&visit, &name).await?;
    let (vault, entropy) = (visit.services.vault.clone(), visit.services.entropy.clone());
    let (wanted, now) = (client.clone(), visit.services.clock.now());
    let reset =
        visit.services.db.write(move |tx| oauth::reset_secret(tx, &organization, (&vault, &*entropy), now, &wanted));
    let reset = reset.await?;
    let flash = Flash::done(visit.text().with("applications-secret-reset", "name", reset.details.name));
    Ok(visit.go_saying(&urls::application_view(&name, &client, "information"), flash))
}

/// `POST /organization/<name>/applications/<client>/deletion`
///
/// # Errors
/// As [`oauth::delete`].
pub async fn delete(
    visit: Visit,
    path: Path<(String, String)>,
    _: VerifiedForm<Pressed>,
) -> Result<HttpResponse, PageError> {
    let (name, client) = path.into_inner();
    let organization = organization(&visit, &name).await?;
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| oauth::delete(tx, &organization, now, &client)).await?;
    let flash = Flash::done(visit.text().say("applications-deleted"));
    Ok(visit.go_saying(&urls::organization_tab(&name, "applications"), flash))
}
