//! Whose a namespace is: superusers who take one over, users who become organizations.

use diesel::prelude::*;
use serde_json::json;

use crate::access::{Admin, Authorized, Instance, Standing, TeamRole};
use crate::db::Tx;
use crate::db::schema::{namespaces, team_members, teams, users};
use crate::error::{Error, Result, Thing};
use crate::event::{self, Event, EventKind};
use crate::ids::{NamespaceId, UserId};
use crate::on_backend;
use crate::organization::{self, Namespace, OWNERS};
use crate::principal::Principal;
use crate::sentence::sentence;
use crate::time::Timestamp;

/// Makes the superuser an owner of a namespace. A user's becomes an organization, and the user is no more.
///
/// # Errors
/// `NotFound`; `Invalid` for a superuser's namespace; `Refused` for anybody but a user.
pub fn take(tx: &mut Tx<'_>, instance: &Authorized<Instance, Admin>, now: Timestamp, name: &str) -> Result<Namespace> {
    let Principal::User { id: me, name: my_name } = &instance.caller().principal else {
        return Err(Error::refused(sentence!("said-owners", "only users own organizations")));
    };
    let found = organization::by_name(tx, name)?.ok_or_else(|| Error::NotFound(Thing::Namespace(name.to_string())))?;
    if found.is_organization {
        join_owners(tx, found.id, *me, now)?;
    } else {
        convert(tx, found.id, *me, now)?;
    }
    tx.touch_access();
    let details = json!({ "entity": name, "was_user": !found.is_organization, "superuser": &**my_name });
    let event = Event::new(EventKind::TakeOwnership).namespace(found.id, name).details(details);
    event::record(tx, instance.caller(), now, event)?;
    Ok(Namespace { is_organization: true, ..found })
}

/// Makes a user's namespace an organization that `owner` owns. The user's account is removed with its sessions, tokens,
/// memberships and grants; repositories and robot accounts stay.
///
/// # Errors
/// `Invalid` if the user is a superuser or is to own themselves.
pub(crate) fn convert(tx: &mut Tx<'_>, namespace: NamespaceId, owner: UserId, now: Timestamp) -> Result<()> {
    let of_it = users::table.filter(users::namespace_id.eq(namespace.0));
    let (user, standing): (i64, Standing) = of_it.select((users::id, users::standing)).first(&mut **tx)?;
    if user == owner.0 {
        return Err(Error::invalid("namespace", sentence!("said-own-already", "The namespace is your own already")));
    }
    if standing == Standing::Superuser {
        return Err(Error::invalid(
            "namespace",
            sentence!("said-take-superuser", "Cannot take over the namespace of a superuser"),
        ));
    }
    diesel::delete(users::table.find(user)).execute(&mut **tx)?;
    diesel::update(namespaces::table.find(namespace.0)).set(namespaces::kind.eq("organization")).execute(&mut **tx)?;
    join_owners(tx, namespace, owner, now)?;
    tx.touch_access();
    Ok(())
}

/// Puts a user into the team `owners`, which is made again or made an admin team again if need be.
fn join_owners(tx: &mut Tx<'_>, organization: NamespaceId, user: UserId, now: Timestamp) -> Result<()> {
    let team = (
        teams::organization_id.eq(organization.0),
        teams::name.eq(OWNERS),
        teams::role.eq(TeamRole::Admin),
        teams::created_at.eq(now.0),
    );
    let owners: i64 = on_backend!(&mut *tx, c => diesel::insert_into(teams::table)
        .values(team)
        .on_conflict((teams::organization_id, teams::name))
        .do_update()
        .set(teams::role.eq(TeamRole::Admin))
        .returning(teams::id)
        .get_result(c))?;
    let member =
        (team_members::team_id.eq(owners), team_members::user_id.eq(user.0), team_members::created_at.eq(now.0));
    on_backend!(&mut *tx, c => diesel::insert_into(team_members::table)
        .values(member).on_conflict_do_nothing().execute(c))?;
    Ok(())
}
