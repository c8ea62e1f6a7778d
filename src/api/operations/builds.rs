//! Builds, which this registry does not do: clients ask anyway.

use super::{Group, delete, get, post, put};

pub const GROUP: Group = Group { tag: "builds", title: "Builds: not done here", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    get("/repository/{repository}/build", "getRepoBuilds", "repo:read", "Show repository builds")
        .query("limit:integer since:integer"),
    post("/repository/{repository}/build", "requestRepoBuild", "repo:write", "Request repository build")
        .body("file_id archive_url subdirectory dockerfile_path context pull_robot docker_tags:array")
        .answers(201),
    get("/repository/{repository}/build/{build_uuid}", "getRepoBuild", "repo:read", "Show repository build"),
    delete("/repository/{repository}/build/{build_uuid}", "cancelRepoBuild", "repo:admin", "Cancel repository build")
        .answers(201),
    get(
        "/repository/{repository}/build/{build_uuid}/status",
        "getRepoBuildStatus",
        "repo:read",
        "Show repository build status",
    ),
    get(
        "/repository/{repository}/build/{build_uuid}/logs",
        "getRepoBuildLogs",
        "repo:read",
        "Show repository build logs",
    ),
    get("/repository/{repository}/trigger", "listBuildTriggers", "repo:admin", "List build triggers"),
    get("/repository/{repository}/trigger/{trigger_uuid}", "getBuildTrigger", "repo:admin", "Show build trigger"),
    put("/repository/{repository}/trigger/{trigger_uuid}", "updateBuildTrigger", "repo:admin", "Update build trigger")
        .body("enabled*:boolean"),
    delete(
        "/repository/{repository}/trigger/{trigger_uuid}",
        "deleteBuildTrigger",
        "repo:admin",
        "Delete build trigger",
    )
    .answers(204),
    post(
        "/repository/{repository}/trigger/{trigger_uuid}/activate",
        "activateBuildTrigger",
        "repo:admin",
        "Activate build trigger",
    )
    .body("config*:object pull_robot"),
    post(
        "/repository/{repository}/trigger/{trigger_uuid}/start",
        "manuallyStartBuildTrigger",
        "repo:admin",
        "Manually start build trigger",
    )
    .body("branch_name commit_sha refs")
    .answers(201),
    get(
        "/repository/{repository}/trigger/{trigger_uuid}/builds",
        "listTriggerRecentBuilds",
        "repo:admin",
        "List trigger recent builds",
    )
    .query("limit:integer"),
];
