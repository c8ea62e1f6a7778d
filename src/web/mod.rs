//! What the HTTP doors share: who is asking, from where, under which request id; what is measured.

pub mod assets;
pub mod authenticate;
pub mod disk;
pub mod encoding;
pub mod form;
pub mod health;
pub mod metrics;
pub mod news;
pub mod observe;
pub mod once;
pub mod origin;
pub mod qr;
pub mod recovery;
pub mod register;
pub mod request_id;
pub mod scopes;
pub mod security_headers;
pub mod services;
pub mod session;
pub mod setup_token;
pub mod sign_in;
pub mod throttle;
