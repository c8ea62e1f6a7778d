//! Robot accounts: a tab of their namespace's page.

use super::namespace;

/// The tab, with these in its query.
pub fn robots_page(name: &str, is_user: bool, query: &[(&str, &str)]) -> String {
    let mut pairs = url::form_urlencoded::Serializer::new(String::new());
    pairs.append_pair("tab", "robots");
    pairs.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
    format!("{}?{}", namespace(name, is_user), pairs.finish())
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
