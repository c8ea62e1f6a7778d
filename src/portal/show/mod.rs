//! How values become text and markup: figures and moments, text written in Markdown, charts.
//!
//! Handlers hand values in and give templates what comes out. Figures and moments need to know who reads: [`Reader`] has
//! the language, the time zone and the moment of the request. Markup comes out as [`SafeHtml`], which templates print as
//! it is.
//!
//! Invariant: a `SafeHtml` is made of a template of ours, which escapes its values, or by the sanitiser in [`markdown`].

pub mod agent;
pub mod chart;
pub mod format;
mod html;
pub mod markdown;

pub use format::{Moment, Reader, short_digest};
pub use html::SafeHtml;
