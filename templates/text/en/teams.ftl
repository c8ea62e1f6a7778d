# Teams and members of an organization.
teams-view = View
teams-view-teams = Teams
teams-view-members = Members
teams-view-collaborators = Collaborators
teams-create = Create team
teams-created = Team { $name } created. Add its members.
teams-none = There are no teams.
teams-caption = Teams of { $name }
teams-name = Team name
teams-name-hint = 2 to 255 lower-case letters and digits, with single . _ or - between them
teams-description = Description
teams-description-hint = What the team is for; up to 1,000 characters
teams-members = Members
teams-repositories = Repositories
teams-all-repositories = all
teams-number = { $count }
teams-role = Team role
teams-role-of = Role of team { $name }
teams-role-changed = The role of { $name } is now { $role }
teams-roles-explained = A member has the permissions given to the team; a creator may also create repositories; an admin controls the organization.
teams-save = Save
teams-actions = Actions for team { $name }
teams-manage = Manage members
teams-set-permissions = Set repository permissions
teams-delete = Delete team
teams-deleted = Team { $name } deleted
teams-delete-title = Delete team { $name }?
teams-delete-members =
    { $count ->
        [0] It has no members.
        [one] 1 member loses what the team may do.
       *[other] { $count } members lose what the team may do.
    }
teams-delete-repositories =
    { $count ->
        [0] It has no permissions on repositories.
        [one] Its permission on 1 repository is lost.
       *[other] Its permissions on { $count } repositories are lost.
    }
teams-delete-final = Accounts and repositories stay. A deleted team cannot be restored.
teams-user = User name
teams-direct = Direct repository permissions
teams-direct-count =
    { $count ->
        [one] 1 repository
       *[other] { $count } repositories
    }
teams-direct-of = Direct permissions of { $name }
teams-direct-about = Given to this account alone. What teams give comes on top.
teams-direct-none = No repository is granted to { $name } directly.
teams-direct-repository = Repository
teams-direct-role = Permission
teams-no-direct = None
teams-no-members = Nobody is in a team.
teams-no-collaborators = Nobody outside the teams has permissions on a repository.
teams-remove = Remove from organization
teams-remove-label = Remove { $member } from { $name }
teams-remove-title = Remove { $member } from { $name }?
teams-remove-team = Membership in team { $team } is lost
teams-remove-repository = Permission on { $repository } is lost
teams-remove-stays = The account { $member } stays, and so does what it pushed.
teams-member-removed = { $member } does not belong to { $name } any more
teams-filter = Filter by name
teams-nothing-found = Nothing matches “{ $text }”.
