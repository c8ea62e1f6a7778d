//! The API door, a file for each noun.

mod default_permissions;
mod federation;
mod happened;
mod initialize;
mod invitations;
mod members;
mod organizations;
mod permissions;
mod repositories;
mod robot_lists;
mod robots;
mod scopes;
mod team_views;
mod teams;
mod users;
