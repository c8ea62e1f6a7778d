//! The kinds of events. Quay's words wherever Quay has one.

use crate::db::text_enum;

text_enum! {
    /// What happened.
    EventKind {
        /// A user was created.
        UserCreate = "user_create",
        /// A user was deleted.
        UserDelete = "user_delete",
        /// A user was enabled.
        UserEnable = "user_enable",
        /// A user was disabled.
        UserDisable = "user_disable",
        /// A deleted user came back.
        UserRestore = "user_restore",
        /// A superuser set a user's password.
        UserChangePassword = "user_change_password",
        /// A user's address was changed.
        UserChangeEmail = "user_change_email",
        /// A user was renamed.
        UserChangeName = "user_change_name",
        /// A user's standing to the registry was changed.
        UserChangeStanding = "user_change_standing",
        /// A user's time machine was set.
        UserChangeTagExpiration = "user_change_tag_expiration",
        /// A user changed their profile.
        UserChangeMetadata = "user_change_metadata",
        /// A user changed whether invoices are mailed.
        UserChangeInvoicing = "user_change_invoicing",
        /// A user changed their own password.
        AccountChangePassword = "account_change_password",
        /// A user has a second factor from now on.
        AccountEnableSecondFactor = "account_enable_second_factor",
        /// A user switched their second factor off.
        AccountDisableSecondFactor = "account_disable_second_factor",
        /// A user had new recovery codes made.
        AccountRegenerateRecoveryCodes = "account_regenerate_recovery_codes",
        /// A superuser made a link for a user to set a new password with.
        UserCreateRecovery = "user_create_recovery",
        /// A user set a new password with such a link.
        AccountRecover = "account_recover",
        /// A superuser switched a user's second factor off.
        UserResetSecondFactor = "user_reset_second_factor",
        /// A user became an organization.
        AccountConvert = "account_convert",
        /// A user had a password made for command lines.
        UserGenerateClientKey = "user_generate_client_key",
        /// Somebody signed in.
        LoginSuccess = "login_success",
        /// Somebody gave a wrong password.
        LoginFailure = "login_failure",
        /// Somebody signed out.
        LogoutSuccess = "logout_success",
        /// A user ended one of their sessions.
        SessionRevoke = "session_revoke",
        /// A user made an application token.
        CreateAppSpecificToken = "create_app_specific_token",
        /// A user revoked an application token.
        RevokeAppSpecificToken = "revoke_app_specific_token",
        /// A user made an access token for themselves.
        CreatePersonalToken = "create_personal_token",
        /// A user revoked an access token of theirs.
        RevokePersonalToken = "revoke_personal_token",
        /// A robot account was created.
        CreateRobot = "create_robot",
        /// A robot account was deleted.
        DeleteRobot = "delete_robot",
        /// A robot account was described anew.
        ChangeRobot = "change_robot",
        /// A robot account got another token.
        RegenerateRobotToken = "regenerate_robot_token",
        /// A robot account trusts identities of a provider.
        CreateRobotFederation = "create_robot_federation",
        /// A robot account trusts no provider any more.
        DeleteRobotFederation = "delete_robot_federation",
        /// A signed identity was exchanged for a robot account's token.
        FederatedRobotTokenExchange = "federated_robot_token_exchange",
        /// A repository was created.
        CreateRepo = "create_repo",
        /// A repository was deleted.
        DeleteRepo = "delete_repo",
        /// A deleted repository came back.
        RestoreRepo = "restore_repo",
        /// A manifest was pushed.
        PushRepo = "push_repo",
        /// A manifest was pulled.
        PullRepo = "pull_repo",
        /// A push was refused.
        PushRepoFailed = "push_repo_failed",
        /// A pull was refused.
        PullRepoFailed = "pull_repo_failed",
        /// A repository was made public or private.
        ChangeRepoVisibility = "change_repo_visibility",
        /// A repository was made read-only or writable.
        ChangeRepoState = "change_repo_state",
        /// A repository was described anew.
        SetRepoDescription = "set_repo_description",
        /// Somebody was given a role on a repository.
        AddRepoPermission = "add_repo_permission",
        /// Somebody's role on a repository was changed.
        ChangeRepoPermission = "change_repo_permission",
        /// Somebody's role on a repository was taken away.
        DeleteRepoPermission = "delete_repo_permission",
        /// A tag was made.
        CreateTag = "create_tag",
        /// A tag was moved to another manifest.
        MoveTag = "move_tag",
        /// A tag was deleted.
        DeleteTag = "delete_tag",
        /// A tag was restored to what it was before.
        RevertTag = "revert_tag",
        /// A tag's past was erased.
        PermanentlyDeleteTag = "permanently_delete_tag",
        /// A tag's end was set.
        ChangeTagExpiration = "change_tag_expiration",
        /// A tag came to its end.
        ExpireTag = "expire_tag",
        /// A manifest was deleted.
        DeleteManifest = "delete_manifest",
        /// A blob was taken out of a repository.
        DeleteBlob = "delete_blob",
        /// A label was put on a manifest.
        ManifestLabelAdd = "manifest_label_add",
        /// A label was taken off a manifest.
        ManifestLabelDelete = "manifest_label_delete",
        /// An organization was created.
        OrgCreate = "org_create",
        /// An organization was deleted.
        OrgDelete = "org_delete",
        /// A deleted organization came back.
        OrgRestore = "org_restore",
        /// An organization's address was changed.
        OrgChangeEmail = "org_change_email",
        /// An organization changed whether invoices are mailed.
        OrgChangeInvoicing = "org_change_invoicing",
        /// An organization's time machine was set.
        OrgChangeTagExpiration = "org_change_tag_expiration",
        /// An organization was renamed.
        OrgChangeName = "org_change_name",
        /// A team was created.
        OrgCreateTeam = "org_create_team",
        /// A team was deleted.
        OrgDeleteTeam = "org_delete_team",
        /// A team was described anew.
        OrgSetTeamDescription = "org_set_team_description",
        /// A team's role was changed.
        OrgSetTeamRole = "org_set_team_role",
        /// Somebody joined a team.
        OrgAddTeamMember = "org_add_team_member",
        /// Somebody left a team.
        OrgRemoveTeamMember = "org_remove_team_member",
        /// Somebody was invited to a team.
        OrgInviteTeamMember = "org_invite_team_member",
        /// An invitation to a team was withdrawn.
        OrgDeleteTeamMemberInvite = "org_delete_team_member_invite",
        /// An invitation to a team was accepted.
        OrgTeamMemberInviteAccepted = "org_team_member_invite_accepted",
        /// An invitation to a team was declined.
        OrgTeamMemberInviteDeclined = "org_team_member_invite_declined",
        /// A default permission was made.
        CreatePrototypePermission = "create_prototype_permission",
        /// A default permission was changed.
        ModifyPrototypePermission = "modify_prototype_permission",
        /// A default permission was deleted.
        DeletePrototypePermission = "delete_prototype_permission",
        /// Default permissions were applied to repositories that existed.
        ApplyPrototypePermission = "apply_prototype_permission",
        /// A superuser took over a namespace.
        TakeOwnership = "take_ownership",
        /// An OAuth application was registered.
        CreateApplication = "create_application",
        /// An OAuth application was changed.
        UpdateApplication = "update_application",
        /// An OAuth application was deleted.
        DeleteApplication = "delete_application",
        /// An OAuth application got another secret.
        ResetApplicationClientSecret = "reset_application_client_secret",
        /// A user let an application act for them.
        AuthorizeApplication = "authorize_application",
        /// A user withdrew what they had let an application do.
        RevokeApplication = "revoke_application",
        /// An admin made a token of an application.
        CreateOauthApiToken = "create_oauth_api_token",
        /// A token of an application was revoked.
        RevokeOauthApiToken = "revoke_oauth_api_token",
        /// A message to everybody was posted.
        CreateMessage = "create_message",
        /// A message to everybody was taken down.
        DeleteMessage = "delete_message",
        /// The usage log was exported.
        ExportLogsSuccess = "export_logs_success",
        /// An export of the usage log failed.
        ExportLogsFailure = "export_logs_failure",
        /// A configuration was applied from a file.
        ApplyConfiguration = "apply_configuration",
        /// A service key was made.
        ServiceKeyCreate = "service_key_create",
        /// A service key was approved.
        ServiceKeyApprove = "service_key_approve",
        /// A service key was changed.
        ServiceKeyModify = "service_key_modify",
        /// A service key was deleted.
        ServiceKeyDelete = "service_key_delete",
    }
}

impl EventKind {
    /// Whether it is about the account of whoever caused it, and so in the log of their own namespace where no other is
    /// named.
    pub fn is_of_account(self) -> bool {
        use EventKind as K;
        matches!(
            self,
            K::AccountChangePassword
                | K::AccountEnableSecondFactor
                | K::AccountDisableSecondFactor
                | K::AccountRegenerateRecoveryCodes
                | K::AccountRecover
                | K::AccountConvert
                | K::UserChangeTagExpiration
                | K::UserChangeMetadata
                | K::UserChangeInvoicing
                | K::LoginSuccess
                | K::LogoutSuccess
                | K::SessionRevoke
                | K::CreateAppSpecificToken
                | K::RevokeAppSpecificToken
                | K::CreatePersonalToken
                | K::RevokePersonalToken
                | K::FederatedRobotTokenExchange
                | K::AuthorizeApplication
                | K::RevokeApplication
        )
    }
}
