//! From a name to permission: the gate every door goes through.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use super::action::{Admin, Create};
use super::action::{InstanceAction, NamespaceAction, RepositoryAction, Write};
use super::authorized::{Authorized, Instance, Me};
use super::ceiling::{ApiScope, Ceiling};
use super::facts::{self, Known};
use super::policy::{self, Role};
use super::role::{RepositoryRole, RepositoryState, Standing, TeamRole};
use crate::db::{Db, Stamp};
use crate::error::{Error, NeededScopes, Result, Thing, shown};
use crate::oci::{NamespaceName, RepositoryName};
use crate::organization::Namespace;
use crate::principal::{Caller, Principal};
use crate::repository::Repository;
use crate::sentence::sentence;
use crate::time::Timestamp;

/// How long an answer is believed at most. Changes made by this process are noticed at once; those of other replicas and
/// of the command line within this time.
const BELIEVED_FOR: Duration = Duration::from_secs(2);
const REMEMBERED: u64 = 20_000;

/// What the settings say about rights.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    /// Users whose standing is raised by the settings, beside what the database says.
    pub standing: HashMap<String, Standing>,
}

/// Looks resources up and decides.
#[derive(Clone)]
pub struct Access {
    db: Db,
    pub(super) rules: Arc<Rules>,
    remembered: moka::sync::Cache<Question, (Stamp, Arc<Answer>)>,
}

/// What is asked about. Names of different kinds never stand for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Subject {
    Account,
    Namespace,
    Repository,
}

/// Kind and row of the caller, whether a superuser's rights count, and the subject with its name.
type Question = (&'static str, i64, bool, Subject, Box<str>);

struct Answer {
    namespace: Option<Arc<Namespace>>,
    repository: Option<Arc<Repository>>,
    active: bool,
    credentials_at: Timestamp,
    role: Role,
    namespace_role: Option<TeamRole>,
    standing: Standing,
}

/// Where a push may go.
pub enum PushTarget {
    /// The repository exists.
    Existing(Authorized<Repository, Write>),
    /// It does not, and the caller may create it in this namespace.
    New(Authorized<Namespace, super::Create>),
    /// Neither repository nor namespace exist.
    NoNamespace,
}

impl Access {
    /// A gate in front of this database.
    pub fn new(db: Db, rules: Rules) -> Access {
        let remembered = moka::sync::Cache::builder().max_capacity(REMEMBERED).time_to_live(BELIEVED_FOR).build();
        Access { db, rules: Arc::new(rules), remembered }
    }

    /// Permission to do `A` to the repository.
    ///
    /// # Errors
    /// `NotFound` if there is none or the caller may not know of it; `Forbidden` if they may know but not do it;
    /// `Unauthenticated` for anonymous callers and disabled accounts; `TokenTooNarrow` if only the token is in the way.
    pub async fn repository<A: RepositoryAction>(
        &self,
        caller: &Arc<Caller>,
        name: &RepositoryName,
    ) -> Result<Authorized<Repository, A>> {
        let answer = self.ask(caller, name.namespace(), Some(name)).await?;
        decide::<A>(caller, name, &answer)
    }

    /// As [`Access::repository`], but only if the answer is in memory: never waits.
    pub fn repository_at_once<A: RepositoryAction>(
        &self,
        caller: &Arc<Caller>,
        name: &RepositoryName,
    ) -> Option<Result<Authorized<Repository, A>>> {
        let answer = self.remembered(&question(caller, Subject::Repository, name.as_str()))?;
        Some(decide::<A>(caller, name, &answer))
    }

    /// Where a push to this name may go.
    ///
    /// # Errors
    /// As [`Access::repository`]; `Refused` if the caller can neither see it nor create it.
    pub async fn push_target(&self, caller: &Arc<Caller>, name: &RepositoryName) -> Result<PushTarget> {
        let answer = self.ask(caller, name.namespace(), Some(name)).await?;
        if matches!(caller.principal, Principal::Anonymous) || !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        if answer.role.is_some() {
            return decide::<Write>(caller, name, &answer).map(PushTarget::Existing);
        }
        match &answer.namespace {
            None => Ok(PushTarget::NoNamespace),
            Some(namespace) if answer.repository.is_none() && answer.namespace_role >= Some(TeamRole::Creator) => {
                if caller.ceiling.creates(name) {
                    return Ok(PushTarget::New(Authorized::new(namespace.clone(), caller.clone())));
                }
                Err(too_narrow::<Write>(name))
            }
            Some(_) => Err(no_push_target(caller, name)),
        }
    }

    /// Permission to create the organization that a push of `name` needs.
    ///
    /// # Errors
    /// As [`Access::instance`]; `TokenTooNarrow` if the token does not carry a push of that name.
    pub async fn organization_for_push(
        &self,
        caller: &Arc<Caller>,
        name: &RepositoryName,
    ) -> Result<Authorized<Instance, Create>> {
        // A registry token carries no API scopes; that it names this repository for pushing is what counts here.
        let itself = Arc::new(Caller { ceiling: Ceiling::None, ..(**caller).clone() });
        let instance = self.instance(&itself, ApiScope::RepositoryCreate).await?;
        if caller.ceiling.creates(name) { Ok(instance) } else { Err(too_narrow::<Write>(name)) }
    }

    /// The role the caller has on a repository regardless of their token, and whether they could create it by pushing:
    /// what a token for it may carry.
    ///
    /// # Errors
    /// `Unauthenticated` if the account is disabled.
    pub async fn grantable(
        &self,
        caller: &Arc<Caller>,
        name: &RepositoryName,
    ) -> Result<(Role, Option<TeamRole>, bool)> {
        let answer = self.ask(caller, name.namespace(), Some(name)).await?;
        if !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        let role = answer.role.min(caller.ceiling.repository(name));
        let creator = answer.namespace_role.filter(|_| answer.repository.is_none() && caller.ceiling.creates(name));
        Ok((role, creator, answer.namespace.is_some()))
    }

    /// Permission to do `A` in a namespace. `scope` is what an API token must carry.
    ///
    /// # Errors
    /// As [`Access::repository`]. Namespaces are no secret: any signed-in caller is told `Forbidden` from `NotFound`.
    pub async fn namespace<A: NamespaceAction>(
        &self,
        caller: &Arc<Caller>,
        name: &str,
        scope: ApiScope,
    ) -> Result<Authorized<Namespace, A>> {
        if let Principal::Anonymous = caller.principal {
            return Err(nobody());
        }
        let unknown = || Error::NotFound(Thing::Namespace(shown(name)));
        // Only what can be a name is looked up and remembered.
        let parsed: NamespaceName = name.parse().map_err(|_| unknown())?;
        let name = parsed.as_str();
        let answer = self.ask(caller, name, None).await?;
        if !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        let Some(namespace) = &answer.namespace else {
            return Err(Error::NotFound(Thing::Namespace(name.to_string())));
        };
        let audited = A::AUDITED && answer.standing >= Standing::ReadOnlySuperuser && caller.ceiling.superuser();
        if answer.namespace_role < Some(A::ROLE) && !audited {
            return Err(Error::Forbidden {
                needed: capitalized(A::ROLE.as_str()),
                on: Thing::Namespace(name.to_string()),
                who: caller.principal.name().to_string(),
                has: answer.namespace_role.map_or("none", TeamRole::as_str),
            });
        }
        // Administering an organization includes creating repositories in it.
        let administers = scope == ApiScope::RepositoryCreate
            && namespace.is_organization
            && caller.ceiling.allows(ApiScope::OrganizationAdmin);
        if !administers {
            require_scope(caller, scope)?;
        }
        Ok(Authorized::new(namespace.clone(), caller.clone()))
    }

    /// Permission to create organizations: any user that is enabled and not a read-only superuser. Robots may not.
    ///
    /// # Errors
    /// `Unauthenticated` or `Forbidden`.
    pub async fn instance(&self, caller: &Arc<Caller>, scope: ApiScope) -> Result<Authorized<Instance, Create>> {
        let answer = self.ask(caller, "", None).await?;
        if matches!(caller.principal, Principal::Anonymous) || !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        let robot = matches!(caller.principal, Principal::Robot { .. });
        if robot || answer.standing == Standing::ReadOnlySuperuser {
            let who = caller.principal.name();
            return Err(Error::refused(if robot {
                sentence!(
                    "said-robot-creates",
                    "{who} is a robot account; organizations are created by users",
                    who = who
                )
            } else {
                sentence!("said-read-only-superuser", "{who} is a read-only superuser and changes nothing", who = who)
            }));
        }
        require_scope(caller, scope)?;
        Ok(Authorized::new(Arc::new(Instance), caller.clone()))
    }

    /// Permission over the registry as a whole.
    ///
    /// # Errors
    /// `Unauthenticated`; `Forbidden` for everybody but superusers (and read-only ones where `A` is for their eyes);
    /// `Refused` for tokens without the scope `super:user`.
    pub async fn registry<A: InstanceAction>(&self, caller: &Arc<Caller>) -> Result<Authorized<Instance, A>> {
        let answer = self.ask(caller, "", None).await?;
        if matches!(caller.principal, Principal::Anonymous) || !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        let least = if A::AUDITED { Standing::ReadOnlySuperuser } else { Standing::Superuser };
        if answer.standing < least {
            return Err(Error::Forbidden {
                needed: "Superuser",
                on: Thing::Registry,
                who: caller.principal.name().to_string(),
                has: answer.standing.as_str(),
            });
        }
        require_scope(caller, ApiScope::Superuser)?;
        Ok(Authorized::new(Arc::new(Instance), caller.clone()))
    }

    /// The caller's own account; `scope` is what an API token must carry. A read-only superuser's too: what concerns nobody
    /// else they change. What touches their namespace or an organization asks for that permission beside this one.
    ///
    /// # Errors
    /// `Unauthenticated` for anybody but an enabled user; `Refused` for a token without the scope.
    pub async fn myself(&self, caller: &Arc<Caller>, scope: ApiScope) -> Result<Authorized<Me, Admin>> {
        let answer = self.ask(caller, "", None).await?;
        let Principal::User { id, name } = &caller.principal else { return Err(nobody()) };
        if !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        require_scope(caller, scope)?;
        Ok(Authorized::new(Arc::new(Me { id: *id, name: name.clone() }), caller.clone()))
    }

    /// What the caller is in a namespace, for views that show more to those who are more: the namespace, if there is
    /// one, and their role, capped by their token (`scope` is what it must carry for any role at all). Anybody may ask.
    ///
    /// # Errors
    /// `Unauthenticated` if the account is disabled.
    pub async fn namespace_role(
        &self,
        caller: &Arc<Caller>,
        name: &NamespaceName,
        scope: ApiScope,
    ) -> Result<Option<(Arc<Namespace>, Option<TeamRole>)>> {
        let answer = self.ask(caller, name.as_str(), None).await?;
        if !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        let role = answer.namespace_role.filter(|_| caller.ceiling.allows(scope));
        Ok(answer.namespace.clone().map(|namespace| (namespace, role)))
    }

    /// The role the caller has on a repository, capped by their token; `None` if they may not know of it.
    ///
    /// # Errors
    /// `Unauthenticated` if the account is disabled.
    pub async fn role_on(&self, caller: &Arc<Caller>, name: &RepositoryName) -> Result<Role> {
        let answer = self.ask(caller, name.namespace(), Some(name)).await?;
        if !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        let public = answer.repository.as_ref().is_some_and(|found| found.visibility == super::Visibility::Public);
        let floor = public.then_some(RepositoryRole::Read);
        Ok(answer.role.min(caller.ceiling.repository(name)).max(floor))
    }

    /// How the caller stands to the registry, capped by their token.
    ///
    /// # Errors
    /// `Unauthenticated` if the account is disabled.
    pub async fn standing(&self, caller: &Arc<Caller>) -> Result<Standing> {
        let answer = self.ask(caller, "", None).await?;
        if !answer.honours(caller) {
            return Err(refuse_stranger(caller, &answer));
        }
        Ok(if caller.ceiling.superuser() { answer.standing } else { Standing::Plain })
    }

    async fn ask(
        &self,
        caller: &Arc<Caller>,
        namespace: &str,
        repository: Option<&RepositoryName>,
    ) -> Result<Arc<Answer>> {
        let question = match repository {
            Some(name) => question(caller, Subject::Repository, name.as_str()),
            None if namespace.is_empty() => question(caller, Subject::Account, ""),
            None => question(caller, Subject::Namespace, namespace),
        };
        if let Some(answer) = self.remembered(&question) {
            return Ok(answer);
        }
        let stamp = self.db.freshness().access();
        let (principal, namespace, repository) = (caller.principal.clone(), namespace.to_string(), repository.cloned());
        let (rules, superuser) = (self.rules.clone(), caller.ceiling.superuser());
        let answer = self
            .db
            .read(move |conn| {
                let known = facts::load(conn, &principal, &namespace, repository.as_ref())?;
                Ok(Arc::new(answer(known, &principal, namespace, &rules, superuser)))
            })
            .await?;
        self.remembered.insert(question, (stamp, answer.clone()));
        Ok(answer)
    }

    fn remembered(&self, question: &Question) -> Option<Arc<Answer>> {
        let (stamp, answer) = self.remembered.get(question)?;
        (stamp == self.db.freshness().access()).then_some(answer)
    }
}

impl Answer {
    /// Whether the caller's credentials count: the account is enabled and their token is younger than its last change.
    fn honours(&self, caller: &Caller) -> bool {
        self.active && caller.token_made_at.is_none_or(|made| made >= self.credentials_at)
    }
}

fn question(caller: &Caller, subject: Subject, name: &str) -> Question {
    let (kind, id) = caller.principal.kind_and_id();
    (kind, id.unwrap_or(0), caller.ceiling.superuser(), subject, name.into())
}

fn answer(mut known: Known, principal: &Principal, namespace: String, rules: &Rules, superuser: bool) -> Answer {
    if let Principal::User { name, .. } = principal {
        let configured = rules.standing.get(&**name).copied().unwrap_or(Standing::Plain);
        known.facts.standing = known.facts.standing.max(configured);
    }
    let standing = known.facts.standing;
    if !superuser {
        known.facts = policy::without_standing(&known.facts);
    }
    let role = known.repository.as_ref().and_then(|_| policy::repository_role(&known.facts));
    Answer {
        namespace: known
            .namespace
            .map(|id| Arc::new(Namespace { id, name: namespace, is_organization: known.is_organization })),
        repository: known.repository.map(Arc::new),
        active: known.facts.active,
        credentials_at: known.credentials_at,
        role,
        namespace_role: policy::namespace_role(&known.facts),
        standing,
    }
}

fn decide<A: RepositoryAction>(
    caller: &Arc<Caller>,
    name: &RepositoryName,
    answer: &Answer,
) -> Result<Authorized<Repository, A>> {
    let Some(repository) = &answer.repository else { return Err(refuse_unknown(caller, name, answer)) };
    if !answer.honours(caller) {
        return Err(refuse_stranger(caller, answer));
    }
    let public = repository.visibility == super::Visibility::Public;
    // A token never allows less than no token: what anybody may read needs no scope.
    let floor = public.then_some(RepositoryRole::Read);
    let audited = A::AUDITED && answer.standing == Standing::ReadOnlySuperuser && caller.ceiling.superuser();
    if audited || answer.role.min(caller.ceiling.repository(name)).max(floor) >= Some(A::ROLE) {
        if A::ROLE == RepositoryRole::Write && repository.state != RepositoryState::Normal {
            return Err(Error::refused(match repository.state {
                RepositoryState::Mirror => {
                    sentence!("said-mirror", "{name} is a mirror; only its mirroring changes it", name = name)
                }
                _ => sentence!("said-read-only", "{name} is read-only; an admin of it can change that", name = name),
            }));
        }
        return Ok(Authorized::new(repository.clone(), caller.clone()));
    }
    match answer.role {
        Some(role) if role >= A::ROLE => Err(too_narrow::<A>(name)),
        Some(_) if matches!(caller.principal, Principal::Anonymous) => Err(refuse_stranger(caller, answer)),
        Some(role) => Err(Error::Forbidden {
            needed: capitalized(A::ROLE.as_str()),
            on: Thing::Repository(name.as_str().to_string()),
            who: caller.principal.name().to_string(),
            has: role.as_str(),
        }),
        None => Err(refuse_unknown(caller, name, answer)),
    }
}

/// The refusal to push into a namespace that does not exist.
pub(crate) fn no_namespace(caller: &Caller, name: &RepositoryName) -> Error {
    let (namespace, path) = (name.namespace(), name.path());
    Error::refused(match &caller.principal {
        Principal::User { name, .. } => sentence!(
            "said-no-namespace-own",
            "there is no user or organization {namespace}; create the organization first, or push to your own \
             namespace: {name}/{path}",
            namespace = namespace,
            name = name,
            path = path
        ),
        _ => sentence!(
            "said-no-namespace",
            "there is no user or organization {namespace}; create the organization first",
            namespace = namespace
        ),
    })
}

/// The refusal to push where the caller can neither see a repository nor create one: the same words for both.
pub(crate) fn no_push_target(caller: &Caller, name: &RepositoryName) -> Error {
    let (who, namespace) = (caller.principal.name(), name.namespace());
    Error::refused(format!(
        "{who} may not push to {name}: the repository does not exist or is not visible to {who}, and {who} may not \
         create repositories in {namespace}; an admin of {namespace} can grant either"
    ))
}

/// The same words for what does not exist and for what the caller may not know of.
fn refuse_unknown(caller: &Caller, name: &RepositoryName, answer: &Answer) -> Error {
    match caller.principal {
        Principal::Anonymous => refuse_stranger(caller, answer),
        _ if !answer.honours(caller) => refuse_stranger(caller, answer),
        _ => Error::NotFound(Thing::Repository(name.as_str().to_string())),
    }
}

fn nobody() -> Error {
    Error::Unauthenticated("sign in first: this needs an account with permission".to_string())
}

fn refuse_stranger(caller: &Caller, answer: &Answer) -> Error {
    Error::Unauthenticated(match &caller.principal {
        Principal::Anonymous => "sign in first: this needs an account with permission".to_string(),
        someone if !answer.active => format!("{} is disabled or no longer exists", someone.name()),
        someone => {
            format!("the credentials of {} have changed since this token was made; sign in again", someone.name())
        }
    })
}

fn too_narrow<A: RepositoryAction>(name: &RepositoryName) -> Error {
    Error::TokenTooNarrow(NeededScopes(vec![(name.clone(), A::TOKEN_ACTIONS)]))
}

fn require_scope(caller: &Caller, scope: ApiScope) -> Result<()> {
    if caller.ceiling.allows(scope) {
        return Ok(());
    }
    let who = caller.principal.name();
    Err(Error::refused(format!("the access token of {who} lacks the scope {}", scope.as_str())))
}

fn capitalized(role: &'static str) -> &'static str {
    match role {
        "read" => "Read",
        "write" => "Write",
        "creator" => "Creator",
        "member" => "Member",
        _ => "Admin",
    }
}
