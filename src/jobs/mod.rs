//! What runs without being asked: sweeps, on a timer.
//!
//! A sweep compares what should be with what is and can run at any time, twice or in several replicas at once. Failures
//! are logged and tried again at the next turn.

mod count_events;
mod expire_events;
mod expire_sessions;
mod expire_tags;
mod expire_tokens;
mod expire_uploads;
mod purge_deleted;
mod schedule;
mod tell_exports;
mod write_pulls;

pub use schedule::{Schedule, board};
pub use tell_exports::run as tell_exports;

/// How many, as the board of sweeps counts.
fn items(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
