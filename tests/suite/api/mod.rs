//! The API door, a file for each noun.

mod account;
mod applications;
mod initialize;
mod organizations;
mod own_tokens;
mod permissions;
mod repositories;
mod robots;
mod scopes;
mod session;
mod stars;
mod teams;
mod users;
