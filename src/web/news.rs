//! Streams of server-sent events: how many there may be, and when they end.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::seats::{Seat, Seats};

/// Streams of a process, and those to one address: a company's browsers may all come from one.
const AT_ONCE: (usize, usize) = (2_000, 100);

/// The streams that are open.
pub struct News {
    seats: Seats,
    ended: AtomicBool,
}

impl Default for News {
    fn default() -> News {
        News { seats: Seats::new(AT_ONCE.0, AT_ONCE.1), ended: AtomicBool::new(false) }
    }
}

impl News {
    /// The right to one more stream, if there is one.
    pub fn begin(&self, address: Option<IpAddr>) -> Option<Seat> {
        self.seats.take(address).filter(|_| !self.has_ended())
    }

    /// Ends all streams soon: they would hold up a stop.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Whether streams are to end.
    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }
}
