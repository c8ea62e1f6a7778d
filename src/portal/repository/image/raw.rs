//! A manifest as it was pushed.

use actix_web::HttpResponse;
use askama::Template;
use domain::image;
use domain::oci::Reference;

use super::subject::{Opened, Subject};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

#[derive(Template)]
#[template(path = "repository/image/raw.html")]
struct RawPage {
    frame: Frame,
    subject: Subject,
    text: String,
    /// Whether line breaks were added, so that the digest is not of what is shown.
    is_indented: bool,
    is_cut: bool,
    size: String,
}

/// The tab "Manifest".
pub(super) async fn show(visit: &Visit, opened: Opened) -> Result<HttpResponse, PageError> {
    let Opened { repository, subject, image, .. } = opened;
    let reference = Reference::Digest(image.details.digest.clone());
    let stored = visit.services.manifests.find(&repository, &reference).await?;
    let raw = image::raw(&stored);
    let page = RawPage {
        frame: visit.frame(Here::Namespace(subject.head.namespace.clone())).await?,
        size: subject.head.reader.size(raw.size as u64),
        is_cut: raw.is_cut,
        is_indented: raw.indented.is_some(),
        text: raw.indented.unwrap_or(raw.text),
        subject,
    };
    Ok(visit.page(&page))
}
