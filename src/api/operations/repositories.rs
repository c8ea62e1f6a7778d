//! Repositories and who may do what with them.

use super::{Group, delete, get, post, put};

pub const GROUP: Group = Group { tag: "repositories", title: "Repositories", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    get(
        "/repository/{repository}/permissions/team",
        "listRepoTeamPermissions",
        "repo:admin",
        "List repository team permissions",
    ).query("filter:part limit:integer next_page"),
    get(
        "/repository/{repository}/permissions/user",
        "listRepoUserPermissions",
        "repo:admin",
        "List repository user permissions",
    ).query("filter:part limit:integer next_page"),
    get(
        "/repository/{repository}/permissions/user/{username}/transitive",
        "getUserTransitivePermission",
        "repo:admin",
        "Show the role somebody has in effect",
    ),
    get(
        "/repository/{repository}/permissions/user/{username}",
        "getUserPermissions",
        "repo:admin",
        "Show user permissions",
    ),
    put(
        "/repository/{repository}/permissions/user/{username}",
        "changeUserPermissions",
        "repo:admin",
        "Change user permissions",
    )
    .body("role*:read|write|admin"),
    delete(
        "/repository/{repository}/permissions/user/{username}",
        "deleteUserPermissions",
        "repo:admin",
        "Delete user permissions",
    )
    .answers(204),
    get(
        "/repository/{repository}/permissions/team/{teamname}",
        "getTeamPermissions",
        "repo:admin",
        "Show team permissions",
    ),
    put(
        "/repository/{repository}/permissions/team/{teamname}",
        "changeTeamPermissions",
        "repo:admin",
        "Change team permissions",
    )
    .body("role*:read|write|admin"),
    delete(
        "/repository/{repository}/permissions/team/{teamname}",
        "deleteTeamPermissions",
        "repo:admin",
        "Delete team permissions",
    )
    .answers(204),
    post("/repository", "createRepo", "repo:create", "Make a repository")
        .body("repository* visibility*:public|private namespace description* repo_kind:image")
        .answers(201),
    get("/repository", "listRepos", "repo:read", "List repositories").query("namespace starred:boolean public:boolean filter:part last_modified:boolean popularity:boolean repo_kind limit:integer next_page"),
    get("/repository/{repository}", "getRepo", "repo:read", "Show repository")
        .query("includeStats:boolean includeTags:boolean"),
    put("/repository/{repository}", "updateRepo", "repo:write", "Update repository").body("description*"),
    delete("/repository/{repository}", "deleteRepository", "repo:admin", "Delete repository").answers(204),
    post(
        "/repository/{repository}/changevisibility",
        "changeRepoVisibility",
        "repo:admin",
        "Change repository visibility",
    )
    .body("visibility*:public|private"),
    put("/repository/{repository}/changestate", "changeRepoState", "repo:admin", "Change repository state")
        .body("state*:NORMAL|READ_ONLY|MIRROR"),
    get("/repository/{repository}/tokens", "listRepoTokens", "repo:admin", "List repository tokens").answers(410),
    post("/repository/{repository}/tokens", "createToken", "repo:admin", "Create token")
        .body("friendlyName*")
        .answers(410),
    get("/repository/{repository}/tokens/{code}", "getTokens", "repo:admin", "Show tokens").answers(410),
    put("/repository/{repository}/tokens/{code}", "changeToken", "repo:admin", "Change token")
        .body("role*:read|write|admin")
        .answers(410),
    delete("/repository/{repository}/tokens/{code}", "deleteToken", "repo:admin", "Delete token").answers(410),
];
