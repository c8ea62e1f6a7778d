//! The pages for superusers.

use super::{Asking, open, send};

pub const ROUTES: &[Asking] = &[
    open("portal/users::show", "/administration/users"),
    send("portal/users::create", "/administration/users", &[("name", "not a name")]),
    open("portal/users::again", "/administration/users/dummy/email"),
    send("portal/users::change", "/administration/users/dummy/no-such-change", &[]),
    open("portal/organizations::show", "/administration/organizations"),
    open("portal/organizations::show", "/administration/organizations?tab=deleted"),
    open("portal/organizations::again", "/administration/organizations/acme/deletion"),
    send("portal/organizations::change", "/administration/organizations/acme/no-such-change", &[]),
    send("portal/deleted::restore", "/administration/deleted/organization/999/restoration", &[]),
    open("portal/jobs::show", "/administration/jobs"),
    send("portal/jobs::run", "/administration/jobs/none/run", &[]),
    send("portal/jobs::retry", "/administration/exports/none/retry", &[]),
    open("portal/messages::show", "/administration/messages"),
    send("portal/messages::create", "/administration/messages", &[]),
    send("portal/messages::delete", "/administration/messages/none/deletion", &[]),
    open("portal/storage::show", "/administration/storage"),
    open("portal/sessions::show", "/administration/sessions"),
    send("portal/sessions::end", "/administration/sessions/none/end", &[]),
    open("portal/logs::show", "/administration/logs"),
    open("portal/health::show", "/administration/health"),
    open("portal/settings::show", "/administration/settings"),
    send("portal/exports::of_registry", "/administration/logs/exports", &[]),
];
