//! The portal door: what browsers see.

mod oauth;
mod pages;
mod setup;
mod signin;
