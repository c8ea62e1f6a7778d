//! The API door, a file for each noun.

mod account;
mod applications;
mod default_permissions;
mod deletion;
mod discovery;
mod federation;
mod happened;
mod initialize;
mod invitations;
mod members;
mod messages;
mod organizations;
mod own_tokens;
mod permissions;
mod repositories;
mod robot_lists;
mod robots;
mod scopes;
mod search;
mod session;
mod stars;
mod superuser;
mod team_views;
mod teams;
mod users;
