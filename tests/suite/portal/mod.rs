//! The portal door: what browsers see.

mod pages;
mod setup;
