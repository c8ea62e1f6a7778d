//! From a request to the handler of its operation, with permission in hand.

use std::sync::Arc;

use actix_web::http::header::{ALLOW, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, X_CONTENT_TYPE_OPTIONS};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Authorized, Read, RepositoryAction, Write};
use domain::error::NeededScopes;
use domain::oci::RepositoryName;
use domain::principal::{Caller, Principal};
use domain::repository::{self, Repository};
use domain::{Error, Result, Thing};

use super::error::{self, Needs};
use super::route::{self, Route};
use super::{base, blobs, catalog, manifests, referrers, refused, tags, token, uploads};
use crate::web::authenticate;
use crate::web::services::Services;

const API_VERSION: HeaderName = HeaderName::from_static("docker-distribution-api-version");

/// One request to the registry.
pub struct Asked {
    /// The request.
    pub request: HttpRequest,
    /// What handlers work with.
    pub services: web::Data<Services>,
}

impl Asked {
    /// A parameter of the query, decoded; the first of its name.
    pub fn query(&self, name: &str) -> Option<String> {
        self.queries(name).into_iter().next()
    }

    /// All parameters of this name, in order.
    pub fn queries(&self, name: &str) -> Vec<String> {
        url::form_urlencoded::parse(self.request.query_string().as_bytes())
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    }

    /// A header as text.
    pub fn header(&self, name: impl actix_web::http::header::AsHeaderName) -> Option<&str> {
        self.request.headers().get(name).and_then(|value| value.to_str().ok())
    }
}

/// The one handler behind `/v2`.
pub async fn dispatch(request: HttpRequest, body: web::Payload, services: web::Data<Services>) -> HttpResponse {
    let asked = Asked { request, services };
    let route = route::read(asked.request.uri().path());
    let mut response = match at_once(&asked, &route) {
        Some(response) => response,
        None => {
            let (needs, attempt) = (needs(&asked, &route), refused::attempt(&asked, &route));
            match answer(&asked, route, body).await {
                Ok(response) => response,
                Err(refusal) => {
                    if let Some(attempt) = attempt {
                        refused::note(&asked, attempt, &refusal).await;
                    }
                    error::response(&asked.request, &asked.services, &refusal, &needs)
                }
            }
        }
    };
    let headers = response.headers_mut();
    headers.insert(API_VERSION, HeaderValue::from_static("registry/2.0"));
    // Content here is other people's, and pages of the portal have the same origin.
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    response
}

/// The answer to a pull when token, permission and content are all in memory; nothing here waits. Anything unusual,
/// refusals included, is left to [`answer`].
fn at_once(asked: &Asked, route: &Route) -> Option<HttpResponse> {
    let method = asked.request.method();
    if method != Method::GET && method != Method::HEAD {
        return None;
    }
    let (Route::Manifest(name, _) | Route::Blob(name, _)) = route else { return None };
    let caller = authenticate::registry_caller_at_once(&asked.request, &asked.services)?.ok()?;
    let name: RepositoryName = name.parse().ok()?;
    let repository = asked.services.access.repository_at_once::<Read>(&caller, &name)?.ok()?;
    match route {
        Route::Manifest(_, reference) => manifests::get_at_once(asked, &repository, reference),
        Route::Blob(_, digest) => blobs::get_at_once(asked, &repository, digest),
        _ => None,
    }
}

async fn answer(asked: &Asked, route: Route, body: web::Payload) -> Result<HttpResponse> {
    let method = asked.request.method().as_str();
    if let Route::Token = route {
        return token::serve(asked, body).await;
    }
    // Who is asking is settled before what they ask for is judged: a malformed name is no way around the door.
    let caller = authenticate::registry_caller(&asked.request, &asked.services).await?;
    let services = &asked.services;
    match (&route, method) {
        (Route::Base, "GET" | "HEAD") => base::get(asked, &caller).await,
        (Route::Catalog, "GET" | "HEAD") => catalog::list(asked, &caller).await,
        (Route::Tags(name), "GET" | "HEAD") => tags::list(asked, &may::<Read>(services, &caller, name).await?).await,
        (Route::Manifest(name, reference), "GET" | "HEAD") => {
            manifests::get(asked, &may::<Read>(services, &caller, name).await?, reference).await
        }
        (Route::Manifest(name, reference), "PUT") => {
            manifests::put(asked, may_push(services, &caller, name).await?, reference, body).await
        }
        (Route::Manifest(name, reference), "DELETE") => {
            manifests::delete(asked, may::<Write>(services, &caller, name).await?, reference).await
        }
        (Route::Blob(name, digest), "GET" | "HEAD") => {
            blobs::get(asked, &may::<Read>(services, &caller, name).await?, digest).await
        }
        (Route::Blob(name, digest), "DELETE") => {
            blobs::delete(asked, may::<Write>(services, &caller, name).await?, digest).await
        }
        (Route::Uploads(name), "POST") => uploads::begin(asked, may_push(services, &caller, name).await?, body).await,
        (Route::Upload(name, id), "GET" | "HEAD") => {
            uploads::status(asked, &may::<Write>(services, &caller, name).await?, id).await
        }
        (Route::Upload(name, id), "PATCH") => {
            uploads::append(asked, &may::<Write>(services, &caller, name).await?, id, body).await
        }
        (Route::Upload(name, id), "PUT") => {
            uploads::finish(asked, &may::<Write>(services, &caller, name).await?, id, body).await
        }
        (Route::Upload(name, id), "DELETE") => {
            uploads::cancel(asked, &may::<Write>(services, &caller, name).await?, id).await
        }
        (Route::Referrers(name, digest), "GET" | "HEAD") => match may::<Read>(services, &caller, name).await {
            Ok(repository) => referrers::list(asked, &repository, digest).await,
            // Nothing refers to what is not there; the conformance program insists that this is no error.
            Err(Error::NotFound(_)) => referrers::none(digest),
            Err(refusal) => Err(refusal),
        },
        (Route::Unknown | Route::Token, _) => {
            Ok(error::plain(StatusCode::NOT_FOUND, "UNSUPPORTED", "there is no such endpoint in this registry"))
        }
        (known, _) => Ok(not_allowed(known, method)),
    }
}

async fn may<A: RepositoryAction>(
    services: &Services,
    caller: &Arc<Caller>,
    name: &str,
) -> Result<Authorized<Repository, A>> {
    let name: RepositoryName = name.parse().map_err(|invalid| match is_one_part(name) {
        // A name other registries have; Docker goes on to push it then, and is told more there.
        true => Error::NotFound(Thing::Repository(name.to_string())),
        false => Error::Content(invalid),
    })?;
    services.access.repository::<A>(caller, &name).await
}

async fn may_push(services: &Services, caller: &Arc<Caller>, name: &str) -> Result<Authorized<Repository, Write>> {
    let name: RepositoryName = name.parse().map_err(|invalid| match is_one_part(name) {
        true => one_part(caller, name),
        false => Error::Content(invalid),
    })?;
    let create_namespace = services.settings.registry.create_namespace_on_push;
    repository::open_for_push(&services.db, &services.access, caller, &name, services.clock.now(), create_namespace)
        .await
}

/// Whether the name lacks nothing but a namespace, as in `docker push host/web`.
fn is_one_part(name: &str) -> bool {
    !name.contains('/') && format!("namespace/{name}").parse::<RepositoryName>().is_ok()
}

/// Refused and not "invalid": Docker tries what is invalid again and again before it shows the message.
fn one_part(caller: &Caller, name: &str) -> Error {
    match &caller.principal {
        Principal::Anonymous => Error::Unauthenticated("sign in first".into()),
        Principal::User { name: user, .. } => Error::refused(format!(
            "images here have the form namespace/name; push {user}/{name} (or an organization's name in front) instead of \
             {name}"
        )),
        _ => Error::refused(format!("images here have the form namespace/name; put the namespace in front of {name}")),
    }
}

/// What the challenge names.
fn needs(asked: &Asked, route: &Route) -> Needs {
    let actions = if asked.request.method().is_safe() { "pull" } else { "pull,push" };
    match route {
        Route::Base | Route::Token | Route::Unknown => Needs::Identity,
        Route::Catalog => Needs::Catalog,
        // Looking at an upload is part of pushing.
        Route::Upload(name, _) => repository_needs(None, name, "pull,push"),
        Route::Uploads(name) => {
            let source = asked.query("mount").and_then(|_| asked.query("from"));
            repository_needs(source.as_deref(), name, "pull,push")
        }
        Route::Tags(name) | Route::Manifest(name, _) | Route::Blob(name, _) | Route::Referrers(name, _) => {
            repository_needs(None, name, actions)
        }
    }
}

/// Only real names go into a header.
fn repository_needs(source: Option<&str>, name: &str, actions: &'static str) -> Needs {
    let source = source.and_then(|name| Some((name.parse::<RepositoryName>().ok()?, "pull")));
    match name.parse::<RepositoryName>() {
        Ok(name) => Needs::Repositories(NeededScopes(source.into_iter().chain([(name, actions)]).collect())),
        Err(_) => Needs::Identity,
    }
}

pub fn not_allowed(route: &Route, method: &str) -> HttpResponse {
    let allowed = match route {
        Route::Manifest(..) => "GET, HEAD, PUT, DELETE",
        Route::Blob(..) => "GET, HEAD, DELETE",
        Route::Token => "GET, HEAD, POST",
        Route::Uploads(..) => "POST",
        Route::Upload(..) => "GET, HEAD, PATCH, PUT, DELETE",
        _ => "GET, HEAD",
    };
    let method: String = method.chars().take(20).collect();
    let message = format!("{method} is not possible here; allowed are {allowed}");
    let mut response = error::plain(StatusCode::METHOD_NOT_ALLOWED, "UNSUPPORTED", &message);
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allowed));
    response
}
