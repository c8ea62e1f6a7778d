//! So many at once, and so many of them for one address: a bound on work that lasts as long as its client likes.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::error::{Error, Result};

/// How often somebody who waits looks for a free seat.
const LOOKS_EVERY: Duration = Duration::from_millis(10);

/// Seats of a process. Clones are the same seats.
#[derive(Debug, Clone)]
pub struct Seats {
    all: usize,
    each: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Debug, Default)]
struct Taken {
    count: usize,
    by_address: HashMap<Option<IpAddr>, usize>,
}

/// A seat; free again when it is dropped.
#[derive(Debug)]
pub struct Seat {
    seats: Seats,
    address: Option<IpAddr>,
}

impl Seats {
    /// `all` seats, of which one address (of IPv6: one network) has `each` at most. Whoever comes from nowhere known
    /// counts as one address.
    pub fn new(all: usize, each: usize) -> Seats {
        Seats { all, each, taken: Arc::default() }
    }

    /// A seat, if one is free for this address.
    pub fn take(&self, address: Option<IpAddr>) -> Option<Seat> {
        let address = address.map(network_of);
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by_address.get(&address).copied().unwrap_or(0);
        if taken.count >= self.all || own >= self.each {
            return None;
        }
        taken.count += 1;
        taken.by_address.insert(address, own + 1);
        Some(Seat { seats: self.clone(), address })
    }

    /// As [`Seats::take`], waiting for one that becomes free.
    ///
    /// # Errors
    /// `Busy` if none does for so long.
    pub async fn wait(&self, address: Option<IpAddr>, patience: Duration) -> Result<Seat> {
        let begun = Instant::now();
        loop {
            if let Some(seat) = self.take(address) {
                return Ok(seat);
            }
            if begun.elapsed() > patience {
                return Err(Error::Busy { retry_after: patience });
            }
            tokio::time::sleep(LOOKS_EVERY).await;
        }
    }
}

/// An IPv6 client has a whole network of addresses to itself.
fn network_of(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(address) => IpAddr::V6((u128::from(address) & (u128::MAX << 64)).into()),
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.count -= 1;
        if let Some(own) = taken.by_address.get_mut(&self.address) {
            *own -= 1;
            if *own == 0 {
                taken.by_address.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_leaves_seats_for_others() {
        let seats = Seats::new(3, 2);
        let (here, there) = (Some(IpAddr::from([10, 0, 0, 1])), Some(IpAddr::from([10, 0, 0, 2])));

        let own = [seats.take(here), seats.take(here)];
        assert!(own.iter().all(Option::is_some));
        assert!(seats.take(here).is_none(), "it has its share");
        let other = seats.take(there);
        assert!(other.is_some());
        assert!(seats.take(None).is_none(), "all are taken");

        drop(own);
        assert!(seats.take(None).is_some());
        assert!(seats.take(here).is_some());
    }

    #[test]
    fn a_network_is_one_address() {
        let seats = Seats::new(3, 1);
        let address = |text: &str| Some(text.parse().unwrap());

        let own = seats.take(address("2001:db8::1"));
        assert!(own.is_some());
        assert!(seats.take(address("2001:db8::2")).is_none(), "it has its share");
        assert!(seats.take(address("2001:db8:0:1::1")).is_some());
        drop(own);
        assert!(seats.take(address("2001:db8::2")).is_some());
    }
}
