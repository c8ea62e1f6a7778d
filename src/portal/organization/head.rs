//! What stands above each tab of a namespace's page: its name, what the visitor is in it, and the tabs they may use.

use std::sync::Arc;

use domain::access::{ApiScope, Read, Standing, TeamRole};
use domain::oci::NamespaceName;
use domain::organization::{self, Header, Namespace};
use domain::repository::{self, Among, RepositoryQuery};

use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// A tab of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    /// What is kept in it; everybody's.
    Repositories,
    /// Who belongs to it.
    Teams,
    /// Accounts for programs.
    Robots,
    /// What new repositories grant by themselves.
    DefaultPermissions,
    /// OAuth applications.
    Applications,
    /// What happened.
    Logs,
    /// Address, how long deleted tags stay, deletion.
    Settings,
}

impl Tab {
    /// In the order of the page.
    pub const ALL: [Tab; 7] = [
        Tab::Repositories,
        Tab::Teams,
        Tab::Robots,
        Tab::DefaultPermissions,
        Tab::Applications,
        Tab::Logs,
        Tab::Settings,
    ];

    /// In the address.
    pub fn word(self) -> &'static str {
        match self {
            Tab::Repositories => "repositories",
            Tab::Teams => "teams",
            Tab::Robots => "robots",
            Tab::DefaultPermissions => "default-permissions",
            Tab::Applications => "applications",
            Tab::Logs => "logs",
            Tab::Settings => "settings",
        }
    }

    /// The tab of an address, in our word or in Quay's; the first for what is none.
    pub fn named(word: Option<&str>) -> Tab {
        let Some(word) = word else { return Tab::Repositories };
        if let Some(tab) = Tab::ALL.into_iter().find(|tab| tab.word() == word) {
            return tab;
        }
        match word.to_ascii_lowercase().as_str() {
            "teamsandmembership" | "teams" | "members" => Tab::Teams,
            "robotaccounts" | "robots" => Tab::Robots,
            "defaultpermissions" => Tab::DefaultPermissions,
            "oauthapplications" | "applications" => Tab::Applications,
            "logs" | "usagelogs" => Tab::Logs,
            "settings" => Tab::Settings,
            _ => Tab::Repositories,
        }
    }

    /// Its name's key.
    pub fn label(self) -> &'static str {
        match self {
            Tab::Repositories => "namespace-tab-repositories",
            Tab::Teams => "namespace-tab-teams",
            Tab::Robots => "namespace-tab-robots",
            Tab::DefaultPermissions => "namespace-tab-default-permissions",
            Tab::Applications => "namespace-tab-applications",
            Tab::Logs => "namespace-tab-logs",
            Tab::Settings => "namespace-tab-settings",
        }
    }

    /// Whether it is for this visitor of this namespace.
    fn is_for(self, namespace: &Namespace, may: May) -> bool {
        match self {
            Tab::Repositories => true,
            Tab::Teams => namespace.is_organization && may.look,
            Tab::DefaultPermissions | Tab::Applications => namespace.is_organization && may.inspect,
            Tab::Robots | Tab::Logs | Tab::Settings => may.inspect,
        }
    }
}

/// What a visitor may do in a namespace, for what is shown. The domain asks again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct May {
    /// Know who belongs to it: members, and superusers of either kind.
    pub look: bool,
    /// See how it is administered: admins, and read-only superusers.
    pub inspect: bool,
    /// Create repositories.
    pub create: bool,
    /// Change it.
    pub administer: bool,
}

impl May {
    fn of(role: Option<TeamRole>, standing: Standing) -> May {
        let audits = standing >= Standing::ReadOnlySuperuser;
        May {
            look: role.is_some() || audits,
            inspect: role == Some(TeamRole::Admin) || audits,
            create: role >= Some(TeamRole::Creator),
            administer: role == Some(TeamRole::Admin),
        }
    }
}

/// The button of the page's head.
pub struct Action {
    /// Where it leads.
    pub url: String,
    /// What it says.
    pub label: String,
}

/// What stands above a tab.
pub struct Head {
    /// The namespace.
    pub namespace: Arc<Namespace>,
    /// Where its admins are reached, and what is in it, for who may see that.
    pub header: Option<Header>,
    /// Which tab this is.
    pub tab: Tab,
    /// What the visitor may do.
    pub may: May,
    /// The one thing people come here to do.
    pub action: Option<Action>,
}

impl Head {
    /// The head of an organization's page, or a user's (`is_user`), for whoever visits. What is not visible to them at
    /// all only a tab can know.
    ///
    /// # Errors
    /// Not found for a name that nothing of this kind has.
    pub async fn load(visit: &Visit, name: &str, is_user: bool, tab: Tab) -> Result<Head, PageError> {
        let head = Head::of_either(visit, name, tab).await?;
        if head.is_user() == is_user { Ok(head) } else { Err(PageError::NotFound) }
    }

    /// As [`Head::load`] for a name of either kind.
    ///
    /// # Errors
    /// Not found for a name that nobody has.
    pub async fn of_either(visit: &Visit, name: &str, tab: Tab) -> Result<Head, PageError> {
        let name: NamespaceName = name.parse().map_err(|_| PageError::NotFound)?;
        let found = visit.services.access.namespace_role(visit.caller(), &name, ApiScope::OrganizationAdmin).await?;
        let (namespace, role) = found.ok_or(PageError::NotFound)?;
        let may = May::of(role, visit.visitor.standing);
        let header = match may.inspect {
            true => {
                let organization = visit.namespace::<Read>(name.as_str()).await?;
                Some(visit.services.db.read(move |conn| organization::header(conn, &organization)).await?)
            }
            false => None,
        };
        Ok(Head { namespace, header, tab, may, action: None })
    }

    /// Whether the visitor is shown its page, whatever is in it. Whoever is signed in finds users by name anyway.
    pub fn is_known_to(&self, visit: &Visit) -> bool {
        self.may.look || (self.is_user() && visit.user().is_ok())
    }

    /// Whether the visitor may see a repository of it.
    ///
    /// # Errors
    /// As the database's.
    pub async fn has_something_for(&self, visit: &Visit) -> Result<bool, PageError> {
        let among = Among::Namespace { id: self.namespace.id, administers: self.may.administer };
        let (reader, query) = (visit.catalog_reader(), RepositoryQuery::of(among, 1));
        let found = visit.services.db.read(move |conn| repository::rows(conn, &reader, &query)).await?;
        Ok(!found.page.rows.is_empty())
    }

    /// With a button.
    #[must_use]
    pub fn offering(mut self, url: String, label: String) -> Head {
        self.action = Some(Action { url, label });
        self
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.namespace.name
    }

    /// Whether it is a user's own, not an organization.
    pub fn is_user(&self) -> bool {
        !self.namespace.is_organization
    }

    /// Whether this visitor may use the tab that was asked for.
    pub fn has_tab(&self) -> bool {
        self.tab.is_for(&self.namespace, self.may)
    }

    /// The tabs this visitor may use.
    pub fn tabs(&self) -> impl Iterator<Item = Tab> {
        Tab::ALL.into_iter().filter(|tab| tab.is_for(&self.namespace, self.may))
    }

    /// Where its admins are reached.
    pub fn email(&self) -> Option<&str> {
        self.header.as_ref()?.email.as_deref().filter(|_| !self.is_user())
    }

    /// How much there is on a tab, where that is kept.
    pub fn count(&self, tab: &Tab) -> Option<i64> {
        let counts = self.header.as_ref()?.counts;
        match tab {
            Tab::Repositories => Some(counts.repositories),
            Tab::Robots => Some(counts.robots),
            _ => None,
        }
    }

    /// The address of a tab.
    pub fn url(&self, tab: &Tab) -> String {
        urls::namespace_tab(self.name(), self.is_user(), tab.word())
    }

    /// Whether this is the tab that is shown.
    pub fn is_at(&self, tab: &Tab) -> bool {
        self.tab == *tab
    }
}
