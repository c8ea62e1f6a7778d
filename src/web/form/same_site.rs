//! A form that another site's page did not send.
//!
//! Browsers say where a request comes from (`Sec-Fetch-Site`, `Origin`), and no script can change that. What comes from
//! elsewhere is refused before the body is read.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::{Payload, UrlEncoded};
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;

use super::{FormRejection, MAX_BYTES};
use crate::web::origin;
use crate::web::services::Services;

/// A form sent from a page of this server, parsed. It has what proves it in itself, such as the set-up word.
pub struct SameSiteForm<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for SameSiteForm<T> {
    type Error = FormRejection;
    type Future = Pin<Box<dyn Future<Output = Result<Self, FormRejection>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !came_from_here(request) {
            return Box::pin(async { Err(FormRejection::FromElsewhere) });
        }
        let form = UrlEncoded::<T>::new(request, payload).limit(MAX_BYTES);
        Box::pin(async move { Ok(SameSiteForm(form.await?)) })
    }
}

/// Whether a page of ours, or no page at all, sent this request.
pub fn came_from_here(request: &HttpRequest) -> bool {
    let services = request.app_data::<web::Data<Services>>();
    let base_url = services.map(|services| origin::base_url(request, services));
    // HTTP/2 has no `Host`; what stands in its place is in the URI.
    let authority = request.uri().authority().map(|authority| authority.as_str());
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).or(authority);
    is_from_here(request.headers(), host, base_url.as_deref())
}

/// Whether a page of ours, or no page at all, sent this. Programs send neither header and are let through: they carry
/// no cookies that somebody else could make use of.
pub fn is_from_here(headers: &HeaderMap, host: Option<&str>, base_url: Option<&str>) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    let site = text(header::HeaderName::from_static("sec-fetch-site"));
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return false;
    }
    let Some(origin) = text(header::ORIGIN) else { return true };
    let origin_host = origin.split_once("://").map(|(_, host)| host);
    // A proxy may replace `Host`; the external URL then says what the browser sees.
    base_url == Some(origin) || (origin_host.is_some() && origin_host == host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    const HERE: &str = "localhost:8080";

    fn accepts(headers: &[(&'static str, &'static str)]) -> bool {
        let request = headers.iter().fold(TestRequest::post(), |request, header| request.insert_header(*header));
        is_from_here(request.to_http_request().headers(), Some(HERE), Some("https://registry.example.com"))
    }

    #[test]
    fn forms_of_this_server_and_of_programs_are_accepted() {
        assert!(accepts(&[]));
        assert!(accepts(&[("sec-fetch-site", "same-origin")]));
        assert!(accepts(&[("sec-fetch-site", "none")]));
        assert!(accepts(&[("origin", "http://localhost:8080")]));
        assert!(accepts(&[("origin", "https://registry.example.com")]));
    }

    #[test]
    fn forms_of_other_sites_are_refused() {
        for site in ["cross-site", "same-site", "", "Same-Origin "] {
            assert!(!accepts(&[("sec-fetch-site", site)]), "{site}");
        }
        for origin in ["https://evil.example", "null", "", "http://localhost", "http://localhost:8080.evil.example"] {
            assert!(!accepts(&[("origin", origin)]), "{origin}");
        }
        assert!(!accepts(&[("sec-fetch-site", "same-origin"), ("origin", "https://evil.example")]));
    }

    #[actix_web::test]
    async fn a_form_is_small_urlencoded_and_has_known_fields_only() {
        #[derive(serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Asked {
            name: String,
        }
        async fn read(content_type: &'static str, body: String) -> Result<String, FormRejection> {
            let request = TestRequest::post().insert_header((header::CONTENT_TYPE, content_type)).set_payload(body);
            let (request, mut payload) = request.to_http_parts();
            SameSiteForm::<Asked>::from_request(&request, &mut payload).await.map(|SameSiteForm(form)| form.name)
        }
        let form = "application/x-www-form-urlencoded";

        assert_eq!(read(form, "name=a%26b+c".into()).await, Ok("a&b c".into()));
        assert_eq!(read("text/plain", "name=a".into()).await, Err(FormRejection::NotAForm));
        assert_eq!(read(form, "name=a&next=%2F".into()).await, Err(FormRejection::Unreadable));
        assert_eq!(read(form, format!("name={}", "a".repeat(MAX_BYTES))).await, Err(FormRejection::TooLarge));
    }
}
