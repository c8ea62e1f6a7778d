//! Pierhead: a container registry with a web portal, in one program.
//!
//! ```text
//!  docker, podman …    browsers        scripts, CI       the clock
//!        │                │                │                │
//!    registry          portal             api             jobs       doors: translate, nothing else
//!        └───────┬────────┴────────┬───────┘                │
//!               web                │                        │       who is asking, metrics, health
//!                └─────────── domain ───────────────────────┘       what a registry is and does; owns its database
//!                                ▲
//!                            adapters                               disk, clock, randomness
//!                                ▲
//!                          app, server, commands                    the only ones who know everybody
//! ```
//!
//! - A blob upload is received in [`registry`] (`uploads.rs`), by [`domain::upload`].
//! - A pull is authorized in `registry/dispatch.rs`, by [`domain::access`].
//! - A new setting goes into [`settings`], one line in the file of its section.
//!
//! Doors never name each other, [`adapters`] or SQL. `ARCHITECTURE.md` tells the whole story.

pub mod adapters;
pub mod api;
pub mod app;
pub mod commands;
pub mod jobs;
pub mod portal;
pub mod registry;
pub mod server;
pub mod settings;
pub mod web;
