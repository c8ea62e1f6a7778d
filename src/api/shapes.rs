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

/// A day since 1970 as `2026-11-24`.
pub fn day(day: i64) -> String {
    let seconds = u64::try_from(day.saturating_mul(24 * 60 * 60)).unwrap_or(0);
    let moment = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
    humantime::format_rfc3339_seconds(moment).to_string().chars().take(10).collect()
}

/// RFC 2822 from RFC 3339, which images write; `None` for what is neither that nor in UTC.
pub fn date_in_image(text: &str) -> Option<String> {
    let moment = humantime::parse_rfc3339_weak(text.trim()).ok()?;
    let since = moment.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(date(Timestamp(i64::try_from(since.as_millis()).ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_are_written_as_quay_does() {
        assert_eq!(day(20_781), "2026-11-24");
        assert_eq!(date_in_image("2024-01-02T03:04:05.678901234Z").unwrap(), "Tue, 02 Jan 2024 03:04:05 -0000");
        assert_eq!(date_in_image("0001-01-01T00:00:00Z"), None);
        assert_eq!(date_in_image("yesterday"), None);
    }
}
