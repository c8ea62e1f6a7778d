//! The list of repositories.

use std::collections::HashMap;
use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{ApiScope, RepositoryState, Standing, TeamRole, Visibility};
use domain::oci::NamespaceName;
use domain::principal::{Caller, Principal};
use domain::repository::{self, CatalogReader, ListQuery, Listed};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::ApiError;
use super::{asked, page, shapes};
use crate::web::services::Services;

/// Entries of a page.
const PAGE: i64 = 100;
const LIST: &str = "repositories";
/// Any of them lets a token see repositories.
const SCOPES: [ApiScope; 3] = [ApiScope::RepositoryRead, ApiScope::RepositoryWrite, ApiScope::RepositoryAdmin];

#[derive(Deserialize)]
struct Asked {
    namespace: Option<String>,
    public: Option<String>,
    starred: Option<String>,
    last_modified: Option<String>,
    popularity: Option<String>,
    limit: Option<i64>,
    next_page: Option<String>,
}

/// `GET /api/v1/repository`: everybody may ask, and sees what they may see.
pub async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let given: Asked = asked::query(&request)?;
    let (public, starred) = (asked::yes(given.public.as_deref()), asked::yes(given.starred.as_deref()));
    if given.namespace.is_none() && !public && !starred {
        return Err(ApiError::invalid("namespace, starred or public are required for this API call"));
    }
    if starred && !matches!(caller.principal, Principal::User { .. }) {
        return Err(ApiError::invalid("starred is for users: nobody else has stars"));
    }
    let containing = page::filter(&request)?;
    let reader = reader(&caller, &services).await?;
    let Ok(namespace) = given.namespace.as_deref().map(str::parse::<NamespaceName>).transpose() else {
        // What no namespace can be called has no repositories.
        return Ok(HttpResponse::Ok().json(json!({ "repositories": [] })));
    };
    let administers = administers(&caller, &services, namespace.as_ref(), &reader).await?;
    let query = ListQuery {
        namespace,
        with_public: public,
        starred,
        containing: containing.wanted().map(str::to_string),
        administers,
        after: page::key(LIST, given.next_page.as_deref())?.unwrap_or_default(),
        limit: given.limit.unwrap_or(PAGE).clamp(1, PAGE),
    };
    let (now, popularity) = (services.clock.now(), asked::yes(given.popularity.as_deref()));
    let is_user = matches!(reader.principal, Principal::User { .. });
    let (found, next, popular) = services
        .db
        .read(move |conn| {
            let (found, next) = repository::list(conn, &reader, &query)?;
            let of = found.iter().map(|listed| listed.id).collect();
            let popular = if popularity { Some(repository::popularity(conn, now, of)?) } else { None };
            Ok((found, next, popular))
        })
        .await?;
    let show = Show { modified: asked::yes(given.last_modified.as_deref()), popular, is_user };
    Ok(HttpResponse::Ok().json(Page {
        repositories: found.iter().map(|listed| show.one(listed)).collect(),
        next_page: next.map(|next| page::token(LIST, &next)),
    }))
}

/// Whose list it is. A token that says nothing of repositories shows what everybody sees.
async fn reader(caller: &Arc<Caller>, services: &Services) -> Result<CatalogReader, ApiError> {
    let standing = services.access.standing(caller).await?;
    if SCOPES.into_iter().any(|scope| caller.ceiling.allows(scope)) {
        return Ok(CatalogReader { principal: caller.principal.clone(), standing });
    }
    Ok(CatalogReader { principal: Principal::Anonymous, standing: Standing::Plain })
}

/// Whether all of the namespace is the reader's to see: one range of one index then.
async fn administers(
    caller: &Arc<Caller>,
    services: &Services,
    namespace: Option<&NamespaceName>,
    reader: &CatalogReader,
) -> Result<bool, ApiError> {
    let (Some(namespace), false) = (namespace, reader.principal == Principal::Anonymous) else { return Ok(false) };
    let scope = SCOPES.into_iter().find(|scope| caller.ceiling.allows(*scope)).unwrap_or(ApiScope::RepositoryRead);
    let found = services.access.namespace_role(caller, namespace, scope).await?;
    Ok(found.is_some_and(|(_, role)| role == Some(TeamRole::Admin)))
}

/// What is shown of each.
struct Show {
    modified: bool,
    popular: Option<HashMap<i64, i64>>,
    is_user: bool,
}

/// An entry in Quay's fields. Written as it is: values built first would cost more than the question to the database.
#[derive(Serialize)]
struct Shown<'l> {
    namespace: &'l str,
    name: &'l str,
    description: &'l str,
    is_public: bool,
    kind: &'static str,
    state: &'static str,
    /// There if asked for; null for what nobody pushed to.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_modified: Option<Option<i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    popularity: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_starred: Option<bool>,
}

/// A page of the list.
#[derive(Serialize)]
struct Page<'l> {
    repositories: Vec<Shown<'l>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page: Option<String>,
}

impl Show {
    fn one<'l>(&self, listed: &'l Listed) -> Shown<'l> {
        // A count, and a float in Quay's answers.
        let float = |times: i64| f64::from(i32::try_from(times).unwrap_or(i32::MAX));
        let popular = self.popular.as_ref();
        Shown {
            namespace: listed.name.namespace(),
            name: listed.name.path(),
            description: &listed.description,
            is_public: listed.visibility == Visibility::Public,
            kind: "image",
            state: state_word(listed.state),
            last_modified: self.modified.then(|| listed.pushed_at.map(shapes::seconds)),
            popularity: popular.map(|popular| float(popular.get(&listed.id).copied().unwrap_or(0))),
            is_starred: self.is_user.then_some(listed.starred),
        }
    }
}

/// Quay's word for a state.
pub fn state_word(state: RepositoryState) -> &'static str {
    match state {
        RepositoryState::Normal => "NORMAL",
        RepositoryState::ReadOnly => "READ_ONLY",
        RepositoryState::Mirror => "MIRROR",
    }
}
