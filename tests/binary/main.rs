//! The built program from outside: real processes, real sockets, real disks.
//!
//! Every test starts its own server on its own port with its own folder and database ([`server::Installation`]), and
//! what it started ends with it. `PIERHEAD_TEST_DATABASE=postgres` together with `PIERHEAD_TEST_POSTGRES_URL` (an
//! administrator's URL that ends in `/postgres`) runs the same tests on PostgreSQL. `PIERHEAD_TEST_SEED` repeats a run's
//! random choices; each failure prints the seed it had.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![expect(clippy::disallowed_methods, reason = "these tests live in real time and read the real environment")]
#![expect(clippy::print_stderr, reason = "what a run has seen helps whoever reads its log")]
#![expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "patterns of bytes may wrap")]

mod client;
mod crash;
mod database;
mod hostile;
mod image;
mod lifecycle;
mod randomness;
mod raw;
mod server;
mod storage;
mod tls;
