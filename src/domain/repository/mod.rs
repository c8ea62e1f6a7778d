//! Repositories: names under which content is kept, who may see them, who may do what.
//!
//! A push to a name that does not exist creates the repository, private and with the pusher as its admin; the
//! organization's default permissions are applied then and only then.

mod actions;
mod grants;
mod queries;

pub use crate::deletion::repository as delete;
pub use actions::{NewRepository, change_visibility, create, open_for_push};
pub use grants::{Grantee, add_default, grant, grantee, team};
pub(crate) use queries::holders_of;
pub use queries::{CatalogReader, SearchHit, catalog, find, search};

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
