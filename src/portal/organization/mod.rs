//! Organizations, and users as namespaces: the list, and the page with its tabs.

mod applications;
mod default_permissions;
mod deleted_repositories;
mod direct;
pub(super) mod head;
mod list;
pub mod logs;
mod new_repository;
mod people;
mod repositories;
mod repository_changes;
mod robots;
mod search;
mod settings;
mod tabs;
mod team;
mod team_changes;
mod team_permissions;
mod teams;

use actix_web::guard::fn_guard;
use actix_web::web;

use super::faults::Faults;
use super::flash::Flash;
use super::problem::PageError;
use super::read;
use super::visit::Visit;

/// Every page of organizations.
pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(applications::routes)
        .configure(robots::routes)
        .configure(default_permissions::routes)
        .service(web::resource("/organization").route(read().to(list::show)).route(web::post().to(list::create)))
        .route("/organization/{name}", read().to(tabs::organization))
        .route("/user/{name}", read().to(tabs::user))
        // The list of all repositories has the same address without the dialog.
        .route("/repository", read().guard(fn_guard(new_repository::is_asked_for)).to(new_repository::show))
        .route("/repository", web::post().to(new_repository::create))
        .route("/{kind:organization|user}/{name}/repositories/visibility", web::post().to(repository_changes::publish))
        .route("/{kind:organization|user}/{name}/repositories/deletion", web::post().to(repository_changes::delete))
        .route(
            "/{kind:organization|user}/{name}/repositories/restoration",
            web::post().to(deleted_repositories::restore),
        )
        .route("/organization/{name}/settings", web::post().to(settings::change))
        .route("/organization/{name}/name", web::post().to(settings::rename))
        .route("/organization/{name}/deletion", web::post().to(settings::delete))
        .route("/organization/{name}/members/{member}/removal", web::post().to(people::remove))
        .route("/organization/{name}/repositories/candidates", read().to(search::repositories))
        .route("/organization/{name}/teams", web::post().to(teams::create))
        .route("/organization/{name}/teams/{team}", read().to(team::show))
        .route("/organization/{name}/teams/{team}/role", web::post().to(team_changes::change_role))
        .route("/organization/{name}/teams/{team}/description", web::post().to(team_changes::describe))
        .route("/organization/{name}/teams/{team}/deletion", web::post().to(team_changes::delete))
        .route("/organization/{name}/teams/{team}/members", web::post().to(team_changes::add_member))
        .route("/organization/{name}/teams/{team}/members/removal", web::post().to(team_changes::remove_member))
        .route("/organization/{name}/teams/{team}/permissions", web::post().to(team_permissions::change));
}

/// What the domain says against a change that has no form to mend, as a notice.
///
/// # Errors
/// Everything that is a page of its own.
fn notice(visit: &Visit, error: PageError) -> Result<Flash, PageError> {
    let PageError::Domain(error) = error else { return Err(error) };
    let faults = Faults::from_domain(&visit.request, error)?;
    let said: Vec<&str> = faults.iter().map(|fault| fault.message.as_str()).collect();
    Ok(Flash::failed(said.join(" ")))
}
