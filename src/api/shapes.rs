//! Pieces of answers that many operations share, in Quay's shapes.

use domain::access::{RepositoryRole, Visibility};
use domain::time::Timestamp;
use serde_json::{Value, json};

/// What an avatar stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AvatarOf {
    /// A user.
    User,
    /// An organization.
    Organization,
    /// A team.
    Team,
    /// A robot account.
    Robot,
    /// An OAuth application.
    Application,
}

impl AvatarOf {
    /// A user or a robot account, by the name.
    pub fn named(name: &str) -> AvatarOf {
        if name.contains('+') { AvatarOf::Robot } else { AvatarOf::User }
    }

    fn word(self) -> &'static str {
        match self {
            AvatarOf::User => "user",
            AvatarOf::Organization => "org",
            AvatarOf::Team => "team",
            AvatarOf::Robot => "robot",
            AvatarOf::Application => "app",
        }
    }
}

/// Colours that white letters can be read on.
const COLOURS: [&str; 12] = [
    "#1f6f8b", "#2c6e49", "#3d5a80", "#4a4e69", "#5e548e", "#6b705c", "#7d4f50", "#8a5a44", "#8d0801", "#9a031e",
    "#a44200", "#335c67",
];

/// A picture to be drawn from a letter and a colour; nothing is fetched from anywhere.
pub fn avatar(name: &str, of: AvatarOf) -> Value {
    let hash = domain::vault::digest_of(&format!("{}:{name}", of.word()));
    let colour = COLOURS[usize::from(hash.first().copied().unwrap_or(0)) % COLOURS.len()];
    let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    json!({ "name": name, "hash": hash, "color": colour, "kind": of.word() })
}

/// RFC 2822, as Quay writes most dates.
pub fn date(at: Timestamp) -> String {
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(at.0).unwrap_or(0));
    actix_web::http::header::HttpDate::from(moment).to_string().replace("GMT", "-0000")
}

/// ISO 8601 with microseconds, as Quay writes dates of its newest operations.
pub fn moment(at: Timestamp) -> String {
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_millis(u64::try_from(at.0).unwrap_or(0));
    humantime::format_rfc3339_micros(moment).to_string()
}

/// Seconds since 1970, as Quay writes `*_ts`.
pub fn seconds(at: Timestamp) -> i64 {
    at.0.div_euclid(1000)
}

/// A repository granted to somebody: its name within its namespace, who may pull it, the role.
pub fn granted((name, visibility, role): &(String, Visibility, RepositoryRole)) -> Value {
    let repository = json!({ "name": name, "is_public": *visibility == Visibility::Public });
    json!({ "repository": repository, "role": role.as_str() })
}
