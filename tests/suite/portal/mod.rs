//! The portal door: what browsers see.

mod oauth;
mod organization_repositories;
mod organization_settings;
mod organizations;
mod pages;
mod setup;
mod signin;
mod teams;
