//! A form that was meant: sent from this site, with the proof that belongs to the browser's cookie.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::{Payload, UrlEncoded};
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::{FormRejection, MAX_BYTES, ONCE_FIELD, came_from_here};
use crate::web::services::Services;
use crate::web::session::{self, CSRF_FIELD, CSRF_HEADER};

/// A form sent from a page of this server by the browser the page was made for, parsed.
///
/// A field that may come several times is a `Vec`. The proof is the hidden field [`CSRF_FIELD`] or the header
/// [`CSRF_HEADER`]; it is checked before anything else is looked at.
pub struct VerifiedForm<T>(T);

impl<T> VerifiedForm<T> {
    /// What was filled in.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for VerifiedForm<T> {
    type Error = FormRejection;
    type Future = Pin<Box<dyn Future<Output = Result<Self, FormRejection>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !came_from_here(request) {
            return Box::pin(async { Err(FormRejection::FromElsewhere) });
        }
        let pairs = UrlEncoded::<Vec<(String, String)>>::new(request, payload).limit(MAX_BYTES);
        let request = request.clone();
        Box::pin(async move { read(&request, pairs.await?) })
    }
}

fn read<T: DeserializeOwned>(
    request: &HttpRequest,
    mut pairs: Vec<(String, String)>,
) -> Result<VerifiedForm<T>, FormRejection> {
    let services = request.app_data::<web::Data<Services>>().ok_or(FormRejection::Unproven)?;
    let secret = session::secret(request, services).ok_or(FormRejection::Unproven)?;
    pairs.retain(|(name, _)| name != ONCE_FIELD);
    let field = pairs.iter().position(|(name, _)| name == CSRF_FIELD).map(|at| pairs.remove(at).1);
    let header = request.headers().get(CSRF_HEADER).and_then(|proof| proof.to_str().ok()).map(str::to_string);
    let proof = field.or(header).ok_or(FormRejection::Unproven)?;
    if !services.csrf.holds(&secret, &proof) {
        return Err(FormRejection::Unproven);
    }
    let encoded = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
    serde_html_form::from_str(&encoded).map(VerifiedForm).map_err(|_| FormRejection::Unreadable)
}
