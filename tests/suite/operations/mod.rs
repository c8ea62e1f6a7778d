//! What operators and their machines ask.

mod events;
mod health;
mod metrics;
mod refusals;
