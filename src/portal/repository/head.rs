//! What stands above every page of a repository: its name, its facts, its tabs, how to pull it.

use std::borrow::Borrow;

use domain::access::{Authorized, Read, RepositoryRole, RepositoryState, Visibility};
use domain::repository::{self, Overview, PulledBy, Repository};

use super::pull;
use crate::portal::address::Address;
use crate::portal::problem::PageError;
use crate::portal::show::Reader;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// A view of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// Description, commands, activity.
    Information,
    /// What there is to pull.
    Tags,
    /// What the tags pointed at before.
    History,
    /// What happened.
    Logs,
    /// For admins.
    Settings,
}

impl Tab {
    const ALL: [Tab; 5] = [Tab::Information, Tab::Tags, Tab::History, Tab::Logs, Tab::Settings];

    /// The tab an address names, in our word or in Quay's; information if it names none.
    pub fn named(name: Option<&str>) -> Tab {
        match name {
            Some("tagHistory") => Tab::History,
            _ => Tab::ALL.into_iter().find(|tab| Some(tab.name()) == name).unwrap_or(Tab::Information),
        }
    }

    /// As in an address.
    pub fn name(self) -> &'static str {
        match self {
            Tab::Information => "info",
            Tab::Tags => "tags",
            Tab::History => "history",
            Tab::Logs => "logs",
            Tab::Settings => "settings",
        }
    }

    /// Its name's key.
    pub fn label(self) -> &'static str {
        match self {
            Tab::Information => "repository-tab-information",
            Tab::Tags => "repository-tab-tags",
            Tab::History => "repository-tab-history",
            Tab::Logs => "repository-tab-logs",
            Tab::Settings => "repository-tab-settings",
        }
    }

    /// Whether it is the one with the tags, whose number it shows.
    pub fn is_tags(self) -> bool {
        self == Tab::Tags
    }

    fn is_for_admins(self) -> bool {
        matches!(self, Tab::Logs | Tab::Settings)
    }
}

/// The head of a repository's page.
pub struct Head {
    /// The whole name.
    pub name: String,
    /// Its first part.
    pub namespace: String,
    /// The rest.
    pub short: String,
    /// The registry's host and port before the name: what a client pulls.
    pub reference: String,
    /// Its facts.
    pub overview: Overview,
    /// Who may pull it.
    pub visibility: Visibility,
    /// Whether it can be pushed to.
    pub state: RepositoryState,
    /// What the caller may do.
    pub role: Option<RepositoryRole>,
    /// Whether the caller may see how it is administered without a role on it.
    pub inspects: bool,
    /// Whether the caller can star it.
    pub can_star: bool,
    /// Where the page is; none for a page of a tag or manifest.
    pub tab: Option<Tab>,
    /// For figures.
    pub reader: Reader,
}

impl Head {
    /// The head for somebody who may read the repository, and their permission.
    ///
    /// # Errors
    /// Not found for whoever may not.
    pub async fn load(
        visit: &Visit,
        name: &str,
        tab: Option<Tab>,
    ) -> Result<(Authorized<Repository, Read>, Head), PageError> {
        let repository = visit.repository::<Read>(name).await?;
        let role = visit.services.access.role_on(visit.caller(), &repository.name).await?;
        let asked = repository.clone();
        let overview = visit.services.db.read(move |conn| repository::overview(conn, &asked)).await?;
        let whole = repository.name.as_str();
        let (namespace, short) = whole.split_once('/').unwrap_or((whole, ""));
        let head = Head {
            reference: format!("{}/{whole}", Address::of(&visit.request, &visit.services).host()),
            namespace: namespace.to_string(),
            short: short.to_string(),
            name: whole.to_string(),
            visibility: repository.visibility,
            state: repository.state,
            inspects: visit.visitor.is_operator(),
            can_star: visit.user().is_ok(),
            reader: visit.reader(),
            overview,
            role,
            tab,
        };
        Ok((repository, head))
    }

    /// Whether the caller may push and delete.
    pub fn can_write(&self) -> bool {
        self.role >= Some(RepositoryRole::Write) && self.state == RepositoryState::Normal
    }

    /// Whether the caller may change settings.
    pub fn can_admin(&self) -> bool {
        self.role >= Some(RepositoryRole::Admin)
    }

    /// Whether everybody may pull it.
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }

    /// Whether nobody may push to it.
    pub fn is_read_only(&self) -> bool {
        self.state == RepositoryState::ReadOnly
    }

    /// The tabs the caller sees.
    pub fn tabs(&self) -> impl Iterator<Item = Tab> + '_ {
        Tab::ALL.into_iter().filter(|tab| !tab.is_for_admins() || self.can_admin() || self.inspects)
    }

    /// Whether the page is this tab.
    pub fn is_at(&self, tab: impl Borrow<Tab>) -> bool {
        self.tab == Some(*tab.borrow())
    }

    /// Where a tab is.
    pub fn tab_url(&self, tab: impl Borrow<Tab>) -> String {
        urls::repository_tab(&self.name, tab.borrow().name())
    }

    /// The commands that pull what people would pull; none while there is nothing.
    pub fn pulls_with(&self) -> Vec<String> {
        let commands = |what: &PulledBy| pull::by_tag(what.artifact_type.as_deref(), &self.reference, &what.tag);
        self.overview.pulled_by.as_ref().map_or(Vec::new(), commands)
    }

    /// Bytes in words.
    pub fn size(&self) -> String {
        self.reader.size(self.overview.size.unsigned_abs())
    }

    /// Pulls in words.
    pub fn pulls(&self) -> String {
        self.reader.number(self.overview.pulls.unsigned_abs())
    }

    /// The address of the namespace.
    pub fn namespace_url(&self) -> String {
        urls::namespace(&self.namespace, !self.overview.is_organization)
    }
}
