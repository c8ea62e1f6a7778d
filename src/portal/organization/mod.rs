//! Organizations, and users as namespaces: the list, and the page with its tabs.

mod list;

use actix_web::web;
use domain::access::TeamRole;

/// Every page of organizations.
pub fn routes(config: &mut web::ServiceConfig) {
    config.service(
        web::resource("/organization").route(super::read().to(list::show)).route(web::post().to(list::create)),
    );
}

/// What a role is called, as a key of the texts.
fn role_key(role: TeamRole) -> &'static str {
    match role {
        TeamRole::Member => "role-member",
        TeamRole::Creator => "role-creator",
        TeamRole::Admin => "role-admin",
    }
}
