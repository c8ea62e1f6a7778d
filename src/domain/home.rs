//! What somebody wants to know when they come in: what needs their attention.
//!
//! What they starred and what was pushed last are lists of repositories
//! ([`Among::Starred`](crate::repository::Among), [`latest_pushes`](crate::repository::latest_pushes)).

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::access::{Admin, Authorized, Me};
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::repository::parts::{ADMINISTERED, of_reader};
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

/// What needs the caller's attention. One statement.
///
/// Indexes: `tokens_of_user`, `tags_by_expiry`, `team_invitations_by_user`.
///
/// # Errors
/// As the database's.
pub fn attention(conn: &mut Conn, me: &Authorized<Me, Admin>, now: Timestamp) -> Result<Attention> {
    let question = prepared(format!(
        "SELECT * FROM ({}) tokens UNION ALL SELECT * FROM ({}) tags UNION ALL SELECT * FROM ({}) invitations \
         ORDER BY at, id",
        ending_tokens(),
        ending_tags(),
        waiting()
    ))
    .bind::<BigInt, _>(me.id.0)
    .bind::<BigInt, _>(now.0)
    .bind::<BigInt, _>(now.plus(TOKENS_WITHIN).0)
    .bind::<BigInt, _>(now.plus(TAGS_WITHIN).0);
    let question = of_reader(question, (me.id.0, -1));
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    let mut attention = Attention::default();
    for row in rows {
        attention.add(row);
    }
    Ok(attention)
}

/// Something of any kind; `what` says which, and what the three words mean.
#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    what: String,
    #[diesel(sql_type = Text)]
    one: String,
    #[diesel(sql_type = Text)]
    two: String,
    #[diesel(sql_type = Text)]
    three: String,
    #[diesel(sql_type = BigInt)]
    at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    used_at: Option<i64>,
}

impl Attention {
    fn add(&mut self, row: Row) {
        let (at, last_used_at) = (Timestamp(row.at), row.used_at.map(Timestamp));
        match row.what.as_str() {
            "token" => {
                let kind = TokenKind::from_word(&row.three);
                let token = |kind| EndingToken { uuid: row.one, title: row.two, kind, at, last_used_at };
                self.tokens.extend(kind.map(token));
            }
            "tag" => self.tags.push(EndingTag { repository: row.one, tag: row.two, at }),
            _ => self.invitations.push(Waiting { organization: row.one, team: row.two, inviter: row.three, until: at }),
        }
    }
}

fn ending_tokens() -> String {
    format!(
        "SELECT 'token' AS what, t.uuid AS one, t.title AS two, t.kind AS three, t.expires_at AS at, \
           t.last_used_at AS used_at, t.id AS id \
         FROM tokens t WHERE t.user_id = $1 AND t.origin = 'personal' AND t.expires_at > $2 AND t.expires_at <= $3 \
         ORDER BY t.expires_at, t.id LIMIT {SHOWN}"
    )
}

// From the few tags to their repositories (`CROSS JOIN` keeps the order), not from all repositories of a namespace.
fn ending_tags() -> String {
    format!(
        "SELECT 'tag' AS what, r.name AS one, t.name AS two, '' AS three, t.expires_at AS at, \
           CAST(NULL AS BIGINT) AS used_at, t.id AS id \
         FROM (SELECT id, repository_id, name, expires_at FROM tags WHERE expires_at > $2 AND expires_at <= $4 \
           ORDER BY expires_at LIMIT {TAGS_LOOKED_AT}) t \
         CROSS JOIN repositories r \
         WHERE r.id = t.repository_id AND +r.deleted_at IS NULL AND r.namespace_id IN ({ADMINISTERED}) \
         ORDER BY t.expires_at, r.name, t.name LIMIT {SHOWN}"
    )
}

fn waiting() -> String {
    format!(
        "SELECT 'invitation' AS what, n.name AS one, t.name AS two, i.inviter AS three, i.expires_at AS at, \
           CAST(NULL AS BIGINT) AS used_at, i.id AS id \
         FROM team_invitations i JOIN teams t ON t.id = i.team_id JOIN namespaces n ON n.id = t.organization_id \
         WHERE i.user_id = $1 AND i.expires_at > $2 AND n.deleted_at IS NULL ORDER BY i.expires_at, i.id LIMIT {SHOWN}"
    )
}
