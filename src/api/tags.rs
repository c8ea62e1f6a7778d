//! Tags of a repository, those that are and those that were.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Read, Write};
use domain::oci::{Digest, TagName};
use domain::tag::{self, Change, Entry, ListFilter, NameFilter, Pulls};
use domain::time::Timestamp;
use domain::{Error, Thing, manifest};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

use super::error::ApiError;
use super::{asked, page, shapes};
use crate::web::services::Services;

/// Entries of a page, unless it is said otherwise, and at most.
const PAGE: i64 = 50;
const MAX_PAGE: i64 = 100;
/// Numbers of pages lead so far; behind that there is `next_page` only.
const MAX_SKIPPED: i64 = 100_000;
const LIST: &str = "tags";
const MAX_FILTER: usize = 128;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    specific_tag: Option<String>,
    #[serde(rename = "filter_tag_name")]
    filter_tag_name: Option<String>,
    limit: Option<String>,
    page: Option<String>,
    only_active_tags: Option<String>,
    #[serde(rename = "next_page")]
    next_page: Option<String>,
}

#[derive(Deserialize)]
struct PutTag {
    manifest_digest: Option<String>,
    /// Seconds since 1970; null takes the end away.
    #[serde(default, deserialize_with = "said")]
    expiration: Option<Option<i64>>,
    immutable: Option<bool>,
}

#[derive(Deserialize)]
struct Restore {
    manifest_digest: String,
}

#[derive(Deserialize)]
struct Expire {
    manifest_digest: String,
    is_alive: Option<bool>,
}

/// A field that is there, null or not.
fn said<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<i64>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(web::resource(asked::in_repository("/tag/{tag}/restore")).route(web::post().to(restore)))
        .service(web::resource(asked::in_repository("/tag/{tag}/expire")).route(web::post().to(expire)))
        .service(
            web::resource(asked::in_repository("/tag/{tag}/pull_statistics")).route(web::get().to(pull_statistics)),
        )
        .service(
            web::resource(asked::in_repository("/tag/{tag}")).route(web::put().to(put)).route(web::delete().to(delete)),
        )
        .service(web::resource(asked::in_repository("/tag")).route(web::get().to(list)));
}

/// `GET …/tag/`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Read>(&request, &services).await?;
    let given: Asked = asked::query(&request)?;
    let limit = number(given.limit.as_deref(), "limit", "Limit to the number of results to return per page. Max 100.")?;
    let number = number(given.page.as_deref(), "page", "Page index for the results. Default 1.")?.unwrap_or(1).max(1);
    let limit = limit.unwrap_or(PAGE).clamp(1, MAX_PAGE);
    let after = page::key(LIST, given.next_page.as_deref())?;
    let skip = if after.is_some() { 0 } else { (number - 1).saturating_mul(limit) };
    if skip > MAX_SKIPPED {
        return Err(ApiError::invalid(format!(
            "Pages by number end at entry {MAX_SKIPPED}; go on with the next_page of the page before"
        )));
    }
    let filter = ListFilter {
        active: asked::yes(given.only_active_tags.as_deref()),
        name: name_filter(given.specific_tag, given.filter_tag_name.as_deref())?,
        after,
        skip,
        limit,
    };
    let now = services.clock.now();
    let (entries, next) = services.db.read(move |conn| tag::list(conn, &repository, now, &filter)).await?;
    Ok(HttpResponse::Ok().json(Shown {
        tags: entries.iter().map(ShownTag::of).collect(),
        page: number,
        has_additional: next.is_some(),
        next_page: next.map(|next| page::token(LIST, &next)),
    }))
}

fn number(given: Option<&str>, name: &str, help: &str) -> Result<Option<i64>, ApiError> {
    let Some(given) = given.filter(|given| !given.is_empty()) else { return Ok(None) };
    // Quay's clients find the parameter in the message.
    let wrong = |_| ApiError::invalid(help).and("message", json!({ name: help }));
    given.parse().map(Some).map_err(wrong)
}

fn name_filter(specific: Option<String>, filter: Option<&str>) -> Result<Option<NameFilter>, ApiError> {
    if let Some(name) = specific.filter(|name| !name.is_empty()) {
        return Ok(Some(NameFilter::Is(name)));
    }
    let Some(filter) = filter.filter(|filter| !filter.is_empty()) else { return Ok(None) };
    match filter.split_once(':') {
        Some(("eq", name)) if name.len() <= MAX_FILTER => Ok(Some(NameFilter::Is(name.to_string()))),
        Some(("like", part)) if part.len() <= MAX_FILTER => Ok(Some(NameFilter::Contains(part.to_string()))),
        _ => Err(ApiError::invalid(format!(
            "filter_tag_name is 'eq:' with a name or 'like:' with a part of one; got '{}'",
            asked::excerpt(filter)
        ))),
    }
}

/// A page of the list. Written as it is: values built first would cost more than the question to the database.
#[derive(Serialize)]
struct Shown<'e> {
    tags: Vec<ShownTag<'e>>,
    page: i64,
    has_additional: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page: Option<String>,
}

/// An entry in Quay's fields; some are there only for what has an end, or for indexes.
#[derive(Serialize)]
struct ShownTag<'e> {
    name: &'e str,
    reversion: bool,
    immutable: bool,
    start_ts: i64,
    manifest_digest: &'e str,
    is_manifest_list: bool,
    size: i64,
    last_modified: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_ts: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_sparse: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    child_manifest_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    present_child_count: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    child_manifests_presence: Option<&'e BTreeMap<String, bool>>,
}

impl ShownTag<'_> {
    fn of(entry: &Entry) -> ShownTag<'_> {
        let presence = entry.children.as_ref().map(|children| &children.presence);
        let present = presence.map(|all| all.values().filter(|present| **present).count());
        let listed = presence.map(BTreeMap::len);
        ShownTag {
            name: &entry.name,
            reversion: entry.reversion,
            immutable: false,
            start_ts: shapes::seconds(entry.started),
            manifest_digest: &entry.digest,
            is_manifest_list: entry.children.is_some(),
            size: entry.size,
            last_modified: shapes::date(entry.started),
            end_ts: entry.ended.map(shapes::seconds),
            expiration: entry.ended.map(shapes::date),
            is_sparse: listed.zip(present).map(|(listed, present)| present < listed),
            child_manifest_count: listed,
            present_child_count: present,
            child_manifests_presence: presence,
        }
    }
}

/// `PUT …/tag/<tag>`: points it, gives it an end, or both.
async fn put(request: HttpRequest, body: web::Bytes, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Write>(&request, &services).await?;
    let tag: TagName = asked::segment(&request, "tag").parse().map_err(|_| {
        let rule = "must match [A-Za-z0-9_.-], NOT start with \".\" or \"-\", and can contain 1-128 characters";
        ApiError::invalid(format!("Invalid tag: {rule}"))
    })?;
    let given: PutTag = asked::json(&body)?;
    if given.immutable == Some(true) {
        return Err(ApiError::invalid("Immutable tags are not available in this registry"));
    }
    let digest = given.manifest_digest.as_deref().map(str::parse::<Digest>).transpose()?;
    let end = |seconds: i64| Timestamp(seconds.saturating_mul(1000));
    let change = Change { digest, expires_at: given.expiration.map(|seconds| seconds.map(end)) };
    let now = services.clock.now();
    services.db.write(move |tx| tag::change(tx, &repository, now, &tag, &change)).await?;
    Ok(HttpResponse::Created().json("Updated"))
}

/// `DELETE …/tag/<tag>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Write>(&request, &services).await?;
    let tag = existing(&request)?;
    let now = services.clock.now();
    services.db.write(move |tx| manifest::delete_tag(tx, &repository, now, &tag)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST …/tag/<tag>/restore`: points it where it once did, or at anything else the repository has.
async fn restore(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Write>(&request, &services).await?;
    let tag = existing(&request)?;
    let given: Restore = asked::json(&body)?;
    let digest: Digest = given.manifest_digest.parse()?;
    let now = services.clock.now();
    services.db.write(move |tx| tag::restore(tx, &repository, now, &tag, &digest)).await?;
    Ok(HttpResponse::Ok().json(json!({})))
}

/// `POST …/tag/<tag>/expire`: takes a digest out of the tag's history for good.
async fn expire(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Write>(&request, &services).await?;
    let tag = existing(&request)?;
    let given: Expire = asked::json(&body)?;
    let digest: Digest = given.manifest_digest.parse()?;
    let now = services.clock.now();
    let alive = given.is_alive.unwrap_or(false);
    services.db.write(move |tx| tag::purge(tx, &repository, now, (&tag, &digest), alive)).await?;
    Ok(HttpResponse::Ok().json(""))
}

/// `GET …/tag/<tag>/pull_statistics`
async fn pull_statistics(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let repository = asked::repository::<Read>(&request, &services).await?;
    let (tag, now) = (existing(&request)?, services.clock.now());
    let name = tag.to_string();
    let (of_tag, digest, of_manifest) = services.db.read(move |conn| tag::pulls(conn, &repository, now, &tag)).await?;
    Ok(HttpResponse::Ok().json(json!({
        "tag_name": name,
        "tag_pull_count": of_tag.times,
        "last_tag_pull_date": last(of_tag),
        "current_manifest_digest": digest,
        "manifest_pull_count": of_manifest.times,
        "last_manifest_pull_date": last(of_manifest),
    })))
}

/// When it was pulled last.
pub fn last(pulls: Pulls) -> Option<String> {
    pulls.last.map(shapes::date)
}

/// The tag in the path; what can be no tag is not there.
fn existing(request: &HttpRequest) -> Result<TagName, ApiError> {
    let name = asked::segment(request, "tag");
    Ok(name.parse().map_err(|_| Error::NotFound(Thing::Tag(asked::excerpt(&name))))?)
}
