//! What a client asks a token for: `repository:acme/web:pull,push`.
//!
//! Sources: distribution, "Token scope documentation"; the OCI conformance suite, which sends several scopes in one
//! parameter.

use std::fmt;
use std::str::FromStr;

use crate::oci::violation::excerpt;

const MAX_SCOPES: usize = 64;
const MAX_SCOPE_LENGTH: usize = 512;

/// Why the `scope` parameters of a token request cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScopeError {
    /// There are more scopes than any client needs.
    #[error("A token request has at most {MAX_SCOPES} scopes")]
    TooMany,
    /// One scope is longer than any name.
    #[error("A scope has at most {MAX_SCOPE_LENGTH} bytes; got '{}'", excerpt(.given))]
    TooLong {
        /// The scope, cut to a presentable length.
        given: String,
    },
    /// One scope is not three parts.
    #[error("Scopes look like 'repository:namespace/name:pull,push'; got '{}'", excerpt(.given))]
    Malformed {
        /// The scope, cut to a presentable length.
        given: String,
    },
}

/// One thing a token may allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Reading.
    Pull,
    /// Writing.
    Push,
    /// Deleting.
    Delete,
    /// Everything, written `*`.
    All,
}

impl Action {
    /// Every action, in the order they are written.
    pub const EVERY: [Action; 4] = [Action::Pull, Action::Push, Action::Delete, Action::All];

    /// The word used in scopes.
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Pull => "pull",
            Action::Push => "push",
            Action::Delete => "delete",
            Action::All => "*",
        }
    }

    fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of [`Action`]s, written `pull,push`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Actions(u8);

impl Actions {
    /// No action.
    pub const NONE: Actions = Actions(0);

    /// The actions in a list such as `pull,push`; unknown ones are left out, as the token specification wants.
    pub fn parse(list: &str) -> Actions {
        let known = |word: &str| Action::EVERY.into_iter().find(|action| action.as_str() == word);
        list.split(',').filter_map(known).collect()
    }

    /// Whether `action` itself is in the set; `*` contains nothing but itself.
    pub fn contains(self, action: Action) -> bool {
        self.0 & action.bit() != 0
    }

    /// Whether `action` is in the set or covered by `*`.
    pub fn allows(self, action: Action) -> bool {
        self.contains(action) || self.contains(Action::All)
    }

    /// This set with `action` in it.
    #[must_use]
    pub fn with(self, action: Action) -> Actions {
        Actions(self.0 | action.bit())
    }

    /// What is in either set.
    #[must_use]
    pub fn union(self, other: Actions) -> Actions {
        Actions(self.0 | other.0)
    }

    /// Whether there is no action.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The actions, in the order they are written.
    pub fn iter(self) -> impl Iterator<Item = Action> {
        Action::EVERY.into_iter().filter(move |action| self.contains(*action))
    }
}

impl FromIterator<Action> for Actions {
    fn from_iter<I: IntoIterator<Item = Action>>(actions: I) -> Actions {
        actions.into_iter().fold(Actions::NONE, Actions::with)
    }
}

impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, action) in self.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(f, "{comma}{}", action.as_str())?;
        }
        Ok(())
    }
}

/// The kind of thing a scope is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum ResourceKind {
    /// A repository.
    Repository,
    /// The registry as a whole, for example its catalog.
    Registry,
    /// Something this registry does not have; holds the word used. Token services leave such scopes out.
    Other(String),
}

impl fmt::Display for ResourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ResourceKind::Repository => "repository",
            ResourceKind::Registry => "registry",
            ResourceKind::Other(word) => word,
        })
    }
}

/// What a token is asked to allow on one resource.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ResourceScope {
    /// The kind of resource.
    pub kind: ResourceKind,
    /// Its name as given, which need not be a valid repository name.
    pub name: String,
    /// What to allow; empty if nothing asked for is known.
    pub actions: Actions,
}

impl FromStr for ResourceScope {
    type Err = ScopeError;

    /// Reads `kind[(class)]:name:actions`.
    ///
    /// The name may contain colons; the class, which Docker plugins send, is dropped.
    fn from_str(given: &str) -> Result<ResourceScope, ScopeError> {
        if given.len() > MAX_SCOPE_LENGTH {
            return Err(ScopeError::TooLong { given: excerpt(given) });
        }
        read(given).ok_or_else(|| ScopeError::Malformed { given: excerpt(given) })
    }
}

fn read(given: &str) -> Option<ResourceScope> {
    let (kind, rest) = given.split_once(':')?;
    let (name, actions) = rest.rsplit_once(':')?;
    let kind = without_class(kind)?;
    if kind.is_empty() || name.is_empty() {
        return None;
    }
    let kind = match kind {
        "repository" => ResourceKind::Repository,
        "registry" => ResourceKind::Registry,
        other => ResourceKind::Other(other.to_owned()),
    };
    Some(ResourceScope { kind, name: name.to_owned(), actions: Actions::parse(actions) })
}

fn without_class(kind: &str) -> Option<&str> {
    match kind.split_once('(') {
        None => Some(kind),
        Some((kind, class)) => class.ends_with(')').then_some(kind),
    }
}

impl fmt::Display for ResourceScope {
    /// The form used in challenges and requests: `repository:acme/web:pull,push`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.kind, self.name, self.actions)
    }
}

/// The scopes of a token request, from its `scope` parameters, in the order they first appear.
///
/// A parameter may be empty or hold several scopes separated by spaces. Scopes of the same resource become one.
/// `service` is this registry's host, with port if any; it is taken off the front of repository names.
///
/// # Errors
/// `TooMany` above 64 scopes, `TooLong` above 512 bytes in one, `Malformed` if one is not `kind:name:actions`.
pub fn parse_scopes<'a>(
    parameters: impl Iterator<Item = &'a str>,
    service: &str,
) -> Result<Vec<ResourceScope>, ScopeError> {
    let mut scopes: Vec<ResourceScope> = Vec::new();
    for (position, given) in parameters.flat_map(str::split_ascii_whitespace).enumerate() {
        if position == MAX_SCOPES {
            return Err(ScopeError::TooMany);
        }
        let scope = without_host(given.parse()?, service);
        match scopes.iter_mut().find(|known| known.kind == scope.kind && known.name == scope.name) {
            Some(known) => known.actions = known.actions.union(scope.actions),
            None => scopes.push(scope),
        }
    }
    Ok(scopes)
}

fn without_host(mut scope: ResourceScope, service: &str) -> ResourceScope {
    if scope.kind == ResourceKind::Repository
        && let Some((host, name)) = scope.name.split_once('/')
        && !name.is_empty()
        && host.eq_ignore_ascii_case(service)
    {
        scope.name = name.to_owned();
    }
    scope
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(parameters: &[&str]) -> Result<Vec<String>, ScopeError> {
        let scopes = parse_scopes(parameters.iter().copied(), "registry.example.com:5000")?;
        Ok(scopes.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_parameter_may_hold_several_scopes() {
        let scopes = parse(&["repository:a/b:pull repository:c/d:push,pull", "", "  ", "registry:catalog:*"]).unwrap();

        assert_eq!(scopes, ["repository:a/b:pull", "repository:c/d:pull,push", "registry:catalog:*"]);
    }

    #[test]
    fn scopes_of_one_resource_become_one() {
        let scopes = parse(&["repository:a/b:pull", "repository:c/d:pull", "repository:a/b:push,delete"]).unwrap();

        assert_eq!(scopes, ["repository:a/b:pull,push,delete", "repository:c/d:pull"]);
    }

    #[test]
    fn our_own_host_is_taken_off() {
        let scopes =
            parse(&["repository:Registry.example.com:5000/a/b:pull", "repository:other:5000/a/b:pull"]).unwrap();

        assert_eq!(scopes, ["repository:a/b:pull", "repository:other:5000/a/b:pull"]);
    }

    #[test]
    fn what_is_unknown_is_kept_apart() {
        let scopes = parse_scopes(["plugin:a/b:pull repository(plugin):a/b:pull,fly"].into_iter(), "").unwrap();

        assert_eq!(scopes[0].kind, ResourceKind::Other("plugin".into()));
        assert_eq!(scopes[1].to_string(), "repository:a/b:pull");
        assert_eq!(parse(&["repository:a/b:fly"]).unwrap(), ["repository:a/b:"]);
    }

    #[test]
    fn malformed_scopes_are_refused() {
        for wrong in
            ["repository", "repository:a/b", ":a/b:pull", "repository::pull", "repository(x:a/b:pull", "(x):a:pull"]
        {
            assert!(matches!(parse(&[wrong]), Err(ScopeError::Malformed { .. })), "{wrong}");
        }
    }

    #[test]
    fn requests_are_bounded() {
        let long = format!("repository:{}:pull", "a".repeat(500));
        let many = "repository:a/b:pull ".repeat(65);

        assert!(matches!(parse(&[&long]), Err(ScopeError::TooLong { .. })));
        assert_eq!(parse(&[&many]), Err(ScopeError::TooMany));
        assert_eq!(parse(&[&many[20..]]).unwrap().len(), 1);
    }

    #[test]
    fn everything_covers_each_action_but_does_not_contain_it() {
        let all = Actions::parse("*");

        assert!(all.allows(Action::Delete) && !all.contains(Action::Delete));
        assert!(Actions::parse("").is_empty() && !Actions::parse("pull").allows(Action::Push));
    }

    proptest! {
        #[test]
        fn any_string_parses_or_is_refused(text in any::<String>(), service in any::<String>()) {
            let _ = parse_scopes([text.as_str()].into_iter(), &service);
        }

        #[test]
        fn scopes_round_trip(
            name in "[a-z0-9]{1,8}(:[0-9]{1,4})?(/[a-z0-9]{1,8}){0,3}",
            kind in "repository|registry|plugin",
            actions in "(pull|pull,push|push,delete|\\*)?",
        ) {
            let text = format!("{kind}:{name}:{actions}");


            prop_assert_eq!(text.parse::<ResourceScope>().unwrap().to_string(), text);
        }
    }
}
