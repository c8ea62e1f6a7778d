//! Default permissions.

use super::{Group, delete, get, post, put};

pub const GROUP: Group = Group { tag: "default permissions", title: "Default permissions", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    get(
        "/organization/{orgname}/prototypes",
        "getOrganizationPrototypePermissions",
        "org:admin",
        "Show organization default permissions",
    )
    .query("filter:part limit:integer next_page"),
    post(
        "/organization/{orgname}/prototypes",
        "createOrganizationPrototypePermission",
        "org:admin",
        "Create organization default permission",
    )
    .body("role*:read|write|admin activating_user:object delegate*:object"),
    post(
        "/organization/{orgname}/prototypes/apply",
        "applyPrototypePermissions",
        "org:admin",
        "Apply default permissions to repositories that exist",
    )
    .query("next_page"),
    delete(
        "/organization/{orgname}/prototypes/{prototypeid}",
        "deleteOrganizationPrototypePermission",
        "org:admin",
        "Delete organization default permission",
    )
    .answers(204),
    put(
        "/organization/{orgname}/prototypes/{prototypeid}",
        "updateOrganizationPrototypePermission",
        "org:admin",
        "Update organization default permission",
    )
    .body("role*:read|write|admin"),
];
