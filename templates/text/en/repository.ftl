# What all pages of a repository share.
repository-tab-information = Information
repository-tab-tags = Tags
repository-tab-history = Tag history
repository-tab-logs = Logs
repository-tab-settings = Settings
repository-public = Public
repository-private = Private
repository-read-only = Read-only
repository-pulls =
    { $count ->
        [one] { $shown } pull
       *[other] { $shown } pulls
    }
repository-star = Star this repository, stars:
repository-unstar = Remove your star, stars:
repository-pull = Pull
repository-pull-name = Pull { $name }
