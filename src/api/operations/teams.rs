//! Teams.

use super::{Group, delete, get, put};

pub const GROUP: Group = Group { tag: "teams", title: "Teams", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    put("/organization/{orgname}/team/{teamname}", "updateOrganizationTeam", "org:admin", "Make a team or change it")
        .body("role*:member|creator|admin description"),
    delete(
        "/organization/{orgname}/team/{teamname}",
        "deleteOrganizationTeam",
        "org:admin",
        "Delete organization team",
    )
    .answers(204),
    get(
        "/organization/{orgname}/team/{teamname}/members",
        "getOrganizationTeamMembers",
        "org:admin",
        "Show organization team members",
    )
    .query("includePending:boolean filter:part limit:integer next_page"),
    put(
        "/organization/{orgname}/team/{teamname}/members/{membername}",
        "updateOrganizationTeamMember",
        "org:admin",
        "Add somebody to a team",
    ),
    delete(
        "/organization/{orgname}/team/{teamname}/members/{membername}",
        "deleteOrganizationTeamMember",
        "org:admin",
        "Take somebody out of a team",
    )
    .answers(204),
    put(
        "/organization/{orgname}/team/{teamname}/invite/{email}",
        "inviteTeamMemberEmail",
        "org:admin",
        "Invite team member email",
    ),
    delete(
        "/organization/{orgname}/team/{teamname}/invite/{email}",
        "deleteTeamMemberEmailInvite",
        "org:admin",
        "Delete team member email invite",
    )
    .answers(204),
    get(
        "/organization/{orgname}/team/{teamname}/permissions",
        "getOrganizationTeamPermissions",
        "",
        "Show organization team permissions",
    )
    .query("filter:part limit:integer next_page"),
    get(
        "/organization/{orgname}/team/{teamname}/syncing",
        "getOrganizationTeamSync",
        "org:admin",
        "Not here: teams are not kept equal to groups of a directory",
    ),
    get("/user/invitations", "listInvitations", "user:read", "List the teams you are invited to"),
    put("/teaminvite/{code}", "acceptOrganizationTeamInvite", "user:admin", "Accept organization team invite"),
    delete("/teaminvite/{code}", "declineOrganizationTeamInvite", "user:admin", "Decline organization team invite")
        .answers(204),
];
