//! How far the listing of layers is, as the page says it.

use domain::image::Layer;
use domain::layer_files::{LayerState, View};

use super::super::subject::Opened;
use crate::portal::problem::PageError;
use crate::portal::visit::Visit;

/// Why there are no files to see.
pub enum Progress {
    /// Nobody asked for them.
    NotListed {
        /// How much there is to read.
        size: String,
    },
    /// They are being listed.
    Listing {
        /// Out of a hundred.
        percent: u64,
        /// Bytes read, in words.
        read: String,
        /// Of so many.
        total: String,
    },
    /// Layers that cannot be listed.
    Failed(Vec<Failure>),
    /// A layer is to be fetched from elsewhere.
    Elsewhere {
        /// Which one, counted from one.
        layer: usize,
    },
}

/// A layer that cannot be listed.
pub struct Failure {
    /// Which one, counted from one.
    pub layer: usize,
    /// Why.
    pub reason: String,
    /// Whether it is only too large.
    pub is_too_large: bool,
}

impl Progress {
    /// How far the layers up to the one looked at are; nothing if all are listed.
    pub(super) async fn of(visit: &Visit, opened: &Opened, view: &View) -> Result<Option<Progress>, PageError> {
        let states = visit.services.layer_files.states(&opened.repository, &view.layers[..=view.at]).await?;
        let reader = &opened.subject.head.reader;
        let layers: Vec<&Layer> = opened.image.steps.layers().take(states.len()).collect();
        let total: u64 = layers.iter().fold(0, |sum, layer| sum.saturating_add(layer.size));
        if states.iter().any(|state| matches!(state, LayerState::Queued | LayerState::Indexing { .. })) {
            let read =
                layers.iter().zip(&states).fold(0_u64, |sum, (layer, state)| sum.saturating_add(read(layer, state)));
            let percent = read.saturating_mul(100) / total.max(1);
            let (read, total) = (reader.size(read), reader.size(total));
            return Ok(Some(Progress::Listing { percent: percent.min(100), read, total }));
        }
        let failed: Vec<Failure> = states.iter().enumerate().filter_map(|(at, state)| failure(at + 1, state)).collect();
        if !failed.is_empty() {
            return Ok(Some(Progress::Failed(failed)));
        }
        let is_missing = |(layer, state): &(&&Layer, &LayerState)| **state == LayerState::NotIndexed && layer.is_remote;
        if let Some(at) = layers.iter().zip(&states).position(|both| is_missing(&both)) {
            return Ok(Some(Progress::Elsewhere { layer: at + 1 }));
        }
        let is_ready = |state: &LayerState| matches!(state, LayerState::Ready { .. });
        Ok((!states.iter().all(is_ready)).then(|| Progress::NotListed { size: reader.size(total) }))
    }
}

/// Bytes of a layer that were read.
fn read(layer: &Layer, state: &LayerState) -> u64 {
    match state {
        LayerState::Ready { .. } | LayerState::Failed(_) | LayerState::TooLarge(_) => layer.size,
        LayerState::Indexing { read, .. } => (*read).min(layer.size),
        LayerState::Queued | LayerState::NotIndexed => 0,
    }
}

fn failure(layer: usize, state: &LayerState) -> Option<Failure> {
    let (reason, is_too_large) = match state {
        LayerState::Failed(reason) => (reason, false),
        LayerState::TooLarge(reason) => (reason, true),
        _ => return None,
    };
    Some(Failure { layer, reason: reason.clone(), is_too_large })
}
