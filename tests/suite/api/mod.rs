//! The API door, a file for each noun.

mod deletion;
mod discovery;
mod initialize;
mod messages;
mod default_permissions;
mod federation;
mod happened;
mod invitations;
mod members;
mod organizations;
mod permissions;
mod repositories;
mod robot_lists;
mod robots;
mod scopes;
mod search;
mod superuser;
mod team_views;
mod teams;
mod users;
