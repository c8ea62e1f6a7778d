//! Usage logs.

use super::{Group, get, post};

pub const GROUP: Group = Group { tag: "logs", title: "Usage logs", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    get("/repository/{repository}/logs", "listRepoLogs", "repo:admin", "List repository logs")
        .query("starttime endtime performer kind q next_page"),
    get("/user/logs", "listUserLogs", "user:admin", "List user logs")
        .query("starttime endtime performer kind repository q next_page"),
    get("/organization/{orgname}/logs", "listOrgLogs", "org:admin", "List organization logs")
        .query("starttime endtime performer kind repository q next_page"),
    get(
        "/repository/{repository}/aggregatelogs",
        "getAggregateRepoLogs",
        "repo:admin",
        "Show aggregate repository logs",
    )
    .query("starttime endtime performer kind q"),
    get("/user/aggregatelogs", "getAggregateUserLogs", "user:admin", "Show aggregate user logs")
        .query("starttime endtime performer kind repository q"),
    get(
        "/organization/{orgname}/aggregatelogs",
        "getAggregateOrgLogs",
        "org:admin",
        "Show aggregate organization logs",
    )
    .query("starttime endtime performer kind repository q"),
    post("/repository/{repository}/exportlogs", "exportRepoLogs", "repo:admin", "Export repository logs")
        .query("starttime endtime")
        .body("callback_url callback_email"),
    post("/user/exportlogs", "exportUserLogs", "user:admin", "Export user logs")
        .query("starttime endtime")
        .body("callback_url callback_email"),
    post("/organization/{orgname}/exportlogs", "exportOrgLogs", "org:admin", "Export organization logs")
        .query("starttime endtime")
        .body("callback_url callback_email"),
    get("/repository/{repository}/logs/exports", "listRepoLogExports", "repo:admin", "List exports of the log"),
    get(
        "/repository/{repository}/logs/export",
        "streamRepoLogs",
        "repo:admin",
        "Download the log as JSON lines or CSV",
    )
    .query("format starttime endtime"),
    get("/organization/{orgname}/logs/exports", "listOrgLogExports", "org:admin", "List exports of the log"),
    get("/organization/{orgname}/logs/export", "streamOrgLogs", "org:admin", "Download the log as JSON lines or CSV")
        .query("format starttime endtime"),
    get("/user/logs/exports", "listUserLogExports", "user:admin", "List exports of the log"),
    get("/user/logs/export", "streamUserLogs", "user:admin", "Download the log as JSON lines or CSV")
        .query("format starttime endtime"),
    get("/superuser/logs/exports", "listAllLogExports", "super:user", "List exports of the log"),
    get("/superuser/logs/export", "streamAllLogs", "super:user", "Download the log as JSON lines or CSV")
        .query("format starttime endtime"),
    post("/superuser/exportlogs", "exportAllLogs", "super:user", "Export all logs")
        .query("starttime endtime")
        .body("callback_url callback_email"),
];
