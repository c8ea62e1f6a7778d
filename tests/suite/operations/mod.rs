//! What operators and their machines ask.

mod circles;
mod configuration;
mod events;
mod health;
mod metrics;
mod refusals;
mod statements;
