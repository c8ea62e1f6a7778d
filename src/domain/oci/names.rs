//! Names of those who own repositories and act on them: namespaces, teams, robots.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::oci::grammar::is_separated;
use crate::oci::{Rule, Violation};

const MIN_LENGTH: usize = 2;
const MAX_ACCOUNT_LENGTH: usize = 255;
const MAX_ROBOT_LENGTH: usize = 254;

/// Name of a user or an organization: 2 to 255 of `a-z`, `0-9`, with single `.`, `_` or `-` between them.
///
/// Parsing fails with `InvalidName`.
///
/// Source: Quay's rule for user names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct NamespaceName(Box<str>);

impl NamespaceName {
    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for NamespaceName {
    type Err = Violation;

    fn from_str(given: &str) -> Result<NamespaceName, Violation> {
        let why = Rule::new(
            "said-namespace-name",
            "User and organization names have 2 to 255 lower-case letters and digits, with single '.', '_' or '-' \
             between them",
        );
        plain_name(given, MAX_ACCOUNT_LENGTH, why).map(NamespaceName)
    }
}

impl TryFrom<String> for NamespaceName {
    type Error = Violation;

    fn try_from(given: String) -> Result<NamespaceName, Violation> {
        given.parse()
    }
}

impl fmt::Display for NamespaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Name of a team within its organization; the same rule as [`NamespaceName`].
///
/// Parsing fails with `InvalidName`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct TeamName(Box<str>);

impl TeamName {
    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for TeamName {
    type Err = Violation;

    fn from_str(given: &str) -> Result<TeamName, Violation> {
        let why = Rule::new(
            "said-team-name",
            "Team names have 2 to 255 lower-case letters and digits, with single '.', '_' or '-' between them",
        );
        plain_name(given, MAX_ACCOUNT_LENGTH, why).map(TeamName)
    }
}

impl TryFrom<String> for TeamName {
    type Error = Violation;

    fn try_from(given: String) -> Result<TeamName, Violation> {
        given.parse()
    }
}

impl fmt::Display for TeamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Name of a robot within its namespace: the `builder` of `acme+builder`, 2 to 254 characters.
///
/// Parsing fails with `InvalidName`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct RobotShortName(Box<str>);

impl RobotShortName {
    /// The name as given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RobotShortName {
    type Err = Violation;

    fn from_str(given: &str) -> Result<RobotShortName, Violation> {
        let why = Rule::new(
            "said-robot-name",
            "Robot names have 2 to 254 lower-case letters and digits, with single '.', '_' or '-' between them",
        );
        plain_name(given, MAX_ROBOT_LENGTH, why).map(RobotShortName)
    }
}

impl TryFrom<String> for RobotShortName {
    type Error = Violation;

    fn try_from(given: String) -> Result<RobotShortName, Violation> {
        given.parse()
    }
}

impl fmt::Display for RobotShortName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// Full name of a robot, `acme+builder`, which is also the user name it signs in with.
///
/// Parsing fails with `InvalidName`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RobotName {
    namespace: NamespaceName,
    short: RobotShortName,
}

impl RobotName {
    /// The robot called `short` of the user or organization `namespace`.
    pub fn new(namespace: NamespaceName, short: RobotShortName) -> RobotName {
        RobotName { namespace, short }
    }

    /// The user or organization it belongs to.
    pub fn namespace(&self) -> &NamespaceName {
        &self.namespace
    }

    /// The name within the namespace.
    pub fn short(&self) -> &RobotShortName {
        &self.short
    }
}

impl FromStr for RobotName {
    type Err = Violation;

    fn from_str(given: &str) -> Result<RobotName, Violation> {
        let Some((namespace, short)) = given.split_once('+') else {
            return Err(Violation::invalid_name(
                given,
                Rule::new("said-robot-form", "Full robot names have the form namespace+name"),
            ));
        };
        Ok(RobotName { namespace: namespace.parse()?, short: short.parse()? })
    }
}

impl TryFrom<String> for RobotName {
    type Error = Violation;

    fn try_from(given: String) -> Result<RobotName, Violation> {
        given.parse()
    }
}

impl From<RobotName> for String {
    fn from(name: RobotName) -> String {
        name.to_string()
    }
}

impl fmt::Display for RobotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{}", self.namespace, self.short)
    }
}

fn plain_name(given: &str, max_length: usize, why: Rule) -> Result<Box<str>, Violation> {
    let has_length = (MIN_LENGTH..=max_length).contains(&given.len());
    if has_length && is_separated(given, |gap| matches!(gap, b"." | b"_" | b"-")) {
        Ok(given.into())
    } else {
        Err(Violation::invalid_name(given, why))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_lower_case_with_single_separators() {
        for right in ["acme", "a1", "a.b_c-d", "0x", &"a".repeat(255)] {
            assert_eq!(NamespaceName::from_str(right).unwrap().as_str(), right);
            assert_eq!(TeamName::from_str(right).unwrap().as_str(), right);
        }
        for wrong in ["", "a", "A1", "a b", "a--b", "-ab", "ab-", "a+b", "a/b", "éa", &"a".repeat(256)] {
            assert!(NamespaceName::from_str(wrong).is_err(), "{wrong}");
            assert!(TeamName::from_str(wrong).is_err(), "{wrong}");
            assert!(RobotShortName::from_str(wrong).is_err(), "{wrong}");
        }
        assert!(RobotShortName::from_str(&"a".repeat(255)).is_err());
    }

    #[test]
    fn a_wrong_team_name_is_repeated_in_the_message() {
        let message = TeamName::from_str("Ops Team").unwrap_err().to_string();

        assert!(message.starts_with("Team names have") && message.ends_with("; got 'Ops Team'"), "{message}");
    }

    #[test]
    fn robots_belong_to_a_namespace() {
        let robot = RobotName::from_str("acme+ci.builder").unwrap();

        assert_eq!(robot.namespace().as_str(), "acme");
        assert_eq!(robot.short().as_str(), "ci.builder");
        assert_eq!(serde_json::to_string(&robot).unwrap(), "\"acme+ci.builder\"");
        for wrong in ["acme", "acme+", "+builder", "acme+a+b", "Acme+builder"] {
            assert!(RobotName::from_str(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_string_parses_or_is_refused(text in any::<String>()) {
            let _ = NamespaceName::from_str(&text);
            if let Ok(robot) = RobotName::from_str(&text) {
                prop_assert_eq!(robot.to_string(), text);
            }
        }

        #[test]
        fn robot_names_round_trip(
            text in "[a-z0-9]{2,9}([._-][a-z0-9]{1,3}){0,2}\\+[a-z0-9]{2,9}([._-][a-z0-9]{1,3}){0,2}",
        ) {
            prop_assert_eq!(RobotName::from_str(&text).unwrap().to_string(), text);
        }
    }
}
