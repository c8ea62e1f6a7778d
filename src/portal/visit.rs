//! One request of a browser: who it comes from, in which language, and how it is answered.
//!
//! Handlers take a [`Visit`] and return `Result<HttpResponse, PageError>`. What every page shows around its own part is
//! a [`Frame`](super::frame::Frame), made by [`Visit::frame`]; the proof for its forms belongs to the browser's cookie,
//! which a browser without one gets with its first page.

use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;

use actix_web::cookie::Cookie;
use actix_web::dev::Payload;
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode, header};
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, web};
use askama::Template;
use domain::Error;
use domain::access::{
    Admin, ApiScope, Authorized, Instance, InstanceAction, Me, NamespaceAction, RepositoryAction, Standing,
};
use domain::db::Conn;
use domain::oci::RepositoryName;
use domain::organization::Namespace;
use domain::preferences::TimeZone;
use domain::principal::{Caller, Principal};
use domain::repository::{CatalogReader, Repository};
use domain::session::Current;
use serde::de::DeserializeOwned;

use super::address::Address;
use super::flash::{self, Flash};
use super::frame::Around;
use super::page;
use super::problem::PageError;
use super::show::Reader;
use super::text::{Language, Text};
use crate::web::services::Services;
use crate::web::{authenticate, origin, session, sign_in};

/// Names the language chosen without an account.
pub const LANGUAGE_COOKIE: &str = "pierhead_language";
/// Names the theme chosen without an account.
pub const THEME_COOKIE: &str = "pierhead_theme";
/// Where the browser says which time zone it is in.
pub const ZONE_COOKIE: &str = "pierhead_zone";

/// The themes there are, as in `data-theme`; the empty one follows the system.
pub const THEMES: [&str; 6] = ["", "light", "dark", "contrast", "light contrast", "dark contrast"];

/// Whose browser it is, as far as answers depend on it.
pub struct Visitor {
    /// Who is asking.
    pub caller: Arc<Caller>,
    /// Their session, if they are signed in.
    pub session: Option<Current>,
    /// How they stand to the registry.
    pub standing: Standing,
    /// Their language.
    pub text: Text,
    /// One of [`THEMES`].
    pub theme: &'static str,
    /// An IANA time zone, if the browser or the account names one.
    pub zone: Option<&'static str>,
    /// What stands around a page, if that was read along.
    pub around: Option<Around>,
    /// The proof that goes with the cookie.
    pub proof: String,
    /// For a browser that has none.
    new_cookie: Option<Cookie<'static>>,
}

/// A request, and who it comes from.
#[derive(Clone)]
pub struct Visit {
    /// The request.
    pub request: HttpRequest,
    /// What the doors work with.
    pub services: web::Data<Services>,
    /// Who it comes from.
    pub visitor: Rc<Visitor>,
}

impl FromRequest for Visit {
    type Error = PageError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, PageError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Visit::of(request).await })
    }
}

impl Visit {
    /// Of this request; who it comes from is looked up once.
    ///
    /// # Errors
    /// As the database's.
    pub async fn of(request: HttpRequest) -> Result<Visit, PageError> {
        let services = request.app_data::<web::Data<Services>>().expect("the server has its services").clone();
        let known = request.extensions().get::<Rc<Visitor>>().cloned();
        let visitor = match known {
            Some(visitor) => visitor,
            None => {
                let visitor = Rc::new(Visitor::of(&request, &services).await?);
                request.extensions_mut().insert(visitor.clone());
                visitor
            }
        };
        Ok(Visit { request, services, visitor })
    }

    /// Who is asking.
    pub fn caller(&self) -> &Arc<Caller> {
        &self.visitor.caller
    }

    /// Their words.
    pub fn text(&self) -> Text {
        self.visitor.text
    }

    /// Who reads figures and moments: their language, zone and now.
    pub fn reader(&self) -> Reader {
        Reader::new(self.text().language, self.visitor.zone, self.services.clock.now())
    }

    /// As [`Visit::reader`] for days that are counted in UTC, wherever the reader is.
    pub fn utc_reader(&self) -> Reader {
        Reader::new(self.text().language, None, self.services.clock.now())
    }

    /// Whose eyes lists of repositories are made for.
    pub fn catalog_reader(&self) -> CatalogReader {
        CatalogReader { principal: self.caller().principal.clone(), standing: self.visitor.standing }
    }

    /// The registry's address as this browser sees it.
    pub fn address(&self) -> Address {
        Address::of(&self.request, &self.services)
    }

    /// Who is asking, if it is a user.
    ///
    /// # Errors
    /// To the sign-in page for everybody else.
    pub fn user(&self) -> Result<&Arc<Caller>, PageError> {
        match self.caller().principal {
            Principal::User { .. } => Ok(self.caller()),
            _ => Err(PageError::SignIn),
        }
    }

    /// The caller's own account.
    ///
    /// # Errors
    /// To the sign-in page for everybody else.
    pub async fn myself(&self) -> Result<Authorized<Me, Admin>, PageError> {
        Ok(self.services.access.myself(self.user()?, ApiScope::UserAdmin).await?)
    }

    /// A repository, for somebody who may do `A` with it.
    ///
    /// # Errors
    /// As [`domain::access::Access::repository`]; not found for what cannot be a name.
    pub async fn repository<A: RepositoryAction>(&self, name: &str) -> Result<Authorized<Repository, A>, PageError> {
        let unknown = |_| PageError::NotFound;
        let name: RepositoryName = name.parse().map_err(unknown)?;
        Ok(self.services.access.repository::<A>(self.caller(), &name).await?)
    }

    /// A namespace, for somebody who may do `A` in it.
    ///
    /// # Errors
    /// As [`domain::access::Access::namespace`]; to the sign-in page for whoever is not signed in.
    pub async fn namespace<A: NamespaceAction>(&self, name: &str) -> Result<Authorized<Namespace, A>, PageError> {
        Ok(self.services.access.namespace::<A>(self.user()?, name, ApiScope::OrganizationAdmin).await?)
    }

    /// The registry as a whole, for superusers (`Admin`) or whoever may look (`Inspect`). For others there is no such page.
    ///
    /// # Errors
    /// Not found; to the sign-in page for whoever is not signed in.
    pub async fn registry<A: InstanceAction>(&self) -> Result<Authorized<Instance, A>, PageError> {
        match self.services.access.registry::<A>(self.user()?).await {
            Err(Error::Forbidden { .. }) if !self.visitor.is_operator() => Err(PageError::NotFound),
            other => Ok(other?),
        }
    }

    /// Refuses a session whose password was given too long ago.
    ///
    /// # Errors
    /// To the page that asks for it.
    pub fn require_fresh(&self) -> Result<(), PageError> {
        let caller = self.user()?;
        if sign_in::is_fresh(&self.services, caller) { Ok(()) } else { Err(PageError::Confirm) }
    }

    /// What the address says behind `?`; a name may come several times. What cannot be read is as if it were not there.
    pub fn query<T: DeserializeOwned + Default>(&self) -> T {
        serde_html_form::from_str(self.request.query_string()).unwrap_or_default()
    }

    /// Whether htmx asks for this block of the page alone: a filter, an order or a page of a list.
    pub fn wants(&self, block: &str) -> bool {
        self.header("HX-Target") == Some(block) && self.header("HX-Boosted").is_none()
    }

    /// The address of this request, path and query.
    pub fn here(&self) -> String {
        self.request.uri().path_and_query().map_or("/", |here| here.as_str()).to_string()
    }

    /// The page this request came from: for going back there. The start page if the browser does not say.
    pub fn came_from(&self) -> String {
        let url = self.header("HX-Current-URL").or_else(|| self.header("Referer")).and_then(|url| url.parse().ok());
        url.map_or_else(|| "/".into(), |url: url::Url| super::signin::local(&url[url::Position::BeforePath..]))
    }

    /// As [`Visit::came_from`], if that is at or below this address.
    pub fn came_from_within(&self, address: &str) -> Option<String> {
        Some(self.came_from()).filter(|page| page.starts_with(address))
    }

    /// The page, whole.
    pub fn page(&self, page: &impl Template) -> HttpResponse {
        self.page_with(StatusCode::OK, page)
    }

    /// The page, whole, with a status: 422 for a form that is to be mended.
    pub fn page_with(&self, status: StatusCode, page: &impl Template) -> HttpResponse {
        let mut answer = page::answer(status, page);
        self.hand_out_cookie(&mut answer);
        if flash::is_there(&self.request, &self.services) {
            let _ = answer.add_cookie(&flash::no_cookie(&self.services));
        }
        answer
    }

    /// A page that shows a secret once: what loads it again goes to `again`, which does not make another.
    pub fn shown_once(&self, page: &impl Template, again: &str) -> HttpResponse {
        let mut answer = self.page(page);
        if let Ok(again) = HeaderValue::from_str(again) {
            answer.headers_mut().insert(HeaderName::from_static("hx-push-url"), again);
        }
        answer
    }

    /// The page, whole, after a form was refused. The browser stays at the address it has: where the form was sent there
    /// is nothing to load again.
    pub fn refused(&self, page: &impl Template) -> HttpResponse {
        let mut answer = self.page_with(StatusCode::UNPROCESSABLE_ENTITY, page);
        let stays = HeaderValue::from_static("false");
        answer.headers_mut().insert(HeaderName::from_static("hx-push-url"), stays);
        answer
    }

    /// A block of a page, `page.as_<block>()`. A notice stays for the page that can show it.
    pub fn block(&self, block: &impl Template) -> HttpResponse {
        let mut answer = page::answer(StatusCode::OK, block);
        self.hand_out_cookie(&mut answer);
        answer
    }

    /// On to another page after a form was accepted.
    pub fn go(&self, url: &str) -> HttpResponse {
        page::see_other(url)
    }

    /// On to a page outside of the frame, or from there into it: the browser loads it whole, also where htmx asks.
    pub fn leave(&self, url: &str) -> HttpResponse {
        if !self.request.headers().contains_key("HX-Request") {
            return page::see_other(url);
        }
        HttpResponse::Ok()
            .insert_header(("HX-Redirect", url))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .finish()
    }

    /// As [`Visit::go`], with a notice for the page that comes next.
    pub fn go_saying(&self, url: &str, flash: Flash) -> HttpResponse {
        let mut answer = page::see_other(url);
        let _ = answer.add_cookie(&flash::cookie(&self.services, &flash));
        answer
    }

    /// The notice left by the form before this page.
    pub(super) fn flash(&self) -> Option<Flash> {
        flash::read(&self.request, &self.services)
    }

    fn hand_out_cookie(&self, answer: &mut HttpResponse) {
        if let Some(cookie) = &self.visitor.new_cookie {
            let _ = answer.add_cookie(cookie);
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.request.headers().get(name).and_then(|value| value.to_str().ok())
    }
}

impl Visitor {
    /// Whether they may at least look at how the registry is run.
    pub fn is_operator(&self) -> bool {
        self.standing != Standing::Plain
    }

    /// Words and theme for whoever reads the answer: what the browser says, where nobody looked up who that is.
    pub fn look(request: &HttpRequest) -> (Text, &'static str) {
        let known = request.extensions().get::<Rc<Visitor>>().cloned();
        match known {
            Some(visitor) => (visitor.text, visitor.theme),
            None => (Text::new(language_of_browser(request)), theme_of_browser(request)),
        }
    }

    async fn of(request: &HttpRequest, services: &Services) -> Result<Visitor, PageError> {
        let known = session::secret(request, services);
        let secret = known.clone().unwrap_or_else(|| session::visitor_secret(services));
        // What stands around the page that is asked for. A form has to do its work first.
        let is_page = request.method() == Method::GET;
        let found = match &known {
            Some(secret) => {
                let around = move |conn: &mut Conn, found: &Current| {
                    is_page.then(|| Around::read(conn, Some((found.user, &found.user_name)))).transpose()
                };
                session::find_with(services, secret, around).await?
            }
            None => None,
        };
        let (session, around) = found.map_or((None, None), |(session, around)| (Some(session), around));
        let caller = Arc::new(authenticate::caller_of(session.as_deref(), origin::of(request, services)));
        let standing = session
            .as_ref()
            .map_or(Standing::Plain, |found| services.access.standing_by_name(&found.user_name, found.standing));
        let chosen = session.as_ref().map(|found| found.preferences).unwrap_or_default();
        let language = chosen.language.and_then(|chosen| Language::parse(chosen.as_str()));
        Ok(Visitor {
            proof: services.csrf.proof(&secret),
            new_cookie: known.is_none().then(|| session::cookie(services, secret)),
            text: Text::new(language.unwrap_or_else(|| language_of_browser(request))),
            theme: chosen.theme.map_or_else(|| theme_of_browser(request), |chosen| theme(chosen.as_str())),
            zone: chosen.time_zone.or_else(|| TimeZone::named(&cookie(request, ZONE_COOKIE)?)).map(TimeZone::as_str),
            standing,
            session,
            around,
            caller,
        })
    }
}

/// The language chosen without an account, or the first the browser asks for.
fn language_of_browser(request: &HttpRequest) -> Language {
    let accepted = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let chosen = cookie(request, LANGUAGE_COOKIE).and_then(|code| Language::parse(&code));
    chosen.unwrap_or_else(|| Language::accepted(accepted.unwrap_or_default()))
}

fn theme_of_browser(request: &HttpRequest) -> &'static str {
    cookie(request, THEME_COOKIE).map_or("", |wanted| theme(&wanted))
}

fn cookie(request: &HttpRequest, name: &str) -> Option<String> {
    request.cookie(name).map(|cookie| cookie.value().to_string())
}

/// One of [`THEMES`]; the system's for anything else.
pub fn theme(wanted: &str) -> &'static str {
    THEMES.into_iter().find(|theme| *theme == wanted.replace('+', " ")).unwrap_or_default()
}
