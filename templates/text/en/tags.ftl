# The tags of a repository.
tags-first-push = Push the first image
tags-step-login = Sign in
tags-step-tag = Tag an image
tags-step-push = Push it
tags-waiting = Waiting for the first push. This page shows it by itself.
tags-none = There is nothing to pull here yet.
tags-filter = Filter tags
tags-filter-label = Filter tags by name or digest
tags-filter-placeholder = Filter by name or digest
tags-regex = Regular expression
tags-signatures = Show signatures
tags-sort-by = Sort by
tags-apply = Apply
tags-select-all = Select all on this page
tags-select = Select tag { $tag }
tags-selected = { "{n}" } selected
tags-bulk = Actions for selected tags
tags-set-expiration = Set expiration
tags-delete-selected = Delete
tags-clear-filter = Clear filter
tags-matching = { $count } found
tags-no-match = No tag matches.
tags-caption = Tags of { $name }. Lines before the manifest join tags of the same image.
tags-name = Tag
tags-size = Size
tags-modified = Last modified
tags-expires = Expires
tags-never = Never
tags-manifest = Manifest
tags-pulls = Pulls
tags-rows = Rows per page
tags-total =
    { $count ->
        [one] { $count } tag
       *[other] { $count } tags
    }
tags-platforms-of = Platforms of { $tag }
tags-has-signature = Has a signature
tags-has-sbom = Has a list of its contents (SBOM)
tags-has-attestation = Has an attestation
tags-copy-digest = Copy digest
tags-same-image = Same image as { $tags }
tags-actions = Actions for tag { $tag }
tags-details = Details
tags-compare = Compare with another tag
tags-add = Add new tag
tags-change-expiration = Change expiration
tags-delete = Delete tag
tags-index-caption =
    { $count ->
        [one] Index of { $count } manifest
       *[other] Index of { $count } manifests
    }
tags-platform = Platform
tags-platform-unknown = Not named
tags-not-here = Not in this repository
tags-delete-question =
    { $count ->
        [one] Delete tag { $tag }?
       *[other] Delete { $count } tags?
    }
tags-delete-loses = Nobody can pull by this name any more. The image stays and can be pulled by its digest.
tags-delete-restorable = You can bring it back from the tag history within { $time }.
tags-delete-for-good = This namespace keeps no deleted tags, so the history may not be able to bring it back.
tags-delete-button =
    { $count ->
        [one] Delete tag
       *[other] Delete { $count } tags
    }
tags-deleted =
    { $count ->
        [one] Tag { $tag } deleted
       *[other] { $count } tags deleted
    }
tags-restored =
    { $count ->
        [one] Tag { $tag } is back
       *[other] { $count } tags are back
    }
tags-undo = Undo
tags-missing = { $tag } is not there, or came to point elsewhere meanwhile
tags-none-there = Nothing was changed
tags-reverted = Tag { $tag } points there again
tags-expire-title =
    { $count ->
        [one] When does tag { $tag } end?
       *[other] When do { $count } tags end?
    }
tags-expire-at = End
tags-expire-zone = By the clock of { $zone }
tags-expire-never = Never end
tags-expire-past = Give a date and time in the future.
tags-expiring =
    { $count ->
        [one] Tag { $tag } ends at that time
       *[other] { $count } tags end at that time
    }
tags-not-expiring =
    { $count ->
        [one] Tag { $tag } does not end
       *[other] { $count } tags do not end
    }
tags-add-title = Add a tag to the image of { $tag }
tags-new-name = New tag
tags-add-hint = Up to 128 letters, digits and . _ -; a tag of this name moves here
tags-add-invalid = Tags have up to 128 letters, digits and . _ - and begin with a letter, a digit or _
tags-added = Tag { $tag } added
tags-labels-title = Labels of the image of { $tag }
tags-labels-none = No labels yet.
tags-label-key = Key
tags-label-key-hint = Lower-case letters and digits, with single . or - between them, such as team.owner
tags-label-key-invalid = Keys have lower-case letters and digits with single . or - between them, and do not begin with a reserved word such as quay or io.docker
tags-label-value = Value
tags-label-add = Add label
tags-label-added = Label { $key } added
tags-label-delete = Remove label { $key }
tags-label-deleted = Label removed
tags-label-of-image = Part of the image
tags-compare-title = Compare { $tag } with another tag
tags-compare-with = Tag or digest
tags-compare-hint = Of this repository
tags-compare-button = Compare
tags-labels-count =
    { $count ->
        [one] { $count } label
       *[other] { $count } labels
    }
tags-delete-permanently = Delete permanently
tags-delete-permanently-hint = Nobody can restore what the tags point at now from the history. Images stay as long as other tags point at them.
