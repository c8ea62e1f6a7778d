//! What is done to a robot account: described anew, given another token, deleted.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::Admin;
use domain::robot;
use serde::Deserialize;

use super::dialogs::{Describe, Dialog};
use super::{Named, refused};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// What is to be said about it.
#[derive(Deserialize)]
pub struct NewDescription {
    #[serde(default)]
    description: String,
}

/// `POST …/robots/<robot>/description`
///
/// # Errors
/// As [`robot::describe`], but for a description that is too long.
pub async fn describe(
    visit: Visit,
    path: Path<Named>,
    form: VerifiedForm<NewDescription>,
) -> Result<HttpResponse, PageError> {
    let named = path.into_inner();
    let (namespace, short) = (named.open::<Admin>(&visit).await?, named.short()?);
    let (typed, now) = (form.into_inner().description.trim().to_string(), visit.services.clock.now());
    let wanted = typed.clone();
    let described =
        visit.services.db.write(move |tx| robot::describe(tx, &namespace, now, &short, (Some(&wanted), None)));
    if let Err(error) = described.await {
        let faults = Faults::from_domain(&visit.request, error)?;
        let action = named.action("description");
        let dialog = Describe { robot: named.whole(), description: typed, faults, action };
        return refused(&visit, &named, Dialog::Describe(dialog)).await;
    }
    let flash = Flash::done(visit.text().with("robots-described", "name", named.whole()));
    Ok(visit.go_saying(&named.list_url(), flash))
}

/// `POST …/robots/<robot>/token`
///
/// # Errors
/// As [`robot::regenerate`].
pub async fn regenerate(visit: Visit, path: Path<Named>, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let named = path.into_inner();
    let (namespace, short) = (named.open::<Admin>(&visit).await?, named.short()?);
    let (vault, entropy) = (visit.services.vault.clone(), visit.services.entropy.clone());
    let now = visit.services.clock.now();
    let made = move |tx: &mut domain::db::Tx<'_>| robot::regenerate(tx, &namespace, (&vault, &*entropy), now, &short);
    visit.services.db.write(made).await?;
    let flash = Flash::done(visit.text().with("robots-regenerated", "name", named.whole()));
    Ok(visit.go_saying(&named.dialog_url("credentials"), flash))
}

/// `POST …/robots/<robot>/deletion`
///
/// # Errors
/// As [`robot::delete`].
pub async fn delete(visit: Visit, path: Path<Named>, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let named = path.into_inner();
    let (namespace, short) = (named.open::<Admin>(&visit).await?, named.short()?);
    let now = visit.services.clock.now();
    visit.services.db.write(move |tx| robot::delete(tx, &namespace, now, &short)).await?;
    let flash = Flash::done(visit.text().with("robots-deleted", "name", named.whole()));
    Ok(visit.go_saying(&named.list_url(), flash))
}
