//! Every kind of event there is, somebody writes.

use domain::event::EventKind;

use super::sources;

/// Kinds whose operations are not there yet.
const NOT_YET: [EventKind; 62] = [
    EventKind::UserDelete,
    EventKind::UserRestore,
    EventKind::UserChangeEmail,
    EventKind::UserChangeName,
    EventKind::UserChangeTagExpiration,
    EventKind::UserChangeMetadata,
    EventKind::UserChangeInvoicing,
    EventKind::AccountChangePassword,
    EventKind::AccountConvert,
    EventKind::SessionRevoke,
    EventKind::CreateAppSpecificToken,
    EventKind::RevokeAppSpecificToken,
    EventKind::CreatePersonalToken,
    EventKind::RevokePersonalToken,
    EventKind::ChangeRobot,
    EventKind::CreateRobotFederation,
    EventKind::DeleteRobotFederation,
    EventKind::FederatedRobotTokenExchange,
    EventKind::DeleteRepo,
    EventKind::RestoreRepo,
    EventKind::ChangeRepoState,
    EventKind::SetRepoDescription,
    EventKind::AddRepoPermission,
    EventKind::DeleteRepoPermission,
    EventKind::CreateTag,
    EventKind::MoveTag,
    EventKind::RevertTag,
    EventKind::PermanentlyDeleteTag,
    EventKind::ChangeTagExpiration,
    EventKind::ExpireTag,
    EventKind::ManifestLabelAdd,
    EventKind::ManifestLabelDelete,
    EventKind::OrgDelete,
    EventKind::OrgRestore,
    EventKind::OrgChangeEmail,
    EventKind::OrgChangeInvoicing,
    EventKind::OrgChangeTagExpiration,
    EventKind::OrgChangeName,
    EventKind::OrgDeleteTeam,
    EventKind::OrgInviteTeamMember,
    EventKind::OrgDeleteTeamMemberInvite,
    EventKind::OrgTeamMemberInviteAccepted,
    EventKind::OrgTeamMemberInviteDeclined,
    EventKind::ModifyPrototypePermission,
    EventKind::DeletePrototypePermission,
    EventKind::ApplyPrototypePermission,
    EventKind::TakeOwnership,
    EventKind::CreateApplication,
    EventKind::UpdateApplication,
    EventKind::DeleteApplication,
    EventKind::ResetApplicationClientSecret,
    EventKind::AuthorizeApplication,
    EventKind::RevokeApplication,
    EventKind::CreateOauthApiToken,
    EventKind::RevokeOauthApiToken,
    EventKind::CreateMessage,
    EventKind::DeleteMessage,
    EventKind::ApplyConfiguration,
    EventKind::ServiceKeyCreate,
    EventKind::ServiceKeyApprove,
    EventKind::ServiceKeyModify,
    EventKind::ServiceKeyDelete,
];

#[test]
fn every_kind_of_event_is_written_by_somebody() {
    let sources = sources("src", "rs");
    let code: Vec<&str> = sources.iter().flat_map(|source| source.code()).map(|(_, line)| line).collect();
    let written = |kind: EventKind| {
        let name = format!("EventKind::{kind:?}");
        let whole = |after: &str| !after.starts_with(|next: char| next.is_ascii_alphanumeric());
        code.iter().any(|line| line.match_indices(&name).any(|(at, _)| whole(&line[at + name.len()..])))
    };

    let missing: Vec<&str> = EventKind::ALL
        .iter()
        .filter(|kind| !NOT_YET.contains(kind) && !written(**kind))
        .map(|kind| kind.as_str())
        .collect();

    assert_eq!(missing, Vec::<&str>::new(), "kinds that nothing writes");
}
