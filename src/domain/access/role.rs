//! Roles, in the order that makes one contain another.

use crate::db::text_enum;

text_enum! {
    /// What somebody may do with a repository; each contains the ones before it.
    RepositoryRole {
        /// Pull and look.
        Read = "read",
        /// Push, tag, delete content.
        Write = "write",
        /// Grant, change settings, delete the repository.
        Admin = "admin",
    }
}

text_enum! {
    /// What a team's members may do in its organization.
    TeamRole {
        /// Belong to it; rights come from grants on repositories.
        Member = "member",
        /// Create repositories, and be their admin.
        Creator = "creator",
        /// Everything.
        Admin = "admin",
    }
}

text_enum! {
    /// Who may pull without being granted anything.
    Visibility {
        /// Anyone, signed in or not.
        Public = "public",
        /// Only those with a role.
        Private = "private",
    }
}

text_enum! {
    /// How a user stands to the registry as a whole.
    Standing {
        /// Like everybody.
        Plain = "plain",
        /// Sees everything, changes nothing.
        ReadOnlySuperuser = "read_only_superuser",
        /// The operator: everything, everywhere.
        Superuser = "superuser",
    }
}

text_enum! {
    /// Whether a repository can be pushed to.
    RepositoryState {
        /// By everybody with the role.
        Normal = "normal",
        /// By nobody.
        ReadOnly = "read_only",
        /// By its mirror only.
        Mirror = "mirror",
    }
}
