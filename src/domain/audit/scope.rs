//! Whose log is read.

use std::marker::PhantomData;
use std::sync::Arc;

use crate::access::{Admin, Authorized, Inspect, Instance};
use crate::ids::{NamespaceId, RepositoryId};
use crate::organization::Namespace;
use crate::principal::Caller;
use crate::repository::Repository;

/// The log of a repository, a namespace or the whole registry, for somebody who may do `A` with it.
pub struct Scope<A> {
    pub(super) place: Place,
    caller: Arc<Caller>,
    action: PhantomData<fn() -> A>,
}

/// What a log is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    Registry,
    Namespace(NamespaceId, String),
    Repository(RepositoryId, String, NamespaceId),
}

impl Place {
    /// The columns of tables that keep a place: namespace and repository.
    pub(super) fn ids(&self) -> (Option<i64>, Option<i64>) {
        match self {
            Place::Registry => (None, None),
            Place::Namespace(id, _) => (Some(id.0), None),
            Place::Repository(id, _, namespace) => (Some(namespace.0), Some(id.0)),
        }
    }
}

impl<A> Scope<A> {
    /// The log of a repository.
    pub fn repository(repository: &Authorized<Repository, A>) -> Scope<A>
    where
        A: Reads,
    {
        let place = Place::Repository(repository.id, repository.name.as_str().to_string(), repository.namespace);
        Scope { place, caller: repository.shared_caller(), action: PhantomData }
    }

    /// The log of a namespace and its repositories.
    pub fn namespace(namespace: &Authorized<Namespace, A>) -> Scope<A>
    where
        A: Reads,
    {
        let place = Place::Namespace(namespace.id, namespace.name.clone());
        Scope { place, caller: namespace.shared_caller(), action: PhantomData }
    }

    /// The log of everything.
    pub fn registry(registry: &Authorized<Instance, A>) -> Scope<A>
    where
        A: Reads,
    {
        Scope { place: Place::Registry, caller: registry.shared_caller(), action: PhantomData }
    }

    /// The log an export was made of: whoever has its link was given it by somebody who may read it.
    pub(super) fn of_export(place: Place) -> Scope<A> {
        Scope { place, caller: Arc::new(Caller::system("an export's link")), action: PhantomData }
    }

    /// What a page shows of a log to whoever it is for.
    pub(super) fn of_page(place: Place, caller: Arc<Caller>) -> Scope<A> {
        Scope { place, caller, action: PhantomData }
    }

    /// Who reads.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// The repository, in the namespace, by its whole name.
    pub fn repository_name(&self) -> Option<&str> {
        match &self.place {
            Place::Repository(_, name, _) => Some(name),
            _ => None,
        }
    }

    /// The namespace.
    pub fn namespace_name(&self) -> Option<&str> {
        match &self.place {
            Place::Registry => None,
            Place::Namespace(_, name) => Some(name),
            Place::Repository(_, name, _) => name.split('/').next(),
        }
    }
}

impl<A> Clone for Scope<A> {
    fn clone(&self) -> Self {
        Scope { place: self.place.clone(), caller: self.caller.clone(), action: PhantomData }
    }
}

/// What lets one read a log.
pub trait Reads {}
impl Reads for Inspect {}
impl Reads for Admin {}

impl From<Scope<Admin>> for Scope<Inspect> {
    fn from(stronger: Scope<Admin>) -> Self {
        Scope { place: stronger.place, caller: stronger.caller, action: PhantomData }
    }
}
