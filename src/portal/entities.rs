//! Completing names while somebody types: users, and to members the teams and robot accounts of a namespace. Where a field
//! asks for it, admins are offered to create what nobody is called.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Query;
use askama::Template;
use domain::access::{ApiScope, TeamRole};
use domain::db::Conn;
use domain::directory;
use domain::oci::{NamespaceName, RobotShortName, TeamName};
use domain::organization::Namespace;
use serde::Deserialize;

use super::problem::PageError;
use super::text::Text;
use super::urls;
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
    /// Whether what is not there can be created.
    new: String,
}

#[derive(Template)]
#[template(path = "entities.html")]
struct Options {
    text: Text,
    found: Vec<Found>,
    offers: Vec<Offer>,
}

struct Found {
    name: String,
    kind: Kind,
}

/// A dialog in which what was typed becomes somebody.
struct Offer {
    url: String,
    said: String,
}

/// The namespace, and what the visitor is in it.
struct Within {
    namespace: Arc<Namespace>,
    is_admin: bool,
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

/// `GET /entities?q=&namespace=&kinds=[&new=yes]`: options of a listbox. Nothing of a namespace for those who do not
/// belong to it.
///
/// # Errors
/// To the sign-in page for whoever is not signed in; as the database's.
pub async fn matching(visit: Visit, wanted: Query<Wanted>) -> Result<HttpResponse, PageError> {
    let wanted = wanted.into_inner();
    let prefix = wanted.q.trim().to_lowercase();
    let within = Within::named(&visit, &wanted.namespace).await?;
    let text = visit.text();
    if prefix.is_empty() || prefix.len() > MAX_PREFIX || prefix.contains('\0') {
        return Ok(visit.block(&Options { text, found: Vec::new(), offers: Vec::new() }));
    }
    let asks_for = |kind: &str| wanted.kinds.split(',').any(|wanted| wanted == kind);
    let kinds: Vec<Kind> = [("team", Kind::Team), ("robot", Kind::Robot), ("user", Kind::User)]
        .into_iter()
        .filter_map(|(word, kind)| asks_for(word).then_some(kind))
        .collect();
    let (namespace, asked, typed) = (within.as_ref().map(|one| one.namespace.clone()), kinds.clone(), prefix.clone());
    let read = visit.services.db.read(move |conn| {
        let mut all = Vec::new();
        for kind in kinds {
            all.extend(found(conn, kind, namespace.as_deref(), &prefix)?);
        }
        Ok(all)
    });
    let found = read.await?;
    let may_create = found.is_empty() && wanted.new == "yes";
    let offers = match within.filter(|one| may_create && one.is_admin) {
        Some(within) => asked.into_iter().filter_map(|kind| within.offer(kind, &typed, text)).collect(),
        None => Vec::new(),
    };
    Ok(visit.block(&Options { text, found, offers }))
}

fn found(conn: &mut Conn, kind: Kind, within: Option<&Namespace>, prefix: &str) -> domain::Result<Vec<Found>> {
    let names = match (kind, within) {
        (Kind::User, _) => directory::users(conn, prefix, MATCHES)?,
        (Kind::Team, Some(namespace)) => directory::teams_of(conn, namespace.id, prefix, MATCHES)?,
        (Kind::Robot, Some(namespace)) => {
            let robots = directory::robots_of(conn, namespace.id, short_of(prefix, &namespace.name), MATCHES)?;
            robots.into_iter().map(|short| format!("{}+{short}", namespace.name)).collect()
        }
        (Kind::Team | Kind::Robot, None) => Vec::new(),
    };
    Ok(names.into_iter().map(|name| Found { name, kind }).collect())
}

/// A robot account's name within its namespace, whichever way it is written.
fn short_of<'t>(typed: &'t str, namespace: &str) -> &'t str {
    typed.strip_prefix(namespace).and_then(|rest| rest.strip_prefix('+')).unwrap_or(typed)
}

impl Within {
    /// The namespace, if the visitor belongs to it.
    async fn named(visit: &Visit, name: &str) -> Result<Option<Within>, PageError> {
        let caller = visit.user()?;
        let Ok(name) = name.parse::<NamespaceName>() else { return Ok(None) };
        let found = visit.services.access.namespace_role(caller, &name, ApiScope::OrganizationAdmin).await?;
        Ok(found.and_then(|(namespace, role)| Some(Within { namespace, is_admin: role? == TeamRole::Admin })))
    }

    /// The dialog for a new one that is called so, if anything of this kind can be.
    fn offer(&self, kind: Kind, typed: &str, text: Text) -> Option<Offer> {
        let (name, is_user) = (self.namespace.name.as_str(), !self.namespace.is_organization);
        match kind {
            Kind::Team if !is_user && typed.parse::<TeamName>().is_ok() => Some(Offer {
                url: urls::new_team_named(name, typed),
                said: text.with("entities-create-team", "name", typed),
            }),
            Kind::Robot => {
                let short: RobotShortName = short_of(typed, name).parse().ok()?;
                Some(Offer {
                    url: urls::robot_dialog(name, is_user, "create", short.as_str()),
                    said: text.with("entities-create-robot", "name", short.as_str()),
                })
            }
            Kind::Team | Kind::User => None,
        }
    }
}
