//! Default permissions, which Quay calls prototypes.

use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, Authorized, Inspect, RepositoryRole};
use domain::default_permission::{self, Holder, Rule, Target};
use domain::error::{Error, Thing};
use domain::organization::Namespace;
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::page::{self, Wanted};
use super::shapes::{AvatarOf, avatar};
use crate::web::services::Services;

/// As many as an organization can have.
const AT_ONCE: i64 = 500;
/// Batches in one request; the answer says where to go on.
const BATCHES: usize = 200;

#[derive(Deserialize)]
struct NewPrototype {
    role: String,
    activating_user: Option<Activating>,
    delegate: Delegate,
}

#[derive(Deserialize)]
struct Activating {
    name: String,
}

#[derive(Deserialize)]
struct Delegate {
    name: String,
    kind: String,
}

#[derive(Deserialize)]
struct ChangedRole {
    role: String,
}

pub fn routes(config: &mut web::ServiceConfig) {
    let prototypes = "/organization/{organization}/prototypes";
    config
        .service(web::resource(asked::either(prototypes)).route(web::get().to(list)).route(web::post().to(create)))
        .service(web::resource(asked::either(&format!("{prototypes}/apply"))).route(web::post().to(apply)))
        .service(
            web::resource(asked::either(&format!("{prototypes}/{{prototype}}")))
                .route(web::put().to(change))
                .route(web::delete().to(delete)),
        );
}

/// `GET …/prototypes`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Inspect> = asked::organization(&request, &services).await?;
    let wanted: Wanted<i64> = Wanted::read(&request, "prototypes", AT_ONCE)?;
    let (limit, rows, after) = (wanted.limit, wanted.rows(), wanted.after.unwrap_or(0));
    let read = services.db.read(move |conn| default_permission::list(conn, &organization, after, rows));
    let rules = read.await?;
    let mut answer = json!({ "prototypes": rules.iter().map(shape).collect::<Vec<_>>() });
    page::continue_with(&mut answer, "prototypes", limit, &rules, |rule| rule.id);
    Ok(HttpResponse::Ok().json(answer))
}

/// `POST …/prototypes`
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let given: NewPrototype = asked::json(&body)?;
    let role = role(&given.role)?;
    if !matches!(given.delegate.kind.as_str(), "user" | "team") {
        let kind = asked::excerpt(&given.delegate.kind);
        return Err(ApiError::invalid(format!("The kind of a delegate is 'user' or 'team'; got '{kind}'")));
    }
    let id = (domain::entropy::uuid(&*services.entropy), services.clock.now());
    let write = services.db.write(move |tx| {
        let target = target(tx, &organization, &given)?;
        default_permission::create(tx, &organization, id, target, role)
    });
    Ok(HttpResponse::Ok().json(shape(&write.await?)))
}

/// Whom the rule is about. Names that nobody has are a wrong request here, not a thing that is missing.
fn target(
    conn: &mut domain::db::Conn,
    organization: &Authorized<Namespace, Admin>,
    given: &NewPrototype,
) -> domain::Result<Target> {
    let unknown = |field, message: &'static str| {
        move |error| match error {
            Error::NotFound(Thing::User(_) | Thing::Robot(_) | Thing::Team(_)) => Error::invalid(field, message),
            other => other,
        }
    };
    let creator = given.activating_user.as_ref().map(|user| {
        default_permission::grantee(conn, organization, &user.name)
            .map_err(unknown("activating_user", "Unknown activating user"))
    });
    let creator = creator.transpose()?;
    let delegate = &given.delegate;
    let grantee = match delegate.kind.as_str() {
        "team" => default_permission::team(conn, organization, &delegate.name),
        _ => default_permission::grantee(conn, organization, &delegate.name),
    };
    let grantee = grantee.map_err(unknown("delegate", "Missing delegate user or team"))?;
    Ok(Target { creator, grantee })
}

/// `PUT …/prototypes/<id>`
async fn change(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let given: ChangedRole = asked::json(&body)?;
    let role = role(&given.role)?;
    let (uuid, now) = (asked::segment(&request, "prototype"), services.clock.now());
    let write = services.db.write(move |tx| default_permission::set_role(tx, &organization, now, &uuid, role));
    Ok(HttpResponse::Ok().json(shape(&write.await?)))
}

/// `DELETE …/prototypes/<id>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let (uuid, now) = (asked::segment(&request, "prototype"), services.clock.now());
    services.db.write(move |tx| default_permission::remove(tx, &organization, now, &uuid)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST …/prototypes/apply`: to repositories that exist. What a batch did stays done if a later one fails; sending the
/// request again goes on, since nothing is granted twice.
async fn apply(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let organization: Authorized<Namespace, Admin> = asked::organization(&request, &services).await?;
    let wanted: Wanted<String> = Wanted::read(&request, "prototypes apply", 1)?;
    let mut after = wanted.after;
    let (mut repositories, mut grants) = (0, 0);
    for _ in 0..BATCHES {
        let (organization, now) = (organization.clone(), services.clock.now());
        let from = after.take().unwrap_or_default();
        let batch =
            move |tx: &mut domain::db::Tx<'_>| default_permission::apply_to_existing(tx, &organization, now, &from);
        let applied = services.db.write(batch).await?;
        repositories += applied.repositories;
        grants += applied.grants;
        after = applied.next;
        if after.is_none() {
            break;
        }
    }
    let mut answer = json!({ "repositories": repositories, "grants": grants });
    if let Some(after) = after {
        answer["next_page"] = json!(page::token("prototypes apply", &after));
    }
    Ok(HttpResponse::Ok().json(answer))
}

fn role(word: &str) -> Result<RepositoryRole, ApiError> {
    RepositoryRole::from_word(word).ok_or_else(|| {
        ApiError::invalid(format!("Roles are 'read', 'write' and 'admin'; got '{}'", asked::excerpt(word)))
    })
}

fn shape(rule: &Rule) -> Value {
    json!({
        "id": rule.uuid,
        "role": rule.role.as_str(),
        "activating_user": rule.creator.as_ref().map(holder),
        "delegate": holder(&rule.grantee),
    })
}

fn holder(holder: &Holder) -> Value {
    let name = holder.name();
    match holder {
        Holder::Team(_) => json!({ "name": name, "kind": "team", "avatar": avatar(name, AvatarOf::Team) }),
        Holder::User(_, is_member) => json!({
            "name": name, "kind": "user", "is_robot": false, "is_org_member": is_member,
            "avatar": avatar(name, AvatarOf::User),
        }),
        Holder::Robot(_) => json!({
            "name": name, "kind": "user", "is_robot": true, "is_org_member": true,
            "avatar": avatar(name, AvatarOf::Robot),
        }),
    }
}
