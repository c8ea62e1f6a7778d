//! Configuration as code: who there is and who may do what, as one document.
//!
//! The document says what should be; [`read`] says what is; [`plan`] what to do about the difference. Secrets are never
//! part of it: users that it creates have no password until somebody sets one, robot accounts get tokens of their own.

mod carry_out;
mod plan;
mod read;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::access::{RepositoryRole, RepositoryState, Standing, TeamRole, Visibility};

pub use carry_out::Hand;
pub use plan::{Action, Change, plan};
pub use read::read;

/// The form of the document.
pub const VERSION: u32 = 1;

/// Users and organizations with all that is theirs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configuration {
    /// The form of the document: 1.
    pub version: u32,
    /// By name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<String, UserEntry>,
    /// By name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub organizations: BTreeMap<String, OrganizationEntry>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserEntry {
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether they may sign in.
    #[serde(default, skip_serializing_if = "is_false")]
    pub disabled: bool,
    /// Standing to the registry.
    #[serde(default, skip_serializing_if = "Word::is_default")]
    pub standing: Word<Standing>,
    /// How long their deleted tags can be restored, in seconds.
    #[serde(default = "two_weeks", skip_serializing_if = "is_two_weeks")]
    pub tag_expiration_s: i64,
    /// By short name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub robots: BTreeMap<String, RobotEntry>,
    /// By the name behind the namespace.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub repositories: BTreeMap<String, RepositoryEntry>,
}

/// An organization.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationEntry {
    /// Address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// How long deleted tags can be restored, in seconds.
    #[serde(default = "two_weeks", skip_serializing_if = "is_two_weeks")]
    pub tag_expiration_s: i64,
    /// By name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub teams: BTreeMap<String, TeamEntry>,
    /// By short name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub robots: BTreeMap<String, RobotEntry>,
    /// Grants that repositories get when they are created.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub default_permissions: BTreeSet<DefaultEntry>,
    /// By the name behind the namespace.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub repositories: BTreeMap<String, RepositoryEntry>,
}

/// A team.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TeamEntry {
    /// Role in the organization.
    pub role: Word<TeamRole>,
    /// Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Users, and robot accounts by their whole names.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub members: BTreeSet<String>,
}

/// A robot account.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RobotEntry {
    /// Free text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Free JSON.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// Whose signed identities stand for its token.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub federation: BTreeSet<IdentityEntry>,
}

/// An identity of some provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IdentityEntry {
    /// The provider's address.
    pub issuer: String,
    /// What the provider calls it.
    pub subject: String,
}

/// A default permission: who creates (nobody named: anybody), who gets which role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultEntry {
    /// Only for repositories created by this user or robot account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// The user, or robot account by its whole name, that gets a role. This or a team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// The team that gets a role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Which one.
    pub role: Word<RepositoryRole>,
}

/// A repository.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepositoryEntry {
    /// Who may pull it without a grant.
    pub visibility: Word<Visibility>,
    /// Whether it can be pushed to.
    #[serde(default, skip_serializing_if = "Word::is_default")]
    pub state: Word<RepositoryState>,
    /// Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// Roles of users and, by their whole names, robot accounts.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub users: BTreeMap<String, Word<RepositoryRole>>,
    /// Roles of teams.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub teams: BTreeMap<String, Word<RepositoryRole>>,
}

/// One of a few words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word<T>(pub T);

/// What has a word that goes without saying.
pub trait Usual {
    /// That word.
    const USUAL: Self;
}

impl Usual for Standing {
    const USUAL: Standing = Standing::Plain;
}

impl Usual for RepositoryState {
    const USUAL: RepositoryState = RepositoryState::Normal;
}

impl<T: Usual> Default for Word<T> {
    fn default() -> Word<T> {
        Word(T::USUAL)
    }
}

impl<T: Usual + PartialEq> Word<T> {
    fn is_default(&self) -> bool {
        self.0 == T::USUAL
    }
}

macro_rules! words {
    ($($name:ident),+) => {$(
        impl Serialize for Word<$name> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.0.as_str())
            }
        }

        impl<'de> Deserialize<'de> for Word<$name> {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let given = String::deserialize(deserializer)?;
                let words = || $name::ALL.iter().map(|word| word.as_str()).collect::<Vec<_>>().join(", ");
                $name::from_word(&given)
                    .map(Word)
                    .ok_or_else(|| serde::de::Error::custom(format!("'{given}' is none of: {}", words())))
            }
        }
    )+};
}
words!(Standing, TeamRole, RepositoryRole, Visibility, RepositoryState);

fn two_weeks() -> i64 {
    1_209_600
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_two_weeks(seconds: &i64) -> bool {
    *seconds == two_weeks()
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_false(flag: &bool) -> bool {
    !flag
}
