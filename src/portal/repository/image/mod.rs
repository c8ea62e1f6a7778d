//! One tag or one manifest: what it is, how it was made, the files in it, what is attached; and two of them side by side.
//!
//! Both addresses show the same page; a tag only adds what is said about the tag. What all tabs need is loaded once
//! ([`Opened`]), and each tab is a file with its own page. Everything shown here was written by strangers: it is text, in
//! bounded amounts ([`pairs`]), and files leave the server as attachments only ([`download`]).

pub mod compare;
mod configuration;
mod details;
pub mod download;
pub mod files;
mod layers;
mod pairs;
mod raw;
mod referrers;
mod subject;

use actix_web::{HttpResponse, web};
use domain::Error;
use domain::oci::{Digest, Reference, TagName};
use serde::Deserialize;

use self::subject::{Opened, Tab};
use crate::portal::problem::PageError;
use crate::portal::visit::Visit;

/// What the address says of the page's state; more of it belongs to the tab.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    tab: String,
}

/// `GET /repository/<name>/tag/<tag>[?tab=…]`
///
/// # Errors
/// Not found for what the repository does not have and for whoever may not read it.
pub async fn tag(visit: Visit, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (name, tag) = path.into_inner();
    let shown = match tag.parse::<TagName>() {
        Ok(tag) => show(&visit, &name, &Reference::Tag(tag)).await,
        Err(_) => Err(PageError::NotFound),
    };
    or_repository(&visit, shown, || format!("{name}/tag/{tag}")).await
}

/// `GET /repository/<name>/manifest/<digest>[?tab=…]`
///
/// # Errors
/// As [`tag`].
pub async fn manifest(visit: Visit, path: web::Path<(String, String)>) -> Result<HttpResponse, PageError> {
    let (name, digest) = path.into_inner();
    let shown = match digest.parse::<Digest>() {
        Ok(digest) => show(&visit, &name, &Reference::Digest(digest)).await,
        Err(_) => Err(PageError::NotFound),
    };
    or_repository(&visit, shown, || format!("{name}/manifest/{digest}")).await
}

/// A repository's name may have `tag` as a part: where there is no such tag, there may be such a repository.
async fn or_repository(
    visit: &Visit,
    shown: Result<HttpResponse, PageError>,
    name: impl Fn() -> String,
) -> Result<HttpResponse, PageError> {
    match shown {
        Err(PageError::NotFound | PageError::Domain(Error::NotFound(_))) => super::page(visit.clone(), &name()).await,
        other => other,
    }
}

async fn show(visit: &Visit, name: &str, reference: &Reference) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let opened = Opened::load(visit, name, reference, &shown.tab).await?;
    match opened.subject.tab {
        Tab::Details => details::show(visit, opened).await,
        Tab::Layers => layers::show(visit, opened).await,
        Tab::Files => files::show(visit, opened).await,
        Tab::Configuration => configuration::show(visit, opened).await,
        Tab::Referrers => referrers::show(visit, opened).await,
        Tab::Raw => raw::show(visit, opened).await,
    }
}
