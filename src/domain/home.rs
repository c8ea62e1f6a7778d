//! What somebody wants to know when they come in: what needs their attention.
//!
//! What they starred and what was pushed last are lists of repositories
//! ([`Among::Starred`](crate::repository::Among), [`latest_pushes`](crate::repository::latest_pushes)).

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::access::{Admin, Authorized, Me};
use crate::db::Conn;
use crate::db::schema::{namespaces, team_invitations, teams, tokens};
use crate::error::Result;
use crate::on_backend;
use crate::repository::parts::administered;
use crate::time::Timestamp;
use crate::token::TokenKind;

/// How soon a token ends that is worth a word.
pub const TOKENS_WITHIN: Duration = Duration::from_secs(30 * 24 * 3600);
/// The same for tags.
pub const TAGS_WITHIN: Duration = Duration::from_secs(7 * 24 * 3600);
/// Of each kind at most.
const SHOWN: i64 = 20;
/// Tags that end soon, whosever, that are looked at.
const TAGS_LOOKED_AT: i64 = 2_000;

/// A token of one's own that ends soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingToken {
    /// What it is known by.
    pub uuid: String,
    /// What it is for.
    pub kind: TokenKind,
    /// What its holder called it.
    pub title: String,
    /// When it ends.
    pub at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
}

/// A tag in a namespace of one's own that ends soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndingTag {
    /// Whole name of the repository.
    pub repository: String,
    /// The tag.
    pub tag: String,
    /// When it ends.
    pub at: Timestamp,
}

/// An invitation that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The organization.
    pub organization: String,
    /// The team.
    pub team: String,
    /// Who invited.
    pub inviter: String,
    /// Until when it can be accepted.
    pub until: Timestamp,
}

/// What needs somebody's attention; twenty of each kind at most, the most urgent first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attention {
    /// Tokens that end within [`TOKENS_WITHIN`].
    pub tokens: Vec<EndingToken>,
    /// Tags that end within [`TAGS_WITHIN`] in namespaces they administer.
    pub tags: Vec<EndingTag>,
    /// Invitations to teams.
    pub invitations: Vec<Waiting>,
}

impl Attention {
    /// How many things there are.
    pub fn count(&self) -> usize {
        self.tokens.len() + self.tags.len() + self.invitations.len()
    }
}

/// What needs the caller's attention. Three statements.
///
/// Indexes: `tokens_of_user`, `tags_by_expiry`, `team_invitations_by_user`.
///
/// # Errors
/// As the database's.
pub fn attention(conn: &mut Conn, me: &Authorized<Me, Admin>, now: Timestamp) -> Result<Attention> {
    Ok(Attention {
        tokens: ending_tokens(conn, me, now)?,
        tags: ending_tags(conn, me, now)?,
        invitations: waiting(conn, me, now)?,
    })
}

fn ending_tokens(conn: &mut Conn, me: &Me, now: Timestamp) -> Result<Vec<EndingToken>> {
    type Row = (String, String, String, Option<i64>, Option<i64>);
    let rows: Vec<Row> = tokens::table
        .filter(tokens::user_id.eq(me.id.0))
        .filter(tokens::origin.eq("personal"))
        .filter(tokens::expires_at.gt(now.0))
        .filter(tokens::expires_at.le(now.plus(TOKENS_WITHIN).0))
        .select((tokens::uuid, tokens::kind, tokens::title, tokens::expires_at, tokens::last_used_at))
        .order((tokens::expires_at, tokens::id))
        .limit(SHOWN)
        .load(conn)?;
    let ending = |(uuid, kind, title, at, used): Row| {
        let kind = TokenKind::from_word(&kind)?;
        Some(EndingToken { uuid, kind, title, at: Timestamp(at?), last_used_at: used.map(Timestamp) })
    };
    Ok(rows.into_iter().filter_map(ending).collect())
}

fn ending_tags(conn: &mut Conn, me: &Me, now: Timestamp) -> Result<Vec<EndingTag>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = Text)]
        repository: String,
        #[diesel(sql_type = Text)]
        tag: String,
        #[diesel(sql_type = BigInt)]
        at: i64,
    }
    let question = diesel::sql_query(format!(
        "SELECT r.name AS repository, t.name AS tag, t.expires_at AS at FROM (SELECT repository_id, name, expires_at \
           FROM tags WHERE expires_at > $1 AND expires_at <= $2 ORDER BY expires_at LIMIT {TAGS_LOOKED_AT}) t \
         JOIN repositories r ON r.id = t.repository_id \
         WHERE +r.deleted_at IS NULL AND r.namespace_id IN ({}) ORDER BY t.expires_at, r.name, t.name LIMIT {SHOWN}",
        administered((me.id.0, -1))
    ))
    .bind::<BigInt, _>(now.0)
    .bind::<BigInt, _>(now.plus(TAGS_WITHIN).0);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    let ending = |row: Row| EndingTag { repository: row.repository, tag: row.tag, at: Timestamp(row.at) };
    Ok(rows.into_iter().map(ending).collect())
}

fn waiting(conn: &mut Conn, me: &Me, now: Timestamp) -> Result<Vec<Waiting>> {
    use team_invitations as i;
    let rows: Vec<(String, String, String, i64)> = i::table
        .inner_join(teams::table.on(teams::id.eq(i::team_id)))
        .inner_join(namespaces::table.on(namespaces::id.eq(teams::organization_id)))
        .filter(i::user_id.eq(me.id.0))
        .filter(i::expires_at.gt(now.0))
        .filter(namespaces::deleted_at.is_null())
        .select((namespaces::name, teams::name, i::inviter, i::expires_at))
        .order((i::expires_at, i::id))
        .limit(SHOWN)
        .load(conn)?;
    let waiting =
        |(organization, team, inviter, until)| Waiting { organization, team, inviter, until: Timestamp(until) };
    Ok(rows.into_iter().map(waiting).collect())
}
