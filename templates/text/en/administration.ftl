# The pages for those who run the registry.
admin-state = State
admin-apply = Apply
admin-clear-filter = Clear filter
admin-repositories = Repositories
admin-created = Created
admin-last-signed-in = Last signed in
admin-never = Never
admin-number = { $count }
admin-actions = Actions for { $name }
admin-done = Done
admin-superuser = Superuser
admin-read-only-superuser = Read-only superuser
admin-restorable = Until it is removed for good, in { $time }, it can be restored under “All organizations”, “Deleted”.

# Users
admin-users-filter = Filter by name or e-mail address
admin-users-all = All
admin-users-enabled = Enabled
admin-users-disabled = Disabled
admin-users-superusers = Superusers
admin-users-no-match = No user matches this filter.
admin-users-no-more = There are no more users.
admin-user-create = Create user
admin-user-create-text = The registry makes a temporary password and shows it once. Hand it over; the user changes it in the account settings.
admin-user-name = User name
admin-user-name-hint = Lower-case letters, digits and . _ -; also the name of the user’s namespace
admin-user-email-address = E-mail address
admin-user-email-hint = Optional
admin-user-is-enabled = Enabled
admin-user-is-disabled = Disabled
admin-user-created = User { $name } created
admin-user-created-text = This password is shown only now. Copy it and hand it over in a safe way.
admin-temporary-password = Temporary password
admin-copy-password = Copy password
admin-copy-link = Copy link
admin-user-new-email = New e-mail address
admin-user-new-password = New password
admin-user-new-name = New name
admin-user-type-name = Type { $name } to confirm
admin-user-type-wrong = That is not the name. Type { $name }.
admin-user-not-possible = This cannot be done to { $name } any more. The list shows how things are now.
admin-user-has =
    { $repositories ->
        [0] The namespace has no repositories.
        [one] The namespace has { $repositories } repository.
       *[other] The namespace has { $repositories } repositories.
    }
admin-user-email = Change e-mail address
admin-user-email-title = Change the e-mail address of { $name }
admin-user-email-text = Messages to { $name } go to this address from now on. No other account can have it.
admin-user-email-done = E-mail address of { $name } changed
admin-user-password = Set password
admin-user-password-title = Set a password for { $name }
admin-user-password-text = { $name } has to sign in again everywhere with the new password.
admin-user-password-done = Password of { $name } changed
admin-user-recovery = Make recovery link
admin-user-recovery-title = Recovery link for { $name }
admin-user-recovery-text = Whoever opens the link sets a new password for { $name }. A link made before becomes invalid.
admin-user-recovery-made = This link is shown only now. Whoever opens it sets a new password for { $name }; it works once.
admin-user-recovery-until = It is good until
admin-user-factor = Reset second factor
admin-user-factor-title = Reset the second factor of { $name }
admin-user-factor-text = { $name } signs in with the password alone until a new second factor is set up. Make sure that it is really { $name } who asked.
admin-user-factor-done = { $name } has no second factor any more
admin-user-factor-none = { $name } has no second factor.
admin-user-rename = Rename
admin-user-rename-title = Rename { $name }
admin-user-rename-text = Repositories and robot accounts of { $name } are named after the new name at once. Pulls under the old name fail, and { $name } has to sign in again.
admin-user-rename-done = { $name } has a new name
admin-user-superuser = Make superuser
admin-user-superuser-title = Make { $name } a superuser
admin-user-superuser-text = { $name } will be able to see and change everything in this registry, including other users.
admin-user-superuser-done = { $name } is a superuser now
admin-user-read-only = Make read-only superuser
admin-user-read-only-title = Make { $name } a read-only superuser
admin-user-read-only-text = { $name } will be able to see everything in this registry but secrets, and to change only what belongs to { $name }.
admin-user-read-only-done = { $name } is a read-only superuser now
admin-user-plain = Make an ordinary user
admin-user-plain-title = Make { $name } an ordinary user
admin-user-plain-text = { $name } loses the view of everything in this registry and keeps what was granted otherwise.
admin-user-plain-done = { $name } is an ordinary user now
admin-user-enable = Enable
admin-user-enable-title = Enable { $name }
admin-user-enable-text = { $name } and the robot accounts of { $name } can sign in again.
admin-user-enable-done = { $name } is enabled
admin-user-disable = Disable
admin-user-disable-title = Disable { $name }
admin-user-disable-text = { $name } and the robot accounts of { $name } can neither sign in nor pull nor push, from now on. Nothing is deleted.
admin-user-disable-done = { $name } is disabled
admin-user-ownership = Take ownership
admin-user-ownership-title = Take ownership of { $name }
admin-user-ownership-text = The account { $name } becomes an organization that you own. Its repositories and robot accounts stay; the user with password, tokens, memberships and permissions elsewhere is gone for good.
admin-user-ownership-done = { $name } is an organization now, and you own it
admin-user-delete = Delete
admin-user-delete-title = Delete { $name }
admin-user-delete-text = The account { $name }, its repositories and robot accounts are gone at once, and pulls fail. Memberships and permissions elsewhere are gone for good.
admin-user-delete-done = User { $name } deleted

# Jobs and queues
admin-failed-jobs =
    { $count ->
        [one] { $count } job failed
       *[other] { $count } jobs failed
    }
admin-jobs = Jobs
admin-jobs-reload = Reload
admin-jobs-all = All
admin-jobs-running = Running
admin-jobs-failed = Failed
admin-jobs-good = Went well
admin-jobs-waiting = Not run yet
admin-jobs-none = No job is in this state.
admin-jobs-job = Job
admin-jobs-last = Last run
admin-jobs-took = Took
admin-jobs-items = Items
admin-jobs-every = Every
admin-jobs-run = Run now
admin-jobs-asked = { $name } runs as soon as it can
admin-jobs-succeeded = Went well
admin-jobs-whole-registry = Whole registry
admin-jobs-retried = The callback is tried again
admin-job-write-pulls = Write down pulls
admin-job-expire-uploads = Remove abandoned uploads
admin-job-expire-tags = Remove expired tags
admin-job-expire-tokens = Remove expired tokens
admin-job-purge-deleted = Remove deleted things for good
admin-job-expire-sessions = Remove expired sessions
admin-job-count-events = Count events for the charts
admin-job-expire-events = Remove old events
admin-job-list-layer-files = List files of layers
admin-job-forget-layer-files = Forget files of layers nobody looked at
admin-job-tell-exports = Tell that exports are ready
admin-layers = Layers being listed
admin-layers-none = No layer waits or is being read.
admin-layers-waiting =
    { $count ->
        [0] No layer waits.
        [one] { $count } layer waits.
       *[other] { $count } layers wait.
    }
admin-layers-reading = Being read
admin-layers-read = Read
admin-layers-of = { $read } of { $total }
admin-exports = Failed notices about log exports
admin-exports-none = All addresses were told about their exports.
admin-exports-log = Log
admin-exports-for = For { $name }, to { $address }
admin-exports-error = Error
admin-exports-tries = Tries
admin-exports-next = Next try
admin-exports-retry = Try again

# Messages
admin-messages-text = Everybody sees them above every page.
admin-messages-create = Post message
admin-messages-none = There is no message.
admin-messages-content = Message
admin-messages-content-hint = At most 5,000 bytes
admin-messages-format = Written as
admin-messages-plain = Plain text
admin-messages-markdown = Markdown
admin-messages-severity = Severity
admin-messages-delete = Delete message: { $message }
admin-messages-posted = Message posted
admin-messages-deleted = Message deleted
admin-message-info = Information
admin-message-warning = Warning
admin-message-error = Error

# Storage
admin-repository = Repository
admin-storage-stored = Stored
admin-storage-blobs =
    { $count ->
        [one] { $count } blob
       *[other] { $count } blobs
    }
admin-storage-free = Free on the disk
admin-storage-of = of { $size }
admin-storage-uploads = Uploads in progress
admin-storage-received = { $size } received
admin-storage-once = Every blob counts once, however many repositories have it. The size of a repository is what it would take alone.
admin-storage-largest = Largest repositories
admin-storage-nothing = There is no repository yet.
admin-storage-size = Size
admin-storage-tags = Tags
admin-storage-pushed = Last push
admin-storage-all = All repositories by size

# Who is signed in
admin-sessions-text = Everybody’s browsers, the newest sign-in first.
admin-sessions-none = Nobody is signed in on this page of the list.
admin-sessions-began = Signed in
admin-sessions-seen = Last seen
admin-sessions-from = From
admin-sessions-this = This browser
admin-sessions-end = Sign out
admin-sessions-ended = The browser is signed out

# Organizations of everybody, and what was deleted
admin-name = Name
admin-organizations-there = Organizations
admin-organizations-filter = Filter by name
admin-organizations-none = There is no organization.
admin-organizations-no-match = No organization matches this filter.
admin-organizations-members = Members
admin-organizations-teams = Teams
admin-organizations-robots = Robot accounts
admin-organization-rename-text = Repositories and robot accounts of { $name } are named after the new name at once. Pulls under the old name fail.
admin-organization-ownership-text = You become a member of the team “owners” of { $name }. Nobody else loses anything.
admin-organization-ownership-done = You own { $name } now
admin-organization-delete-text = The organization { $name }, its repositories, teams, robot accounts and applications are gone at once, and pulls fail.
admin-organization-delete-done = Organization { $name } deleted
admin-deleted = Deleted
admin-deleted-text = What is removed for good next stands first. Repositories that went with their namespace come back with it.
admin-deleted-none = Nothing that was deleted can be restored.
admin-deleted-kind = Kind
admin-deleted-organization = Organization
admin-deleted-user = User
admin-deleted-when = Deleted
admin-deleted-purged = Removed for good
admin-deleted-restore = Restore
admin-deleted-restore-title = Restore { $name }
admin-deleted-restore-text = It comes back with what is in it. Sessions, tokens and, for users, memberships elsewhere do not.
admin-deleted-other-name = Other name
admin-deleted-other-name-hint = Only if the old one is taken. For repositories, the part after the namespace.
admin-deleted-taken = Somebody has this name meanwhile. Give another.
admin-deleted-restored = { $name } is back

# Health
admin-health-ready = The registry works.
admin-health-not-ready = The registry cannot do all of its work. The server’s log says why.
admin-health-parts = What is checked
admin-health-database = Database
admin-health-storage = Storage
admin-health-works = Works
admin-health-fails = Fails
admin-health-about = About this process
admin-health-version = Version
admin-health-started = Started
admin-health-age = Running for
admin-health-probes = Addresses for probes

# Settings
admin-settings-text = What this process works with. They are changed where they come from, and count after a restart.
admin-settings-filter = Filter settings
admin-settings-given = Only what was given
admin-settings-no-match = No setting matches this filter.
admin-settings-setting = Setting
admin-settings-value = Value
admin-settings-source = From
admin-settings-unset = Not set
admin-settings-default = Default
admin-settings-file = Settings file
admin-settings-variable = Environment variable
admin-settings-flag = Command line
