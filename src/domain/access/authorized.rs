//! Permission as a value.

use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use super::action::{Admin, Inspect, Read, Write};
use crate::ids::UserId;
use crate::principal::Caller;

/// The caller may do `A` to the resource. Only [`access`](super) makes one.
///
/// A snapshot: between the check and the change a grant may vanish; this process notices at once, another within the two
/// seconds that [`lookup`](super) believes an answer.
pub struct Authorized<R, A> {
    resource: Arc<R>,
    caller: Arc<Caller>,
    action: PhantomData<fn() -> A>,
}

/// The registry as a whole, as a resource: what is created in it is nobody's yet.
pub struct Instance;

/// The caller's own account, as a resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Row.
    pub id: UserId,
    /// Name.
    pub name: Arc<str>,
}

impl<R, A> Authorized<R, A> {
    pub(super) fn new(resource: Arc<R>, caller: Arc<Caller>) -> Authorized<R, A> {
        Authorized { resource, caller, action: PhantomData }
    }

    /// Who was authorized.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// Who was authorized, to pass on.
    pub fn shared_caller(&self) -> Arc<Caller> {
        self.caller.clone()
    }

    fn weakened<B>(self) -> Authorized<R, B> {
        Authorized { resource: self.resource, caller: self.caller, action: PhantomData }
    }
}

impl<R, A> Deref for Authorized<R, A> {
    type Target = R;
    fn deref(&self) -> &R {
        &self.resource
    }
}

impl<R, A> Clone for Authorized<R, A> {
    fn clone(&self) -> Self {
        Authorized { resource: self.resource.clone(), caller: self.caller.clone(), action: PhantomData }
    }
}

impl<R> From<Authorized<R, Write>> for Authorized<R, Read> {
    fn from(stronger: Authorized<R, Write>) -> Self {
        stronger.weakened()
    }
}

impl<R> From<Authorized<R, Admin>> for Authorized<R, Write> {
    fn from(stronger: Authorized<R, Admin>) -> Self {
        stronger.weakened()
    }
}

impl<R> From<Authorized<R, Admin>> for Authorized<R, Inspect> {
    fn from(stronger: Authorized<R, Admin>) -> Self {
        stronger.weakened()
    }
}
