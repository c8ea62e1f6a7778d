//! The words for each kind of event: its sentence, and its name in filters and legends.

use domain::event::EventKind;

/// The key of the sentence that tells what happened.
pub fn sentence_key(kind: EventKind) -> &'static str {
    keys(kind).0
}

/// The key of the kind's name.
pub fn name_key(kind: EventKind) -> &'static str {
    keys(kind).1
}

#[expect(clippy::too_many_lines, reason = "a table: what is missing in it does not compile")]
fn keys(kind: EventKind) -> (&'static str, &'static str) {
    use EventKind as K;
    match kind {
        K::UserCreate => ("event-user-create", "event-kind-user-create"),
        K::UserDelete => ("event-user-delete", "event-kind-user-delete"),
        K::UserEnable => ("event-user-enable", "event-kind-user-enable"),
        K::UserDisable => ("event-user-disable", "event-kind-user-disable"),
        K::UserRestore => ("event-user-restore", "event-kind-user-restore"),
        K::UserChangePassword => ("event-user-change-password", "event-kind-user-change-password"),
        K::UserChangeEmail => ("event-user-change-email", "event-kind-user-change-email"),
        K::UserChangeName => ("event-user-change-name", "event-kind-user-change-name"),
        K::UserChangeStanding => ("event-user-change-standing", "event-kind-user-change-standing"),
        K::UserChangeTagExpiration => ("event-user-change-tag-expiration", "event-kind-user-change-tag-expiration"),
        K::UserChangeMetadata => ("event-user-change-metadata", "event-kind-user-change-metadata"),
        K::UserChangeInvoicing => ("event-user-change-invoicing", "event-kind-user-change-invoicing"),
        K::AccountChangePassword => ("event-account-change-password", "event-kind-account-change-password"),
        K::AccountEnableSecondFactor => {
            ("event-account-enable-second-factor", "event-kind-account-enable-second-factor")
        }
        K::AccountDisableSecondFactor => {
            ("event-account-disable-second-factor", "event-kind-account-disable-second-factor")
        }
        K::AccountRegenerateRecoveryCodes => {
            ("event-account-regenerate-recovery-codes", "event-kind-account-regenerate-recovery-codes")
        }
        K::UserCreateRecovery => ("event-user-create-recovery", "event-kind-user-create-recovery"),
        K::AccountRecover => ("event-account-recover", "event-kind-account-recover"),
        K::UserResetSecondFactor => ("event-user-reset-second-factor", "event-kind-user-reset-second-factor"),
        K::AccountConvert => ("event-account-convert", "event-kind-account-convert"),
        K::UserGenerateClientKey => ("event-user-generate-client-key", "event-kind-user-generate-client-key"),
        K::LoginSuccess => ("event-login-success", "event-kind-login-success"),
        K::LoginFailure => ("event-login-failure", "event-kind-login-failure"),
        K::LogoutSuccess => ("event-logout-success", "event-kind-logout-success"),
        K::SessionRevoke => ("event-session-revoke", "event-kind-session-revoke"),
        K::CreateAppSpecificToken => ("event-create-app-specific-token", "event-kind-create-app-specific-token"),
        K::RevokeAppSpecificToken => ("event-revoke-app-specific-token", "event-kind-revoke-app-specific-token"),
        K::CreatePersonalToken => ("event-create-personal-token", "event-kind-create-personal-token"),
        K::RevokePersonalToken => ("event-revoke-personal-token", "event-kind-revoke-personal-token"),
        K::CreateRobot => ("event-create-robot", "event-kind-create-robot"),
        K::DeleteRobot => ("event-delete-robot", "event-kind-delete-robot"),
        K::ChangeRobot => ("event-change-robot", "event-kind-change-robot"),
        K::RegenerateRobotToken => ("event-regenerate-robot-token", "event-kind-regenerate-robot-token"),
        K::CreateRobotFederation => ("event-create-robot-federation", "event-kind-create-robot-federation"),
        K::DeleteRobotFederation => ("event-delete-robot-federation", "event-kind-delete-robot-federation"),
        K::FederatedRobotTokenExchange => {
            ("event-federated-robot-token-exchange", "event-kind-federated-robot-token-exchange")
        }
        K::CreateRepo => ("event-create-repo", "event-kind-create-repo"),
        K::DeleteRepo => ("event-delete-repo", "event-kind-delete-repo"),
        K::RestoreRepo => ("event-restore-repo", "event-kind-restore-repo"),
        K::PushRepo => ("event-push-repo", "event-kind-push-repo"),
        K::PullRepo => ("event-pull-repo", "event-kind-pull-repo"),
        K::PushRepoFailed => ("event-push-repo-failed", "event-kind-push-repo-failed"),
        K::PullRepoFailed => ("event-pull-repo-failed", "event-kind-pull-repo-failed"),
        K::ChangeRepoVisibility => ("event-change-repo-visibility", "event-kind-change-repo-visibility"),
        K::ChangeRepoState => ("event-change-repo-state", "event-kind-change-repo-state"),
        K::SetRepoDescription => ("event-set-repo-description", "event-kind-set-repo-description"),
        K::AddRepoPermission => ("event-add-repo-permission", "event-kind-add-repo-permission"),
        K::ChangeRepoPermission => ("event-change-repo-permission", "event-kind-change-repo-permission"),
        K::DeleteRepoPermission => ("event-delete-repo-permission", "event-kind-delete-repo-permission"),
        K::CreateTag => ("event-create-tag", "event-kind-create-tag"),
        K::MoveTag => ("event-move-tag", "event-kind-move-tag"),
        K::DeleteTag => ("event-delete-tag", "event-kind-delete-tag"),
        K::RevertTag => ("event-revert-tag", "event-kind-revert-tag"),
        K::PermanentlyDeleteTag => ("event-permanently-delete-tag", "event-kind-permanently-delete-tag"),
        K::ChangeTagExpiration => ("event-change-tag-expiration", "event-kind-change-tag-expiration"),
        K::ExpireTag => ("event-expire-tag", "event-kind-expire-tag"),
        K::DeleteManifest => ("event-delete-manifest", "event-kind-delete-manifest"),
        K::DeleteBlob => ("event-delete-blob", "event-kind-delete-blob"),
        K::ManifestLabelAdd => ("event-manifest-label-add", "event-kind-manifest-label-add"),
        K::ManifestLabelDelete => ("event-manifest-label-delete", "event-kind-manifest-label-delete"),
        K::OrgCreate => ("event-org-create", "event-kind-org-create"),
        K::OrgDelete => ("event-org-delete", "event-kind-org-delete"),
        K::OrgRestore => ("event-org-restore", "event-kind-org-restore"),
        K::OrgChangeEmail => ("event-org-change-email", "event-kind-org-change-email"),
        K::OrgChangeInvoicing => ("event-org-change-invoicing", "event-kind-org-change-invoicing"),
        K::OrgChangeTagExpiration => ("event-org-change-tag-expiration", "event-kind-org-change-tag-expiration"),
        K::OrgChangeName => ("event-org-change-name", "event-kind-org-change-name"),
        K::OrgCreateTeam => ("event-org-create-team", "event-kind-org-create-team"),
        K::OrgDeleteTeam => ("event-org-delete-team", "event-kind-org-delete-team"),
        K::OrgSetTeamDescription => ("event-org-set-team-description", "event-kind-org-set-team-description"),
        K::OrgSetTeamRole => ("event-org-set-team-role", "event-kind-org-set-team-role"),
        K::OrgAddTeamMember => ("event-org-add-team-member", "event-kind-org-add-team-member"),
        K::OrgRemoveTeamMember => ("event-org-remove-team-member", "event-kind-org-remove-team-member"),
        K::OrgInviteTeamMember => ("event-org-invite-team-member", "event-kind-org-invite-team-member"),
        K::OrgDeleteTeamMemberInvite => {
            ("event-org-delete-team-member-invite", "event-kind-org-delete-team-member-invite")
        }
        K::OrgTeamMemberInviteAccepted => {
            ("event-org-team-member-invite-accepted", "event-kind-org-team-member-invite-accepted")
        }
        K::OrgTeamMemberInviteDeclined => {
            ("event-org-team-member-invite-declined", "event-kind-org-team-member-invite-declined")
        }
        K::CreatePrototypePermission => ("event-create-prototype-permission", "event-kind-create-prototype-permission"),
        K::ModifyPrototypePermission => ("event-modify-prototype-permission", "event-kind-modify-prototype-permission"),
        K::DeletePrototypePermission => ("event-delete-prototype-permission", "event-kind-delete-prototype-permission"),
        K::ApplyPrototypePermission => ("event-apply-prototype-permission", "event-kind-apply-prototype-permission"),
        K::TakeOwnership => ("event-take-ownership", "event-kind-take-ownership"),
        K::CreateApplication => ("event-create-application", "event-kind-create-application"),
        K::UpdateApplication => ("event-update-application", "event-kind-update-application"),
        K::DeleteApplication => ("event-delete-application", "event-kind-delete-application"),
        K::ResetApplicationClientSecret => {
            ("event-reset-application-client-secret", "event-kind-reset-application-client-secret")
        }
        K::AuthorizeApplication => ("event-authorize-application", "event-kind-authorize-application"),
        K::RevokeApplication => ("event-revoke-application", "event-kind-revoke-application"),
        K::CreateOauthApiToken => ("event-create-oauth-api-token", "event-kind-create-oauth-api-token"),
        K::RevokeOauthApiToken => ("event-revoke-oauth-api-token", "event-kind-revoke-oauth-api-token"),
        K::CreateMessage => ("event-create-message", "event-kind-create-message"),
        K::DeleteMessage => ("event-delete-message", "event-kind-delete-message"),
        K::ExportLogsSuccess => ("event-export-logs-success", "event-kind-export-logs-success"),
        K::ExportLogsFailure => ("event-export-logs-failure", "event-kind-export-logs-failure"),
        K::ApplyConfiguration => ("event-apply-configuration", "event-kind-apply-configuration"),
        K::ServiceKeyCreate => ("event-service-key-create", "event-kind-service-key-create"),
        K::ServiceKeyApprove => ("event-service-key-approve", "event-kind-service-key-approve"),
        K::ServiceKeyModify => ("event-service-key-modify", "event-kind-service-key-modify"),
        K::ServiceKeyDelete => ("event-service-key-delete", "event-kind-service-key-delete"),
    }
}
