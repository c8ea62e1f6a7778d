//! The layout's own tests: what the house promises beyond what it does.

mod dependencies;
mod policy_matrix;
mod route_matrix;
mod schema_parity;
mod settings_documented;
mod sizes;
mod table;
mod templates;
