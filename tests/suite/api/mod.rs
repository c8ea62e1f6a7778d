//! The API door, a file for each noun.

mod initialize;
mod labels;
mod manifests;
mod organizations;
mod permissions;
mod repositories;
mod repository_lists;
mod robots;
mod scopes;
mod tags;
mod teams;
mod users;
