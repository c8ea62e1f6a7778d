//! Why the domain said no.
//!
//! One enum, its variants named by what the caller can do about it. Doors translate it with one exhaustive `match` each;
//! nobody else renders text from it.

use std::fmt;
use std::time::Duration;

use crate::oci::{RepositoryName, Violation};
use crate::sentence::{Sentence, sentence};

/// Any error, as the cause of ours.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The domain's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the domain said no.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the caller may not know of it.
    #[error("{0} not found")]
    NotFound(Thing),
    /// The name is taken.
    #[error("{0} already exists")]
    AlreadyExists(Thing),
    /// A value breaks a rule of ours.
    #[error("{message}")]
    Invalid {
        /// Which value, in the words of the API.
        field: &'static str,
        /// What was wrong and what would be right.
        message: Sentence,
    },
    /// Content or a name breaks the specification.
    #[error(transparent)]
    Content(#[from] Violation),
    /// Nobody in particular is asking, or the credentials are wrong.
    #[error("{0}")]
    Unauthenticated(String),
    /// The caller may know of the thing, but not do this to it.
    #[error("{needed} permission on {on} needed; {who} has {has}")]
    Forbidden {
        /// The role that would do.
        needed: &'static str,
        /// On what.
        on: Thing,
        /// Who is asking.
        who: String,
        /// The role they have.
        has: &'static str,
    },
    /// The caller's rights would do, the token they came with does not carry them: a wider one can be asked for.
    #[error("the token does not allow this on {}", .0.describe())]
    TokenTooNarrow(NeededScopes),
    /// A rule of the registry says no, whoever asks.
    #[error("{0}")]
    Refused(Sentence),
    /// Too much at once; the same request may work later.
    #[error("too much at once; try again in {} s", .retry_after.as_secs().max(1))]
    Busy {
        /// When to come back.
        retry_after: Duration,
    },
    /// Too many wrong passwords; the right one counts again later.
    #[error("sign-in as {who} is paused for {} s after several wrong passwords", .retry_after.as_secs().max(1))]
    Paused {
        /// The name that was tried.
        who: String,
        /// When to come back.
        retry_after: Duration,
    },
    /// Something underneath (disk, database) does not work right now.
    #[error("{context}")]
    Unavailable {
        /// What was being done.
        context: &'static str,
        /// What the layer below said.
        source: BoxError,
    },
    /// A mistake of ours.
    #[error("{context}")]
    Internal {
        /// What was being done.
        context: &'static str,
        /// What went wrong.
        source: BoxError,
    },
}

/// How PostgreSQL says that transactions wait for each other in a circle.
const DEADLOCK: &str = "deadlock detected";

impl Error {
    /// An [`Error::Internal`].
    pub fn internal(context: &'static str, source: impl Into<BoxError>) -> Error {
        Error::Internal { context, source: source.into() }
    }

    /// Whether PostgreSQL undid the transaction for another's sake, so that it can be tried again.
    pub(crate) fn is_conflict(&self) -> bool {
        let Error::Unavailable { source, .. } = self else { return false };
        source.to_string().contains(DEADLOCK)
    }

    /// An [`Error::Refused`].
    pub fn refused(why: impl Into<Sentence>) -> Error {
        Error::Refused(why.into())
    }

    /// An [`Error::Invalid`].
    pub fn invalid(field: &'static str, message: impl Into<Sentence>) -> Error {
        Error::Invalid { field, message: message.into() }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Error {
        let said = error.to_string();
        if said.contains("invalid byte sequence for encoding") {
            return Error::invalid("text", sentence!("said-nul", "Text must not contain NUL characters"));
        }
        // SQLite has no codes for these in Diesel; all of them mean that the disk, not the statement, is at fault.
        let disk = ["disk is full", "disk I/O error", "readonly database", "unable to open database", "malformed"];
        let session = ["server closed the connection", "terminating connection", "no connection to the server"];
        if disk.iter().chain(&session).any(|words| said.contains(words)) {
            return Error::Unavailable { context: "asking the database", source: error.into() };
        }
        if ["database is locked", "statement timeout", "lock timeout", DEADLOCK].iter().any(|w| said.contains(w)) {
            return Error::Unavailable { context: "waiting for the database", source: error.into() };
        }
        Error::Internal { context: "asking the database", source: error.into() }
    }
}

/// A name a client sent, fit to be sent back: no control characters, at most 80 characters.
pub(crate) fn shown(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(80).collect()
}

/// An error with everything that led to it: for logs and terminals, not for clients.
pub struct Causes<'e>(pub &'e Error);

impl fmt::Display for Causes<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = std::error::Error::source(self.0);
        while let Some(below) = cause {
            write!(f, ": {below}")?;
            cause = below.source();
        }
        Ok(())
    }
}

/// What an error speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Thing {
    /// A user or organization, where either would do.
    Namespace(String),
    /// An organization.
    Organization(String),
    /// A user.
    User(String),
    /// A team of an organization.
    Team(String),
    /// A robot account, by its whole name.
    Robot(String),
    /// A repository, by its whole name.
    Repository(String),
    /// A manifest, by tag or digest.
    Manifest(String),
    /// A tag.
    Tag(String),
    /// A blob, by digest.
    Blob(String),
    /// A file inside an image, by its path.
    File(String),
    /// An upload.
    Upload(String),
    /// A browser's sign-in.
    Session,
    /// A link to set a new password with.
    Recovery,
    /// Somebody's second factor.
    SecondFactor(String),
    /// A token, by its uuid.
    Token(String),
    /// An OAuth application, by its client id.
    Application(String),
    /// A default permission, by its uuid.
    DefaultPermission(String),
    /// A label of a manifest, by its uuid.
    Label(String),
    /// A message to everybody, by its uuid.
    Message(String),
    /// An invitation to a team.
    Invitation,
    /// An export of the usage log.
    Export,
    /// This registry as a whole.
    Registry,
}

impl fmt::Display for Thing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Thing::Namespace(name) => write!(f, "namespace {name}"),
            Thing::Organization(name) => write!(f, "organization {name}"),
            Thing::User(name) => write!(f, "user {name}"),
            Thing::Team(name) => write!(f, "team {name}"),
            Thing::Robot(name) => write!(f, "robot account {name}"),
            Thing::Repository(name) => write!(f, "repository {name}"),
            Thing::Manifest(reference) => write!(f, "manifest {reference}"),
            Thing::Tag(name) => write!(f, "tag {name}"),
            Thing::Blob(digest) => write!(f, "blob {digest}"),
            Thing::File(path) => write!(f, "file {path}"),
            Thing::Upload(id) => write!(f, "upload {id}"),
            Thing::Session => f.write_str("session"),
            Thing::Recovery => f.write_str("link"),
            Thing::SecondFactor(name) => write!(f, "second factor of {name}"),
            Thing::Token(uuid) => write!(f, "token {uuid}"),
            Thing::Application(client) => write!(f, "application {client}"),
            Thing::DefaultPermission(uuid) => write!(f, "default permission {uuid}"),
            Thing::Label(uuid) => write!(f, "label {uuid}"),
            Thing::Message(uuid) => write!(f, "message {uuid}"),
            Thing::Invitation => f.write_str("invitation"),
            Thing::Export => f.write_str("export"),
            Thing::Registry => f.write_str("this registry"),
        }
    }
}

/// Scopes a token would need, as the challenge names them: repository and actions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NeededScopes(pub Vec<(RepositoryName, &'static str)>);

impl NeededScopes {
    fn describe(&self) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        format!("repository {}", names.join(" and "))
    }
}
