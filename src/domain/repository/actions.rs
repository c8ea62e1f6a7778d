//! What can be done to repositories.

use std::sync::Arc;

use diesel::prelude::*;
use serde_json::json;

use super::grants::{self, Grantee};
use super::{Repository, grams};
use crate::access::{
    Access, Admin, Authorized, Create, Instance, PushTarget, RepositoryRole, RepositoryState, Visibility, Write,
};
use crate::db::schema::repositories;
use crate::db::{Db, Tx};
use crate::default_permission;
use crate::deletion;
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, RepositoryId};
use crate::oci::{NamespaceName, RepositoryName};
use crate::on_backend;
use crate::organization::{self, Namespace};
use crate::principal::Caller;
use crate::sentence::sentence;
use crate::time::Timestamp;
use crate::words::{long_description, require_text};

const MAX_DESCRIPTION: usize = 25_000;

/// A repository to be created.
#[derive(Debug, Clone)]
pub struct NewRepository {
    /// Its whole name; the first part is the namespace's.
    pub name: RepositoryName,
    /// Who may pull it.
    pub visibility: Visibility,
    /// Markdown.
    pub description: String,
}

/// Creates a repository, makes its creator its admin and applies the default permissions of the organization.
///
/// # Errors
/// `AlreadyExists`; `Invalid` if the name is of another namespace; `NotFound` if the namespace was deleted or renamed
/// meanwhile.
pub fn create(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, Create>,
    now: Timestamp,
    new: &NewRepository,
) -> Result<Repository> {
    let repository = create_as_written(tx, namespace, now, new)?;
    let creator = &namespace.caller().principal;
    if let Some(creator) = Grantee::from_principal(creator) {
        grants::set(tx, repository.id, &creator, RepositoryRole::Admin, now)?;
    }
    default_permission::apply_to_new(tx, &repository, creator, now)?;
    Ok(repository)
}

/// Creates a repository on which nobody is granted anything, as a document says it: the grants follow.
///
/// # Errors
/// As [`create`].
pub fn create_as_written<A>(
    tx: &mut Tx<'_>,
    namespace: &Authorized<Namespace, A>,
    now: Timestamp,
    new: &NewRepository,
) -> Result<Repository> {
    if new.name.namespace() != namespace.name {
        return Err(Error::invalid("namespace", format!("{} is not in namespace {}", new.name, namespace.name)));
    }
    require_fit(&new.description)?;
    let repository = insert(tx, namespace.id, now, new)?
        .ok_or_else(|| Error::AlreadyExists(Thing::Repository(new.name.as_str().to_string())))?;
    deletion::require_live_namespace(tx, namespace)?;
    tx.touch_access();
    let details = json!({ "visibility": new.visibility.as_str() });
    let event = Event::new(EventKind::CreateRepo).repository(&repository).details(details);
    event::record(tx, namespace.caller(), now, event)?;
    Ok(repository)
}

/// Changes who may pull without a grant.
///
/// # Errors
/// As the database's.
pub fn change_visibility(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Admin>,
    now: Timestamp,
    visibility: Visibility,
) -> Result<()> {
    diesel::update(repositories::table.find(repository.id.0))
        .set(repositories::visibility.eq(visibility))
        .execute(&mut **tx)?;
    tx.touch_access();
    let event = Event::new(EventKind::ChangeRepoVisibility)
        .repository(repository)
        .details(json!({ "visibility": visibility.as_str() }));
    event::record(tx, repository.caller(), now, event)
}

/// Changes whether the repository can be pushed to.
///
/// # Errors
/// `Invalid` for a mirror: nothing would fill it.
pub fn change_state(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Admin>,
    now: Timestamp,
    state: RepositoryState,
) -> Result<()> {
    if state == RepositoryState::Mirror {
        return Err(Error::invalid(
            "state",
            sentence!("said-no-mirroring", "Repository mirroring is not available in this registry"),
        ));
    }
    diesel::update(repositories::table.find(repository.id.0)).set(repositories::state.eq(state)).execute(&mut **tx)?;
    tx.touch_access();
    let event = Event::new(EventKind::ChangeRepoState)
        .repository(repository)
        .details(json!({ "state_changed": state.as_str().to_uppercase() }));
    event::record(tx, repository.caller(), now, event)
}

/// Changes what the repository says about itself.
///
/// # Errors
/// `Invalid` if it is too long.
pub fn describe(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Write>,
    now: Timestamp,
    description: &str,
) -> Result<()> {
    require_fit(description)?;
    diesel::update(repositories::table.find(repository.id.0))
        .set(repositories::description.eq(description))
        .execute(&mut **tx)?;
    let event = Event::new(EventKind::SetRepoDescription)
        .repository(repository)
        .details(json!({ "description": description.chars().take(500).collect::<String>() }));
    event::record(tx, repository.caller(), now, event)
}

fn require_fit(description: &str) -> Result<()> {
    if description.len() > MAX_DESCRIPTION {
        return Err(long_description(MAX_DESCRIPTION));
    }
    require_text("description", description)
}

/// The repository a push goes to: the existing one, or one created now, private.
///
/// With `create_namespace` an organization that does not exist is created too, owned by the pusher.
///
/// # Errors
/// As [`Access::push_target`].
pub async fn open_for_push(
    db: &Db,
    access: &Access,
    caller: &Arc<Caller>,
    name: &RepositoryName,
    now: Timestamp,
    create_namespace: bool,
) -> Result<Authorized<Repository, Write>> {
    match access.push_target(caller, name).await? {
        PushTarget::Existing(repository) => return Ok(repository),
        PushTarget::New(namespace) => create_by_push(db, namespace, name, now).await?,
        PushTarget::NoNamespace if create_namespace => {
            let instance = access.organization_for_push(caller, name).await?;
            create_namespace_for(db, instance, name, now).await?;
            if let PushTarget::New(namespace) = access.push_target(caller, name).await? {
                create_by_push(db, namespace, name, now).await?;
            }
        }
        PushTarget::NoNamespace => return Err(crate::access::no_namespace(caller, name)),
    }
    access.repository::<Write>(caller, name).await
}

async fn create_by_push(
    db: &Db,
    namespace: Authorized<Namespace, Create>,
    name: &RepositoryName,
    now: Timestamp,
) -> Result<()> {
    let new = NewRepository { name: name.clone(), visibility: Visibility::Private, description: String::new() };
    let created = db.write(move |tx| create(tx, &namespace, now, &new)).await;
    match created {
        Ok(_) => Ok(()),
        Err(Error::AlreadyExists(_)) => {
            made_by_another(db);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

async fn create_namespace_for(
    db: &Db,
    instance: Authorized<Instance, Create>,
    name: &RepositoryName,
    now: Timestamp,
) -> Result<()> {
    let namespace: NamespaceName = name.namespace().parse()?;
    match db.write(move |tx| organization::create(tx, &instance, now, &namespace, None)).await {
        Ok(_) => Ok(()),
        Err(Error::AlreadyExists(_)) => {
            made_by_another(db);
            Ok(())
        }
        Err(error) => Err(error),
    }
}

/// Docker pushes layers in parallel: the first one creates, the others find it there. The first one may be between its
/// commit and telling the caches, or in another process: what was remembered before is not to be believed.
fn made_by_another(db: &Db) {
    db.freshness().distrust_access();
}

fn insert(tx: &mut Tx<'_>, namespace: NamespaceId, now: Timestamp, new: &NewRepository) -> Result<Option<Repository>> {
    let row = (
        repositories::namespace_id.eq(namespace.0),
        repositories::name.eq(new.name.as_str()),
        repositories::visibility.eq(new.visibility),
        repositories::description.eq(&new.description),
        repositories::created_at.eq(now.0),
    );
    let id: Option<i64> = on_backend!(&mut *tx, c => diesel::insert_into(repositories::table)
        .values(row)
        .on_conflict(repositories::name)
        .do_nothing()
        .returning(repositories::id)
        .get_result(c)
        .optional())?;
    if let Some(id) = id {
        grams::add(tx, id, new.name.as_str())?;
    }
    Ok(id.map(|id| Repository {
        id: RepositoryId(id),
        namespace,
        name: new.name.clone(),
        visibility: new.visibility,
        state: RepositoryState::Normal,
    }))
}
