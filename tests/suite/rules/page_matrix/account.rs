//! One's own account.

use super::{Asking, open, send};

pub const ROUTES: &[Asking] = &[
    open("portal/account::show", "/account"),
    open("portal/account::show", "/account?tab=tokens"),
    send("portal/profile::save", "/account/profile", &[("company", "ACME")]),
    send("portal/profile::set_tag_expiration", "/account/tag-expiration", &[("tag_expiration_s", "1209600")]),
    send("portal/password::change", "/account/password", &[("password", "short"), ("repeat", "other")]),
    send("portal/factor::begin", "/account/second-factor", &[]),
    send("portal/factor::confirm", "/account/second-factor/confirmation", &[("code", "none")]),
    send("portal/factor::regenerate", "/account/second-factor/codes", &[]),
    send("portal/factor::switch_off", "/account/second-factor/removal", &[]),
    send("portal/sessions::end_others", "/account/sessions/removal", &[]),
    send("portal/sessions::end", "/account/sessions/none/removal", &[]),
    send("portal/token_form::create_application", "/account/tokens/application", &[("title", "matrix")]),
    send("portal/token_form::create_personal", "/account/tokens/personal", &[("title", "matrix")]),
    send("portal/tokens::revoke", "/account/tokens/application/none/removal", &[]),
    send("portal/authorized::revoke", "/account/applications/none/removal", &[]),
    send("portal/preferences::save", "/account/preferences", &[("theme", "dark")]),
    send("portal/end::convert", "/account/conversion", &[("admin", "{me}")]),
    send("portal/end::delete", "/account/deletion", &[("confirm", "no")]),
];
