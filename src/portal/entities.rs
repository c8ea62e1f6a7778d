//! Completing names while somebody types: users, and to members the teams and robot accounts of a namespace.

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use domain::access::{ApiScope, TeamRole};
use domain::db::Conn;
use domain::directory;
use domain::ids::NamespaceId;
use domain::oci::NamespaceName;
use serde::Deserialize;

use super::problem::PageError;
use super::text::Text;
use super::visit::Visit;

/// Of each kind.
const MATCHES: i64 = 6;
const MAX_PREFIX: usize = 255;

/// What is looked for.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Wanted {
    q: String,
    namespace: String,
    /// `user`, `robot` and `team`, with commas between them.
    kinds: String,
}

#[derive(Template)]
#[template(path = "entities.html")]
struct Options {
    text: Text,
    found: Vec<Found>,
}

struct Found {
    name: String,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Team,
    User,
    Robot,
}

impl Found {
    /// The value of a form's field beside the name. Robot accounts are told from users by their names.
    fn field(&self) -> &'static str {
        if self.kind == Kind::Team { "team" } else { "user" }
    }

    fn icon(&self) -> &'static str {
        match self.kind {
            Kind::Team => "users",
            Kind::User => "user",
            Kind::Robot => "bot",
        }
    }

    fn label(&self) -> &'static str {
        match self.kind {
            Kind::Team => "entities-team",
            Kind::User => "entities-user",
            Kind::Robot => "entities-robot",
        }
    }
}

/// `GET /entities?q=&namespace=&kinds=`: options of a listbox. Nothing of a namespace for those who do not belong to it.
///
/// # Errors
/// To the sign-in page for whoever is not signed in; as the database's.
pub async fn matching(visit: Visit, wanted: Query<Wanted>) -> Result<HttpResponse, PageError> {
    let wanted = wanted.into_inner();
    let prefix = wanted.q.trim().to_lowercase();
    let within = within(&visit, &wanted.namespace).await?;
    if prefix.is_empty() || prefix.len() > MAX_PREFIX || prefix.contains('\0') {
        return Ok(visit.block(&Options { text: visit.text(), found: Vec::new() }));
    }
    let asks_for = |kind: &str| wanted.kinds.split(',').any(|wanted| wanted == kind);
    let kinds: Vec<Kind> = [("team", Kind::Team), ("robot", Kind::Robot), ("user", Kind::User)]
        .into_iter()
        .filter_map(|(word, kind)| asks_for(word).then_some(kind))
        .collect();
    let read = visit.services.db.read(move |conn| {
        let mut all = Vec::new();
        for kind in kinds {
            all.extend(found(conn, kind, within.as_ref(), &prefix)?);
        }
        Ok(all)
    });
    Ok(visit.block(&Options { text: visit.text(), found: read.await? }))
}

fn found(
    conn: &mut Conn,
    kind: Kind,
    within: Option<&(NamespaceId, String)>,
    prefix: &str,
) -> domain::Result<Vec<Found>> {
    let names = match (kind, within) {
        (Kind::User, _) => directory::users(conn, prefix, MATCHES)?,
        (Kind::Team, Some((id, _))) => directory::teams_of(conn, *id, prefix, MATCHES)?,
        (Kind::Robot, Some((id, namespace))) => {
            let short = prefix.strip_prefix(&format!("{namespace}+")).unwrap_or(prefix);
            let robots = directory::robots_of(conn, *id, short, MATCHES)?;
            robots.into_iter().map(|short| format!("{namespace}+{short}")).collect()
        }
        (Kind::Team | Kind::Robot, None) => Vec::new(),
    };
    Ok(names.into_iter().map(|name| Found { name, kind }).collect())
}

/// The namespace, if the visitor belongs to it.
async fn within(visit: &Visit, name: &str) -> Result<Option<(NamespaceId, String)>, PageError> {
    let caller = visit.user()?;
    let Ok(name) = name.parse::<NamespaceName>() else { return Ok(None) };
    let found: Option<(_, Option<TeamRole>)> =
        visit.services.access.namespace_role(caller, &name, ApiScope::OrganizationAdmin).await?;
    Ok(found.filter(|(_, role)| role.is_some()).map(|(namespace, _)| (namespace.id, namespace.name.clone())))
}
