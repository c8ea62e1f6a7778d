//! Entries of a log, a page at a time.

use std::collections::HashSet;

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use super::scope::{Place, Scope};
use crate::db::schema::{events, namespaces, repositories, robots, users};
use crate::db::{Backend, Conn, among};
use crate::error::Result;
use crate::event::EventKind;
use crate::ids::{NamespaceId, RepositoryId};
use crate::oci::RobotName;
use crate::time::Timestamp;

/// How many entries one question looks through at most for those that a filter wants. A page may therefore be short, or
/// empty, and go on all the same.
const LOOKED_THROUGH: i64 = 10_000;

/// Which entries are wanted.
#[derive(Debug, Clone)]
pub struct Filter {
    /// From this moment on.
    pub from: Timestamp,
    /// Before this moment.
    pub until: Timestamp,
    /// Caused by this user or robot account.
    pub performer: Option<String>,
    /// Of this kind.
    pub kind: Option<EventKind>,
    /// In this repository, by its whole name.
    pub repository: Option<String>,
    /// With this in the name of the tag or of who caused it, whatever the case.
    pub text: Option<String>,
}

/// Where a page ended: moment and row of its last entry.
pub type Key = (i64, i64);

/// Entries, newest first.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// At most as many as were asked for.
    pub entries: Vec<Entry>,
    /// Where to go on; nothing at the end.
    pub next: Option<Key>,
}

/// An entry as it was written.
#[derive(Debug, Clone, Queryable)]
pub struct Entry {
    /// Row.
    pub id: i64,
    /// [`EventKind`], or the word of a version to come.
    pub kind: String,
    /// When.
    pub at: i64,
    /// `user`, `robot`, `anonymous` or `system`.
    pub actor_kind: String,
    /// Who caused it.
    pub actor_name: String,
    /// From where.
    pub ip: Option<String>,
    /// With which program.
    pub user_agent: Option<String>,
    /// In which namespace.
    pub namespace_id: Option<i64>,
    /// Its name then.
    pub namespace_name: Option<String>,
    /// The repository's whole name then.
    pub repository_name: Option<String>,
    /// About which tag.
    pub tag: Option<String>,
    /// About which manifest.
    pub digest: Option<String>,
    /// How many equal events it stands for.
    pub times: i64,
    /// JSON.
    pub details: String,
    /// How who caused it proved who they are.
    pub credential: String,
    /// With which token, by its uuid.
    pub token_uuid: Option<String>,
}

/// The index a question walks along.
#[derive(Debug, Clone, Copy)]
enum Along {
    Time,
    Namespace(i64),
    Repository(i64),
    Actor(&'static str, i64),
}

impl Along {
    fn of(place: &Place) -> Along {
        match place {
            Place::Registry => Along::Time,
            Place::Namespace(id, _) => Along::Namespace(id.0),
            Place::Repository(id, ..) => Along::Repository(id.0),
        }
    }
}

/// What is left to be looked for in each entry.
#[derive(Debug, Default)]
struct Rest {
    namespace: Option<i64>,
    repository: Option<i64>,
    kind: Option<EventKind>,
    actor_name: Option<String>,
    repository_name: Option<String>,
    pattern: Option<String>,
}

impl Rest {
    fn is_nothing(&self) -> bool {
        let Rest { namespace, repository, kind, actor_name, repository_name, pattern } = self;
        namespace.is_none()
            && repository.is_none()
            && kind.is_none()
            && actor_name.is_none()
            && repository_name.is_none()
            && pattern.is_none()
    }
}

/// The question, planned: which index, between which moments, and what each entry must have besides.
pub(super) struct Plan {
    along: Along,
    rest: Rest,
    from: i64,
    until: i64,
}

impl Plan {
    /// Leaves out what was before.
    pub(super) fn begin_at(&mut self, at: i64) {
        self.from = self.from.max(at);
    }
}

/// What an entry must fulfil.
pub(super) type Condition<'q> = Box<dyn BoxableExpression<events::table, Backend, SqlType = Nullable<Bool>> + 'q>;

/// Entries of the log, newest first, those after `after`, at most `limit`.
///
/// Walks `events_by_repository`, `events_by_namespace`, `events_by_actor` or `events_by_time`; what the index does not
/// answer is looked for in the next 10,000 entries at most.
///
/// # Errors
/// As the database's.
pub fn page<A>(conn: &mut Conn, scope: &Scope<A>, filter: &Filter, after: Option<Key>, limit: usize) -> Result<Page> {
    let plan = plan(conn, &scope.place, filter)?;
    let floor = if plan.rest.is_nothing() { None } else { floor(conn, &plan, after, LOOKED_THROUGH)? };
    let wanted = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut entries = load(conn, &plan, after, floor, wanted)?;
    if entries.len() > limit {
        entries.truncate(limit);
        let next = entries.last().map(|entry| (entry.at, entry.id));
        return Ok(Page { entries, next });
    }
    Ok(Page { entries, next: floor })
}

/// Which of these namespaces are organizations, of those that still exist. Index: `namespaces` primary key.
///
/// # Errors
/// As the database's.
pub fn organizations(conn: &mut Conn, entries: &[Entry]) -> Result<HashSet<i64>> {
    let mut ids: Vec<i64> = entries.iter().filter_map(|entry| entry.namespace_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let found: Vec<i64> = namespaces::table
        .filter(among(namespaces::id, &ids))
        .filter(namespaces::kind.eq("organization"))
        .select(namespaces::id)
        .load(conn)?;
    Ok(found.into_iter().collect())
}

pub(super) fn plan(conn: &mut Conn, place: &Place, filter: &Filter) -> Result<Plan> {
    let mut rest = Rest { kind: filter.kind, pattern: filter.text.as_deref().map(pattern), ..Rest::default() };
    let mut along = Along::of(place);
    if let (Some(name), false) = (&filter.repository, matches!(place, Place::Repository(..))) {
        match repository_in(conn, place, name)? {
            Some(found) => along = Along::of(&found),
            None => rest.repository_name = Some(name.clone()),
        }
    }
    if let Some(name) = &filter.performer {
        match actor_named(conn, name)? {
            Some((kind, actor)) => {
                match along {
                    Along::Namespace(id) => rest.namespace = Some(id),
                    Along::Repository(id) => rest.repository = Some(id),
                    Along::Time | Along::Actor(..) => {}
                }
                along = Along::Actor(kind, actor);
            }
            // Somebody who is gone has left a name only.
            None => rest.actor_name = Some(name.clone()),
        }
    }
    Ok(Plan { along, rest, from: filter.from.0, until: filter.until.0 })
}

/// The repository of this name, if it is in the place. Index: `repositories.name`.
pub(super) fn repository_in(conn: &mut Conn, place: &Place, name: &str) -> Result<Option<Place>> {
    let found: Option<(i64, i64)> = repositories::table
        .filter(repositories::name.eq(name))
        .select((repositories::id, repositories::namespace_id))
        .first(conn)
        .optional()?;
    let here = |namespace: i64| match place {
        Place::Registry => true,
        Place::Namespace(id, _) | Place::Repository(_, _, id) => id.0 == namespace,
    };
    let found = found.filter(|(_, namespace)| here(*namespace));
    Ok(found.map(|(id, namespace)| Place::Repository(RepositoryId(id), name.to_string(), NamespaceId(namespace))))
}

/// Indexes: `users.name`; `namespaces.name`, `robots (namespace_id, short_name)`.
fn actor_named(conn: &mut Conn, name: &str) -> Result<Option<(&'static str, i64)>> {
    if !name.contains('+') {
        let id: Option<i64> = users::table.filter(users::name.eq(name)).select(users::id).first(conn).optional()?;
        return Ok(id.map(|id| ("user", id)));
    }
    let Ok(name) = name.parse::<RobotName>() else { return Ok(None) };
    let id: Option<i64> = robots::table
        .inner_join(namespaces::table.on(namespaces::id.eq(robots::namespace_id)))
        .filter(namespaces::name.eq(name.namespace().as_str()))
        .filter(robots::short_name.eq(name.short().as_str()))
        .select(robots::id)
        .first(conn)
        .optional()?;
    Ok(id.map(|id| ("robot", id)))
}

/// What the index answers: the place or the actor, and the moments.
pub(super) fn along(plan: &Plan) -> Condition<'static> {
    let then = events::at.ge(plan.from).and(events::at.lt(plan.until)).nullable();
    match plan.along {
        Along::Time => Box::new(then),
        Along::Namespace(id) => Box::new(events::namespace_id.eq(id).and(then)),
        Along::Repository(id) => Box::new(events::repository_id.eq(id).and(then)),
        Along::Actor(kind, id) => Box::new(events::actor_id.eq(id).and(events::actor_kind.eq(kind)).and(then)),
    }
}

/// What it does not.
pub(super) fn and_the_rest<'q>(mut condition: Condition<'q>, plan: &'q Plan) -> Condition<'q> {
    let rest = &plan.rest;
    // The sums keep a planner without statistics from walking along another index than the one looked through.
    if let Some(id) = rest.namespace {
        condition = Box::new(condition.and(sql::<Bool>("events.namespace_id + 0 = ").bind::<BigInt, _>(id)));
    }
    if let Some(id) = rest.repository {
        condition = Box::new(condition.and(sql::<Bool>("events.repository_id + 0 = ").bind::<BigInt, _>(id)));
    }
    if let Some(kind) = rest.kind {
        condition = Box::new(condition.and(events::kind.eq(kind.as_str())));
    }
    if let Some(name) = &rest.actor_name {
        condition = Box::new(condition.and(events::actor_name.eq(name.as_str())));
    }
    if let Some(name) = &rest.repository_name {
        condition = Box::new(condition.and(events::repository_name.eq(name.as_str())));
    }
    if let Some(pattern) = &rest.pattern {
        let either = sql::<Bool>("(lower(events.actor_name) LIKE ")
            .bind::<Text, _>(pattern.as_str())
            .sql(" ESCAPE '!' OR lower(coalesce(events.tag, '')) LIKE ")
            .bind::<Text, _>(pattern.as_str())
            .sql(" ESCAPE '!')");
        condition = Box::new(condition.and(either));
    }
    condition
}

fn after_key<'q>(condition: Condition<'q>, after: Option<Key>) -> Condition<'q> {
    match after {
        // The first condition is the index's, the second leaves out what was seen.
        Some((at, id)) => {
            Box::new(condition.and(events::at.le(at).and(events::at.lt(at).or(events::id.lt(id))).nullable()))
        }
        None => condition,
    }
}

/// The last entry that may be looked through; nothing if all of them may.
pub(super) fn floor(conn: &mut Conn, plan: &Plan, after: Option<Key>, budget: i64) -> Result<Option<Key>> {
    Ok(events::table
        .filter(after_key(along(plan), after))
        .select((events::at, events::id))
        .order((events::at.desc(), events::id.desc()))
        .offset(budget - 1)
        .limit(1)
        .first(conn)
        .optional()?)
}

fn load(conn: &mut Conn, plan: &Plan, after: Option<Key>, floor: Option<Key>, limit: i64) -> Result<Vec<Entry>> {
    let mut condition = and_the_rest(after_key(along(plan), after), plan);
    if let Some((at, id)) = floor {
        condition = Box::new(condition.and(events::at.ge(at).and(events::at.gt(at).or(events::id.ge(id))).nullable()));
    }
    Ok(events::table
        .filter(condition)
        .select((
            events::id,
            events::kind,
            events::at,
            events::actor_kind,
            events::actor_name,
            events::ip,
            events::user_agent,
            events::namespace_id,
            events::namespace_name,
            events::repository_name,
            events::tag,
            events::digest,
            events::times,
            events::details,
            events::credential,
            events::token_uuid,
        ))
        .order((events::at.desc(), events::id.desc()))
        .limit(limit)
        .load(conn)?)
}

/// For `LIKE … ESCAPE '!'`: anything that has the text somewhere.
fn pattern(text: &str) -> String {
    let escaped = text.to_lowercase().replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%{escaped}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_of_like_are_letters_like_others() {
        assert_eq!(pattern("V1_%!"), "%v1!_!%!!%");
    }
}
