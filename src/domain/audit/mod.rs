//! Asking what happened: the usage log, its charts, its exports, and how long it is kept.
//!
//! [`crate::event`] writes entries; nothing here does, except to say that the log was exported. Every question is about
//! a [`Scope`], which only somebody who may read that log can make. Lists go by the key (at, id), newest first. Charts
//! read days that [`count`] has counted beforehand and only the rest from the entries themselves.
//!
//! Invariant: an entry is removed only after it has been counted, so charts outlive what they were made from.

mod callback;
mod chart;
mod count;
mod export;
mod page;
mod retention;
mod scope;

pub use callback::{Callbacks, due, failing, is_key, note, retry};
pub use chart::{Activity, DayCount, activity, chart};
pub use count::{MARGIN, STEP, count};
pub use export::{Export, NewExport, Told, expire, find, list, refuse, request, streamed};
pub use page::{Entry, Filter, Key, Page, organizations, page};
pub use retention::expire_events;
pub use scope::Scope;

/// Milliseconds of a day.
pub const DAY: i64 = 24 * 3600 * 1000;
