//! Every route of all doors, as every kind of actor.

use domain::access::{Standing, TeamRole};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use super::table;
use crate::support::{Actor, Image, OCI_MANIFEST, PASSWORD, PRIVATE, PUBLIC, TestApp, digest_of};

/// One way to ask for something.
pub struct Asking {
    /// Where the source has it.
    pub handler: &'static str,
    pub method: &'static str,
    /// `{repository}` stands for one and then the other, `{me}` for the actor's name.
    pub path: &'static str,
    body: Body,
    before: Before,
}

enum Body {
    None,
    Json(fn(&str) -> Value),
    Manifest,
    Blob,
    Form,
}

/// What must be there each time.
enum Before {
    Nothing,
    /// The image under its tag, pushed again by the superuser.
    Image,
    /// An upload of the actor's own, if they may begin one; its path takes the place of `{upload}`.
    Upload,
    /// The robot account at this path.
    Robot(&'static str),
    /// No robot account at this path.
    NoRobot(&'static str),
}

const fn ask(handler: &'static str, method: &'static str, path: &'static str, body: Body, before: Before) -> Asking {
    Asking { handler, method, path, body, before }
}

const fn get(handler: &'static str, path: &'static str) -> Asking {
    ask(handler, "GET", path, Body::None, Before::Nothing)
}

const ORG_ROBOT: &str = "/api/v1/organization/acme/robots/matrix";
const ORG_PERMISSIONS: &str = "/api/v1/organization/acme/robots/matrix/permissions";
const ORG_FEDERATION: &str = "/api/v1/organization/acme/robots/matrix/federation";
const OWN_ROBOT: &str = "/api/v1/user/robots/matrix";
const OWN_PERMISSIONS: &str = "/api/v1/user/robots/matrix/permissions";
const OWN_FEDERATION: &str = "/api/v1/user/robots/matrix/federation";
const MAIL_INVITATION: &str = "/api/v1/organization/acme/team/spare/invite/someone@example.com";

pub const ROUTES: &[Asking] = &[
    get("registry/Base GET", "/v2/"),
    get("registry/Token GET", "/v2/auth"),
    ask("registry/Token POST", "POST", "/v2/auth", Body::Form, Before::Nothing),
    get("registry/Catalog GET", "/v2/_catalog"),
    get("registry/Tags GET", "/v2/{repository}/tags/list"),
    ask("registry/Manifest GET", "GET", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Manifest GET", "HEAD", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Manifest PUT", "PUT", "/v2/{repository}/manifests/v1", Body::Manifest, Before::Image),
    ask("registry/Manifest DELETE", "DELETE", "/v2/{repository}/manifests/v1", Body::None, Before::Image),
    ask("registry/Blob GET", "GET", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Blob GET", "HEAD", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Blob DELETE", "DELETE", "/v2/{repository}/blobs/{layer}", Body::None, Before::Image),
    ask("registry/Uploads POST", "POST", "/v2/{repository}/blobs/uploads/", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/{repository}/blobs/uploads/?digest={layer}", Body::Blob, Before::Nothing),
    ask(
        "registry/Uploads POST",
        "POST",
        "/v2/{repository}/blobs/uploads/?mount={layer}&from=acme/public",
        Body::None,
        Before::Image,
    ),
    ask("registry/Upload GET", "GET", "{upload}", Body::None, Before::Upload),
    ask("registry/Upload PATCH", "PATCH", "{upload}", Body::Blob, Before::Upload),
    ask("registry/Upload PUT", "PUT", "{upload}?digest={layer}", Body::Blob, Before::Upload),
    ask("registry/Upload DELETE", "DELETE", "{upload}", Body::None, Before::Upload),
    ask("registry/Referrers GET", "GET", "/v2/{repository}/referrers/{layer}", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/acme/{me}-pushed/blobs/uploads/", Body::None, Before::Nothing),
    ask("registry/Uploads POST", "POST", "/v2/{me}-corp/web/blobs/uploads/", Body::None, Before::Nothing),
    get("registry/search::ping", "/v1/_ping"),
    get("registry/search::search", "/v1/search?q=acme"),
    ask("api/initialize::initialize", "POST", "/api/v1/user/initialize", Body::Json(first_user), Before::Nothing),
    get("api/users::show", "/api/v1/user/"),
    ask("api/organizations::create", "POST", "/api/v1/organization/", Body::Json(organization), Before::Nothing),
    ask("api/teams::put", "PUT", "/api/v1/organization/acme/team/{me}-team", Body::Json(team), Before::Nothing),
    ask(
        "api/teams::add_member",
        "PUT",
        "/api/v1/organization/acme/team/spare/members/dummy",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/teams::remove_member",
        "DELETE",
        "/api/v1/organization/acme/team/spare/members/dummy",
        Body::None,
        Before::Nothing,
    ),
    ask("api/robots::show", "GET", ORG_ROBOT, Body::None, Before::Robot(ORG_ROBOT)),
    ask("api/robots::create", "PUT", ORG_ROBOT, Body::Json(nothing), Before::NoRobot(ORG_ROBOT)),
    ask(
        "api/robots::regenerate",
        "POST",
        "/api/v1/organization/acme/robots/matrix/regenerate",
        Body::None,
        Before::Robot(ORG_ROBOT),
    ),
    ask("api/robots::delete", "DELETE", ORG_ROBOT, Body::None, Before::Robot(ORG_ROBOT)),
    ask("api/robots::create", "PUT", OWN_ROBOT, Body::Json(nothing), Before::Nothing),
    ask("api/robots::show", "GET", OWN_ROBOT, Body::None, Before::Nothing),
    ask("api/robots::regenerate", "POST", "/api/v1/user/robots/matrix/regenerate", Body::None, Before::Nothing),
    ask("api/robots::describe", "PATCH", OWN_ROBOT, Body::Json(nothing), Before::Nothing),
    ask("api/robots::permissions", "GET", OWN_PERMISSIONS, Body::None, Before::Nothing),
    ask("api/federation::show", "GET", OWN_FEDERATION, Body::None, Before::Nothing),
    ask("api/federation::replace", "POST", OWN_FEDERATION, Body::Json(identities), Before::Nothing),
    ask("api/federation::clear", "DELETE", OWN_FEDERATION, Body::None, Before::Nothing),
    ask("api/robots::delete", "DELETE", OWN_ROBOT, Body::None, Before::Nothing),
    get("api/organizations::show", "/api/v1/organization/acme"),
    ask("api/organizations::change", "PUT", "/api/v1/organization/acme", Body::Json(nothing), Before::Nothing),
    get("api/organizations::private_allowed", "/api/v1/organization/acme/private"),
    get("api/members::list", "/api/v1/organization/acme/members"),
    get("api/members::show", "/api/v1/organization/acme/members/olivia"),
    ask("api/members::remove", "DELETE", "/api/v1/organization/acme/members/dummy", Body::None, Before::Nothing),
    get("api/members::collaborators", "/api/v1/organization/acme/collaborators"),
    get("api/teams::list_members", "/api/v1/organization/acme/team/spare/members"),
    get("api/teams::permissions", "/api/v1/organization/acme/team/spare/permissions"),
    ask("api/teams::delete", "DELETE", "/api/v1/organization/acme/team/{me}-team", Body::None, Before::Nothing),
    get("api/teams::no_such_method", "/api/v1/organization/acme/team/spare/syncing"),
    ask("api/teams::no_such_method", "PUT", MAIL_INVITATION, Body::None, Before::Nothing),
    ask("api/teams::no_such_method", "DELETE", MAIL_INVITATION, Body::None, Before::Nothing),
    get("api/invitations::list", "/api/v1/user/invitations"),
    ask("api/invitations::accept", "PUT", "/api/v1/teaminvite/none", Body::None, Before::Nothing),
    ask("api/invitations::decline", "DELETE", "/api/v1/teaminvite/none", Body::None, Before::Nothing),
    get("api/prototypes::list", "/api/v1/organization/acme/prototypes"),
    ask("api/prototypes::create", "POST", "/api/v1/organization/acme/prototypes", Body::Json(rule), Before::Nothing),
    ask(
        "api/prototypes::change",
        "PUT",
        "/api/v1/organization/acme/prototypes/none",
        Body::Json(role),
        Before::Nothing,
    ),
    ask("api/prototypes::delete", "DELETE", "/api/v1/organization/acme/prototypes/none", Body::None, Before::Nothing),
    ask("api/prototypes::apply", "POST", "/api/v1/organization/acme/prototypes/apply", Body::None, Before::Nothing),
    get("api/robots::list", "/api/v1/organization/acme/robots"),
    get("api/robots::list", "/api/v1/user/robots"),
    ask("api/robots::describe", "PATCH", ORG_ROBOT, Body::Json(nothing), Before::Robot(ORG_ROBOT)),
    ask("api/robots::permissions", "GET", ORG_PERMISSIONS, Body::None, Before::Robot(ORG_ROBOT)),
    ask("api/federation::show", "GET", ORG_FEDERATION, Body::None, Before::Robot(ORG_ROBOT)),
    ask("api/federation::replace", "POST", ORG_FEDERATION, Body::Json(identities), Before::Robot(ORG_ROBOT)),
    ask("api/federation::clear", "DELETE", ORG_FEDERATION, Body::None, Before::Robot(ORG_ROBOT)),
    get("api/federation::exchange", "/oauth2/federation/robot/token"),
    ask("api/organizations::delete", "DELETE", "/api/v1/organization/org-of-{me}", Body::None, Before::Nothing),
    ask("api/repositories::create", "POST", "/api/v1/repository", Body::Json(in_acme), Before::Nothing),
    ask(
        "api/repositories::change_visibility",
        "POST",
        "/api/v1/repository/{repository}/changevisibility",
        Body::Json(visibility),
        Before::Nothing,
    ),
    ask(
        "api/permissions::grant_user",
        "PUT",
        "/api/v1/repository/{repository}/permissions/user/dummy",
        Body::Json(role),
        Before::Nothing,
    ),
    ask(
        "api/permissions::grant_team",
        "PUT",
        "/api/v1/repository/{repository}/permissions/team/spare",
        Body::Json(role),
        Before::Nothing,
    ),
    ask("api/repository_list::list", "GET", "/api/v1/repository?namespace=acme", Body::None, Before::Nothing),
    ask("api/repositories::show", "GET", "/api/v1/repository/{repository}", Body::None, Before::Nothing),
    ask("api/repositories::describe", "PUT", "/api/v1/repository/{repository}", Body::Json(text), Before::Nothing),
    ask(
        "api/repositories::change_state",
        "PUT",
        "/api/v1/repository/{repository}/changestate",
        Body::Json(state),
        Before::Nothing,
    ),
    ask(
        "api/permissions::list_users",
        "GET",
        "/api/v1/repository/{repository}/permissions/user/",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/permissions::list_teams",
        "GET",
        "/api/v1/repository/{repository}/permissions/team/",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/permissions::show_user",
        "GET",
        "/api/v1/repository/{repository}/permissions/user/dummy",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/permissions::show_team",
        "GET",
        "/api/v1/repository/{repository}/permissions/team/spare",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/permissions::transitive",
        "GET",
        "/api/v1/repository/{repository}/permissions/user/dummy/transitive",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/permissions::revoke_user",
        "DELETE",
        "/api/v1/repository/{repository}/permissions/user/dummy",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/permissions::revoke_team",
        "DELETE",
        "/api/v1/repository/{repository}/permissions/team/spare",
        Body::None,
        Before::Nothing,
    ),
    ask("api/tags::list", "GET", "/api/v1/repository/{repository}/tag/", Body::None, Before::Image),
    ask(
        "api/tags::pull_statistics",
        "GET",
        "/api/v1/repository/{repository}/tag/v1/pull_statistics",
        Body::None,
        Before::Image,
    ),
    ask("api/tags::put", "PUT", "/api/v1/repository/{repository}/tag/v1", Body::Json(expiration), Before::Image),
    ask(
        "api/tags::restore",
        "POST",
        "/api/v1/repository/{repository}/tag/v1/restore",
        Body::Json(nothing),
        Before::Image,
    ),
    ask(
        "api/tags::expire",
        "POST",
        "/api/v1/repository/{repository}/tag/v1/expire",
        Body::Json(nothing),
        Before::Image,
    ),
    ask("api/tags::delete", "DELETE", "/api/v1/repository/{repository}/tag/v1", Body::None, Before::Image),
    ask("api/manifests::show", "GET", "/api/v1/repository/{repository}/manifest/{layer}", Body::None, Before::Nothing),
    ask(
        "api/manifests::pull_statistics",
        "GET",
        "/api/v1/repository/{repository}/manifest/{layer}/pull_statistics",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/labels::list",
        "GET",
        "/api/v1/repository/{repository}/manifest/{layer}/labels",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/labels::add",
        "POST",
        "/api/v1/repository/{repository}/manifest/{layer}/labels",
        Body::Json(label),
        Before::Nothing,
    ),
    ask(
        "api/labels::show",
        "GET",
        "/api/v1/repository/{repository}/manifest/{layer}/labels/none",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/labels::delete",
        "DELETE",
        "/api/v1/repository/{repository}/manifest/{layer}/labels/none",
        Body::None,
        Before::Nothing,
    ),
    ask("api/logs::entries", "GET", "/api/v1/repository/{repository}/logs", Body::None, Before::Nothing),
    ask("api/logs::aggregate", "GET", "/api/v1/repository/{repository}/aggregatelogs", Body::None, Before::Nothing),
    ask(
        "api/log_exports::request",
        "POST",
        "/api/v1/repository/{repository}/exportlogs",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask("api/log_exports::list", "GET", "/api/v1/repository/{repository}/logs/exports", Body::None, Before::Nothing),
    ask(
        "api/log_exports::stream",
        "GET",
        "/api/v1/repository/{repository}/logs/export?format=jsonl",
        Body::None,
        Before::Nothing,
    ),
    ask("api/logs::entries", "GET", "/api/v1/organization/acme/logs", Body::None, Before::Nothing),
    ask("api/logs::aggregate", "GET", "/api/v1/organization/acme/aggregatelogs", Body::None, Before::Nothing),
    ask(
        "api/log_exports::request",
        "POST",
        "/api/v1/organization/acme/exportlogs",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask("api/log_exports::list", "GET", "/api/v1/organization/acme/logs/exports", Body::None, Before::Nothing),
    ask(
        "api/log_exports::stream",
        "GET",
        "/api/v1/organization/acme/logs/export?format=jsonl",
        Body::None,
        Before::Nothing,
    ),
    ask("api/logs::entries", "GET", "/api/v1/user/logs", Body::None, Before::Nothing),
    ask("api/logs::aggregate", "GET", "/api/v1/user/aggregatelogs", Body::None, Before::Nothing),
    ask("api/log_exports::request", "POST", "/api/v1/user/exportlogs", Body::Json(nothing), Before::Nothing),
    ask("api/log_exports::list", "GET", "/api/v1/user/logs/exports", Body::None, Before::Nothing),
    ask("api/log_exports::stream", "GET", "/api/v1/user/logs/export?format=jsonl", Body::None, Before::Nothing),
    ask("api/logs::entries", "GET", "/api/v1/superuser/logs", Body::None, Before::Nothing),
    ask("api/logs::aggregate", "GET", "/api/v1/superuser/aggregatelogs", Body::None, Before::Nothing),
    ask("api/log_exports::list", "GET", "/api/v1/superuser/logs/exports", Body::None, Before::Nothing),
    ask("api/log_exports::stream", "GET", "/api/v1/superuser/logs/export?format=csv", Body::None, Before::Nothing),
    ask("api/log_exports::request", "POST", "/api/v1/superuser/exportlogs", Body::Json(nothing), Before::Nothing),
    ask("api/log_exports::fetch", "GET", "/exportedlogs/none", Body::None, Before::Nothing),
    ask(
        "api/later::notifications",
        "GET",
        "/api/v1/repository/{repository}/notification/",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/later::off_here",
        "POST",
        "/api/v1/repository/{repository}/notification/",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask("api/later::off_here", "GET", "/api/v1/organization/acme/quota", Body::None, Before::Nothing),
    ask("api/later::gone", "GET", "/api/v1/repository/{repository}/tokens/", Body::None, Before::Nothing),
    get("registry/search::retired", "/v1/users/"),
    get("api/superuser/users::list", "/api/v1/superuser/users/"),
    ask("api/superuser/users::create", "POST", "/api/v1/superuser/users/", Body::Json(made_user), Before::Nothing),
    get("api/superuser/users::show", "/api/v1/superuser/users/dummy"),
    ask("api/superuser/users::change", "PUT", "/api/v1/superuser/users/dummy", Body::Json(nothing), Before::Nothing),
    ask("api/superuser/users::delete", "DELETE", "/api/v1/superuser/users/no-{me}", Body::None, Before::Nothing),
    ask("api/superuser/users::recover", "POST", "/api/v1/superuser/users/dummy/recovery", Body::None, Before::Nothing),
    ask(
        "api/superuser/users::reset_second_factor",
        "DELETE",
        "/api/v1/superuser/users/dummy/secondfactor",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/superuser/users::send_recovery",
        "POST",
        "/api/v1/superusers/users/dummy/sendrecovery",
        Body::Json(nothing),
        Before::Nothing,
    ),
    get("api/superuser/users::tokens", "/api/v1/superuser/apptokens"),
    get("api/superuser/organizations::list", "/api/v1/superuser/organizations/"),
    ask(
        "api/superuser/organizations::change",
        "PUT",
        "/api/v1/superuser/organizations/acme",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask(
        "api/superuser/organizations::delete",
        "DELETE",
        "/api/v1/superuser/organizations/no-{me}",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/superuser/organizations::take_ownership",
        "POST",
        "/api/v1/superuser/takeownership/no-{me}",
        Body::None,
        Before::Nothing,
    ),
    get("api/superuser/organizations::quota", "/api/v1/superuser/organization/acme/quota"),
    get("api/superuser/organizations::quota", "/api/v1/superuser/users/dummy/quota"),
    get("api/superuser/deleted::list", "/api/v1/superuser/deleted"),
    ask(
        "api/superuser/deleted::restore",
        "POST",
        "/api/v1/superuser/deleted/user/1/restore",
        Body::Json(nothing),
        Before::Nothing,
    ),
    get("api/superuser/registry::size", "/api/v1/superuser/registrysize/"),
    ask(
        "api/superuser/registry::count",
        "POST",
        "/api/v1/superuser/registrysize/",
        Body::Json(nothing),
        Before::Nothing,
    ),
    get("api/superuser/registry::status", "/api/v1/superuser/registrystatus"),
    get("api/superuser/registry::changelog", "/api/v1/superuser/changelog/"),
    get("api/superuser/registry::config_in_force", "/api/v1/superuser/config"),
    get("api/superuser/registry::mirror_health", "/api/v1/superuser/mirror/health"),
    get("api/superuser/registry::build", "/api/v1/superuser/none/build"),
    get("api/superuser/registry::build", "/api/v1/superuser/none/status"),
    get("api/superuser/registry::build", "/api/v1/superuser/none/logs"),
    get("api/superuser/registry::build", "/api/v1/superuser/none/logs/archive"),
    get("api/keys::list", "/api/v1/superuser/keys"),
    ask("api/keys::create", "POST", "/api/v1/superuser/keys", Body::Json(nothing), Before::Nothing),
    get("api/keys::show", "/api/v1/superuser/keys/none"),
    ask("api/keys::refuse_change", "PUT", "/api/v1/superuser/keys/none", Body::Json(nothing), Before::Nothing),
    ask("api/keys::refuse_change", "DELETE", "/api/v1/superuser/keys/none", Body::None, Before::Nothing),
    ask("api/keys::refuse_change", "POST", "/api/v1/superuser/approvedkeys/none", Body::Json(nothing), Before::Nothing),
    get("api/keys::key_set", "/keys/services/quay/keys"),
    get("api/keys::public_key", "/keys/services/quay/keys/none"),
    get("api/messages::list", "/api/v1/messages"),
    ask("api/messages::post", "POST", "/api/v1/messages", Body::Json(message), Before::Nothing),
    ask("api/messages::delete", "DELETE", "/api/v1/message/none", Body::None, Before::Nothing),
    ask("api/entities::link", "POST", "/api/v1/entities/link/dummy", Body::Json(nothing), Before::Nothing),
    get("api/entities::matching", "/api/v1/entities/dum?namespace=acme&includeTeams=true"),
    get("api/find::everything", "/api/v1/find/all?query=p"),
    get("api/find::repositories", "/api/v1/find/repositories?query=p"),
    get("api/registry_facts::capabilities", "/api/v1/registry/capabilities"),
    get("api/registry_facts::explain", "/api/v1/error/not_found"),
    get("api/operations::discovery", "/api/v1/discovery"),
    get("api/operations::openapi", "/api/v1/openapi.json"),
    get("api/page::show", "/api/v1/docs"),
    get("api/builds::builds", "/api/v1/repository/{repository}/build/"),
    ask("api/builds::build", "POST", "/api/v1/repository/{repository}/build/", Body::Json(nothing), Before::Nothing),
    get("api/builds::no_build", "/api/v1/repository/{repository}/build/none"),
    ask(
        "api/builds::no_build_to_change",
        "DELETE",
        "/api/v1/repository/{repository}/build/none",
        Body::None,
        Before::Nothing,
    ),
    get("api/builds::no_such_build", "/api/v1/repository/{repository}/build/none/status"),
    get("api/builds::no_such_build", "/api/v1/repository/{repository}/build/none/logs"),
    get("api/builds::triggers", "/api/v1/repository/{repository}/trigger/"),
    get("api/builds::no_trigger", "/api/v1/repository/{repository}/trigger/none"),
    ask(
        "api/builds::no_trigger_to_change",
        "PUT",
        "/api/v1/repository/{repository}/trigger/none",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask(
        "api/builds::no_trigger_to_change",
        "DELETE",
        "/api/v1/repository/{repository}/trigger/none",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/builds::no_trigger_to_change",
        "POST",
        "/api/v1/repository/{repository}/trigger/none/activate",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask(
        "api/builds::no_trigger_to_change",
        "POST",
        "/api/v1/repository/{repository}/trigger/none/start",
        Body::Json(nothing),
        Before::Nothing,
    ),
    get("api/builds::builds_of_trigger", "/api/v1/repository/{repository}/trigger/none/builds"),
    get("api/builds::retired_token", "/api/v1/repository/{repository}/tokens/"),
    get("api/builds::retired_token", "/api/v1/repository/{repository}/tokens/none"),
    ask(
        "api/builds::no_new_tokens",
        "POST",
        "/api/v1/repository/{repository}/tokens/",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask(
        "api/builds::retired_token_to_change",
        "PUT",
        "/api/v1/repository/{repository}/tokens/none",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask(
        "api/builds::retired_token_to_change",
        "DELETE",
        "/api/v1/repository/{repository}/tokens/none",
        Body::None,
        Before::Nothing,
    ),
    get("api/builds::security", "/api/v1/repository/{repository}/manifest/{layer}/security"),
    get("api/boot::show", "/config"),
    get("api/boot::app_capabilities", "/.well-known/app-capabilities"),
    get("api/boot::change_password", "/.well-known/change-password"),
    get("api/boot::search_description", "/opensearch.xml"),
    get("api/boot::badge", "/repository/{repository}/status"),
    get("web/health::ping", "/_internal_ping"),
    get("portal/landing::show", "/"),
    get("portal/setup::show", "/setup"),
    ask("portal/setup::submit", "POST", "/setup", Body::Form, Before::Nothing),
    get("portal/setup::done", "/setup/done?user=olivia"),
    get("web/health::live", "/health/live"),
    get("web/health::ready", "/health/ready"),
    get("web/health::quay", "/health/instance"),
    get("web/health::quay", "/health/endtoend"),
    get("web/health::metrics", "/metrics"),
    get("web/assets::file", "/static/css/pierhead.css"),
    get("web/assets::favicon", "/favicon.ico"),
    get("web/assets::robots", "/robots.txt"),
    ask("api/session::sign_in", "POST", "/api/v1/signin", Body::Json(nothing), Before::Nothing),
    ask("api/session::verify", "POST", "/api/v1/signin/verify", Body::Json(password), Before::Nothing),
    ask("api/session::sign_out", "POST", "/api/v1/signout", Body::Json(nothing), Before::Nothing),
    ask("api/session::csrf_token", "GET", "/csrf_token", Body::None, Before::Nothing),
    ask("api/users::change", "PUT", "/api/v1/user/", Body::Json(company), Before::Nothing),
    ask("api/users::create", "POST", "/api/v1/user/", Body::Json(first_user), Before::Nothing),
    ask("api/users::show_other", "GET", "/api/v1/users/dummy", Body::None, Before::Nothing),
    ask("api/account::list_sessions", "GET", "/api/v1/user/sessions", Body::None, Before::Nothing),
    ask("api/account::revoke_session", "DELETE", "/api/v1/user/sessions/none", Body::None, Before::Nothing),
    ask("api/account::client_key", "POST", "/api/v1/user/clientkey", Body::Json(password), Before::Nothing),
    ask("api/account::convert", "POST", "/api/v1/user/convert", Body::Json(conversion), Before::Nothing),
    ask("api/account::private", "GET", "/api/v1/user/private", Body::None, Before::Nothing),
    ask("api/account::notifications", "GET", "/api/v1/user/notifications", Body::None, Before::Nothing),
    ask("api/account::no_notification", "GET", "/api/v1/user/notifications/none", Body::None, Before::Nothing),
    ask("api/account::no_notification", "PUT", "/api/v1/user/notifications/none", Body::Json(nothing), Before::Nothing),
    ask("api/own_tokens::list_application", "GET", "/api/v1/user/apptoken", Body::None, Before::Nothing),
    ask("api/own_tokens::create_application", "POST", "/api/v1/user/apptoken", Body::Json(titled), Before::Nothing),
    ask("api/own_tokens::show_application", "GET", "/api/v1/user/apptoken/none", Body::None, Before::Nothing),
    ask("api/own_tokens::revoke_application", "DELETE", "/api/v1/user/apptoken/none", Body::None, Before::Nothing),
    ask("api/own_tokens::list_personal", "GET", "/api/v1/user/tokens", Body::None, Before::Nothing),
    ask("api/own_tokens::create_personal", "POST", "/api/v1/user/tokens", Body::Json(scoped), Before::Nothing),
    ask("api/own_tokens::revoke_personal", "DELETE", "/api/v1/user/tokens/none", Body::None, Before::Nothing),
    ask("api/authorizations::list", "GET", "/api/v1/user/authorizations", Body::None, Before::Nothing),
    ask("api/authorizations::show", "GET", "/api/v1/user/authorizations/none", Body::None, Before::Nothing),
    ask("api/authorizations::revoke", "DELETE", "/api/v1/user/authorizations/none", Body::None, Before::Nothing),
    ask("api/authorizations::assigned", "GET", "/api/v1/user/assignedauthorization", Body::None, Before::Nothing),
    ask(
        "api/authorizations::not_assigned",
        "DELETE",
        "/api/v1/user/assignedauthorization/none",
        Body::None,
        Before::Nothing,
    ),
    ask("api/stars::list", "GET", "/api/v1/user/starred", Body::None, Before::Nothing),
    ask("api/stars::add", "POST", "/api/v1/user/starred", Body::Json(star), Before::Nothing),
    ask("api/stars::remove", "DELETE", "/api/v1/user/starred/{repository}", Body::None, Before::Nothing),
    ask("api/applications::public", "GET", "/api/v1/app/NOSUCH", Body::None, Before::Nothing),
    ask("api/applications::list", "GET", "/api/v1/organization/acme/applications", Body::None, Before::Nothing),
    ask(
        "api/applications::create",
        "POST",
        "/api/v1/organization/acme/applications",
        Body::Json(named),
        Before::Nothing,
    ),
    ask("api/applications::show", "GET", "/api/v1/organization/acme/applications/NOSUCH", Body::None, Before::Nothing),
    ask(
        "api/applications::change",
        "PUT",
        "/api/v1/organization/acme/applications/NOSUCH",
        Body::Json(described),
        Before::Nothing,
    ),
    ask(
        "api/applications::delete",
        "DELETE",
        "/api/v1/organization/acme/applications/NOSUCH",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/applications::reset_secret",
        "POST",
        "/api/v1/organization/acme/applications/NOSUCH/resetclientsecret",
        Body::Json(nothing),
        Before::Nothing,
    ),
    ask(
        "api/applications::list_tokens",
        "GET",
        "/api/v1/organization/acme/applications/NOSUCH/tokens",
        Body::None,
        Before::Nothing,
    ),
    ask(
        "api/applications::mint",
        "POST",
        "/api/v1/organization/acme/applications/NOSUCH/tokens",
        Body::Json(minted),
        Before::Nothing,
    ),
    ask(
        "api/applications::revoke_token",
        "DELETE",
        "/api/v1/organization/acme/applications/NOSUCH/tokens/none",
        Body::None,
        Before::Nothing,
    ),
    ask("portal/signin::show", "GET", "/signin", Body::None, Before::Nothing),
    ask("portal/signin::submit", "POST", "/signin", Body::Form, Before::Nothing),
    ask("portal/signin::sign_out", "POST", "/signout", Body::Form, Before::Nothing),
    ask("portal/consent::show", "GET", "/oauth/authorize", Body::None, Before::Nothing),
    ask("portal/consent::grant", "POST", "/oauth/authorizeapp", Body::Form, Before::Nothing),
    ask("portal/consent::deny", "POST", "/oauth/denyapp", Body::Form, Before::Nothing),
    ask("portal/exchange::exchange", "POST", "/oauth/access_token", Body::Form, Before::Nothing),
    ask("portal/localapp::show", "GET", "/oauth/localapp", Body::None, Before::Nothing),
    // Last, because nobody is there any more afterwards.
    ask("api/repositories::delete", "DELETE", "/api/v1/repository/acme/no-{me}", Body::None, Before::Nothing),
    ask("api/users::delete", "DELETE", "/api/v1/user/", Body::None, Before::Nothing),
];

fn first_user(_: &str) -> Value {
    json!({ "username": "second", "password": PASSWORD })
}

fn organization(me: &str) -> Value {
    json!({ "name": format!("org-of-{me}") })
}

fn team(_: &str) -> Value {
    json!({ "role": "member" })
}

fn made_user(me: &str) -> Value {
    json!({ "username": format!("made-by-{me}") })
}

fn message(_: &str) -> Value {
    json!({ "message": { "content": "Hello", "media_type": "text/plain", "severity": "info" } })
}

fn rule(_: &str) -> Value {
    json!({ "role": "read", "delegate": { "kind": "team", "name": "spare" } })
}

fn identities(_: &str) -> Value {
    json!([{ "issuer": "https://id.example.com", "subject": "matrix" }])
}

fn nothing(_: &str) -> Value {
    json!({})
}

fn in_acme(me: &str) -> Value {
    json!({ "namespace": "acme", "repository": format!("made-by-{me}"), "visibility": "private" })
}

fn role(_: &str) -> Value {
    json!({ "role": "read" })
}

/// The one it has, so that the next actor finds it so.
fn visibility(repository: &str) -> Value {
    json!({ "visibility": if repository == "acme/public" { PUBLIC } else { PRIVATE } })
}

const REPOSITORIES: [&str; 2] = ["acme/private", "acme/public"];

struct Matrix {
    app: TestApp,
    image: Image,
    actors: Vec<(&'static str, Actor)>,
}

#[actix_web::test]
async fn who_may_ask_what_is_as_the_table_says() {
    let matrix = Matrix::new().await;
    let names = matrix.actors.iter().map(|(name, _)| name.to_string());
    let mut rows = vec![["route".to_string()].into_iter().chain(names).collect::<Vec<_>>()];
    for route in ROUTES {
        let named = route.path.contains("{repository}") || matches!(route.before, Before::Upload);
        for repository in if named { &REPOSITORIES[..] } else { &REPOSITORIES[..1] } {
            let shown = route.path.replace("{upload}", "/v2/{repository}/blobs/uploads/{upload}");
            let mut row = vec![format!("{} {}", route.method, shown.replace("{repository}", repository))];
            for (_, actor) in &matrix.actors {
                row.push(matrix.status(route, repository, actor).await.to_string());
            }
            rows.push(row);
        }
    }

    table::compare("route_matrix.txt", &table::layout(&rows));
}

impl Matrix {
    async fn new() -> Matrix {
        let app = TestApp::start().await;
        app.organization("acme").await;
        app.user("dummy").await;
        app.team("acme", "spare", TeamRole::Member).await;
        let image = Image::new("matrix");
        for (repository, visibility) in REPOSITORIES.iter().zip([PRIVATE, PUBLIC]) {
            app.repository(repository, visibility).await;
        }
        let actors = actors(&app).await;
        Matrix { app, image, actors }
    }

    async fn status(&self, route: &Asking, repository: &str, actor: &Actor) -> u16 {
        let upload = self.prepare(&route.before, repository, actor).await;
        let me = if actor.name.is_empty() { "nobody" } else { &actor.name.replace('+', "-") };
        let path = route.path.replace("{repository}", repository).replace("{me}", me).replace("{upload}", &upload);
        let path = path.replace("{layer}", &digest_of(&self.image.layer));
        let request = actor.request(route.method.parse().unwrap(), &path);
        let request = match &route.body {
            Body::None => request,
            Body::Json(body) if route.path.contains("changevisibility") => request.json(&body(repository)),
            Body::Json(body) => request.json(&body(me)),
            Body::Manifest => request.header(CONTENT_TYPE, OCI_MANIFEST).body(self.image.manifest.clone()),
            Body::Blob => request.body(self.image.layer.clone()),
            Body::Form => {
                let fields = [("grant_type", "password"), ("username", &actor.name), ("password", &actor.secret)];
                let form = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
                let form_type = HeaderValue::from_static("application/x-www-form-urlencoded");
                request.header(CONTENT_TYPE, form_type).body(form)
            }
        };
        let answer = Actor::send(request).await;
        assert!(answer.status < 500, "{}", answer.shown());
        answer.status
    }

    async fn prepare(&self, before: &Before, repository: &str, actor: &Actor) -> String {
        let admin = self.app.admin();
        match before {
            Before::Nothing => {}
            Before::Image => {
                for repository in REPOSITORIES {
                    self.app.oci(&admin).push(repository, "v1", &self.image).await;
                }
            }
            Before::Robot(path) => {
                admin.put(path, json!({})).await;
            }
            Before::NoRobot(path) => {
                admin.delete(path).await;
            }
            Before::Upload => {
                let path = format!("/v2/{repository}/blobs/uploads/");
                let begun = actor.request(Method::POST, &path).body("");
                let somebody = format!("{path}00000000-0000-4000-8000-000000000000");
                return Actor::send(begun).await.maybe_header("location").unwrap_or(somebody);
            }
        }
        String::new()
    }
}

async fn actors(app: &TestApp) -> Vec<(&'static str, Actor)> {
    let mut actors = vec![("anonymous", app.anonymous()), ("stranger", app.user("stranger").await)];
    for (name, role) in [("reader", "read"), ("writer", "write"), ("repo-admin", "admin")] {
        let who = app.user(name).await;
        grant_both(app, &who, role).await;
        actors.push((name, who));
    }
    let owner = app.user("org-admin").await;
    app.join("acme", "owners", &owner).await;
    actors.push(("org-admin", owner));
    for (name, role) in [("robot-reader", "read"), ("robot-writer", "write")] {
        let robot = app.robot("acme", name).await;
        grant_both(app, &robot, role).await;
        actors.push((name, robot));
    }
    actors.push(("read-only", app.user_with("auditor", Standing::ReadOnlySuperuser).await));
    actors.push(("superuser", app.user_with("root", Standing::Superuser).await));
    let disabled = app.user("disabled").await;
    grant_both(app, &disabled, "admin").await;
    app.set_enabled(&disabled, false).await;
    actors.push(("disabled", disabled));
    actors
}

async fn grant_both(app: &TestApp, who: &Actor, role: &str) {
    for repository in REPOSITORIES {
        app.grant(repository, who, role).await;
    }
}

fn password(_: &str) -> Value {
    json!({ "password": PASSWORD })
}

fn company(_: &str) -> Value {
    json!({ "company": "ACME" })
}

fn conversion(me: &str) -> Value {
    json!({ "adminUser": me, "adminPassword": PASSWORD })
}

fn titled(_: &str) -> Value {
    json!({ "title": "matrix" })
}

fn scoped(_: &str) -> Value {
    json!({ "name": "matrix", "scopes": ["repo:read"] })
}

fn star(_: &str) -> Value {
    json!({ "namespace": "acme", "repository": "private" })
}

fn named(_: &str) -> Value {
    json!({ "name": "matrix" })
}

fn described(_: &str) -> Value {
    json!({ "name": "matrix", "redirect_uri": "", "application_uri": "" })
}

fn minted(_: &str) -> Value {
    json!({ "name": "matrix", "scope": "repo:read" })
}

fn text(_: &str) -> Value {
    json!({ "description": "text" })
}

fn state(_: &str) -> Value {
    json!({ "state": "NORMAL" })
}

fn expiration(_: &str) -> Value {
    json!({ "expiration": null })
}

fn label(_: &str) -> Value {
    json!({ "key": "color", "value": "blue", "media_type": "text/plain" })
}
