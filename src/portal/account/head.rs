//! The tabs of the account's page.

use std::borrow::Borrow;

use crate::portal::urls;

/// A tab of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Names and address.
    Profile,
    /// Password and second factor.
    Security,
    /// Browsers that are signed in.
    Sessions,
    /// Tokens made by hand.
    Tokens,
    /// Applications that act for the user.
    Applications,
    /// Invitations that wait.
    Invitations,
    /// How pages look.
    Preferences,
    /// Becoming an organization, deletion.
    End,
}

impl Tab {
    /// In the order of the page.
    const ALL: [Tab; 8] = [
        Tab::Profile,
        Tab::Security,
        Tab::Sessions,
        Tab::Tokens,
        Tab::Applications,
        Tab::Invitations,
        Tab::Preferences,
        Tab::End,
    ];

    /// The tab of an address; the first for what is none.
    pub fn named(word: &str) -> Tab {
        Tab::ALL.into_iter().find(|tab| tab.word() == word).unwrap_or(Tab::Profile)
    }

    /// In the address.
    pub fn word(self) -> &'static str {
        match self {
            Tab::Profile => "profile",
            Tab::Security => "security",
            Tab::Sessions => "sessions",
            Tab::Tokens => "tokens",
            Tab::Applications => "applications",
            Tab::Invitations => "invitations",
            Tab::Preferences => "preferences",
            Tab::End => "account",
        }
    }

    /// Its name's key.
    pub fn label(self) -> &'static str {
        match self {
            Tab::Profile => "account-tab-profile",
            Tab::Security => "account-tab-security",
            Tab::Sessions => "account-tab-sessions",
            Tab::Tokens => "account-tab-tokens",
            Tab::Applications => "account-tab-applications",
            Tab::Invitations => "account-tab-invitations",
            Tab::Preferences => "account-tab-preferences",
            Tab::End => "account-tab-end",
        }
    }
}

/// What stands above each tab.
pub struct Head {
    /// The tab that is open.
    pub tab: Tab,
}

impl Head {
    /// With this tab open.
    pub fn at(tab: Tab) -> Head {
        Head { tab }
    }

    /// In the order of the page.
    pub fn tabs(&self) -> [Tab; 8] {
        Tab::ALL
    }

    /// Whether this tab is open.
    pub fn is_at(&self, tab: impl Borrow<Tab>) -> bool {
        self.tab == *tab.borrow()
    }

    /// A tab's address.
    pub fn url(&self, tab: impl Borrow<Tab>) -> String {
        urls::account_tab(tab.borrow().word())
    }

    /// The open tab's address, without dialog.
    pub fn here(&self) -> String {
        self.url(self.tab)
    }

    /// A dialog over the open tab.
    pub fn dialog(&self, dialog: &str) -> String {
        urls::account_dialog(self.tab.word(), dialog)
    }

    /// A dialog about a row of the open tab.
    pub fn dialog_of(&self, dialog: &str, uuid: &str) -> String {
        urls::account_dialog_of(self.tab.word(), dialog, uuid)
    }
}
