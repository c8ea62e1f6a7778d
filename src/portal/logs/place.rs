//! Where a log stands, and under which addresses.

use crate::portal::urls;

/// Whose log it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// An organization's, by name.
    Organization(String),
    /// A user's, by name.
    User(String),
    /// A repository's, by whole name.
    Repository(String),
    /// Everybody's.
    Registry,
}

impl Place {
    /// The page it is on, with these in the query.
    pub(super) fn page(&self, query: &[(&'static str, String)]) -> String {
        link(&urls::logs_page(self), query)
    }

    /// Where the form for an export is sent.
    pub(super) fn exports(&self) -> String {
        urls::log_exports(self)
    }

    /// Where the API hands the log out; of users only to themselves.
    pub(super) fn download_path(&self, reader: &str) -> Option<String> {
        match self {
            Place::User(name) if name != reader => None,
            place => Some(urls::log_download(place)),
        }
    }

    /// What the page's address has besides the filters, for forms that are sent by GET.
    pub(super) fn is_tab(&self) -> bool {
        *self != Place::Registry
    }
}

/// An address with these in its query, besides what it has.
pub(super) fn link(path: &str, query: &[(&'static str, String)]) -> String {
    let query: Vec<(&str, &str)> = query.iter().map(|(name, value)| (*name, value.as_str())).collect();
    urls::and_query(path, &query)
}
