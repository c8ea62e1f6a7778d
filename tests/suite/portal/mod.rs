//! The portal door: what browsers see.

mod oauth;
mod organizations;
mod pages;
mod setup;
mod signin;
