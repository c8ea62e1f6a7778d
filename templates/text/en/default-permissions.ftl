# Default permissions of organizations.
default-permissions-of = Default permissions of { $name }
default-permissions-about = Given to every new repository of this organization when it is created, by whom and however it is created.
default-permissions-none = There are no default permissions. New repositories are their creators’ and the organization’s admins’ alone.
default-permissions-create = Create default permission
default-permissions-created = Default permission for { $name } created
default-permissions-changed = Default permission for { $name } changed
default-permissions-undo = Undo
default-permissions-deleted = Default permission deleted
default-permissions-creator = Repository created by
default-permissions-grantee = Permission applied to
default-permissions-grantee-name = Name of the team or account
default-permissions-account = User or robot account
default-permissions-role = Permission
default-permissions-role-of = Permission for { $name }
default-permissions-save = Save
default-permissions-anyone = Anyone
default-permissions-anyone-here = Anyone in the organization
default-permissions-anyone-hint = Members and robot accounts
default-permissions-one = One user or robot account
default-permissions-one-hint = Only repositories that this account creates
default-permissions-which-one = User or robot account, if it is one
default-permissions-no-role = Choose Read, Write or Admin.
default-permissions-no-creator = There is no such user, nor such a robot account of this organization.
default-permissions-no-grantee = There is no such team, user or robot account of this organization.
default-permissions-delete = Delete default permission
default-permissions-delete-of = Delete default permission for { $name }
default-permissions-delete-question = Delete this default permission?
default-permissions-rule = { $name } gets { $role }
default-permissions-by-one = on repositories that { $name } creates.
default-permissions-by-anyone = on repositories that anyone creates.
default-permissions-delete-stays = Repositories that exist keep the permissions they have.
default-permissions-apply = Apply to existing repositories…
default-permissions-apply-question = Apply default permissions to existing repositories?
default-permissions-apply-about = On every repository of { $name } this is granted, where it is not granted yet:
default-permissions-apply-rule = { $role } for { $name }
default-permissions-apply-stays = No permission is lowered or removed. Default permissions for one creator are for new repositories only and are not applied.
default-permissions-apply-nothing = No default permission is for repositories that anyone creates, so there is nothing to apply. Those for one creator are for new repositories only.
default-permissions-apply-now = Apply default permissions
default-permissions-applied =
    { $count ->
        [one] { $count } repository was given { $grants ->
            [one] { $grants } permission
           *[other] { $grants } permissions
        }
       *[other] { $count } repositories were given { $grants ->
            [one] { $grants } permission
           *[other] { $grants } permissions
        }
    }
default-permissions-applied-none = All repositories had these permissions already
default-permissions-applied-some = Not all repositories were reached; { $count } of them were changed. Apply again to go on.
