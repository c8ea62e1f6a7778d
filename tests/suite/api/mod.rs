//! The API door, a file for each noun.

mod deletion;
mod discovery;
mod initialize;
mod messages;
mod organizations;
mod permissions;
mod repositories;
mod robots;
mod scopes;
mod search;
mod superuser;
mod teams;
mod users;
