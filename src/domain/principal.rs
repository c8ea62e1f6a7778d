//! Who is asking.

use std::net::IpAddr;
use std::sync::Arc;

use crate::access::Ceiling;
use crate::ids::{NamespaceId, RobotId, SessionId, TokenId, UserId};
use crate::time::Timestamp;

/// Whoever is asking, authenticated or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// Nobody in particular.
    Anonymous,
    /// A person.
    User {
        /// Its row.
        id: UserId,
        /// Its name.
        name: Arc<str>,
    },
    /// A program's account.
    Robot {
        /// Its row.
        id: RobotId,
        /// `namespace+short`.
        name: Arc<str>,
        /// The namespace that owns it.
        namespace: NamespaceId,
    },
    /// Pierhead itself: a sweep, the command line, first-time set-up. Always with its reason.
    System(&'static str),
}

impl Principal {
    /// The name people know it by.
    pub fn name(&self) -> &str {
        match self {
            Principal::Anonymous => "(anonymous)",
            Principal::User { name, .. } | Principal::Robot { name, .. } => name,
            Principal::System(reason) => reason,
        }
    }

    /// What kind it is and its row, as events store it.
    pub fn kind_and_id(&self) -> (&'static str, Option<i64>) {
        match self {
            Principal::Anonymous => ("anonymous", None),
            Principal::User { id, .. } => ("user", Some(id.0)),
            Principal::Robot { id, .. } => ("robot", Some(id.0)),
            Principal::System(_) => ("system", None),
        }
    }

    /// Its kind and row in one word, such as `user:7`: what uploads are bound to.
    pub fn handle(&self) -> String {
        match self.kind_and_id() {
            (kind, Some(id)) => format!("{kind}:{id}"),
            (kind, None) => kind.to_string(),
        }
    }
}

/// Where a request came from; goes into the events it causes.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The client's address, proxies that are trusted taken off.
    pub ip: Option<IpAddr>,
    /// What the client calls itself; cut to 200 characters by the door.
    pub user_agent: Option<Arc<str>>,
}

/// How a caller proved who they are; goes into the events they cause.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Credential {
    /// They did not, or it is Pierhead itself.
    #[default]
    None,
    /// A password, given with this request.
    Password,
    /// A browser's sign-in.
    Session {
        /// Its row.
        id: SessionId,
        /// When the password was last given.
        confirmed_at: Timestamp,
    },
    /// A robot account's token.
    RobotToken,
    /// A robot account's identity, signed by a provider its namespace trusts.
    Federated,
    /// An application token, for command lines.
    ApplicationToken(Arc<str>),
    /// An API access token.
    AccessToken(Arc<AccessToken>),
    /// A signed registry token, or what renews it.
    RegistryToken,
}

/// An API access token, as events know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessToken {
    /// Its row.
    pub id: TokenId,
    /// What it is known by.
    pub uuid: String,
    /// The OAuth application that holds it, if one does.
    pub application: Option<ApplicationShown>,
}

/// What people know an OAuth application by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationShown {
    /// Its client id.
    pub client_id: String,
    /// Its name at the time.
    pub name: String,
}

impl Credential {
    /// Its kind in one word, and the uuid of the token if it is one that can be told from others.
    pub fn kind_and_token(&self) -> (&'static str, Option<&str>) {
        match self {
            Credential::None => ("none", None),
            Credential::Password => ("password", None),
            Credential::Session { .. } => ("session", None),
            Credential::RobotToken => ("robot_token", None),
            Credential::Federated => ("federated", None),
            Credential::ApplicationToken(uuid) => ("application_token", Some(uuid)),
            Credential::AccessToken(token) => ("access_token", Some(&token.uuid)),
            Credential::RegistryToken => ("registry_token", None),
        }
    }
}

/// A principal with what its credentials allow and where it is.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who.
    pub principal: Principal,
    /// What the token they came with allows at most.
    pub ceiling: Ceiling,
    /// When the registry token they came with was made; nothing for credentials that were checked just now.
    pub token_made_at: Option<Timestamp>,
    /// How they proved it.
    pub credential: Credential,
    /// From where.
    pub origin: Origin,
}

impl Caller {
    /// Pierhead itself, for the reason given.
    pub fn system(reason: &'static str) -> Caller {
        Caller {
            principal: Principal::System(reason),
            ceiling: Ceiling::None,
            token_made_at: None,
            credential: Credential::None,
            origin: Origin::default(),
        }
    }

    /// Somebody without credentials.
    pub fn anonymous(origin: Origin) -> Caller {
        Caller {
            principal: Principal::Anonymous,
            ceiling: Ceiling::None,
            token_made_at: None,
            credential: Credential::None,
            origin,
        }
    }
}
