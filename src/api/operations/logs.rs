//! Usage logs.

use super::{Group, get, post};

pub const GROUP: Group = Group { tag: "logs", title: "Usage logs", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    get("/repository/{repository}/logs", "listRepoLogs", "repo:admin", "List repository logs")
        .query("starttime endtime next_page"),
    get("/user/logs", "listUserLogs", "user:admin", "List user logs").query("starttime endtime performer next_page"),
    get("/organization/{orgname}/logs", "listOrgLogs", "org:admin", "List organization logs")
        .query("starttime endtime performer next_page"),
    get(
        "/repository/{repository}/aggregatelogs",
        "getAggregateRepoLogs",
        "repo:admin",
        "Show aggregate repository logs",
    )
    .query("starttime endtime"),
    get("/user/aggregatelogs", "getAggregateUserLogs", "user:admin", "Show aggregate user logs")
        .query("starttime endtime performer"),
    get(
        "/organization/{orgname}/aggregatelogs",
        "getAggregateOrgLogs",
        "org:admin",
        "Show aggregate organization logs",
    )
    .query("starttime endtime performer"),
    post("/repository/{repository}/exportlogs", "exportRepoLogs", "repo:admin", "Export repository logs")
        .query("starttime endtime")
        .body("callback_url callback_email"),
    post("/user/exportlogs", "exportUserLogs", "user:admin", "Export user logs")
        .query("starttime endtime")
        .body("callback_url callback_email"),
    post("/organization/{orgname}/exportlogs", "exportOrgLogs", "org:admin", "Export organization logs")
        .query("starttime endtime")
        .body("callback_url callback_email"),
];
