//! The portal door: what browsers see.

mod account;
mod administration;
mod applications;
mod compare;
mod default_permissions;
mod deleted_repositories;
mod files;
mod form_twice;
mod hostile;
mod hostile_text;
mod image;
mod logs;
mod oauth;
mod organization_repositories;
mod organization_settings;
mod organizations;
mod pages;
mod repositories;
mod robots;
mod setup;
mod short;
mod signin;
mod signing_in;
mod statements;
mod tags;
mod teams;
