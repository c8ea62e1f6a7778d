# The settings of a repository.
settings-permissions = Permissions
settings-permissions-hint = Admins of { $name } always have admin here.
settings-add-who = Add user, team or robot account
settings-add-placeholder = Start typing a name
settings-add = Add permission
settings-account = Account
settings-type = Type
settings-user = User
settings-team = Team
settings-robot = Robot account
settings-user-or-robot = User or robot account
settings-permission = Permission
settings-permission-of = Permission of { $name }
settings-save = Save
settings-remove = Remove permission of { $name }
settings-nobody = Nobody has a permission of their own here yet.
settings-outsider = Not a member of { $name }
settings-granted = Permission of { $name } saved
settings-revoked = { $name } has no permission of their own any more
settings-unknown = There is no { $name } that could get a permission here. Check the spelling and the type.
settings-visibility = Visibility
settings-is-public = Everybody may pull, signed in or not.
settings-is-private = Only those with a permission may pull and know that it exists.
settings-make-public = Make public
settings-make-private = Make private
settings-now-public = Everybody may pull now
settings-now-private = Only those with a permission may pull now
settings-state = Repository state
settings-is-normal = Those who may write can push and delete.
settings-is-read-only = Nobody can push or delete, whatever their permission.
settings-make-normal = Allow changes
settings-make-read-only = Make read-only
settings-now-normal = Changes are allowed again
settings-now-read-only = The repository is read-only now
settings-delete = Delete repository
settings-delete-loses =
    { $tags ->
        [one] { $tags } tag and its history are gone at once, pulls fail. Admins of its namespace can restore the repository within { $time }.
       *[other] { $tags } tags and their history are gone at once, pulls fail. Admins of its namespace can restore the repository within { $time }.
    }
settings-confirm = Type { $name } to confirm
settings-confirm-wrong = That is not the name. Type { $name } to delete it.
settings-deleted = Repository { $name } deleted
