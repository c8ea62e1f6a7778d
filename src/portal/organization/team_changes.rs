//! What forms change about a team: its role, its description, who is in it, whether it is there.

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::Error;
use domain::access::{Admin, Authorized, Read, TeamRole, Write};
use domain::error::Thing;
use domain::oci::TeamName;
use domain::organization::Namespace;
use domain::team::{self, Addition, Entrance, invitation};
use serde::Deserialize;

use super::team::{Typed, refused};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::roles;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// The form of a team's role.
#[derive(Deserialize)]
pub struct NewRole {
    role: String,
}

/// The form of a team's description.
#[derive(Deserialize)]
pub struct NewDescription {
    description: String,
}

/// The form that names a member.
#[derive(Deserialize)]
pub struct Named {
    member: String,
}

type Names = Path<(String, String)>;

/// `POST /organization/<name>/teams/<team>/role`
///
/// # Errors
/// As [`team::put`], but for the last admin team, which is said on the page; to the page that asks for the password first,
/// if its members become admins.
pub async fn change_role(visit: Visit, path: Names, form: VerifiedForm<NewRole>) -> Result<HttpResponse, PageError> {
    let (name, team) = path.into_inner();
    let organization = visit.namespace::<Admin>(&name).await?;
    let Some(role) = TeamRole::from_word(&form.into_inner().role) else {
        return Err(Error::invalid("role", "Team roles are 'member', 'creator' and 'admin'").into());
    };
    if role == TeamRole::Admin {
        visit.require_fresh()?;
    }
    let back =
        visit.came_from_within(&urls::organization(&name)).unwrap_or_else(|| urls::organization_tab(&name, "teams"));
    match change_to(&visit, organization, &team, Some(role), None).await {
        Ok(()) => {
            let role = visit.text().say(roles::role_key(role));
            Ok(visit
                .go_saying(&back, Flash::done(visit.text().with2("teams-role-changed", "name", &team, "role", &role))))
        }
        Err(error) => Ok(visit.go_saying(&back, super::notice(&visit, error)?)),
    }
}

/// `POST /organization/<name>/teams/<team>/description`
///
/// # Errors
/// As [`team::put`], but for a description that is too long.
pub async fn describe(
    visit: Visit,
    path: Names,
    form: VerifiedForm<NewDescription>,
) -> Result<HttpResponse, PageError> {
    let (name, team) = path.into_inner();
    let organization = visit.namespace::<Admin>(&name).await?;
    // Browsers send the ends of lines in two letters.
    let typed = form.into_inner().description.replace("\r\n", "\n");
    match change_to(&visit, organization, &team, None, Some(typed.trim().to_string())).await {
        Ok(()) => {
            let flash = Flash::done(visit.text().say("team-described"));
            Ok(visit.go_saying(&urls::team(&name, &team), flash))
        }
        Err(PageError::Domain(error)) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            let typed = Typed { description: Some(typed), faults, ..Typed::default() };
            refused(&visit, (&name, &team), typed).await
        }
        Err(other) => Err(other),
    }
}

fn to_read(organization: &Authorized<Namespace, Admin>) -> Authorized<Namespace, Read> {
    Authorized::<Namespace, Write>::from(organization.clone()).into()
}

/// Whoever makes somebody an admin gave their password lately: an admin may do everything, and asks nobody.
async fn require_fresh_for(
    visit: &Visit,
    organization: &Authorized<Namespace, Admin>,
    team: &str,
) -> Result<(), PageError> {
    let (reading, team) = (to_read(organization), team.to_string());
    let team = visit.services.db.read(move |conn| team::one(conn, &reading, &team, true)).await?;
    if team.role == TeamRole::Admin { visit.require_fresh() } else { Ok(()) }
}

/// Changes a team that is there; what is not given stays.
async fn change_to(
    visit: &Visit,
    organization: Authorized<Namespace, Admin>,
    team: &str,
    role: Option<TeamRole>,
    description: Option<String>,
) -> Result<(), PageError> {
    let name: TeamName = team.parse().map_err(|_| PageError::NotFound)?;
    let now = visit.services.clock.now();
    let reading = to_read(&organization);
    let changed = visit.services.db.write(move |tx| {
        let old = team::one(tx, &reading, name.as_str(), true)?;
        team::put(tx, &organization, now, &name, role.unwrap_or(old.role), description.as_deref())
    });
    changed.await?;
    Ok(())
}

/// `POST /organization/<name>/teams/<team>/deletion`
///
/// # Errors
/// As [`team::delete`], but for the last admin team, which is said on the page.
pub async fn delete(visit: Visit, path: Names, _: VerifiedForm<Pressed>) -> Result<HttpResponse, PageError> {
    let (name, team) = path.into_inner();
    let organization = visit.namespace::<Admin>(&name).await?;
    let (who, now) = (team.clone(), visit.services.clock.now());
    let deleted = visit.services.db.write(move |tx| {
        team::by_name(tx, organization.id, &who)?;
        team::delete(tx, &organization, now, &who)
    });
    let flash = match deleted.await {
        Ok(()) => Flash::done(visit.text().with("teams-deleted", "name", &team)),
        Err(error) => super::notice(&visit, error.into())?,
    };
    Ok(visit.go_saying(&urls::people(&name, "teams"), flash))
}

/// `POST /organization/<name>/teams/<team>/members`
///
/// # Errors
/// As [`team::add_member`], but for a name that nobody has; to the page that asks for the password first, if the team's
/// members are admins.
pub async fn add_member(visit: Visit, path: Names, form: VerifiedForm<Named>) -> Result<HttpResponse, PageError> {
    let (name, team) = path.into_inner();
    let organization = visit.namespace::<Admin>(&name).await?;
    require_fresh_for(&visit, &organization, &team).await?;
    let member = form.into_inner().member.trim().to_string();
    let by_invitation = visit.services.settings.access.require_team_invitation;
    let codes = invitation::Codes::new(&visit.services.vault)?;
    let (to, who, now) = (team.clone(), member.clone(), visit.services.clock.now());
    let added = visit.services.db.write(move |tx| {
        let entrance = if by_invitation { Entrance::ByInvitation(&codes) } else { Entrance::Open };
        team::add_member(tx, &organization, now, (&to, &who), entrance)
    });
    let said = match added.await {
        Ok(Addition::Added(_)) => "team-member-added",
        Ok(Addition::AlreadyMember(_)) => "team-member-already",
        Ok(Addition::Invited(_)) => "team-member-invited",
        Err(error @ Error::NotFound(Thing::User(_) | Thing::Robot(_))) => {
            let key = if matches!(error, Error::NotFound(Thing::Robot(_))) { "team-no-robot" } else { "team-no-user" };
            let faults = Faults::one("member", visit.text().say(key));
            return refused(&visit, (&name, &team), Typed { member, faults, ..Typed::default() }).await;
        }
        Err(error) => return Err(error.into()),
    };
    let flash = Flash::done(visit.text().with2(said, "member", &member, "team", &team));
    Ok(visit.go_saying(&urls::team(&name, &team), flash))
}

/// `POST /organization/<name>/teams/<team>/members/removal`
///
/// # Errors
/// As [`team::remove_member`], but for the last admin, which is said on the page.
pub async fn remove_member(visit: Visit, path: Names, form: VerifiedForm<Named>) -> Result<HttpResponse, PageError> {
    let (name, team) = path.into_inner();
    let organization = visit.namespace::<Admin>(&name).await?;
    let member = form.into_inner().member;
    let (from, who, now) = (team.clone(), member.clone(), visit.services.clock.now());
    let removed = visit.services.db.write(move |tx| team::remove_member(tx, &organization, now, &from, &who)).await;
    let flash = match removed {
        Ok(()) => Flash::done(visit.text().with2("team-member-removed", "member", &member, "team", &team)),
        Err(error) => return Ok(visit.go_saying(&urls::team(&name, &team), super::notice(&visit, error.into())?)),
    };
    let is_oneself = visit.caller().principal.name() == member.as_str();
    // Whoever leaves may not look into it any more.
    let next = if is_oneself { urls::organization(&name) } else { urls::team(&name, &team) };
    Ok(visit.go_saying(&next, flash))
}
