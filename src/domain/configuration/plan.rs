//! What to do so that what is becomes what should be: a pure function.
//!
//! Changes come in an order in which each finds what it needs: users, organizations, robot accounts, teams, members,
//! rules, repositories, grants; removals last, in the opposite order. What a document does not speak of stays unless
//! asked otherwise; members and grants of what it does speak of are the document's alone, because a right that nobody
//! wrote down is the very thing such a document is to prevent.

use std::collections::BTreeMap;
use std::fmt;

use super::{Configuration, DefaultEntry, OrganizationEntry, RepositoryEntry, RobotEntry, TeamEntry, UserEntry, Word};
use crate::access::{RepositoryRole, RepositoryState, Standing, TeamRole, Visibility};

/// One step, and how to show it.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// `+`, `~` or `-`.
    pub sign: char,
    /// What changes, for people.
    pub what: String,
    /// What to do.
    pub action: Action,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.sign, self.what)
    }
}

/// What to do. Namespaces, teams and robot accounts go by their names.
#[derive(Debug, Clone, PartialEq)]
#[expect(missing_docs, reason = "the variants and fields are what their names say")]
pub enum Action {
    CreateUser { name: String, email: Option<String>, standing: Standing },
    SetUserEmail { name: String, email: Option<String> },
    SetUserEnabled { name: String, enabled: bool },
    SetUserStanding { name: String, standing: Standing },
    DeleteUser { name: String },
    CreateOrganization { name: String, email: Option<String> },
    SetOrganizationEmail { name: String, email: Option<String> },
    DeleteOrganization { name: String },
    SetTagExpiration { namespace: String, seconds: i64 },
    CreateRobot { namespace: String, short: String, entry: RobotEntry },
    DescribeRobot { namespace: String, short: String, entry: RobotEntry },
    FederateRobot { namespace: String, short: String, entry: RobotEntry },
    DeleteRobot { namespace: String, short: String },
    PutTeam { organization: String, team: String, role: TeamRole, description: String },
    DeleteTeam { organization: String, team: String },
    AddMember { organization: String, team: String, member: String },
    RemoveMember { organization: String, team: String, member: String },
    AddDefault { organization: String, rule: DefaultEntry },
    RemoveDefault { organization: String, rule: DefaultEntry },
    CreateRepository { name: String, visibility: Visibility, description: String },
    SetVisibility { name: String, visibility: Visibility },
    SetState { name: String, state: RepositoryState },
    SetDescription { name: String, description: String },
    DeleteRepository { name: String },
    Grant { repository: String, grantee: String, is_team: bool, role: RepositoryRole },
    Revoke { repository: String, grantee: String, is_team: bool },
}

/// What leads from `is` to `should`. With `prune`, users, organizations, teams, robot accounts and repositories that
/// `should` does not speak of are deleted.
pub fn plan(is: &Configuration, should: &Configuration, prune: bool) -> Vec<Change> {
    let mut steps = Steps { prune, ..Steps::default() };
    for (name, user) in &should.users {
        steps.user(name, is.users.get(name), user);
    }
    for (name, organization) in &should.organizations {
        steps.organization(name, is.organizations.get(name), organization);
    }
    for name in gone(&is.users, &should.users) {
        steps.prune(7, format!("user {name}"), Action::DeleteUser { name: name.clone() });
    }
    for name in gone(&is.organizations, &should.organizations) {
        steps.prune(6, format!("organization {name}"), Action::DeleteOrganization { name: name.clone() });
    }
    steps.in_order()
}

/// Steps by the stage in which they are taken.
#[derive(Default)]
struct Steps {
    prune: bool,
    forward: BTreeMap<u8, Vec<Change>>,
    backward: BTreeMap<u8, Vec<Change>>,
}

impl Steps {
    fn in_order(self) -> Vec<Change> {
        self.forward.into_values().chain(self.backward.into_values()).flatten().collect()
    }

    fn add(&mut self, stage: u8, what: String, action: Action) {
        self.forward.entry(stage).or_default().push(Change { sign: '+', what, action });
    }

    fn change(&mut self, stage: u8, what: String, action: Action) {
        self.forward.entry(stage).or_default().push(Change { sign: '~', what, action });
    }

    fn remove(&mut self, stage: u8, what: String, action: Action) {
        self.backward.entry(stage).or_default().push(Change { sign: '-', what, action });
    }

    fn prune(&mut self, stage: u8, what: String, action: Action) {
        if self.prune {
            self.remove(stage, what, action);
        }
    }

    fn user(&mut self, name: &str, is: Option<&UserEntry>, should: &UserEntry) {
        let own = name.to_string();
        let standing = should.standing.0;
        match is {
            None => {
                let email = should.email.clone();
                self.add(0, format!("user {name}"), Action::CreateUser { name: own.clone(), email, standing });
            }
            Some(is) => {
                if should.email.is_some() && is.email != should.email {
                    let what = format!("user {name}: email {} → {}", shown(&is.email), shown(&should.email));
                    let email = should.email.clone();
                    self.change(0, what, Action::SetUserEmail { name: own.clone(), email });
                }
                if is.standing != should.standing {
                    let what = format!("user {name}: standing {} → {standing}", is.standing.0);
                    self.change(0, what, Action::SetUserStanding { name: own.clone(), standing });
                }
            }
        }
        if is.is_some_and(|is| is.disabled) != should.disabled {
            let what = format!("user {name}: {}", if should.disabled { "disabled" } else { "enabled" });
            self.change(0, what, Action::SetUserEnabled { name: own, enabled: !should.disabled });
        }
        self.tag_expiration(name, is.map(|is| is.tag_expiration_s), should.tag_expiration_s);
        self.robots(name, is.map(|is| &is.robots), &should.robots);
        self.repositories(name, is.map(|is| &is.repositories), &should.repositories);
    }

    fn organization(&mut self, name: &str, is: Option<&OrganizationEntry>, should: &OrganizationEntry) {
        let own = name.to_string();
        match is {
            None => {
                let email = should.email.clone();
                self.add(1, format!("organization {name}"), Action::CreateOrganization { name: own, email });
            }
            Some(is) if should.email.is_some() && is.email != should.email => {
                let what = format!("organization {name}: email {} → {}", shown(&is.email), shown(&should.email));
                let email = should.email.clone();
                self.change(1, what, Action::SetOrganizationEmail { name: own, email });
            }
            Some(_) => {}
        }
        self.tag_expiration(name, is.map(|is| is.tag_expiration_s), should.tag_expiration_s);
        self.robots(name, is.map(|is| &is.robots), &should.robots);
        for (team, entry) in &should.teams {
            self.team(name, team, is.and_then(|is| is.teams.get(team)), entry);
        }
        let none = BTreeMap::new();
        for team in gone(is.map_or(&none, |is| &is.teams), &should.teams) {
            let action = Action::DeleteTeam { organization: name.to_string(), team: team.clone() };
            self.prune(3, format!("team {name}/{team}"), action);
        }
        self.defaults(name, is, should);
        self.repositories(name, is.map(|is| &is.repositories), &should.repositories);
    }

    fn tag_expiration(&mut self, namespace: &str, is: Option<i64>, should: i64) {
        let is = is.unwrap_or_else(super::two_weeks);
        if is != should {
            let what = format!("{namespace}: tag expiration {is} s → {should} s");
            self.change(2, what, Action::SetTagExpiration { namespace: namespace.to_string(), seconds: should });
        }
    }

    fn robots(
        &mut self,
        namespace: &str,
        is: Option<&BTreeMap<String, RobotEntry>>,
        should: &BTreeMap<String, RobotEntry>,
    ) {
        let none = BTreeMap::new();
        let is = is.unwrap_or(&none);
        for (short, entry) in should {
            let step = || (namespace.to_string(), short.clone(), entry.clone());
            let known = is.get(short);
            let described = |robot: &RobotEntry| (robot.description.clone(), robot.metadata.clone());
            match known {
                None => {
                    let (namespace, short, entry) = step();
                    self.add(3, format!("robot {namespace}+{short}"), Action::CreateRobot { namespace, short, entry });
                }
                Some(known) if described(known) != described(entry) => {
                    let (namespace, short, entry) = step();
                    let what = format!("robot {namespace}+{short}: description or metadata");
                    self.change(3, what, Action::DescribeRobot { namespace, short, entry });
                }
                Some(_) => {}
            }
            let federated = known.map(|known| known.federation.clone()).unwrap_or_default();
            if federated != entry.federation {
                let (namespace, short, entry) = step();
                let what = format!("robot {namespace}+{short}: {} trusted identities", entry.federation.len());
                self.change(4, what, Action::FederateRobot { namespace, short, entry });
            }
        }
        for short in gone(is, should) {
            let action = Action::DeleteRobot { namespace: namespace.to_string(), short: short.clone() };
            self.prune(4, format!("robot {namespace}+{short}"), action);
        }
    }

    fn team(&mut self, organization: &str, team: &str, is: Option<&TeamEntry>, should: &TeamEntry) {
        let names = || (organization.to_string(), team.to_string());
        let put = || {
            let ((organization, team), description) = (names(), should.description.clone());
            Action::PutTeam { organization, team, role: should.role.0, description }
        };
        match is {
            None => self.add(4, format!("team {organization}/{team} ({})", should.role.0), put()),
            Some(is) if is.role != should.role => {
                let what = format!("team {organization}/{team}: role {} → {}", is.role.0, should.role.0);
                self.change(4, what, put());
            }
            Some(is) if is.description != should.description => {
                self.change(4, format!("team {organization}/{team}: description"), put());
            }
            Some(_) => {}
        }
        let none = std::collections::BTreeSet::new();
        let members = is.map_or(&none, |is| &is.members);
        for member in should.members.difference(members) {
            let ((organization, team), member) = (names(), member.clone());
            let what = format!("team {organization}/{team}: member {member}");
            self.add(5, what, Action::AddMember { organization, team, member });
        }
        for member in members.difference(&should.members) {
            let ((organization, team), member) = (names(), member.clone());
            let what = format!("team {organization}/{team}: member {member}");
            self.remove(1, what, Action::RemoveMember { organization, team, member });
        }
    }

    fn defaults(&mut self, organization: &str, is: Option<&OrganizationEntry>, should: &OrganizationEntry) {
        let none = std::collections::BTreeSet::new();
        let is = is.map_or(&none, |is| &is.default_permissions);
        for rule in is.difference(&should.default_permissions) {
            let action = Action::RemoveDefault { organization: organization.to_string(), rule: rule.clone() };
            self.remove(0, format!("default permission of {organization}: {}", described(rule)), action);
        }
        for rule in should.default_permissions.difference(is) {
            let action = Action::AddDefault { organization: organization.to_string(), rule: rule.clone() };
            self.add(8, format!("default permission of {organization}: {}", described(rule)), action);
        }
    }

    fn repositories(
        &mut self,
        namespace: &str,
        is: Option<&BTreeMap<String, RepositoryEntry>>,
        should: &BTreeMap<String, RepositoryEntry>,
    ) {
        let none = BTreeMap::new();
        let is = is.unwrap_or(&none);
        for (path, entry) in should {
            self.repository(&format!("{namespace}/{path}"), is.get(path), entry);
        }
        for path in gone(is, should) {
            let name = format!("{namespace}/{path}");
            self.prune(2, format!("repository {name}"), Action::DeleteRepository { name });
        }
    }

    fn repository(&mut self, name: &str, is: Option<&RepositoryEntry>, should: &RepositoryEntry) {
        let own = || name.to_string();
        let visibility = should.visibility.0;
        match is {
            None => {
                let description = should.description.clone();
                let action = Action::CreateRepository { name: own(), visibility, description };
                self.add(6, format!("repository {name} ({visibility})"), action);
            }
            Some(is) => {
                if is.visibility != should.visibility {
                    let what = format!("repository {name}: {} → {visibility}", is.visibility.0);
                    self.change(6, what, Action::SetVisibility { name: own(), visibility });
                }
                if is.description != should.description {
                    let action = Action::SetDescription { name: own(), description: should.description.clone() };
                    self.change(6, format!("repository {name}: description"), action);
                }
            }
        }
        if is.map_or(RepositoryState::Normal, |is| is.state.0) != should.state.0 {
            let what = format!("repository {name}: state {}", should.state.0);
            self.change(8, what, Action::SetState { name: own(), state: should.state.0 });
        }
        let none = BTreeMap::new();
        self.grants(name, is.map_or(&none, |is| &is.users), &should.users, false);
        self.grants(name, is.map_or(&none, |is| &is.teams), &should.teams, true);
    }

    fn grants(
        &mut self,
        repository: &str,
        is: &BTreeMap<String, Word<RepositoryRole>>,
        should: &BTreeMap<String, Word<RepositoryRole>>,
        is_team: bool,
    ) {
        let called = |grantee: &str| format!("{} {grantee}", if is_team { "team" } else { "user" });
        for (grantee, role) in should {
            let known = is.get(grantee);
            if known == Some(role) {
                continue;
            }
            let (repository, grantee, role) = (repository.to_string(), grantee.clone(), role.0);
            let who = called(&grantee);
            let action = Action::Grant { repository: repository.clone(), grantee, is_team, role };
            match known {
                None => self.add(7, format!("repository {repository}: {who} {role}"), action),
                Some(known) => self.change(7, format!("repository {repository}: {who} {} → {role}", known.0), action),
            }
        }
        for grantee in gone(is, should) {
            let action = Action::Revoke { repository: repository.to_string(), grantee: grantee.clone(), is_team };
            self.remove(0, format!("repository {repository}: {}", called(grantee)), action);
        }
    }
}

fn gone<'m, A, B>(is: &'m BTreeMap<String, A>, should: &'m BTreeMap<String, B>) -> impl Iterator<Item = &'m String> {
    is.keys().filter(|name| !should.contains_key(*name))
}

fn shown(email: &Option<String>) -> &str {
    email.as_deref().unwrap_or("none")
}

fn described(rule: &DefaultEntry) -> String {
    let who = match (&rule.user, &rule.team) {
        (Some(user), _) => format!("user {user}"),
        (_, Some(team)) => format!("team {team}"),
        _ => "nobody".to_string(),
    };
    let creator = rule.created_by.as_ref().map(|creator| format!(", created by {creator}")).unwrap_or_default();
    format!("{who} {}{creator}", rule.role.0)
}
