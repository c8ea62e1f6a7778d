//! What tests are made of: [`TestApp`], the people and robots that use it, the clients they use.
//!
//! Every [`TestApp`] has its own folder, database, clock and server, so tests share nothing and run side by side.

mod account;
mod actor;
mod answer;
mod app;
mod browser;
mod clock;
mod content;
pub mod database;
mod happened;
mod issuer;
mod listener;
mod oci;
mod page;
mod raw;
mod statements;

pub use account::Authenticator;
pub use actor::Actor;
pub use answer::Answer;
pub use app::{PASSWORD, TestApp};
pub use browser::{Browser, hidden_fields};
pub use clock::TestClock;
pub use content::{Image, OCI_INDEX, OCI_MANIFEST, descriptor, digest_of, sha512_of};
pub use issuer::{Issuer, Key};
pub use listener::Listener;
pub use oci::{Oci, parameter};
pub use page::{Form, Page};
pub use raw::raw;
pub use statements::as_many;

/// The word of a role or visibility, as the API wants it.
pub const PUBLIC: &str = "public";
/// See [`PUBLIC`].
pub const PRIVATE: &str = "private";
