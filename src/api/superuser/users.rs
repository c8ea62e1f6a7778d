//! All users, for superusers.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::{Admin, Authorized, Instance, Standing};
use domain::account::{self, ListedToken, NewUser, User};
use domain::db::blocking;
use domain::error::{Error, Thing};
use domain::oci::NamespaceName;
use domain::page::Containing;
use domain::second_factor;
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::error::ApiError;
use super::super::shapes::{self, AvatarOf};
use super::super::{asked, page};
use super::{Wanted, inspector, no_quota, superuser};
use crate::web::recovery;
use crate::web::services::Services;

const LIST: &str = "superuser users";
const TOKENS: &str = "superuser apptokens";
/// Tokens that end within this time are about to: as long as Quay's.
const ENDING_SOON: std::time::Duration = std::time::Duration::from_secs(7 * 24 * 3600);

#[derive(Deserialize)]
struct Filter {
    #[serde(default = "yes")]
    disabled: bool,
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
struct NewUserRequest {
    username: String,
    email: Option<String>,
}

#[derive(Deserialize)]
struct Change {
    password: Option<String>,
    email: Option<String>,
    enabled: Option<bool>,
    username: Option<String>,
}

#[derive(Deserialize)]
struct Expiring {
    expiring: Option<bool>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::either("/superuser/users")).route(web::get().to(list)).route(web::post().to(create)),
        )
        .service(
            web::resource(asked::either("/superuser/users/{username}"))
                .route(web::get().to(show))
                .route(web::put().to(change))
                .route(web::delete().to(delete)),
        )
        .service(web::resource(asked::either("/superuser/users/{username}/recovery")).route(web::post().to(recover)))
        .service(
            web::resource(asked::either("/superuser/users/{username}/secondfactor"))
                .route(web::delete().to(reset_second_factor)),
        )
        .service(
            web::resource(asked::either("/superusers/users/{username}/sendrecovery"))
                .route(web::post().to(send_recovery)),
        )
        .service(web::resource(asked::either("/superuser/apptokens")).route(web::get().to(tokens)));
}

/// A user as superusers see them.
fn shape(services: &Services, user: &User) -> Value {
    let standing = services.access.standing_of(user);
    json!({
        "kind": "user",
        "name": user.name,
        "username": user.name,
        "email": user.email,
        "verified": true,
        "avatar": shapes::avatar(&user.name, AvatarOf::User),
        "super_user": standing == Standing::Superuser,
        "global_readonly_super_user": standing == Standing::ReadOnlySuperuser,
        "enabled": user.enabled,
        "created": shapes::date(user.created_at),
        "quotas": [],
        "quota_report": no_quota(),
    })
}

/// `GET /api/v1/superuser/users/`
async fn list(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = inspector(&request, &services).await?;
    let (wanted, filter): (Wanted, Filter) = (Wanted::read(&request)?, asked::query(&request)?);
    let after: String = page::key(LIST, wanted.next_page.as_deref())?.unwrap_or_default();
    let walked = wanted.walked();
    let read = move |conn: &mut _| account::list_for_superusers(conn, &instance, &after, walked, !filter.disabled);
    let users = services.db.read(read).await?;
    let (users, next) = wanted.page(users, |user, part| part.is_in(&user.name), |user| user.name.clone());
    let users: Vec<Value> = users.iter().map(|user| shape(&services, user)).collect();
    let mut answer = json!({ "users": users });
    if let Some(next) = next {
        answer["next_page"] = json!(page::token(LIST, &next));
    }
    Ok(HttpResponse::Ok().json(answer))
}

/// `POST /api/v1/superuser/users/`: with a password of ours, shown this once.
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let given: NewUserRequest = asked::json(&body)?;
    let name: NamespaceName = given.username.parse()?;
    let password = account::generated_password(&*services.entropy);
    let password_hash = hash(&services, password.clone()).await?;
    let new = NewUser { name, email: given.email, password_hash: Some(password_hash), standing: Standing::Plain };
    let now = services.clock.now();
    let made = services.db.write(move |tx| {
        if let Some(email) = &new.email {
            account::require_email_free(tx, email)?;
        }
        account::create(tx, instance.caller(), now, &new)
    });
    let user = made.await.map_err(taken)?;
    Ok(HttpResponse::Ok().json(json!({
        "username": user.name,
        "email": user.email,
        "password": password,
        "encrypted_password": null,
    })))
}

/// `GET /api/v1/superuser/users/<username>`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    inspector(&request, &services).await?;
    let user = named(&request, &services).await?;
    Ok(HttpResponse::Ok().json(shape(&services, &user)))
}

/// `PUT /api/v1/superuser/users/<username>`
async fn change(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let given: Change = asked::json(&body)?;
    let user = named(&request, &services).await?;
    if given.enabled == Some(false) && services.access.standing_of(&user) == Standing::Superuser {
        return Err(ApiError::invalid("Cannot disable a superuser"));
    }
    let password_hash = match &given.password {
        Some(password) => {
            account::password::check_rule(password)?;
            Some(hash(&services, password.clone()).await?)
        }
        None => None,
    };
    let new_name: Option<NamespaceName> = given.username.as_deref().map(str::parse).transpose()?;
    let (now, name) = (services.clock.now(), user.name);
    let wanted = NewDetails { password_hash, email: given.email, enabled: given.enabled, new_name };
    let user = services.db.write(move |tx| apply(tx, &instance, now, &name, &wanted)).await.map_err(taken)?;
    Ok(HttpResponse::Ok().json(shape(&services, &user)))
}

struct NewDetails {
    password_hash: Option<String>,
    email: Option<String>,
    enabled: Option<bool>,
    new_name: Option<NamespaceName>,
}

/// All of it or nothing.
fn apply(
    tx: &mut domain::db::Tx<'_>,
    instance: &Authorized<Instance, Admin>,
    now: domain::time::Timestamp,
    name: &str,
    wanted: &NewDetails,
) -> domain::Result<User> {
    let caller = instance.caller();
    if let Some(hash) = &wanted.password_hash {
        account::set_password(tx, caller, now, name, hash)?;
    }
    if let Some(email) = &wanted.email {
        account::change_email(tx, instance, now, name, email)?;
    }
    if let Some(enabled) = wanted.enabled
        && account::by_name(tx, name)?.enabled != enabled
    {
        account::set_enabled(tx, caller, now, name, enabled)?;
    }
    match &wanted.new_name {
        Some(new) => {
            domain::naming::rename_user(tx, instance, now, name, new)?;
            account::by_name(tx, new.as_str())
        }
        None => account::by_name(tx, name),
    }
}

/// `DELETE /api/v1/superuser/users/<username>`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let user = named(&request, &services).await?;
    if services.access.standing_of(&user) == Standing::Superuser {
        return Err(ApiError::invalid("Cannot delete a superuser"));
    }
    let now = services.clock.now();
    services.db.write(move |tx| account::delete_user(tx, instance.caller(), now, &user.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `DELETE /api/v1/superuser/users/<username>/secondfactor`: for whoever lost it.
async fn reset_second_factor(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let user = named(&request, &services).await?;
    let now = services.clock.now();
    services.db.write(move |tx| second_factor::reset(tx, &instance, now, &user.name)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /api/v1/superuser/users/<username>/recovery`: a link with which they set a new password, shown this once.
async fn recover(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = superuser(&request, &services).await?;
    let user = named(&request, &services).await?;
    let (now, entropy) = (services.clock.now(), services.entropy.clone());
    let made = services.db.write(move |tx| account::make_recovery(tx, &instance, &*entropy, now, &user.name));
    let (secret, expires_at) = made.await?;
    let url = recovery::link(&services.settings, &secret);
    let answer = json!({ "url": url, "expiration": shapes::date(expires_at) });
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", "no-store")).json(answer))
}

/// `POST /api/v1/superusers/users/<username>/sendrecovery`: there is no mail yet.
async fn send_recovery(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    superuser(&request, &services).await?;
    let message =
        "This registry sends no mail; make a link to hand over with POST /api/v1/superuser/users/<username>/recovery";
    Err(ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "invalid_request", message))
}

/// `GET /api/v1/superuser/apptokens`
async fn tokens(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let instance = inspector(&request, &services).await?;
    let (wanted, Expiring { expiring }) = (Wanted::read(&request)?, asked::query(&request)?);
    let after: i64 = page::key(TOKENS, wanted.next_page.as_deref())?.unwrap_or(0);
    let walked = wanted.walked();
    let before = (expiring == Some(true)).then(|| services.clock.now().plus(ENDING_SOON));
    let read = move |conn: &mut _| account::list_application_tokens(conn, &instance, after, walked, before);
    let tokens = services.db.read(read).await?;
    let is_called = |token: &ListedToken, part: &Containing| part.is_in(&token.title) || part.is_in(&token.user);
    let (tokens, next) = wanted.page(tokens, is_called, |token| token.id);
    let date = |at: i64| shapes::date(domain::time::Timestamp(at));
    let shown: Vec<Value> = tokens
        .iter()
        .map(|token| {
            json!({
                "uuid": token.uuid,
                "title": token.title,
                "username": token.user,
                "created": date(token.created_at),
                "expiration": token.expires_at.map(date),
                "last_accessed": token.last_used_at.map(date),
            })
        })
        .collect();
    let mut answer = json!({ "tokens": shown, "only_expiring": expiring });
    if let Some(next) = next {
        answer["next_page"] = json!(page::token(TOKENS, &next));
    }
    Ok(HttpResponse::Ok().json(answer))
}

async fn named(request: &HttpRequest, services: &Services) -> Result<User, ApiError> {
    let name = asked::segment(request, "username");
    let found = match name.parse::<NamespaceName>() {
        Ok(name) => services.db.read(move |conn| account::by_name(conn, name.as_str())).await,
        Err(_) => return Err(ApiError::not_found()),
    };
    found.map_err(|error| match error {
        Error::NotFound(Thing::User(_)) => ApiError::not_found(),
        other => other.into(),
    })
}

async fn hash(services: &Services, password: String) -> Result<String, ApiError> {
    let entropy: Arc<dyn domain::entropy::Entropy> = services.entropy.clone();
    Ok(blocking(move || account::password::hash(&password, &*entropy)).await?)
}

fn taken(error: Error) -> ApiError {
    match error {
        Error::AlreadyExists(Thing::User(name) | Thing::Organization(name)) => {
            ApiError::invalid(format!("Username has already been taken by user cannot be reused: {name}"))
        }
        other => other.into(),
    }
}
