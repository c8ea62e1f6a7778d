//! What tests are written with: an application of their own, actors, an OCI client.

pub mod app;
pub mod clock;
pub mod database;
pub mod image;
pub mod oci;
pub mod source;

pub use app::{Actor, TestApp};
pub use image::Image;
pub use oci::{Answer, Oci};
