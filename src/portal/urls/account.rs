//! One's own account: a page with tabs, and what its forms are sent to.

use super::{ACCOUNT, escaped};

/// A tab.
pub fn account_tab(tab: &str) -> String {
    format!("{ACCOUNT}?tab={tab}")
}

/// A tab with a dialog.
pub fn account_dialog(tab: &str, dialog: &str) -> String {
    format!("{ACCOUNT}?tab={tab}&dialog={dialog}")
}

/// A dialog about one of the rows of a tab.
pub fn account_dialog_of(tab: &str, dialog: &str, uuid: &str) -> String {
    format!("{ACCOUNT}?tab={tab}&dialog={dialog}&of={}", escaped(uuid))
}

/// Rows of a tab beyond this one.
pub fn account_more(tab: &str, beyond: i64) -> String {
    format!("{ACCOUNT}?tab={tab}&beyond={beyond}")
}

/// Where something of the account is changed: `profile`, `password`, `second-factor`, …
pub fn account_action(what: &str) -> String {
    format!("{ACCOUNT}/{what}")
}

/// Where one of the account's rows is ended: of `sessions`, `tokens/application`, …
pub fn account_action_on(what: &str, uuid: &str, action: &str) -> String {
    format!("{ACCOUNT}/{what}/{}/{action}", escaped(uuid))
}
