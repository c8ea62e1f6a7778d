# One tag or manifest.
image-tab-details = Details
image-tab-layers = Layers
image-tab-files = Files
image-tab-configuration = Configuration
image-tab-referrers = Referrers
image-tab-raw = Manifest
image-tabs = Views of { $name }
image-copy-digest = Copy digest
image-compare = Compare
image-edit-labels = Edit labels
image-more =
    { $count ->
        [one] and { $count } more that is not shown
       *[other] and { $count } more that are not shown
    }
image-key = Name
image-value = Value
image-from = From
image-from-image = The image
image-from-people = Added here
image-platforms = Platforms
image-platform = Platform
image-platform-unknown = No platform
image-not-here = Not in this repository
image-size = Size
image-digest = Digest
image-labels = Labels
image-no-labels = There are no labels.
image-annotations = Annotations
image-about = About this manifest
image-pull = Pull
image-pull-by-digest = Exactly this one, whatever the tag points at later:
image-facts = Facts
image-tags = Tags
image-no-tags = No tag points here
image-more-tags = and more
image-media-type = Media type
image-artifact-type = Artifact type
image-manifest-size = Size of the manifest
image-created = Created
image-pushed = Pushed
image-expires = Tag expires
image-never = Never
image-pulls = Pulls
image-last-pulled = Last pulled
image-attached-to = Attached to
image-part-of = Platform of
image-layers-title =
    { $count ->
        [one] { $count } layer, { $size }
       *[other] { $count } layers, { $size }
    }
image-layers-caption = Steps that made the image, first step first
image-no-layers = There are no layers.
image-step = Step
image-command = Command
image-no-command = Unknown command
image-layer = Layer
image-no-layer = No layer
image-remote = To be fetched from elsewhere
image-share = { $size } of { $total }
image-shared = Shared with
image-not-shared = No other repository you can see
image-shared-with =
    { $count ->
        [one] { $count } repository
       *[other] { $count } repositories
    }
image-shared-more = and more
image-history = History
image-history-missing = The image does not say how it was built.
image-history-inconsistent = The history speaks of { $told } layers, the image has { $actual }. Which command made which layer cannot be told.
image-unreadable = The configuration could not be read: { $reason }
image-run = How it is run
image-entrypoint = Entrypoint
image-cmd = Command
image-user = User
image-workdir = Working directory
image-ports = Exposed ports
image-volumes = Volumes
image-stop-signal = Stop signal
image-author = Author
image-not-set = Not set
image-environment = Environment
image-no-environment = No environment variables are set.
image-referrers-title = Attached to this manifest
image-no-referrers = Nothing is attached: no signature, no list of components, no attestation.
image-kind = Kind
image-type = Type
image-signature = Signature
image-sbom = List of components (SBOM)
image-attestation = Attestation
image-other = Other
image-by-tag = found by tag { $tag }
image-first-page = First page
image-raw-title = Manifest, { $size }
image-raw-cut = It is long; only the beginning is shown. The download has all of it.
image-raw-indented = With line breaks for reading. The download has exactly the bytes that the digest is of.
image-download = Download
image-files-of-layer = Files of layer { $layer }
image-files-up-to = Files of the image up to layer { $layer }
image-files-of-image = Files of the image
image-command-of = Command of layer { $layer }
image-files-shown = Files shown
image-this-layer = This layer
image-up-to-here = Image up to here
image-not-listed = The files are not listed yet. That means reading { $size } once; everybody who looks at these layers benefits.
image-list-files = List the files
image-listing = Listing the files: { $read } of { $total } read. This page shows them by itself.
image-percent = { $percent } percent
image-reload = Reload
image-listing-failed = The files could not be listed. A layer is read again after a quarter of an hour at the earliest.
image-too-large = Layer { $layer } is too large: { $reason }
image-failed = Layer { $layer } could not be read: { $reason }
image-list-again = Try again
image-elsewhere = Layer { $layer } is to be fetched from elsewhere; the registry does not have its files.
image-path = Path
image-find = Find a file by path
image-find-nothing = There is nothing at { $path }.
image-empty-folder = The layer has no files.
image-files-caption = Files
image-name = Name
image-change = Change
image-mode = Mode
image-owner = Owner
image-parent = Parent folder
image-added = added
image-changed = changed
image-removed = removed
image-unchanged = unchanged
image-modified = Modified
image-link = Leads to
image-empty-file = The file is empty.
image-file-cut = The file is long; only the beginning is shown. The download has all of it.
image-binary = This is no text. Download it to look at it.
image-no-content = This has no content that could be shown.
