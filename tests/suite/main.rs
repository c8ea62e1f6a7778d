//! Everything through the front door: each test starts a server of its own and talks to it as clients do.
//!
//! SQLite by default; `PIERHEAD_TEST_DATABASE=postgres` with `PIERHEAD_TEST_POSTGRES_URL` (an administrator's URL that
//! ends in `/postgres`) runs the same tests on PostgreSQL. [`support`] has the server, the clock and the actors.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on stops where it is")]

mod api;
mod operations;
mod portal;
mod queries;
mod registry;
mod rules;
mod support;
