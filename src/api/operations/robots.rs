//! Robot accounts.

use super::{Group, delete, get, patch, post, put};

pub const GROUP: Group = Group { tag: "robots", title: "Robot accounts", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    get("/user/robots", "getUserRobots", "user:admin", "Show user robots")
        .query("permissions:boolean token:boolean prefix filter:part limit:integer next_page"),
    get("/user/robots/{robot_shortname}", "getUserRobot", "user:admin", "Show user robot"),
    put("/user/robots/{robot_shortname}", "createUserRobot", "user:admin", "Create user robot")
        .body("description unstructured_metadata:object")
        .answers(201),
    delete("/user/robots/{robot_shortname}", "deleteUserRobot", "user:admin", "Delete user robot").answers(204),
    get("/organization/{orgname}/robots", "getOrgRobots", "org:admin", "Show organization robots")
        .query("permissions:boolean token:boolean prefix filter:part limit:integer next_page"),
    get("/organization/{orgname}/robots/{robot_shortname}", "getOrgRobot", "org:admin", "Show organization robot"),
    put("/organization/{orgname}/robots/{robot_shortname}", "createOrgRobot", "org:admin", "Create organization robot")
        .body("description unstructured_metadata:object")
        .answers(201),
    patch("/user/robots/{robot_shortname}", "describeUserRobot", "user:admin", "Describe user robot anew")
        .body("description unstructured_metadata:object"),
    patch(
        "/organization/{orgname}/robots/{robot_shortname}",
        "describeOrgRobot",
        "org:admin",
        "Describe organization robot anew",
    )
    .body("description unstructured_metadata:object"),
    delete(
        "/organization/{orgname}/robots/{robot_shortname}",
        "deleteOrgRobot",
        "org:admin",
        "Delete organization robot",
    )
    .answers(204),
    get(
        "/user/robots/{robot_shortname}/permissions",
        "getUserRobotPermissions",
        "user:admin",
        "Show user robot permissions",
    )
    .query("filter:part limit:integer next_page"),
    get(
        "/organization/{orgname}/robots/{robot_shortname}/permissions",
        "getOrgRobotPermissions",
        "user:admin",
        "Show organization robot permissions",
    )
    .query("filter:part limit:integer next_page"),
    post(
        "/user/robots/{robot_shortname}/regenerate",
        "regenerateUserRobotToken",
        "user:admin",
        "Regenerate user robot token",
    ),
    post(
        "/organization/{orgname}/robots/{robot_shortname}/regenerate",
        "regenerateOrgRobotToken",
        "org:admin",
        "Regenerate organization robot token",
    ),
    get(
        "/user/robots/{robot_shortname}/federation",
        "getUserRobotFederation",
        "user:admin",
        "Show user robot federation",
    ),
    post(
        "/user/robots/{robot_shortname}/federation",
        "createUserRobotFederation",
        "user:admin",
        "Create user robot federation",
    ),
    delete(
        "/user/robots/{robot_shortname}/federation",
        "deleteUserRobotFederation",
        "user:admin",
        "Delete user robot federation",
    )
    .answers(204),
    get(
        "/organization/{orgname}/robots/{robot_shortname}/federation",
        "getOrgRobotFederation",
        "org:admin",
        "Show organization robot federation",
    ),
    post(
        "/organization/{orgname}/robots/{robot_shortname}/federation",
        "createOrgRobotFederation",
        "org:admin",
        "Create organization robot federation",
    ),
    delete(
        "/organization/{orgname}/robots/{robot_shortname}/federation",
        "deleteOrgRobotFederation",
        "org:admin",
        "Delete organization robot federation",
    )
    .answers(204),
];
