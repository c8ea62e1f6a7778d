//! The API door, a file for each noun.

mod idempotency;
mod initialize;
mod limits;
mod log_exports;
mod logs;
mod organizations;
mod permissions;
mod repositories;
mod robots;
mod scopes;
mod teams;
mod users;
