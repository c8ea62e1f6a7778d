//! The pages for superusers.

use super::{Asking, open, send};

pub const ROUTES: &[Asking] = &[
    open("portal/users::show", "/administration/users"),
    send("portal/users::create", "/administration/users", &[("name", "not a name")]),
    open("portal/users::again", "/administration/users/dummy/email"),
    send("portal/users::change", "/administration/users/dummy/no-such-change", &[]),
    send("portal/exports::of_registry", "/administration/logs/exports", &[]),
];
