//! What can be asked about rules.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::access::{Authorized, Inspect, RepositoryRole};
use crate::db::{Conn, prepared};
use crate::error::{Error, Result, Thing, shown};
use crate::ids::NamespaceId;
use crate::on_backend;
use crate::organization::Namespace;
use crate::page::{Cursor, Limit, Page, Place, Walk};

/// Who a rule names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holder {
    /// A user, and whether they are in a team of the organization.
    User(String, bool),
    /// A robot account, by its whole name.
    Robot(String),
    /// A team.
    Team(String),
}

impl Holder {
    /// The name.
    pub fn name(&self) -> &str {
        match self {
            Holder::User(name, _) | Holder::Robot(name) | Holder::Team(name) => name,
        }
    }
}

/// A rule with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Row, by which the list goes on.
    pub id: i64,
    /// What it is known by.
    pub uuid: String,
    /// Whose repositories it concerns; `None` for anybody's.
    pub creator: Option<Holder>,
    /// Who gets the role.
    pub grantee: Holder,
    /// The role.
    pub role: RepositoryRole,
}

/// Rules with everybody's names in one statement. Robot accounts in a rule are the organization's own.
const RULES: &str = "\
SELECT d.id AS id, d.uuid AS uuid, d.role AS role, n.name AS organization, \
 cu.name AS creator_user, cr.short_name AS creator_robot, u.name AS user_name, b.short_name AS robot, t.name AS team, \
 EXISTS (SELECT 1 FROM team_members m JOIN teams mt ON mt.id = m.team_id \
   WHERE mt.organization_id = d.organization_id AND m.user_id = d.creator_user_id) AS creator_is_member, \
 EXISTS (SELECT 1 FROM team_members m JOIN teams mt ON mt.id = m.team_id \
   WHERE mt.organization_id = d.organization_id AND m.user_id = d.user_id) AS user_is_member \
FROM default_permissions d \
JOIN namespaces n ON n.id = d.organization_id \
LEFT JOIN users cu ON cu.id = d.creator_user_id \
LEFT JOIN robots cr ON cr.id = d.creator_robot_id \
LEFT JOIN users u ON u.id = d.user_id \
LEFT JOIN robots b ON b.id = d.robot_id \
LEFT JOIN teams t ON t.id = d.team_id";

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    uuid: String,
    #[diesel(sql_type = Text)]
    role: RepositoryRole,
    #[diesel(sql_type = Text)]
    organization: String,
    #[diesel(sql_type = Nullable<Text>)]
    creator_user: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    creator_robot: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    user_name: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    robot: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    team: Option<String>,
    #[diesel(sql_type = Bool)]
    creator_is_member: bool,
    #[diesel(sql_type = Bool)]
    user_is_member: bool,
}

/// The organization's rules in the order in which they were made, after the row `after`, at most `limit`; where that is
/// about names, it is the grantee's or the creator's. Index: `default_permissions_by_organization`.
///
/// # Errors
/// As the database's.
pub fn list(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    after: i64,
    limit: impl Into<Limit>,
) -> Result<Vec<Rule>> {
    let limit = limit.into();
    let question = format!(
        "{RULES} WHERE d.organization_id = $1 AND d.id > $2 \
         AND (LOWER(COALESCE(u.name, n.name || '+' || b.short_name, t.name, '')) LIKE LOWER($3) ESCAPE '\\' \
           OR LOWER(COALESCE(cu.name, n.name || '+' || cr.short_name, '')) LIKE LOWER($3) ESCAPE '\\') \
         ORDER BY d.id LIMIT $4"
    );
    let question = prepared(question)
        .bind::<BigInt, _>(organization.id.0)
        .bind::<BigInt, _>(after)
        .bind::<Text, _>(limit.pattern())
        .bind::<BigInt, _>(limit.rows);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    Ok(rows.into_iter().map(rule).collect())
}

/// A page of the organization's rules in the order in which they were made; places are
/// [`Cursor::number`](crate::page::Cursor::number)s of the rule's row. Index: `default_permissions_by_organization`.
///
/// # Errors
/// As the database's.
pub fn rows(
    conn: &mut Conn,
    organization: &Authorized<Namespace, Inspect>,
    place: &Place,
    limit: usize,
) -> Result<Page<Rule>> {
    let walk = Walk::new(false, false, place);
    let question = prepared(format!(
        "{RULES} WHERE d.organization_id = $1 AND d.id {} $2 ORDER BY d.id {} LIMIT $3",
        walk.behind(),
        walk.direction()
    ))
    .bind::<BigInt, _>(organization.id.0)
    .bind::<BigInt, _>(walk.from(place.start()).id)
    .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    Ok(Page::of(rows.into_iter().map(rule).collect(), place, limit, |rule| Cursor::number(rule.id, rule.id)))
}

/// The rule of this uuid.
///
/// # Errors
/// `NotFound`, also for rules of other organizations.
pub fn find(conn: &mut Conn, organization: &Authorized<Namespace, Inspect>, uuid: &str) -> Result<Rule> {
    of_uuid(conn, organization.id, uuid)
}

/// Index: `default_permissions.uuid`.
pub(super) fn of_uuid(conn: &mut Conn, organization: NamespaceId, uuid: &str) -> Result<Rule> {
    let question = format!("{RULES} WHERE d.organization_id = $1 AND d.uuid = $2");
    let question = prepared(question).bind::<BigInt, _>(organization.0).bind::<Text, _>(uuid);
    let row: Option<Row> = on_backend!(conn, c => question.get_result(c).optional())?;
    row.map(rule).ok_or_else(|| Error::NotFound(Thing::DefaultPermission(shown(uuid))))
}

fn rule(row: Row) -> Rule {
    let organization = row.organization;
    let whole = |short: String| Holder::Robot(format!("{organization}+{short}"));
    let creator_is_member = row.creator_is_member;
    let creator = row.creator_user.map(|name| Holder::User(name, creator_is_member));
    let user = row.user_name.map(|name| Holder::User(name, row.user_is_member));
    Rule {
        id: row.id,
        uuid: row.uuid,
        creator: creator.or(row.creator_robot.map(whole)),
        grantee: user.or(row.robot.map(whole)).unwrap_or(Holder::Team(row.team.unwrap_or_default())),
        role: row.role,
    }
}
