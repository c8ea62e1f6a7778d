//! What was asked for and is not listed yet, for whoever runs the registry.

use std::sync::atomic::Ordering;

use super::index::{LayerFiles, Waiting};
use crate::access::{Authorized, Inspect, Instance};
use crate::oci::Digest;

/// Layers shown of those being read; a process reads fewer.
const MAX_SHOWN: usize = 20;

/// Layers that this process lists, or will.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// How many wait for their turn.
    pub waiting: usize,
    /// Those being read, by digest.
    pub reading: Vec<Reading>,
}

/// A layer being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which one.
    pub layer: Digest,
    /// Bytes read, as stored.
    pub read: u64,
    /// Of so many.
    pub total: u64,
}

impl LayerFiles {
    /// What waits and what is being read now.
    pub fn queue(&self, _: &Authorized<Instance, Inspect>) -> Queue {
        seen(&self.lock())
    }
}

fn seen(here: &Waiting) -> Queue {
    let reading = here.layers.iter().filter_map(|(layer, progress)| {
        let progress = progress.as_ref()?;
        let read = progress.read.load(Ordering::Relaxed).min(progress.total);
        Some(Reading { layer: layer.clone(), read, total: progress.total })
    });
    let mut reading: Vec<Reading> = reading.take(MAX_SHOWN).collect();
    reading.sort_by(|a, b| a.layer.as_str().cmp(b.layer.as_str()));
    Queue { waiting: here.queue.len(), reading }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::AtomicU64;

    use super::super::index::Progress;
    use super::*;

    fn layer(letter: &str) -> Digest {
        format!("sha256:{}", letter.repeat(64)).parse().unwrap()
    }

    #[test]
    fn what_waits_is_counted_and_what_is_read_is_named() {
        let mut here = Waiting::default();
        assert_eq!(seen(&here), Queue { waiting: 0, reading: Vec::new() });

        here.queue.push_back((layer("c"), None));
        here.layers.insert(layer("c"), None);
        for (letter, read) in [("b", 7), ("a", 12)] {
            let progress = Progress { read: Arc::new(AtomicU64::new(read)), total: 10 };
            here.layers.insert(layer(letter), Some(Arc::new(progress)));
        }

        let reading = |letter, read| Reading { layer: layer(letter), read, total: 10 };
        assert_eq!(seen(&here), Queue { waiting: 1, reading: vec![reading("a", 10), reading("b", 7)] });
    }
}
