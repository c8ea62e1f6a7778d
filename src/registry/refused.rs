//! Refused pulls and pushes on their way into the usage log, if the settings want them there.

use std::sync::Arc;

use actix_web::http::header::AUTHORIZATION;
use domain::Error;
use domain::event::{EventKind, Refusal};
use domain::oci::{Reference, RepositoryName};
use domain::principal::Caller;

use super::dispatch::Asked;
use super::route::Route;
use crate::web::{authenticate, origin};

/// What a request was for, as far as the log knows it.
pub struct Attempt {
    kind: EventKind,
    repository: RepositoryName,
    reference: Option<Reference>,
}

/// The pull or push that a request is, if refusals of it are written down.
pub fn attempt(asked: &Asked, route: &Route) -> Option<Attempt> {
    let wanted = &asked.services.settings.audit;
    let method = asked.request.method().as_str();
    let (kind, name, reference) = match (route, method) {
        (Route::Manifest(name, reference), "GET") if wanted.failed_pulls => {
            (EventKind::PullRepoFailed, name, reference.parse().ok())
        }
        (Route::Manifest(name, reference), "PUT") if wanted.failed_pushes => {
            (EventKind::PushRepoFailed, name, reference.parse().ok())
        }
        (Route::Uploads(name), "POST") if wanted.failed_pushes => (EventKind::PushRepoFailed, name, None),
        _ => return None,
    };
    Some(Attempt { kind, repository: name.parse().ok()?, reference })
}

/// Notes that it was refused. Not where the registry is at fault, and not the challenge that every client begins with.
pub async fn note(asked: &Asked, attempt: Attempt, refusal: &Error) {
    let ours = matches!(refusal, Error::Internal { .. } | Error::Unavailable { .. } | Error::Busy { .. });
    if ours || !asked.request.headers().contains_key(AUTHORIZATION) {
        return;
    }
    let caller = match authenticate::registry_caller(&asked.request, &asked.services).await {
        Ok(caller) => caller,
        Err(_) => Arc::new(Caller::anonymous(origin::of(&asked.request, &asked.services))),
    };
    let Attempt { kind, repository, reference } = attempt;
    let message = refusal.to_string();
    asked.services.refusals.note(Refusal {
        kind,
        caller,
        repository: &repository,
        reference: reference.as_ref(),
        message,
    });
}
