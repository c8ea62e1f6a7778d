# One's own account.
account-title = Account
account-tab-profile = Profile
account-tab-security = Sign-in
account-tab-sessions = Sessions
account-tab-tokens = Tokens
account-tab-applications = Authorized applications
account-tab-invitations = Invitations
account-tab-preferences = Preferences
account-tab-end = Delete or convert
account-save = Save
account-saved = Saved
account-revoke = Revoke
account-given-name = First name
account-family-name = Last name
account-email = Email address
account-email-hint = Organizations and administrators reach you here. The registry sends no mail.
account-company = Company
account-location = Location
account-namespace = Your repositories
account-password = Password
account-password-about = The password signs you in here and, while no second factor is on, on command lines. Better give programs a token of their own.
account-password-change = Change password
account-password-ends = Your other browsers are signed out, and command lines that stored the old password must sign in again.
account-password-changed = Password changed. Your other browsers are signed out.
account-factor = Second factor
account-factor-on = On
account-factor-about = With a second factor, signing in takes a code of an app on your phone beside the password. Command lines then need a token in place of the password.
account-factor-since = On for
account-factor-begin = Set up second factor
account-factor-scan = Scan this code with an authenticator app.
account-factor-qr = QR code for the authenticator app
account-factor-type = Or type this key into the app:
account-factor-copy = Copy key
account-factor-code = Code that the app shows now
account-factor-ends = Switching it on signs your other browsers out.
account-factor-switch-on = Switch on
account-factor-wrong-code = This is not the code that the app shows now. Check that the clock of the device is right.
account-factor-off = Switch off second factor
account-factor-loses = From then on the password alone signs you in. The recovery codes end.
account-factor-switched-off = The second factor is off
account-codes = Recovery codes
account-codes-left =
    { $count ->
        [one] { $count } left
       *[other] { $count } left
    }
account-codes-few = Few recovery codes are left. Make new ones, so that a lost phone does not lock you out.
account-codes-new = New recovery codes
account-codes-title = Your recovery codes
account-codes-keep = Each of these codes signs you in once when the app is not at hand. Keep them where you keep passwords: they are not shown again.
account-codes-copy = Copy all
account-codes-download = Download
account-codes-kept = I kept them
account-codes-loses = The codes you have now end at once.
account-sessions-about = Browsers that are signed in as you.
account-sessions-end-others = Sign out all others
account-sessions-loses = All your browsers but this one are signed out. Tokens stay.
account-sessions-ended =
    { $count ->
        [one] { $count } browser signed out
       *[other] { $count } browsers signed out
    }
account-session-browser = Browser
account-session-address = Address
account-session-seen = Last seen
account-session-began = Signed in
account-session-unknown = Unknown
account-session-current = This browser
account-session-end = Sign out
account-session-ended = Browser signed out
account-tokens-application = Application tokens
account-tokens-application-about = For docker login and other command lines, in place of your password. They allow all that you may do with repositories.
account-tokens-personal = Personal tokens
account-tokens-personal-about = For scripts that use the API. They allow what you choose and nothing else.
account-tokens-none = No tokens yet.
account-token-new-application = New application token
account-token-new-personal = New personal token
account-token-name = Name
account-token-name-hint = What uses it: build server, laptop.
account-token-make = Make token
account-token-no-title = Give the token a name.
account-token-once = Copy the token now: it is not shown again.
account-token-copy = Copy token
account-token-api = For the API
account-token-registry = To push and pull
account-token-lost = This token can only be revoked: it was made before tokens were kept to be shown.
account-token-over = Ended
account-token-revoke-of = Revoke { $name }
account-token-revoke-loses = Programs that use this token can no longer sign in. This cannot be undone.
account-token-revoked = Token revoked
account-days-30 = 30 days
account-days-90 = 90 days
account-days-365 = 1 year
account-days-never = Until it is revoked
account-applications-about = Applications that you allowed to act as you.
account-applications-none = You allowed no application to act as you.
account-application = Application
account-application-given = Allowed
account-application-revoke-of = Revoke { $name }
account-application-loses = { $name } can no longer act as you. It can ask again.
account-application-revoked = The application can no longer act as you
account-invitations-none = No invitations wait for you.
account-invitation-by = Invited by
account-preferences-about = These count in every browser that you sign in with.
account-theme = Theme
account-theme-light-contrast = Light, high contrast
account-theme-dark-contrast = Dark, high contrast
account-language = Language
account-language-browser = Like the browser
account-zone = Time zone
account-zone-browser = Like the browser
account-keyboard = The key / goes to the search
account-keyboard-hint = Switch it off if you use speech input or the key does something else for you.
account-convert = Make this account an organization
account-convert-do = Make an organization
account-convert-about = The name { $name } becomes an organization that several people can run.
account-convert-keeps = Repositories, robot accounts and their names stay.
account-convert-admin = Another user becomes its admin and proves that with their password.
account-convert-loses = Nobody can sign in as this user any more. Its tokens, its memberships in organizations and its permissions on repositories of others end. This cannot be undone.
account-convert-user = User who becomes the admin
account-convert-user-hint = Not this account.
account-convert-password = Password of that user
account-convert-code-of = Code of that user
account-convert-code-hint = Only if that user has a second factor.
account-convert-code = This user has a second factor: a code of now is needed.
account-convert-other = Name another user: this one becomes the organization.
account-delete = Delete account
account-delete-about =
    { $days ->
        [one] Your account, your repositories and your robot accounts are deleted. An administrator can restore them for { $days } day.
       *[other] Your account, your repositories and your robot accounts are deleted. An administrator can restore them for { $days } days.
    }
account-delete-title = Delete { $name }?
account-delete-tokens = Tokens, sessions, stars and memberships, for good
account-delete-type = Type { $name } to confirm
account-delete-mistyped = Type { $name } exactly as it is written.
account-end-superuser = Accounts of superusers are neither deleted nor converted here. Another superuser must take the rights away first.
