//! Who waits for a password to be hashed: a bounded number in all, and from each address, so that nobody who guesses takes
//! the places of those who know.

use std::net::IpAddr;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::seats::{Seat, Seats};

const PLACES: usize = 256;
const PLACES_FOR_EACH: usize = 16;

/// Places to wait in.
#[derive(Clone)]
pub(super) struct HashingQueue(Seats);

impl Default for HashingQueue {
    fn default() -> HashingQueue {
        HashingQueue(Seats::new(PLACES, PLACES_FOR_EACH))
    }
}

impl HashingQueue {
    /// Takes a place for a client at this address, given back when dropped.
    ///
    /// # Errors
    /// `Busy` if it or everybody together has too many.
    pub(super) fn enter(&self, ip: Option<IpAddr>) -> Result<Seat> {
        self.0.take(ip).ok_or(Error::Busy { retry_after: Duration::from_secs(1) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_all_places() {
        let queue = HashingQueue::default();
        let guesser = Some("2001:db8::1".parse().unwrap());
        let neighbour = Some("2001:db8::2".parse().unwrap());
        let other = Some("203.0.113.5".parse().unwrap());

        let held: Vec<Seat> = (0..PLACES_FOR_EACH).map(|_| queue.enter(guesser).unwrap()).collect();

        assert!(queue.enter(neighbour).is_err());
        assert!(queue.enter(other).is_ok());
        drop(held);
        assert!(queue.enter(neighbour).is_ok());
    }
}
