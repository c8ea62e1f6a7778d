# What a repository is for.
information-about = About this repository
information-description = Description
information-description-hint = Markdown. Images and links to other places are shown as links.
information-edit = Edit description
information-write = Write a description
information-no-description = Nobody has said yet what this is for.
information-described = Description saved
information-save = Save description
information-preview = Preview
information-preview-nothing = Nothing to show yet
information-pull = Pull this repository
information-heat = Pushes in 90 days
information-heat-sentence =
    { $pulls ->
        [one] { $pulls } pull in the same time.
       *[other] { $pulls } pulls in the same time.
    }
information-day =
    { $count ->
        [one] { $day }: { $count } push, { $pulls } pulls
       *[other] { $day }: { $count } pushes, { $pulls } pulls
    }
information-fewer = Fewer
information-more = More
information-table = Show as table
information-table-label = Pushes and pulls per week
information-week = Week from
information-pushes = Pushes
information-pulls = Pulls
information-facts = Facts
information-pushed = Last push
information-never = None yet
information-size = Size
information-created = Created
