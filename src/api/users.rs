//! The signed-in user's account, and what others may know of it.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::Error;
use domain::access::{Admin, ApiScope, Standing, TeamRole};
use domain::account::{self, Membership, Profile, ProfileChanges};
use domain::ids::UserId;
use domain::oci::NamespaceName;
use domain::principal::{Caller, Principal};
use serde::Deserialize;
use serde_json::{Value, json};

use super::asked;
use super::error::ApiError;
use super::shapes::{AvatarOf, avatar};
use crate::web::origin;
use crate::web::register::{self, Newcomer};
use crate::web::services::Services;
use crate::web::session::{self, NEXT_CSRF_HEADER};

#[derive(Deserialize)]
struct NewAccount {
    username: String,
    password: String,
    email: Option<String>,
}

/// Nothing else about a user is read: neither standing nor whether they are enabled.
#[derive(Deserialize)]
struct Changes {
    username: Option<String>,
    password: Option<String>,
    email: Option<String>,
    invoice_email: Option<bool>,
    invoice_email_address: Option<String>,
    tag_expiration_s: Option<i64>,
    given_name: Option<String>,
    family_name: Option<String>,
    company: Option<String>,
    location: Option<String>,
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .service(
            web::resource(asked::either("/user"))
                .route(web::get().to(show))
                .route(web::put().to(change))
                .route(web::post().to(create))
                .route(web::delete().to(delete)),
        )
        .service(web::resource(asked::either("/users/{username}")).route(web::get().to(show_other)));
}

/// `GET /api/v1/user/`
async fn show(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    let id = readable(&caller).ok_or_else(nobody)?;
    Ok(HttpResponse::Ok().json(view(&services, &caller, id).await?))
}

/// `PUT /api/v1/user/`
async fn change(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    let caller = me.shared_caller();
    asked::require_fresh(&caller, &services)?;
    let given: Changes = asked::json(&body)?;
    if given.username.as_deref().is_some_and(|name| name != &*me.name) {
        return Err(ApiError::invalid("Users are renamed by a superuser: PUT /api/v1/superuser/users/<name>"));
    }
    if given.invoice_email.is_some() || given.invoice_email_address.is_some() || given.tag_expiration_s.is_some() {
        // These are the namespace's: a read-only superuser changes none, their own included.
        asked::namespace::<Admin>(&request, &services).await?;
    }
    let password_hash = match &given.password {
        None => None,
        Some(password) => Some(new_hash(&services, &caller, password).await?),
    };
    let changes = ProfileChanges {
        password_hash,
        email: given.email,
        given_name: given.given_name,
        family_name: given.family_name,
        company: given.company,
        location: given.location,
        invoice_email: given.invoice_email,
        invoice_email_address: given.invoice_email_address,
        tag_expiration_s: given.tag_expiration_s,
    };
    let (id, now) = (me.id, services.clock.now());
    services.db.write(move |tx| account::change_profile(tx, &me, now, &changes)).await?;
    Ok(HttpResponse::Ok().json(view(&services, &caller, id).await?))
}

/// `POST /api/v1/user/`: an account of one's own, where the settings allow it.
async fn create(
    request: HttpRequest,
    body: web::Bytes,
    services: web::Data<Services>,
) -> Result<HttpResponse, ApiError> {
    if !services.settings.accounts.registration {
        let message = "Accounts are made by superusers here (accounts.registration is off)";
        return Err(ApiError::new(StatusCode::NOT_FOUND, "not_found", message));
    }
    // A browser is signed in at once, so it must prove that its user meant to.
    let visitor = session::secret(&request, &services);
    if let Some(secret) = &visitor {
        session::require_proof(&request, &services, secret)?;
    }
    let given: NewAccount = asked::json(&body)?;
    let from = origin::of(&request, &services);
    let name: NamespaceName = given.username.parse()?;
    asked::new_password(&given.password)?;
    let newcomer = Newcomer { name, email: given.email, password: &given.password };
    let (user, secret) = register::register(&services, from.clone(), newcomer, visitor.is_some()).await?;
    let caller = Caller {
        principal: Principal::User { id: user.id, name: user.name.as_str().into() },
        ..Caller::anonymous(from)
    };
    let mut answer = HttpResponse::Ok();
    if let Some(secret) = secret {
        answer.insert_header((NEXT_CSRF_HEADER, services.csrf.proof(&secret)));
        answer.cookie(session::cookie(&services, secret));
    }
    Ok(answer.json(view(&services, &Arc::new(caller), user.id).await?))
}

/// `DELETE /api/v1/user/`
async fn delete(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let me = asked::myself(&request, &services, ApiScope::UserAdmin).await?;
    asked::require_fresh(me.caller(), &services)?;
    // With the account go its repositories, which a token for the account alone may not touch.
    asked::require_unlimited(me.caller(), "delete its user's account")?;
    // A read-only superuser changes no namespace, their own included.
    asked::namespace::<Admin>(&request, &services).await?;
    services.access.require_endable(&me.name)?;
    let now = services.clock.now();
    services.db.write(move |tx| account::delete_own(tx, &me, now)).await?;
    let mut answer = HttpResponse::NoContent().finish();
    let _ = answer.add_cookie(&session::no_cookie(&services));
    Ok(answer)
}

/// `GET /api/v1/users/<username>`
async fn show_other(request: HttpRequest, services: web::Data<Services>) -> Result<HttpResponse, ApiError> {
    let caller = asked::caller(&request, &services).await?;
    if let Principal::Anonymous = caller.principal {
        return Err(nobody());
    }
    services.access.standing(&caller).await?;
    let name = asked::segment(&request, "username");
    if let Principal::User { id, name: own } = &caller.principal
        && **own == *name
        && readable(&caller).is_some()
    {
        return Ok(HttpResponse::Ok().json(view(&services, &caller, *id).await?));
    }
    let name: NamespaceName = name.parse().map_err(|_| ApiError::not_found())?;
    let found = services.db.read(move |conn| account::by_name(conn, name.as_str())).await;
    let user = found.map_err(|error| match error {
        Error::NotFound(_) => ApiError::not_found(),
        other => other.into(),
    })?;
    let picture = avatar(&user.name, AvatarOf::User);
    Ok(HttpResponse::Ok().json(json!({ "anonymous": false, "username": user.name, "avatar": picture, "is_me": false })))
}

/// Whose account the caller may read: their own, if their token says so.
fn readable(caller: &Caller) -> Option<UserId> {
    let Principal::User { id, .. } = &caller.principal else { return None };
    caller.ceiling.covers(ApiScope::UserRead).then_some(*id)
}

/// To Quay a token that may not read the account is nobody's.
fn nobody() -> ApiError {
    Error::Unauthenticated("Requires authentication: sign in, or use a token with the scope user:read".into()).into()
}

/// Whoever sets a password may sign in with it, so a token that is less than its user must not.
async fn new_hash(services: &Services, caller: &Caller, password: &str) -> Result<String, ApiError> {
    asked::require_unlimited(caller, "set its user's password")?;
    asked::new_password(password)?;
    Ok(services.sign_in.hash_new(password, services.entropy.clone(), &caller.origin).await?)
}

/// A user as they see themselves.
async fn view(services: &Services, caller: &Arc<Caller>, id: UserId) -> Result<Value, ApiError> {
    let standing = services.access.standing(caller).await?;
    let known = services.db.read(move |conn| Ok((account::profile(conn, id)?, account::memberships(conn, id)?)));
    let (profile, memberships) = known.await?;
    let Profile { user, .. } = &profile;
    Ok(json!({
        "anonymous": false,
        "username": user.name,
        "avatar": avatar(&user.name, AvatarOf::User),
        "can_create_repo": standing != Standing::ReadOnlySuperuser,
        "is_me": true,
        "verified": true,
        "email": user.email,
        "logins": [],
        "invoice_email": profile.invoice_email,
        "invoice_email_address": profile.invoice_email_address,
        "preferred_namespace": false,
        "tag_expiration_s": profile.tag_expiration_s,
        "prompts": prompts(&profile),
        "company": profile.company,
        "family_name": profile.family_name,
        "given_name": profile.given_name,
        "location": profile.location,
        "is_free_account": true,
        "has_password_set": profile.has_password,
        "quotas": [],
        "quota_report": {
            "quota_bytes": 0,
            "configured_quota": null,
            "running_backfill": "waiting",
            "backfill_status": "waiting",
        },
        "organizations": memberships.iter().map(organization).collect::<Vec<_>>(),
        "super_user": standing == Standing::Superuser,
        "global_readonly_super_user": standing == Standing::ReadOnlySuperuser,
    }))
}

fn organization(membership: &Membership) -> Value {
    json!({
        "name": membership.organization,
        "avatar": avatar(&membership.organization, AvatarOf::Organization),
        "can_create_repo": membership.role >= TeamRole::Creator,
        "public": false,
        "is_org_admin": membership.role == TeamRole::Admin,
        "preferred_namespace": false,
    })
}

/// What a page may ask for; an empty text says "I would rather not".
fn prompts(profile: &Profile) -> Vec<&'static str> {
    let nameless = profile.given_name.is_none() && profile.family_name.is_none();
    let mut prompts = Vec::new();
    if nameless {
        prompts.push("enter_name");
    }
    if profile.company.is_none() {
        prompts.push("enter_company");
    }
    prompts
}
