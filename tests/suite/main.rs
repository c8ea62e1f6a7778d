//! The integration suite: one binary, through the front door.
//!
//! `PIERHEAD_TEST_DATABASE=postgres` runs it on the server that `PIERHEAD_TEST_POSTGRES_URL` names.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod api;
mod registry;
mod rules;
mod support;
