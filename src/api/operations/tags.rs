//! Tags, manifests and labels.

use super::{Group, delete, get, post, put};

pub const GROUP: Group = Group { tag: "tags", title: "Tags and manifests", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    get("/repository/{repository}/manifest/{digest}", "getRepoManifest", "repo:read", "Show repository manifest")
        .query("include_modelcard:boolean"),
    get("/repository/{repository}/manifest/{digest}/labels", "listManifestLabels", "repo:read", "List manifest labels")
        .query("filter"),
    post("/repository/{repository}/manifest/{digest}/labels", "addManifestLabel", "repo:write", "Add manifest label")
        .body("key* value* media_type*")
        .answers(201),
    get(
        "/repository/{repository}/manifest/{digest}/labels/{labelid}",
        "getManifestLabel",
        "repo:read",
        "Show manifest label",
    ),
    delete(
        "/repository/{repository}/manifest/{digest}/labels/{labelid}",
        "deleteManifestLabel",
        "repo:write",
        "Delete manifest label",
    )
    .answers(204),
    get(
        "/repository/{repository}/manifest/{digest}/pull_statistics",
        "getManifestPullStatistics",
        "repo:read",
        "Show manifest pull statistics",
    ),
    get(
        "/repository/{repository}/manifest/{digest}/security",
        "getRepoManifestSecurity",
        "repo:read",
        "Show repository manifest security",
    )
    .query("vulnerabilities:boolean"),
    get("/repository/{repository}/tag", "listRepoTags", "repo:read", "List tags and where they pointed")
        .query("specificTag filter_tag_name limit:integer page:integer next_page onlyActiveTags:boolean"),
    put("/repository/{repository}/tag/{tag}", "changeTag", "repo:write", "Make or move a tag, or set when it ends")
        .body("manifest_digest expiration:integer immutable:boolean")
        .answers(201),
    delete("/repository/{repository}/tag/{tag}", "deleteFullTag", "repo:write", "Delete a tag").answers(204),
    post(
        "/repository/{repository}/tag/{tag}/restore",
        "restoreTag",
        "repo:write",
        "Point a tag at what it pointed at before",
    )
    .body("manifest_digest"),
    post(
        "/repository/{repository}/tag/{tag}/expire",
        "removeTagFromTimemachine",
        "repo:write",
        "Delete a tag with its past",
    )
    .body("manifest_digest include_submanifests:boolean is_alive:boolean"),
    get(
        "/repository/{repository}/tag/{tag}/pull_statistics",
        "getTagPullStatistics",
        "repo:read",
        "Show tag pull statistics",
    ),
];
