//! People of an organization: members through its teams, collaborators through permissions alone.

use std::borrow::Borrow;

use actix_web::HttpResponse;
use actix_web::web::Path;
use domain::access::{Admin, Authorized, Inspect};
use domain::organization::{self, NameQuery, Namespace, PersonRow};
use domain::page::Page;

use crate::portal::flash::Flash;
use crate::portal::problem::PageError;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::{Pressed, VerifiedForm};

/// Which list of the tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    /// Teams.
    Teams,
    /// Users in a team.
    Members,
    /// Users in no team that some repository is granted to.
    Collaborators,
}

impl View {
    /// In the order of the page.
    pub const ALL: [View; 3] = [View::Teams, View::Members, View::Collaborators];

    /// In the address.
    pub fn word(self) -> &'static str {
        match self {
            View::Teams => "teams",
            View::Members => "members",
            View::Collaborators => "collaborators",
        }
    }

    /// Its name's key.
    pub fn label(self) -> &'static str {
        match self {
            View::Teams => "teams-view-teams",
            View::Members => "teams-view-members",
            View::Collaborators => "teams-view-collaborators",
        }
    }

    /// The view of an address.
    pub fn named(word: &str) -> Option<View> {
        View::ALL.into_iter().find(|view| view.word() == word)
    }

    /// Whether it is the one that is shown.
    pub fn is(self, other: impl Borrow<View>) -> bool {
        self == *other.borrow()
    }
}

/// A page of people.
pub(super) async fn found(
    visit: &Visit,
    organization: Authorized<Namespace, Inspect>,
    view: View,
    query: NameQuery,
) -> Result<Page<PersonRow>, PageError> {
    let read = visit.services.db.read(move |conn| match view {
        View::Collaborators => organization::collaborator_rows(conn, &organization, &query),
        View::Teams | View::Members => organization::member_rows(conn, &organization, &query),
    });
    Ok(read.await?)
}

/// `POST /organization/<name>/members/<member>/removal`: out of every team, with all direct permissions.
///
/// # Errors
/// As [`organization::remove_member`], but for the last admin, which is said on the page.
pub async fn remove(
    visit: Visit,
    path: Path<(String, String)>,
    _: VerifiedForm<Pressed>,
) -> Result<HttpResponse, PageError> {
    let (name, member) = path.into_inner();
    let organization = visit.namespace::<Admin>(&name).await?;
    let (who, now) = (member.clone(), visit.services.clock.now());
    let removed = visit.services.db.write(move |tx| organization::remove_member(tx, &organization, now, &who)).await;
    let back = urls::people(&name, "members");
    if let Err(error) = removed {
        return Ok(visit.go_saying(&back, super::notice(&visit, error.into())?));
    }
    let flash = Flash::done(visit.text().with2("teams-member-removed", "member", &member, "name", &name));
    let is_oneself = visit.caller().principal.name() == member.as_str();
    // Whoever leaves may not look into it any more.
    Ok(visit.go_saying(if is_oneself { urls::organizations() } else { &back }, flash))
}
