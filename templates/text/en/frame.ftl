# What stands around every page.
frame-skip = Skip to content
frame-open-navigation = Open navigation
frame-home-label = Pierhead, home
frame-search = Search repositories, people, tags and digests
frame-search-placeholder = Search repositories, people, tags, digests
frame-theme = Theme and language
frame-theme-system = Like the system
frame-theme-light = Light
frame-theme-dark = Dark
frame-theme-contrast = High contrast
frame-account = Account, { $name }
frame-signed-in-as = Signed in as
frame-own-namespace = Your namespace
frame-account-settings = Account settings
frame-invitations = Invitations
frame-sign-in = Sign in
frame-sign-out = Sign out
frame-main = Main
frame-home = Home
frame-repositories = Repositories
frame-organizations = Organizations
frame-namespaces = Your namespaces
frame-administration = Administration
frame-admin-users = Users
frame-admin-organizations = All organizations
frame-admin-jobs = Jobs and queues
frame-admin-storage = Storage
frame-admin-logs = Usage logs
frame-admin-messages = Messages
frame-admin-health = Health
frame-admin-settings = Settings
frame-admin-sessions = Signed in
frame-api = API
frame-copied = Copied
frame-not-copied = Copying did not work. Select the text instead.
frame-copy-command = Copy command
frame-offline = The registry did not answer. Nothing was changed.
frame-retry = Try again
frame-dismiss = Dismiss notice
frame-close = Close
frame-cancel = Cancel
frame-pages = Pages
frame-previous = Previous
frame-next = Next
frame-breadcrumb = Breadcrumb
frame-details =
    { $count ->
        [one] Show { $count } detail
       *[other] Show { $count } details
    }
form-faults =
    { $count ->
        [one] Correct one thing.
       *[other] Correct { $count } things.
    }

problem-not-found = There is nothing at this address
problem-not-found-text = What you asked for does not exist, was deleted, or is not visible to you. Nothing has been changed.
problem-forbidden = You are not allowed to do this
problem-forbidden-text = { $needed } permission on { $on } is needed; { $who } has { $has }. Nothing has been changed.
problem-forbidden-advice = Who has admin permission there, or an administrator of this registry, can give it to you.
problem-busy = This is too much at once
problem-busy-text = Too many requests arrived at once, and this one was put off. Nothing has been changed. Wait a moment and try again.
problem-form = The form was not accepted
problem-form-elsewhere = The form was sent from a page of another site. Nothing has been changed.
problem-form-unproven = The page was open for too long, you signed in or out meanwhile, or cookies are switched off. Nothing has been changed.
problem-form-large = The form is larger than 256 KiB. Nothing has been changed.
problem-form-unreadable = The form has other fields than the page it belongs to. Nothing has been changed.
problem-form-advice = Open the page of the form again and send it from there.
problem-sign-in = Sign in first
problem-refused = This is not possible
problem-value = A value was not accepted
problem-unavailable = The registry cannot work right now
problem-unavailable-text = The database or the disk behind this registry does not answer, so nothing can be read or changed. Reload the page in a minute. If it stays like this, tell your administrator.
problem-internal = Something went wrong here
problem-internal-text = This is a fault of the registry, not of what you did. The server’s log says what went wrong.
problem-to-start = Go to the start page
problem-request-id = If you think this is wrong, tell your administrator the request id
problem-copy-request-id = Copy request id
problem-thing-not-found = { $thing } does not exist, was deleted, or is not visible to you. Nothing has been changed.
problem-taken = { $thing } already exists
problem-token = Your token does not allow this
problem-method = This address works differently
problem-method-text = This page cannot be asked with { $method }. Nothing has been changed.
problem-request-id-logged = The log has the details under the request id
thing-namespace = namespace { $name }
thing-organization = organization { $name }
thing-user = user { $name }
thing-team = team { $name }
thing-robot = robot account { $name }
thing-repository = repository { $name }
thing-manifest = manifest { $name }
thing-tag = tag { $name }
thing-blob = blob { $name }
thing-file = file { $name }
thing-upload = upload { $name }
thing-session = session
thing-recovery = link
thing-second-factor = second factor of { $name }
thing-token = token { $name }
thing-application = application { $name }
thing-default-permission = default permission { $name }
thing-label = label { $name }
thing-message = message { $name }
thing-invitation = invitation
thing-export = export
thing-registry = this registry
