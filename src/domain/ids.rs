//! Row ids, one type for each table, so that one cannot be taken for another.

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    )+};
}

id! {
    /// A namespace: a user's or an organization's.
    NamespaceId,
    /// A user.
    UserId,
    /// A robot account.
    RobotId,
    /// A team.
    TeamId,
    /// A repository. Never used again after the repository is gone.
    RepositoryId,
    /// A manifest.
    ManifestId,
    /// A blob.
    BlobId,
    /// A browser's sign-in.
    SessionId,
    /// An OAuth application.
    ApplicationId,
    /// A token.
    TokenId,
    /// An event. Rises with time, more or less.
    EventId,
}
