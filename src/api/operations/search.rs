//! Searching, messages, and what the registry says about itself.

use super::{Group, delete, get, post};

pub const GROUP: Group =
    Group { tag: "search", title: "Search, messages, the registry itself", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    get("/registry/capabilities", "getRegistryCapabilities", "", "Tell what the registry can do"),
    get("/discovery", "discovery", "", "This description, as Swagger 2.0").query("internal:boolean"),
    get("/openapi.json", "openapi", "", "This description, as OpenAPI 3.1"),
    get("/docs", "docs", "", "This description, to read"),
    get("/error/{error_type}", "getErrorDescription", "", "Explain a type of error"),
    get("/messages", "getGlobalMessages", "", "List messages to everybody"),
    post("/messages", "createGlobalMessage", "super:user", "Post a message to everybody")
        .body("message*:object")
        .answers(201),
    delete("/message/{uuid}", "deleteGlobalMessage", "super:user", "Take a message down").answers(204),
    post("/entities/link/{username}", "linkExternalUser", "user:admin", "Import a user from elsewhere: not done here"),
    get(
        "/entities/{prefix}",
        "getMatchingEntities",
        "",
        "Complete the name of a user, organization, team or robot account",
    )
    .query("namespace includeTeams:boolean includeOrgs:boolean"),
    get("/find/all", "conductSearch", "repo:read", "Search everything you may see").query("query*"),
    get("/find/repositories", "conductRepoSearch", "", "Search repositories you may pull").query("query page:integer"),
];
