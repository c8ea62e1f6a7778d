//! Doing what a plan says, a step at a time, by the same actions that people and programs use.

use std::sync::Arc;

use super::{Action, DefaultEntry, RobotEntry};
use crate::access::{Access, Admin, ApiScope, Authorized};
use crate::account::{self, NewUser};
use crate::db::{Db, Tx};
use crate::default_permission::{self, Target};
use crate::entropy::{self, Entropy};
use crate::error::{Error, Result};
use crate::oci::{NamespaceName, RepositoryName, RobotShortName, TeamName};
use crate::organization::{self, DetailChanges, Namespace};
use crate::principal::Caller;
use crate::repository::{self, NewRepository, Repository};
use crate::robot::{self, Identity};
use crate::team::{self, Entrance};
use crate::time::{Clock, Timestamp};
use crate::vault::Vault;

/// Rules of an organization looked through at most to find one again.
const RULES: i64 = 10_000;

/// What carrying out takes.
pub struct Hand {
    /// Where.
    pub db: Db,
    /// The gate.
    pub access: Access,
    /// Seals the tokens of new robot accounts.
    pub vault: Vault,
    /// Makes them.
    pub entropy: Arc<dyn Entropy>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Who does it.
    pub caller: Arc<Caller>,
}

impl Hand {
    /// Takes one step, in one transaction.
    ///
    /// # Errors
    /// As those of the action it stands for.
    pub async fn carry_out(&self, action: &Action) -> Result<()> {
        match action.clone() {
            Action::CreateUser { .. }
            | Action::SetUserEmail { .. }
            | Action::SetUserEnabled { .. }
            | Action::SetUserStanding { .. }
            | Action::DeleteUser { .. } => self.user(action.clone()).await,
            Action::CreateOrganization { .. } => self.create_organization(action.clone()).await,
            Action::SetOrganizationEmail { name, email } => {
                let changes = DetailChanges { email, ..DetailChanges::default() };
                self.in_namespace(&name, move |tx, ns, now| {
                    organization::change_details(tx, ns, now, &changes).map(|_| ())
                })
                .await
            }
            Action::SetTagExpiration { namespace, seconds } => {
                let changes = DetailChanges { tag_expiration_s: Some(seconds), ..DetailChanges::default() };
                self.in_namespace(&namespace, move |tx, ns, now| {
                    organization::change_details(tx, ns, now, &changes).map(|_| ())
                })
                .await
            }
            Action::DeleteOrganization { name } => self.in_namespace(&name, organization::delete).await,
            Action::CreateRobot { .. }
            | Action::DescribeRobot { .. }
            | Action::FederateRobot { .. }
            | Action::DeleteRobot { .. } => self.robot(action.clone()).await,
            Action::PutTeam { .. }
            | Action::DeleteTeam { .. }
            | Action::AddMember { .. }
            | Action::RemoveMember { .. } => self.team(action.clone()).await,
            Action::AddDefault { organization, rule } => self.add_default(&organization, rule).await,
            Action::RemoveDefault { organization, rule } => self.remove_default(&organization, rule).await,
            Action::CreateRepository { .. }
            | Action::SetVisibility { .. }
            | Action::SetState { .. }
            | Action::SetDescription { .. }
            | Action::DeleteRepository { .. } => self.repository(action.clone()).await,
            Action::Grant { repository, grantee, is_team, role } => {
                self.on_repository(&repository, move |tx, repository, now| {
                    let who = holder(tx, repository, &grantee, is_team)?;
                    repository::grant(tx, repository, now, (who, &grantee), role)
                })
                .await
            }
            Action::Revoke { repository, grantee, is_team } => {
                self.on_repository(&repository, move |tx, repository, now| {
                    let who = holder(tx, repository, &grantee, is_team)?;
                    repository::revoke(tx, repository, now, (who, &grantee)).map(|_| ())
                })
                .await
            }
        }
    }

    async fn user(&self, action: Action) -> Result<()> {
        let (now, caller) = (self.clock.now(), self.caller.clone());
        let instance = self.access.registry::<Admin>(&self.caller).await?;
        self.db
            .write(move |tx| match action.clone() {
                Action::CreateUser { name, email, standing } => {
                    let new = NewUser { name: name.parse()?, email, password_hash: None, standing };
                    account::create(tx, &caller, now, &new).map(|_| ())
                }
                Action::SetUserEmail { name, email } => {
                    account::change_email(tx, &instance, now, &name, email.as_deref().unwrap_or(""))
                }
                Action::SetUserEnabled { name, enabled } => account::set_enabled(tx, &caller, now, &name, enabled),
                Action::SetUserStanding { name, standing } => {
                    account::raise_standing(tx, &caller, now, &name, standing)
                }
                Action::DeleteUser { name } => account::delete_user(tx, &caller, now, &name),
                _ => Ok(()),
            })
            .await
    }

    async fn create_organization(&self, action: Action) -> Result<()> {
        let Action::CreateOrganization { name, email } = action else { return Ok(()) };
        let name: NamespaceName = name.parse()?;
        let (now, instance) =
            (self.clock.now(), self.access.instance(&self.caller, ApiScope::OrganizationAdmin).await?);
        let create = move |tx: &mut Tx<'_>| organization::create(tx, &instance, now, &name, email.as_deref());
        self.db.write(create).await.map(|_| ())
    }

    async fn robot(&self, action: Action) -> Result<()> {
        let (vault, entropy) = (self.vault.clone(), self.entropy.clone());
        let (Action::CreateRobot { namespace, .. }
        | Action::DescribeRobot { namespace, .. }
        | Action::FederateRobot { namespace, .. }
        | Action::DeleteRobot { namespace, .. }) = action.clone()
        else {
            return Ok(());
        };
        self.in_namespace(&namespace, move |tx, ns, now| match action.clone() {
            Action::CreateRobot { short, entry, .. } => {
                let (short, metadata) = (short.parse::<RobotShortName>()?, metadata(&entry));
                robot::create(tx, ns, (&vault, &*entropy), now, &short, (&entry.description, &metadata)).map(|_| ())
            }
            Action::DescribeRobot { short, entry, .. } => {
                let described = (Some(entry.description.as_str()), Some(&metadata(&entry)));
                robot::describe(tx, ns, now, &short.parse()?, described).map(|_| ())
            }
            Action::FederateRobot { short, entry, .. } => {
                let identity = |given: super::IdentityEntry| Identity { issuer: given.issuer, subject: given.subject };
                let identities: Vec<Identity> = entry.federation.into_iter().map(identity).collect();
                robot::set_identities(tx, ns, now, &short.parse()?, &identities)
            }
            Action::DeleteRobot { short, .. } => robot::delete(tx, ns, now, &short.parse()?),
            _ => Ok(()),
        })
        .await
    }

    async fn team(&self, action: Action) -> Result<()> {
        let (Action::PutTeam { organization, .. }
        | Action::DeleteTeam { organization, .. }
        | Action::AddMember { organization, .. }
        | Action::RemoveMember { organization, .. }) = action.clone()
        else {
            return Ok(());
        };
        self.in_namespace(&organization, move |tx, ns, now| match action.clone() {
            Action::PutTeam { team, role, description, .. } => {
                team::put(tx, ns, now, &team.parse::<TeamName>()?, role, Some(&description)).map(|_| ())
            }
            Action::DeleteTeam { team, .. } => team::delete(tx, ns, now, &team),
            Action::AddMember { team, member, .. } => {
                team::add_member(tx, ns, now, (&team, &member), Entrance::Open).map(|_| ())
            }
            Action::RemoveMember { team, member, .. } => team::remove_member(tx, ns, now, &team, &member),
            _ => Ok(()),
        })
        .await
    }

    async fn add_default(&self, organization: &str, rule: DefaultEntry) -> Result<()> {
        let id = entropy::uuid(&*self.entropy);
        self.in_namespace(organization, move |tx, ns, now| {
            let named = |tx: &mut Tx<'_>, name: &str| default_permission::grantee(tx, ns, name);
            let creator = rule.created_by.as_deref().map(|name| named(tx, name)).transpose()?;
            let grantee = match (&rule.user, &rule.team) {
                (Some(user), None) => named(tx, user)?,
                (None, Some(team)) => default_permission::team(tx, ns, team)?,
                _ => {
                    let message = format!("A default permission of {} names either a user or a team", ns.name);
                    return Err(Error::invalid("default_permissions", message));
                }
            };
            default_permission::create(tx, ns, (id, now), Target { creator, grantee }, rule.role.0).map(|_| ())
        })
        .await
    }

    async fn remove_default(&self, organization: &str, rule: DefaultEntry) -> Result<()> {
        self.in_namespace(organization, move |tx, ns, now| {
            let rules = default_permission::list(tx, &ns.clone().into(), 0, RULES)?;
            let is_it = |found: &&default_permission::Rule| {
                found.creator.as_ref().map(default_permission::Holder::name) == rule.created_by.as_deref()
                    && Some(found.grantee.name()) == rule.user.as_deref().or(rule.team.as_deref())
                    && matches!(found.grantee, default_permission::Holder::Team(_)) == rule.team.is_some()
                    && found.role == rule.role.0
            };
            match rules.iter().find(is_it) {
                Some(found) => default_permission::remove(tx, ns, now, &found.uuid),
                None => Ok(()),
            }
        })
        .await
    }

    async fn repository(&self, action: Action) -> Result<()> {
        match action {
            Action::CreateRepository { name, visibility, description } => {
                let name: RepositoryName = name.parse()?;
                let namespace = name.namespace().to_string();
                let new = NewRepository { name, visibility, description };
                self.in_namespace(&namespace, move |tx, ns, now| {
                    repository::create_as_written(tx, ns, now, &new).map(|_| ())
                })
                .await
            }
            Action::SetVisibility { name, visibility } => {
                self.on_repository(&name, move |tx, found, now| {
                    repository::change_visibility(tx, found, now, visibility)
                })
                .await
            }
            Action::SetState { name, state } => {
                self.on_repository(&name, move |tx, found, now| repository::change_state(tx, found, now, state)).await
            }
            Action::SetDescription { name, description } => {
                self.on_repository(&name, move |tx, found, now| {
                    repository::describe(tx, &found.clone().into(), now, &description)
                })
                .await
            }
            Action::DeleteRepository { name } => self.on_repository(&name, repository::delete).await,
            _ => Ok(()),
        }
    }

    async fn in_namespace(
        &self,
        name: &str,
        act: impl Fn(&mut Tx<'_>, &Authorized<Namespace, Admin>, Timestamp) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let found = self.access.namespace::<Admin>(&self.caller, name, ApiScope::OrganizationAdmin).await?;
        let now = self.clock.now();
        self.db.write(move |tx| act(tx, &found, now)).await
    }

    async fn on_repository(
        &self,
        name: &str,
        act: impl Fn(&mut Tx<'_>, &Authorized<Repository, Admin>, Timestamp) -> Result<()> + Send + 'static,
    ) -> Result<()> {
        let found = self.access.repository::<Admin>(&self.caller, &name.parse()?).await?;
        let now = self.clock.now();
        self.db.write(move |tx| act(tx, &found, now)).await
    }
}

fn metadata(entry: &RobotEntry) -> serde_json::Value {
    serde_json::Value::Object(entry.metadata.clone())
}

fn holder(
    tx: &mut Tx<'_>,
    repository: &Authorized<Repository, Admin>,
    name: &str,
    is_team: bool,
) -> Result<repository::Grantee> {
    if is_team { repository::team(tx, repository, name) } else { repository::grantee(tx, repository, name) }
}
