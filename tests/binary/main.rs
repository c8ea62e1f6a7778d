//! The built program from outside: real processes, real sockets, real disks.
//!
//! Every test starts its own server on its own port with its own folder and database ([`server::Installation`]), and
//! what it started ends with it. `PIERHEAD_TEST_DATABASE=postgres` together with `PIERHEAD_TEST_POSTGRES_URL` (an
//! administrator's URL that ends in `/postgres`) runs the same tests on PostgreSQL. `PIERHEAD_TEST_SEED` repeats a run's
//! random choices; each failure prints the seed it had.

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
