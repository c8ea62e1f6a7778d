//! What superusers do.

use super::{Group, delete, get, post, put};

pub const GROUP: Group = Group { tag: "superuser", title: "Superusers", operations: OPERATIONS };

const SCOPE: &str = "super:user";

const OPERATIONS: &[super::Operation] = &[
    get("/superuser/users", "listAllUsers", SCOPE, "List users")
        .query("disabled:boolean filter:part limit:integer next_page"),
    post("/superuser/users", "createInstallUser", SCOPE, "Make a user with a generated password")
        .body("username* email"),
    get("/superuser/users/{username}", "getInstallUser", SCOPE, "Show a user"),
    put("/superuser/users/{username}", "changeInstallUser", SCOPE, "Change a user")
        .body("password email enabled:boolean username"),
    delete("/superuser/users/{username}", "deleteInstallUser", SCOPE, "Delete a user").answers(204),
    post(
        "/superuser/users/{username}/recovery",
        "makeRecoveryLink",
        SCOPE,
        "Make a link with which a user sets a new password",
    ),
    delete(
        "/superuser/users/{username}/secondfactor",
        "resetSecondFactor",
        SCOPE,
        "Switch a user's second factor off for them",
    )
    .answers(204),
    post(
        "/superusers/users/{username}/sendrecovery",
        "sendInstallUserRecoveryEmail",
        SCOPE,
        "Mail a recovery link: off",
    )
    .answers(405),
    get("/superuser/apptokens", "listAllAppTokens", SCOPE, "List everybody's application tokens, without secrets")
        .query("expiring:boolean filter:part limit:integer next_page"),
    get("/superuser/organizations", "listAllOrganizations", SCOPE, "List organizations")
        .query("filter:part limit:integer next_page"),
    put("/superuser/organizations/{name}", "changeOrganization", SCOPE, "Rename an organization").body("name"),
    delete("/superuser/organizations/{name}", "deleteOrganization", SCOPE, "Delete an organization").answers(204),
    post("/superuser/takeownership/{namespace}", "takeOwnership", SCOPE, "Become an owner of a namespace"),
    get("/superuser/users/{namespace}/quota", "listUserQuotaSuperUser", SCOPE, "List a user's quotas"),
    get(
        "/superuser/organization/{namespace}/quota",
        "listOrganizationQuotaSuperUser",
        SCOPE,
        "List an organization's quotas",
    ),
    get("/superuser/deleted", "listDeleted", SCOPE, "List what was deleted and can be restored")
        .query("filter:part limit:integer next_page"),
    post("/superuser/deleted/{kind}/{id}/restore", "restoreDeleted", SCOPE, "Restore what was deleted").body("name"),
    get("/superuser/registrysize", "getRegistrySize", SCOPE, "Show how much is stored"),
    post("/superuser/registrysize", "queueRegistrySizeCalculation", SCOPE, "Count how much is stored").answers(201),
    get("/superuser/registrystatus", "scRegistryStatus", SCOPE, "Tell whether the registry is set up"),
    get("/superuser/changelog", "getChangeLog", SCOPE, "Show what changed in this version"),
    get("/superuser/config", "getRegistryConfiguration", SCOPE, "Show the settings in force, without secrets"),
    get("/superuser/mirror/health", "getSuperUserRepositoryMirrorHealth", SCOPE, "Tell how mirroring does"),
    get("/superuser/keys", "listServiceKeys", SCOPE, "List the keys the registry signs with"),
    post("/superuser/keys", "createServiceKey", SCOPE, "Make a service key: not done here")
        .body("service* expiration*:integer name notes metadata:object"),
    get("/superuser/keys/{kid}", "getServiceKey", SCOPE, "Show a key"),
    put("/superuser/keys/{kid}", "updateServiceKey", SCOPE, "Change a key: not done here")
        .body("name metadata:object expiration:integer"),
    delete("/superuser/keys/{kid}", "deleteServiceKey", SCOPE, "Delete a key: not done here").answers(204),
    post("/superuser/approvedkeys/{kid}", "approveServiceKey", SCOPE, "Approve a key: not done here").answers(201),
    get("/superuser/logs", "listAllLogs", SCOPE, "List what happened")
        .query("starttime endtime performer kind repository q next_page"),
    get("/superuser/aggregatelogs", "listAllAggregateLogs", SCOPE, "Count what happened by day")
        .query("starttime endtime performer kind repository q"),
    get("/superuser/{build_uuid}/build", "getRepoBuildSuperUser", SCOPE, "Show a build: there is none").answers(400),
    get("/superuser/{build_uuid}/status", "getRepoBuildStatusSuperUser", SCOPE, "Show a build's state: there is none")
        .answers(400),
    get("/superuser/{build_uuid}/logs", "getRepoBuildLogsSuperUser", SCOPE, "Show a build's log: there is none")
        .answers(400),
    get(
        "/superuser/{build_uuid}/logs/archive",
        "getRepoBuildLogsArchiveSuperUser",
        SCOPE,
        "Show a build's log: there is none",
    )
    .answers(400),
];
