//! Robot accounts: a tab of their namespace's page.

use super::{and_query, namespace, namespace_tab};

/// The tab, with these in its query.
pub fn robots_page(name: &str, is_user: bool, query: &[(&str, &str)]) -> String {
    and_query(&namespace_tab(name, is_user, "robots"), query)
}

/// A dialog about a robot account, by its name within the namespace.
pub fn robot_dialog(name: &str, is_user: bool, dialog: &str, robot: &str) -> String {
    robots_page(name, is_user, &[("dialog", dialog), ("robot", &format!("{name}+{robot}"))])
}

/// Where a new robot account is sent.
pub fn robots(name: &str, is_user: bool) -> String {
    format!("{}/robots", namespace(name, is_user))
}

/// Where something of a robot account is changed or fetched.
pub fn robot_action(name: &str, is_user: bool, robot: &str, what: &str) -> String {
    format!("{}/robots/{robot}/{what}", namespace(name, is_user))
}
