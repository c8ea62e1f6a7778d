//! A clock that stands still until it is told.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::time::{Clock, Timestamp};

/// 2026-01-01, noon.
const START: i64 = 1_767_268_800_000;

pub struct TestClock(AtomicI64);

impl Default for TestClock {
    fn default() -> TestClock {
        TestClock(AtomicI64::new(START))
    }
}

impl TestClock {
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.0, Ordering::SeqCst);
    }

    pub fn advance(&self, by: Duration) {
        self.0.fetch_add(i64::try_from(by.as_millis()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }
}
