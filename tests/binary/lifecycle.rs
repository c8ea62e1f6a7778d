//! From the first start to the last stop, and the commands beside.

mod commands;
mod copying;
mod replicas;
mod setup;
mod stopping;
