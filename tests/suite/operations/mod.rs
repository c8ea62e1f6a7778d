//! What operators and their machines ask.

mod configuration;
mod events;
mod health;
mod metrics;
mod refusals;
mod statements;
