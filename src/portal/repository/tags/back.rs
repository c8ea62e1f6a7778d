//! Where a dialog leads: back to the page behind it, when it is closed and when its form was accepted.
//!
//! That is the list as it was, or the page of the tag whose actions offered the dialog. Its address goes along in the
//! dialog's form; of what arrives only pages of the same repository are gone back to.

use super::Shown;
use crate::portal::signin::local;
use crate::portal::urls;

impl Shown {
    /// The state of the tab when a dialog is to have the page of this address behind it.
    pub(super) fn behind(repository: &str, address: &str) -> Shown {
        let Some(address) = within(repository, address) else { return Shown::default() };
        match query_of_list(repository, &address) {
            Some(query) => serde_html_form::from_str(query).unwrap_or_default(),
            None => Shown { back: address, ..Shown::default() },
        }
    }

    /// With this dialog about these tags.
    pub(super) fn asking(self, dialog: &str, tag: Vec<String>) -> Shown {
        Shown { dialog: dialog.to_string(), tag, ..self }
    }

    /// The page without a dialog.
    pub(super) fn back(&self, repository: &str) -> String {
        within(repository, &self.back).unwrap_or_else(|| self.here(repository, &[]))
    }

    /// Whether a dialog leads to another page than the list it is shown with.
    pub(super) fn leads_elsewhere(&self, repository: &str) -> bool {
        within(repository, &self.back).is_some()
    }

    /// The same page with a dialog about a tag.
    pub(super) fn with_dialog(&self, repository: &str, dialog: &str, tag: &str) -> String {
        self.here(repository, &[("dialog", dialog), ("tag", tag), ("back", &self.back)])
    }
}

/// The address as a browser reads it, if it is one of the repository's pages.
fn within(repository: &str, address: &str) -> Option<String> {
    let address = local(address);
    let rest = address.strip_prefix(&urls::repository(repository))?;
    rest.starts_with(['?', '/']).then_some(address)
}

/// What the address says of the list's state; nothing for other pages.
fn query_of_list<'a>(repository: &str, address: &'a str) -> Option<&'a str> {
    let query = address.strip_prefix(&urls::repository(repository))?.strip_prefix('?')?;
    let mut said = url::form_urlencoded::parse(query.as_bytes());
    said.any(|(name, value)| name == "tab" && value == "tags").then_some(query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialog_leads_back_to_pages_of_its_repository_only() {
        let back = |address: &str| Shown::behind("acme/web", address).back("acme/web");
        let list = "/repository/acme/web?tab=tags&q=1.&sort=size&order=asc&limit=50&after=7.n3&open=1.0";

        for kept in [list, "/repository/acme/web/tag/1.0?tab=layers", "/repository/acme/web?tab=history"] {
            assert_eq!(back(kept), kept);
        }
        let elsewhere = ["", "//evil.test", "https://evil.test/repository/acme/web?tab=tags", "/repository/acme/webs"];
        for odd in elsewhere.into_iter().chain(["/repository/acme/web/../../../signout", "/a\r\nb", "/repository/acme"])
        {
            assert_eq!(back(odd), "/repository/acme/web?tab=tags", "{odd}");
        }
    }
}
