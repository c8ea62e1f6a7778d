//! A name for each request: in every answer, in every log line about it, in error pages for people to quote.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::entropy::Entropy;

/// The name of one request.
#[derive(Debug, Clone)]
pub struct RequestId(pub Arc<str>);

/// Makes names: a random word for this process and a number, so that they are cheap and still differ between replicas
/// and restarts.
pub struct RequestIds {
    process: u32,
    next: AtomicU64,
}

impl RequestIds {
    /// Names for this process.
    pub fn new(entropy: &dyn Entropy) -> RequestIds {
        let mut bytes = [0u8; 4];
        entropy.fill(&mut bytes);
        RequestIds { process: u32::from_ne_bytes(bytes), next: AtomicU64::new(1) }
    }

    /// The next one.
    pub fn next(&self) -> RequestId {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        RequestId(format!("{:08x}-{number:x}", self.process).into())
    }
}
