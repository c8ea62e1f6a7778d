# The page of an organization or user: its head, and the tab of its repositories.
namespace-breadcrumb = Breadcrumb
namespace-tab-repositories = Repositories
namespace-tab-teams = Teams and membership
namespace-tab-robots = Robot accounts
namespace-tab-default-permissions = Default permissions
namespace-tab-applications = OAuth applications
namespace-tab-logs = Logs
namespace-tab-settings = Settings
namespace-repositories-of = Repositories of { $name }
namespace-repository = Name
namespace-visibility = Visibility
namespace-public = Public
namespace-private = Private
namespace-private-hint = Only people, teams and robot accounts with permission can see and pull it
namespace-public-hint = Anyone who can reach this registry can pull it, also without an account
namespace-namespace = Namespace
namespace-repository-hint = Lower-case letters, digits and . _ - /; names may nest, for example team/service
namespace-description = Description (optional)
namespace-description-hint = Markdown. The whole README can be written later.
namespace-create-repository = Create repository
namespace-repository-created = Repository { $name } created
namespace-none-yet = No repositories yet
namespace-none-yet-text = Push an image and the repository is created for you, private at first. This page shows it as soon as it arrives.
namespace-step-sign-in = Sign in from your terminal
namespace-step-app-token = Use an app token as password
namespace-step-push = Tag an image and push it
namespace-step-pull = Pull it anywhere
namespace-waiting = Waiting for the first push to { $name } …
namespace-filter = Filter repositories
namespace-filter-name = Filter by name
namespace-filter-apply = Filter
namespace-filter-clear = Clear filter
namespace-select-all = Select all on this page
namespace-select = Select { $name }
namespace-selected = { $count } selected
namespace-selected-some = Selected repositories
namespace-bulk = Actions for selected repositories
namespace-nothing-visible = There are no repositories that you may see.
namespace-nothing-found = No repository matches “{ $text }”.
namespace-star = Star { $name }
namespace-read-only = Read-only
namespace-actions = Actions for { $name }
namespace-publish = Make public
namespace-hide = Make private
namespace-delete = Delete
namespace-delete-one = Delete repository
namespace-publish-title =
    { $count ->
        [one] Make this repository public?
       *[other] Make { $count } repositories public?
    }
namespace-publish-text =
    { $count ->
        [one] Anyone who can reach this registry will see it and pull from it, also without an account.
       *[other] Anyone who can reach this registry will see them and pull from them, also without an account.
    }
namespace-hide-title =
    { $count ->
        [one] Make this repository private?
       *[other] Make { $count } repositories private?
    }
namespace-hide-text =
    { $count ->
        [one] Pulls by people, teams and robot accounts without permission on it fail at once. Permissions stay as they are.
       *[other] Pulls by people, teams and robot accounts without permission on them fail at once. Permissions stay as they are.
    }
namespace-delete-title =
    { $count ->
        [one] Delete this repository?
       *[other] Delete { $count } repositories?
    }
namespace-delete-text =
    { $count ->
        [one] All its tags, their history and its permissions are lost, and pulls fail at once:
       *[other] All their tags, their history and their permissions are lost, and pulls fail at once:
    }
namespace-type-to-delete = Type { $name } to confirm
namespace-delete-mistyped = Type exactly { $name }.
namespace-published =
    { $count ->
        [one] 1 repository made public
       *[other] { $count } repositories made public
    }
namespace-hidden =
    { $count ->
        [one] 1 repository made private
       *[other] { $count } repositories made private
    }
namespace-deleted =
    { $count ->
        [one] 1 repository deleted
       *[other] { $count } repositories deleted
    }
namespace-undo = Undo
namespace-there = In use
namespace-deleted-of = Deleted repositories of { $name }
namespace-deleted-none = No repository of this namespace was deleted that could be restored.
namespace-deleted-text = A restored repository has its tags and permissions again.
namespace-restore-title = Restore under another name
namespace-restored =
    { $count ->
        [one] 1 repository restored
       *[other] { $count } repositories restored
    }
namespace-not-there = { $name } was not changed: it does not exist, or you may not change it.
permission-read = Read
permission-write = Write
permission-admin = Admin
permission-none = none
namespace-tags = Tags
namespace-size = Size
namespace-pushed = Last push
namespace-never = Never
namespace-settings = Settings
namespace-any-visibility = Any visibility
namespace-total =
    { $count ->
        [one] 1 repository
       *[other] { $count } repositories
    }
namespace-content =
    { $tags ->
        [one] 1 tag, { $size }
       *[other] { $tags } tags, { $size }
    }
namespace-delete-restore =
    { $days ->
        [one] For 1 day you can restore them under Deleted.
       *[other] For { $days } days you can restore them under Deleted.
    }
namespace-nothing-of-visibility = No repository has this visibility.
