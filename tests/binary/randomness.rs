//! Repeatable random choices.

use std::time::{SystemTime, UNIX_EPOCH};

/// A small generator (SplitMix64): the same seed makes the same choices on every machine.
#[derive(Clone)]
pub struct Randomness(u64);

impl Randomness {
    /// Seeded by `PIERHEAD_TEST_SEED`, else by the time; the seed is printed, which a failing test shows.
    pub fn of_this_run() -> Randomness {
        let given = std::env::var("PIERHEAD_TEST_SEED").ok().and_then(|text| text.parse().ok());
        let seed = given.unwrap_or_else(|| {
            SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64 % 1_000_000_007)
        });
        eprintln!("random choices repeat with PIERHEAD_TEST_SEED={seed}");
        Randomness(seed)
    }

    /// A generator of its own for one part of the test.
    pub fn fork(&mut self) -> Randomness {
        Randomness(self.next())
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `end`, which is not zero.
    pub fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    pub fn one_in(&mut self, many: usize) -> bool {
        self.below(many) == 0
    }

    pub fn bytes(&mut self, length: usize) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(length + 8);
        while bytes.len() < length {
            bytes.extend_from_slice(&self.next().to_le_bytes());
        }
        bytes.truncate(length);
        bytes
    }
}
