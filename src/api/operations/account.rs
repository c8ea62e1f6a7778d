//! Signing in, one's own account and tokens.

use super::{Group, delete, get, post, put};

pub const GROUP: Group = Group { tag: "account", title: "Sign-in, account, tokens", operations: OPERATIONS };

const OPERATIONS: &[super::Operation] = &[
    post("/user/initialize", "initializeFirstUser", "", "Make the first user while there is none").body("username* password* email access_token:boolean"),
    get("/user/tokens", "listPersonalTokens", "user:admin", "List your access tokens").query("filter:part next_page limit:integer"),
    post("/user/tokens", "createPersonalToken", "user:admin", "Make an access token, never wider than the one you use").body("name* scope* expiration:integer"),
    delete("/user/tokens/{token_uuid}", "revokePersonalToken", "user:admin", "Revoke an access token").answers(204),
    get("/user/sessions", "listSessions", "user:admin", "List where you are signed in with a browser").query("filter:part next_page"),
    delete("/user/sessions/{session_uuid}", "revokeSession", "user:admin", "Sign a browser out").answers(204),
    post("/user/clientkey", "generateUserClientKey", "user:admin", "Make a password for command lines out of your own").body("password*"),
    get("/user/notifications", "listUserNotifications", "user:admin", "List what you are told").query("page:integer limit:integer"),
    get("/user/notifications/{uuid}", "getUserNotification", "user:admin", "Show one thing you are told"),
    put("/user/notifications/{uuid}", "updateUserNotification", "user:admin", "Dismiss it").body("dismissed:boolean"),
    get("/user/apptoken", "listAppTokens", "user:admin", "List your application tokens").query("expiring:boolean filter:part"),
    post("/user/apptoken", "createAppToken", "user:admin", "Make an application token").body("title*"),
    get("/user/apptoken/{token_uuid}", "getAppToken", "user:admin", "Show an application token"),
    delete("/user/apptoken/{token_uuid}", "revokeAppToken", "user:admin", "Revoke an application token").answers(204),
    get("/user", "getLoggedInUser", "user:read", "Show who you are"),
    put("/user", "changeUserDetails", "user:admin", "Change your account").body("password invoice_email:boolean email tag_expiration_s:integer username invoice_email_address given_name family_name company location"),
    post("/user", "createNewUser", "", "Sign up").body("username* password* email"),
    delete("/user", "deleteCurrentUser", "user:admin", "Delete your account").answers(204),
    get("/user/private", "getUserPrivateAllowed", "user:admin", "Tell whether you may have private repositories"),
    post("/user/convert", "convertUserToOrganization", "user:admin", "Turn your account into an organization").body("adminUser* adminPassword* adminCode plan"),
    post("/signin", "signinUser", "", "Sign in with a cookie").body("username* password* code"),
    post("/signin/verify", "verifyUser", "user:admin", "Give your password again").body("password* code"),
    post("/signout", "logout", "", "Sign out"),
    get("/user/authorizations", "listUserAuthorizations", "user:admin", "List user authorizations").query("filter:part next_page"),
    get("/user/authorizations/{access_token_uuid}", "getUserAuthorization", "user:admin", "Show user authorization"),
    delete("/user/authorizations/{access_token_uuid}", "deleteUserAuthorization", "user:admin", "Delete user authorization").answers(204),
    get("/user/assignedauthorization", "listAssignedAuthorizations", "user:admin", "List assigned authorizations"),
    delete("/user/assignedauthorization/{assigned_authorization_uuid}", "deleteAssignedAuthorization", "user:admin", "Delete assigned authorization").answers(204),
    get("/user/starred", "listStarredRepos", "user:admin", "List the repositories you starred").query("filter:part next_page"),
    post("/user/starred", "createStar", "repo:read", "Star a repository").body("namespace* repository*").answers(201),
    delete("/user/starred/{repository}", "deleteStar", "user:admin", "Unstar a repository").answers(204),
    get("/users/{username}", "getUserInformation", "", "Show a user"),
];
