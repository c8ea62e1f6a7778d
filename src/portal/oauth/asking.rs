//! What an application asks for, checked.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};
use domain::access::ApiScope;
use domain::oauth::{self, Issued, Public, redirect};
use serde::Deserialize;
use url::{Host, Url, form_urlencoded};

use super::super::address::Address;
use super::super::error::{self, Explanation};
use super::super::text::Text;
use super::super::urls;
use crate::web::services::Services;

const MAX_STATE: usize = 2_000;

/// The parameters, as query or form.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub response_type: String,
    #[serde(default)]
    pub client_id: String,
    #[serde(default)]
    pub redirect_uri: String,
    #[serde(default)]
    pub scope: String,
    pub state: Option<String>,
    pub code_challenge: Option<String>,
    pub code_challenge_method: Option<String>,
    pub format: Option<String>,
}

/// How the application is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Response {
    /// With a token behind the `#` of its address.
    Token,
    /// With a code in the query.
    Code,
}

/// A request of a known application, to be answered at an address of its own.
pub struct Asking {
    pub response: Response,
    pub application: Public,
    pub scopes: Vec<ApiScope>,
    pub code_challenge: Option<String>,
    /// As it was sent, for the exchange to be compared with.
    pub redirect_uri: String,
    redirect: Url,
    state: Option<String>,
}

impl Asking {
    /// Checks the parameters.
    ///
    /// # Errors
    /// A page that says what is wrong: nobody is redirected with less than everything right.
    pub async fn check(request: &HttpRequest, services: &Services, asked: &Asked) -> Result<Asking, HttpResponse> {
        let words = error::words(request);
        let wrong = |text: &str| wrong(words, text).answer(request);
        let client = asked.client_id.clone();
        let application = match services.db.read(move |conn| oauth::public(conn, &client)).await {
            Ok(application) => application,
            Err(domain::Error::NotFound(_)) => return Err(no_application(words).answer(request)),
            Err(error) => return Err(error::answer(request, &error)),
        };
        let redirect = redirect_of(request, services, asked, &application.application.details.redirect_uri);
        let redirect = redirect.ok_or_else(|| wrong_address(words).answer(request))?;
        let response = match asked.response_type.as_str() {
            "token" => Response::Token,
            "code" => Response::Code,
            _ => return Err(wrong(&words.say("consent-wrong-response-type"))),
        };
        let scopes = ApiScope::parse_list(&asked.scope);
        let scopes = scopes.map_err(|fault| wrong(&format!("{fault}.")))?;
        if asked.code_challenge.is_some() && asked.code_challenge_method.as_deref() != Some("S256") {
            return Err(wrong(&words.say("consent-wrong-challenge")));
        }
        if asked.state.as_ref().is_some_and(|state| state.len() > MAX_STATE) {
            return Err(wrong(&words.say("consent-wrong-state")));
        }
        Ok(Asking {
            response,
            application,
            scopes,
            code_challenge: asked.code_challenge.clone(),
            redirect_uri: asked.redirect_uri.clone(),
            redirect,
            state: asked.state.clone(),
        })
    }

    /// Where the answer goes, for people to read.
    pub fn address(&self) -> &str {
        self.redirect.as_str()
    }

    /// The site the answer goes to, as a content security policy names it.
    pub fn site(&self) -> String {
        match self.redirect.host() {
            // Policies cannot name addresses of version 6.
            Some(Host::Ipv6(_)) | None => format!("{}:", self.redirect.scheme()),
            Some(_) => self.redirect.origin().ascii_serialization(),
        }
    }

    /// Sends the browser back with a token.
    pub fn with_token(&self, issued: &Issued) -> HttpResponse {
        let (seconds, scope) = (issued.lifetime.as_secs().to_string(), ApiScope::list(&issued.scopes));
        self.behind_hash(&[
            ("access_token", &issued.secret),
            ("token_type", "Bearer"),
            ("expires_in", &seconds),
            ("scope", &scope),
        ])
    }

    /// Sends the browser back with a code.
    pub fn with_code(&self, code: &str) -> HttpResponse {
        self.in_query(&[("scope", &ApiScope::list(&self.scopes)), ("code", code)])
    }

    /// Sends the browser back with a refusal in OAuth's words.
    pub fn with_error(&self, error: &str) -> HttpResponse {
        match self.response {
            Response::Token => self.behind_hash(&[("error", error)]),
            Response::Code => self.in_query(&[("error", error)]),
        }
    }

    fn behind_hash(&self, pairs: &[(&str, &str)]) -> HttpResponse {
        let mut url = self.redirect.clone();
        let state = self.state.as_deref().map(|state| ("state", state));
        let fragment =
            form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs.iter().copied().chain(state)).finish();
        url.set_fragment(Some(&fragment));
        found(&url)
    }

    fn in_query(&self, pairs: &[(&str, &str)]) -> HttpResponse {
        let mut url = self.redirect.clone();
        let state = self.state.as_deref().map(|state| ("state", state));
        url.query_pairs_mut().extend_pairs(pairs.iter().copied().chain(state));
        found(&url)
    }
}

/// The address asked for, if it is the registered one or below it, or this server's own page for copying tokens.
fn redirect_of(request: &HttpRequest, services: &Services, asked: &Asked, registered: &str) -> Option<Url> {
    let wanted = if asked.redirect_uri.is_empty() { registered } else { &asked.redirect_uri };
    let own = format!("{}{}", Address::of(request, services).url(), urls::OAUTH_LOCAL_APP);
    if wanted == own {
        return redirect::parse(wanted);
    }
    redirect::matches(registered, wanted)
}

/// Nothing on the way keeps the token, and the next site does not learn where its visitor came from.
fn found(url: &Url) -> HttpResponse {
    HttpResponse::Found()
        .insert_header((header::LOCATION, url.as_str()))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .finish()
}

fn no_application(words: Text) -> Explanation {
    let text = words.say("consent-no-application-text");
    Explanation::new(StatusCode::NOT_FOUND, words.say("consent-no-application"), text)
}

fn wrong_address(words: Text) -> Explanation {
    let text = words.say("consent-wrong-address-text");
    Explanation::new(StatusCode::BAD_REQUEST, words.say("consent-wrong-address"), text)
        .advising(words.say("consent-wrong-address-advice"))
}

/// For a request whose parameters are wrong in this way.
pub fn wrong(words: Text, text: &str) -> Explanation {
    Explanation::new(StatusCode::BAD_REQUEST, words.say("consent-wrong"), text.to_string())
        .advising(words.say("consent-wrong-advice"))
}
