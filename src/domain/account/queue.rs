//! Who waits for a password to be hashed: a bounded number in all, and from each address, so that nobody who guesses takes
//! the places of those who know.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::seats::network_of;

const PLACES: usize = 256;
const PLACES_FOR_EACH: usize = 16;

/// Places to wait in.
#[derive(Clone, Default)]
pub(super) struct HashingQueue {
    taken: Arc<Mutex<HashMap<Option<IpAddr>, usize>>>,
}

/// A place, given back when dropped.
pub(super) struct Place {
    queue: HashingQueue,
    address: Option<IpAddr>,
}

impl HashingQueue {
    /// Takes a place for a client at this address.
    ///
    /// # Errors
    /// `Busy` if it or everybody together has too many.
    pub(super) fn enter(&self, ip: Option<IpAddr>) -> Result<Place> {
        let address = ip.map(network_of);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let all: usize = taken.values().sum();
        let own = taken.entry(address).or_insert(0);
        if *own >= PLACES_FOR_EACH || all >= PLACES {
            return Err(Error::Busy { retry_after: Duration::from_secs(1) });
        }
        *own += 1;
        Ok(Place { queue: self.clone(), address })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.queue.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = taken.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                taken.remove(&self.address);
            }
        }
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

        let held: Vec<Place> = (0..PLACES_FOR_EACH).map(|_| queue.enter(guesser).unwrap()).collect();

        assert!(queue.enter(neighbour).is_err());
        assert!(queue.enter(other).is_ok());
        drop(held);
        assert!(queue.enter(neighbour).is_ok());
    }
}
