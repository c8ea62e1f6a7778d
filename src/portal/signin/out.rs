//! Signing out.

use actix_web::HttpResponse;

use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};
use crate::web::{session, sign_in};

/// `POST /signout`
///
/// # Errors
/// As the database's.
pub async fn sign_out(visit: Visit, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    sign_in::end(&visit.services, visit.caller()).await?;
    let mut answer = visit.leave(urls::signin());
    let _ = answer.add_cookie(&session::no_cookie(&visit.services));
    Ok(answer)
}
