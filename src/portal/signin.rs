//! Signing in and out.
//!
//! Whoever must sign in first is sent here with `next`, the address to go on to: one of this server and nothing else. A
//! sign-in needs the proof of the page it came from, so that no other site can sign a browser in as somebody.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use domain::Error;
use domain::principal::Principal;
use serde::Deserialize;
use url::{Position, Url};

use super::address::Address;
use super::error::{self, Explanation};
use super::page::{self, SoloFrame};
use super::urls;
use crate::web::form::{FormRejection, SameSiteForm};
use crate::web::services::Services;
use crate::web::session;
use crate::web::sign_in::Begun;
use crate::web::throttle::Verdict;
use crate::web::{authenticate, origin, sign_in};

const MAX_NEXT: usize = 4_000;
/// For names typed again into the page.
const MAX_USERNAME: usize = 255;

/// Where to go on.
#[derive(Deserialize)]
pub struct Then {
    #[serde(default)]
    next: String,
}

/// The form as sent.
#[derive(Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    username: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
    #[serde(rename = "_csrf_token")]
    proof: Option<String>,
}

/// A form with nothing but its proof.
#[derive(Deserialize)]
pub struct ProofForm {
    #[serde(rename = "_csrf_token")]
    proof: Option<String>,
}

#[derive(Template)]
#[template(path = "signin.html")]
struct SignInPage {
    frame: SoloFrame,
    host: String,
    signed_in_as: Option<String>,
    proof: String,
    next: String,
    username: String,
    fault: Option<String>,
}

/// `GET /signin?next=…`
pub async fn show(request: HttpRequest, services: web::Data<Services>, then: web::Query<Then>) -> HttpResponse {
    let caller = match authenticate::browser_caller(&request, &services, None).await {
        Ok(caller) => caller,
        Err(error) => return error::answer(&request, error),
    };
    let signed_in_as = match &caller.principal {
        Principal::User { name, .. } => Some(name.to_string()),
        _ => None,
    };
    let page = SignInPage { signed_in_as, ..blank(&request, &services, &then.next) };
    page.answer(StatusCode::OK, &request, &services)
}

/// `POST /signin`
pub async fn submit(
    request: HttpRequest,
    services: web::Data<Services>,
    form: Result<SameSiteForm<SignInForm>, FormRejection>,
) -> HttpResponse {
    let form = match form {
        Ok(SameSiteForm(form)) => form,
        Err(rejection) => return Explanation::from(rejection).answer(&request),
    };
    let again = SignInPage {
        username: form.username.chars().take(MAX_USERNAME).collect(),
        ..blank(&request, &services, &form.next)
    };
    let secret = session::secret(&request, &services).unwrap_or_default();
    if session::require_proof_or(&request, &services, &secret, form.proof.as_deref()).is_err() {
        let fault = "This page was open for too long, or cookies are switched off. Sign in once more.";
        let page = SignInPage { fault: Some(fault.into()), ..again };
        return page.answer(StatusCode::FORBIDDEN, &request, &services);
    }
    if let Verdict::TooMany(_, retry_after) = services.throttle.sign_in(&request, &services) {
        return refused(&request, &services, again, Error::Busy { retry_after });
    }
    let from = origin::of(&request, &services);
    match sign_in::begin(&services, from, &secret, form.username.trim(), &form.password).await {
        Ok(Begun::CodeNeeded(_)) => {
            let fault = "This user signs in with a second factor, which this page does not ask for.";
            let page = SignInPage { fault: Some(fault.into()), ..again };
            page.answer(StatusCode::UNPROCESSABLE_ENTITY, &request, &services)
        }
        Ok(Begun::SignedIn(secret)) => {
            let mut answer = see_other(&again.next);
            let _ = answer.add_cookie(&session::cookie(&services, secret));
            answer
        }
        Err(error) => refused(&request, &services, again, error),
    }
}

/// `POST /signout`
pub async fn sign_out(
    request: HttpRequest,
    services: web::Data<Services>,
    form: Result<SameSiteForm<ProofForm>, FormRejection>,
) -> HttpResponse {
    let form = match form {
        Ok(SameSiteForm(form)) => form,
        Err(rejection) => return Explanation::from(rejection).answer(&request),
    };
    let ended = match authenticate::browser_caller(&request, &services, form.proof.as_deref()).await {
        Ok(caller) => sign_in::end(&services, &caller).await,
        Err(error) => Err(error),
    };
    if let Err(error) = ended {
        return error::answer(&request, error);
    }
    let mut answer = see_other(urls::signin());
    let _ = answer.add_cookie(&session::no_cookie(&services));
    answer
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

impl SignInPage {
    /// With a cookie for whoever has none: the proof in the form belongs to it.
    fn answer(mut self, status: StatusCode, request: &HttpRequest, services: &Services) -> HttpResponse {
        let known = session::secret(request, services);
        let secret = known.clone().unwrap_or_else(|| session::visitor_secret(services));
        self.proof = services.csrf.proof(&secret);
        let mut answer = page::answer(status, &self);
        if known.is_none() {
            let _ = answer.add_cookie(&session::cookie(services, secret));
        }
        answer
    }
}

fn blank(request: &HttpRequest, services: &Services, next: &str) -> SignInPage {
    SignInPage {
        frame: SoloFrame::of(request),
        host: Address::of(request, services).host().to_string(),
        signed_in_as: None,
        proof: String::new(),
        next: local(next),
        username: String::new(),
        fault: None,
    }
}

fn refused(request: &HttpRequest, services: &Services, again: SignInPage, error: Error) -> HttpResponse {
    let (status, fault, retry_after) = match error {
        Error::Unauthenticated(said) if said.contains("disabled") => {
            (StatusCode::UNPROCESSABLE_ENTITY, "This user has been disabled. Ask your administrator.".into(), None)
        }
        Error::Unauthenticated(_) => {
            (StatusCode::UNPROCESSABLE_ENTITY, "The username or the password is wrong.".into(), None)
        }
        Error::Paused { retry_after, .. } | Error::Busy { retry_after } => {
            let seconds = retry_after.as_secs().max(1);
            let fault = format!("Too many sign-ins went wrong. Try again in {seconds} s.");
            (StatusCode::TOO_MANY_REQUESTS, fault, Some(seconds))
        }
        other => return error::answer(request, other),
    };
    let mut answer = SignInPage { fault: Some(fault), ..again }.answer(status, request, services);
    if let Some(seconds) = retry_after {
        answer.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    answer
}

fn see_other(url: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, url))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .finish()
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
