//! Organizations, their members and applications.

use super::{Group, delete, get, post, put};

pub const GROUP: Group = Group { tag: "organizations", title: "Organizations", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    post("/organization", "createOrganization", "user:admin", "Create organization")
        .body("name* email contact_email")
        .answers(201),
    get("/organization/{orgname}", "getOrganization", "", "Show organization").query("filter:part next_page"),
    put("/organization/{orgname}", "changeOrganizationDetails", "org:admin", "Change organization details")
        .body("email contact_email invoice_email:boolean invoice_email_address tag_expiration_s:integer"),
    delete("/organization/{orgname}", "deleteAdminedOrganization", "org:admin", "Delete admined organization")
        .answers(204),
    get(
        "/organization/{orgname}/private",
        "getOrganizationPrivateAllowed",
        "org:admin",
        "Show organization private allowed",
    ),
    get(
        "/organization/{orgname}/collaborators",
        "getOrganizationCollaborators",
        "org:admin",
        "List users with grants who belong to no team",
    )
    .query("filter:part limit:integer next_page"),
    get("/organization/{orgname}/members", "getOrganizationMembers", "org:admin", "Show organization members")
        .query("filter:part limit:integer next_page"),
    get(
        "/organization/{orgname}/members/{membername}",
        "getOrganizationMember",
        "org:admin",
        "Show organization member",
    ),
    delete(
        "/organization/{orgname}/members/{membername}",
        "removeOrganizationMember",
        "org:admin",
        "Remove organization member",
    )
    .answers(204),
    get("/app/{client_id}", "getApplicationInformation", "", "Show application information"),
    get(
        "/organization/{orgname}/applications",
        "getOrganizationApplications",
        "org:admin",
        "Show organization applications",
    )
    .query("filter:part next_page"),
    post(
        "/organization/{orgname}/applications",
        "createOrganizationApplication",
        "org:admin",
        "Create organization application",
    )
    .body("name* redirect_uri application_uri description avatar_email"),
    get(
        "/organization/{orgname}/applications/{client_id}",
        "getOrganizationApplication",
        "org:admin",
        "Show organization application",
    ),
    put(
        "/organization/{orgname}/applications/{client_id}",
        "updateOrganizationApplication",
        "org:admin",
        "Update organization application",
    )
    .body("name* redirect_uri* application_uri* description avatar_email"),
    delete(
        "/organization/{orgname}/applications/{client_id}",
        "deleteOrganizationApplication",
        "org:admin",
        "Delete organization application",
    )
    .answers(204),
    post(
        "/organization/{orgname}/applications/{client_id}/resetclientsecret",
        "resetOrganizationApplicationClientSecret",
        "",
        "Reset organization application client secret",
    ),
    get(
        "/organization/{orgname}/applications/{client_id}/tokens",
        "listOrganizationApplicationTokens",
        "org:admin",
        "List organization application tokens",
    )
    .query("filter:part next_page"),
    post(
        "/organization/{orgname}/applications/{client_id}/tokens",
        "createOrganizationApplicationToken",
        "org:admin",
        "Create organization application token",
    )
    .body("name* scope* expiration:integer"),
    delete(
        "/organization/{orgname}/applications/{client_id}/tokens/{token_uuid}",
        "deleteOrganizationApplicationToken",
        "org:admin",
        "Delete organization application token",
    )
    .answers(204),
];
