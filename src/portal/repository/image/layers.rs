//! The steps that made an image, the layers they left, and where else these layers are.

use std::collections::HashMap;

use actix_web::HttpResponse;
use askama::Template;
use domain::image::{self, History, Shared, Step};

use super::pairs::MOST;
use super::subject::{Opened, Subject, Tab};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

#[derive(Template)]
#[template(path = "repository/image/layers.html")]
struct LayersPage {
    frame: Frame,
    subject: Subject,
    /// Why steps and layers are not side by side.
    note: Option<String>,
    steps: Vec<StepRow>,
    more: usize,
    /// The history where it fits no layers.
    unmatched: Vec<String>,
}

/// A step of building, with its layer if it left one.
struct StepRow {
    number: usize,
    instruction: Option<String>,
    comment: Option<String>,
    layer: Option<LayerRow>,
}

/// A layer.
struct LayerRow {
    digest: String,
    size: String,
    media_type: String,
    is_remote: bool,
    /// Of the image's bytes, out of a hundred; at least one.
    share: u64,
    /// Its files.
    files_url: Option<String>,
    /// Other repositories that have it.
    shared: Vec<Elsewhere>,
    more_shared: bool,
}

/// A repository that has the same layer.
struct Elsewhere {
    name: String,
    url: String,
}

/// The tab "Layers".
pub(super) async fn show(visit: &Visit, opened: Opened) -> Result<HttpResponse, PageError> {
    let Opened { repository, subject, image, .. } = opened;
    let (standing, manifest) = (visit.visitor.standing, image.details.id);
    let shared =
        visit.services.db.read(move |conn| image::shared_layers(conn, &repository, standing, manifest)).await?;
    let text = visit.text();
    let note = match image.steps.history {
        History::Fits => None,
        History::Missing => Some(text.say("image-history-missing")),
        History::Inconsistent { told, actual } => {
            Some(text.with2("image-history-inconsistent", "told", told, "actual", actual))
        }
    };
    let unmatched = image.steps.unmatched.iter().take(MOST).filter_map(|entry| entry.created_by.clone());
    let page = LayersPage {
        frame: visit.frame(Here::Namespace(subject.head.namespace.clone())).await?,
        note,
        steps: rows(&subject, &image.steps.steps, image.details.total_size, &shared),
        more: image.steps.steps.len().saturating_sub(MOST),
        unmatched: unmatched.collect(),
        subject,
    };
    Ok(visit.page(&page))
}

fn rows(subject: &Subject, steps: &[Step], total: u64, shared: &HashMap<String, Shared>) -> Vec<StepRow> {
    let mut layers = 0;
    let row = |(at, step): (usize, &Step)| {
        layers += usize::from(step.layer.is_some());
        let number = layers;
        StepRow {
            number: at + 1,
            instruction: step.instruction.clone(),
            comment: step.written.as_ref().and_then(|written| written.comment.clone()),
            layer: step.layer.as_ref().map(|layer| LayerRow::new(subject, (layer, number), total, shared)),
        }
    };
    steps.iter().take(MOST).enumerate().map(row).collect()
}

impl LayerRow {
    fn new(
        subject: &Subject,
        (layer, number): (&image::Layer, usize),
        total: u64,
        shared: &HashMap<String, Shared>,
    ) -> LayerRow {
        let digest = layer.digest.to_string();
        let elsewhere = shared.get(&digest);
        let repository = |name: &String| Elsewhere { url: urls::repository(name), name: name.clone() };
        let files = || urls::and_query(&subject.tab_url(Tab::Files), &[("layer", &number.to_string())]);
        LayerRow {
            size: subject.head.reader.size(layer.size),
            media_type: layer.media_type.to_string(),
            is_remote: layer.is_remote,
            share: (layer.size.saturating_mul(100) / total.max(1)).clamp(1, 100),
            files_url: subject.has(Tab::Files).then(files),
            shared: elsewhere.map_or_else(Vec::new, |shared| shared.names.iter().map(repository).collect()),
            more_shared: elsewhere.is_some_and(|shared| shared.more),
            digest,
        }
    }
}
