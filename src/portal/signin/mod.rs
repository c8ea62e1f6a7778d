//! Signing in and out, and what comes before: an account of one's own, a new password for one that was forgotten.
//!
//! Whoever must sign in first is sent here with `next`, the address to go on to: one of this server and nothing else. A
//! sign-in needs the proof of the page it came from, so that no other site can sign a browser in as somebody. Users with
//! a second factor sign in in two steps; between the two the browser carries a sealed word that is good for itself alone.

mod code;
mod confirm;
mod out;
mod password;
mod recovery;
mod register;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, web};
use askama::Template;
use domain::Error;
use serde::Deserialize;
use url::{Position, Url};

use super::problem::PageError;
use super::visit::Visit;
use super::{error, read, urls};
use crate::web::session;
use crate::web::throttle::Verdict;

const MAX_NEXT: usize = 4_000;

/// Where to go on.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Then {
    next: String,
}

/// Every address.
pub fn routes(config: &mut web::ServiceConfig) {
    let at = |address: &str| web::resource(address.to_string()).default_service(web::to(error::no_method));
    config
        .service(at(urls::SIGNIN).route(read().to(password::show)).route(web::post().to(password::submit)))
        .service(at(urls::SIGNIN_CODE).route(read().to(code::show)).route(web::post().to(code::submit)))
        .service(at(urls::CONFIRM).route(read().to(confirm::show)).route(web::post().to(confirm::submit)))
        .service(at(urls::SIGNOUT).route(web::post().to(out::sign_out)))
        .service(at(urls::CREATE_ACCOUNT).route(read().to(register::show)).route(web::post().to(register::submit)))
        .service(at(urls::RECOVERY).route(read().to(recovery::show)).route(web::post().to(recovery::submit)));
}

/// An address of this server to go on to; the start page in place of anything else.
///
/// Browsers read `//host`, `/\host` and what becomes of `/.//host` as another server's.
pub fn local(next: &str) -> String {
    let refused = || urls::landing().to_string();
    let odd = |c: char| c.is_control() || c == '\\';
    if !next.starts_with('/') || next.starts_with("//") || next.len() > MAX_NEXT || next.contains(odd) {
        return refused();
    }
    let here = Url::parse("http://here.invalid/").expect("it is a URL");
    let Ok(url) = here.join(next) else { return refused() };
    let path = &url[Position::BeforePath..];
    if url.host_str() != here.host_str() || path.starts_with("//") { refused() } else { path.to_string() }
}

/// Why somebody is not let in.
struct Refused {
    status: StatusCode,
    fault: String,
    retry_after: Option<u64>,
}

impl Refused {
    /// In the same words for all names.
    ///
    /// # Errors
    /// What is no answer to a wrong password.
    fn of(visit: &Visit, error: Error) -> Result<Refused, PageError> {
        let text = visit.text();
        let unprocessable =
            |key| Refused { status: StatusCode::UNPROCESSABLE_ENTITY, fault: text.say(key), retry_after: None };
        match error {
            Error::Unauthenticated(said) if said.contains("disabled") => Ok(unprocessable("signin-disabled")),
            Error::Unauthenticated(_) => Ok(unprocessable("signin-wrong")),
            Error::Paused { retry_after, .. } | Error::Busy { retry_after } => {
                let seconds = retry_after.as_secs().max(1);
                Ok(Refused {
                    status: StatusCode::TOO_MANY_REQUESTS,
                    fault: text.with("signin-too-many", "seconds", seconds),
                    retry_after: Some(seconds),
                })
            }
            other => Err(other.into()),
        }
    }

    /// The page that says so.
    fn answer(&self, visit: &Visit, page: &impl Template) -> HttpResponse {
        let mut answer = visit.page_with(self.status, page);
        if let Some(seconds) = self.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        answer
    }
}

/// Refuses one attempt too many from the same address.
pub(super) fn count(visit: &Visit) -> Result<(), Error> {
    match visit.services.throttle.sign_in(&visit.request, &visit.services) {
        Verdict::TooMany(_, retry_after) => Err(Error::Busy { retry_after }),
        Verdict::Welcome(_) | Verdict::Unlimited => Ok(()),
    }
}

/// What the browser's cookie says.
fn secret(visit: &Visit) -> String {
    session::secret(&visit.request, &visit.services).unwrap_or_default()
}

/// On as whoever signed in just now, by a cookie with a new secret.
fn welcome(visit: &Visit, secret: String, next: &str) -> HttpResponse {
    let mut answer = visit.go(next);
    let _ = answer.add_cookie(&session::cookie(&visit.services, secret));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_to_addresses_of_this_server() {
        for next in ["/", "/organization/acme?tab=apps", "/oauth/authorize?redirect_uri=http%3A%2F%2Fa%2Fb&x=//y"] {
            assert_eq!(local(next), next);
        }
    }

    #[test]
    fn one_does_not_go_on_to_other_servers() {
        for next in [
            "",
            "https://evil.example/",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/.//evil.example",
            "/a/..//evil.example",
            "/\t/evil.example",
            "/\n//evil.example",
            "javascript:alert(1)",
            "evil.example",
            " //evil.example",
            "/%0d%0aset-cookie:a=b\r\nx",
        ] {
            assert_eq!(local(next), "/", "{next:?}");
        }
        assert_eq!(local(&format!("/{}", "a".repeat(5_000))), "/");
    }
}
