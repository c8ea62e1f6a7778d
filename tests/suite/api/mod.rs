//! The API door, a file for each noun.

mod deletion;
mod initialize;
mod organizations;
mod permissions;
mod repositories;
mod robots;
mod scopes;
mod teams;
mod users;
