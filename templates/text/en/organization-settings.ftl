# The settings of an organization.
organization-general = General
organization-save = Save settings
organization-settings-saved = Settings saved
organization-expiration = Time machine
organization-expiration-hint = For how long a tag that was deleted or moved can be restored
organization-expiration-none = Not at all
organization-expiration-day = 1 day
organization-expiration-week = 1 week
organization-expiration-two-weeks = 2 weeks
organization-expiration-four-weeks = 4 weeks
organization-rename = Rename organization
organization-rename-hint = Its repositories and robot accounts are named after it at once; addresses with the old name lead nowhere
organization-renamed = { $old } is now { $name }
organization-delete = Delete organization
organization-delete-title = Delete organization { $name }?
organization-delete-text =
    { $days ->
        [one] All its repositories with their tags, its teams, robot accounts and applications are lost. Pulls fail at once, and its tokens end for good. For 1 day an administrator of this registry can restore the rest.
       *[other] All its repositories with their tags, its teams, robot accounts and applications are lost. Pulls fail at once, and its tokens end for good. For { $days } days an administrator of this registry can restore the rest.
    }
organization-delete-type = Type { $name } to confirm
organization-delete-mistyped = Type exactly { $name }.
organization-deleted = Organization { $name } deleted
organization-user-settings = Settings of this user
organization-user-settings-text = Name, e-mail address, password, tokens and how long deleted tags stay are among the settings of the account.
organization-teams =
    { $count ->
        [one] 1 team
       *[other] { $count } teams
    }
organization-robots =
    { $count ->
        [one] 1 robot account
       *[other] { $count } robot accounts
    }
