//! Repositories: names under which content is kept, who may see them, who may do what.
//!
//! A push to a name that does not exist creates the repository, private and with the pusher as its admin; the
//! organization's default permissions are applied then and only then.

mod actions;
mod along;
mod details;
pub(crate) mod grams;
mod granted_in;
mod grants;
mod list;
mod members;
mod overview;
pub(crate) mod parts;
mod queries;
mod rows;

pub use crate::deletion::repository as delete;
pub use actions::{NewRepository, change_state, change_visibility, create, create_as_written, describe, open_for_push};
pub use details::{Details, activity, details};
pub use granted_in::GrantedRepository;
pub(crate) use granted_in::granted_in;
pub(crate) use grants::set as set_grant;
pub use grants::{Grantee, grant, grantee, revoke, team};
pub use list::{ListQuery, Listed, list, popularity};
pub use members::{Granted, GranteeKind, granted, granted_to, roles_of_user};
pub use overview::{LatestPush, Overview, PulledBy, latest_pushes, overview, pushed_at};
pub use queries::{CatalogReader, SearchHit, catalog, find, search};
pub(crate) use queries::{hits, holders_of};
pub use rows::{Among, RepositoryPage, RepositoryQuery, RepositoryRow, RepositorySort, rows};

use crate::access::{RepositoryState, Visibility};
use crate::ids::{NamespaceId, RepositoryId};
use crate::oci::RepositoryName;

/// A repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repository {
    /// Row; never used again.
    pub id: RepositoryId,
    /// The namespace it is in.
    pub namespace: NamespaceId,
    /// Its whole name.
    pub name: RepositoryName,
    /// Who may pull it without a grant.
    pub visibility: Visibility,
    /// Whether it can be pushed to.
    pub state: RepositoryState,
}
