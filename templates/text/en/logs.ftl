# Usage logs, wherever they stand.
logs-title = Usage logs
logs-period = Period
logs-last-days =
    { $days ->
        [1] Today
       *[other] { $days } days
    }
logs-from = From
logs-to = to
logs-kind = Kind of event
logs-all-kinds = All kinds
logs-performer = Performed by
logs-repository = Repository
logs-namespace = Namespace
logs-text = Filter by tag or account
logs-filter = Filter
logs-clear = Clear filters
logs-utc = Days begin at midnight UTC.
logs-export = Export by link
logs-none = Nothing happened here in these days, or nothing that fits the filters.
logs-when = Date and time
logs-what = Description
logs-ip = IP address
logs-details-of = Details: { $sentence }
logs-times =
    { $count ->
        [one] once
       *[other] { $count } times
    }
logs-json = Entry as JSON
logs-copy-json = Copy entry as JSON
logs-newest = Newest
logs-older = Older
logs-anonymous = Somebody not signed in
logs-with-password = with a password
logs-with-session = in a browser
logs-with-robot-token = with its token
logs-with-federated = with a keyless identity
logs-with-application-token = with an application token
logs-with-access-token = with an access token
logs-with-registry-token = with a registry token
logs-chart = Events per day
logs-chart-steps = Events per { $days } days
logs-chart-sentence =
    { $count ->
        [one] { $count } event in { $days } days.
       *[other] { $count } events in { $days } days.
    }
logs-chart-kinds = Kinds
logs-chart-others = All others
logs-chart-show-table = Show as table
logs-chart-table = Events per day as a table
logs-chart-day = Day
logs-word-never = never
logs-word-read = Read
logs-word-write = Write
logs-word-admin = Admin
logs-word-member = Member
logs-word-creator = Creator
logs-word-public = public
logs-word-private = private
logs-word-normal = writable
logs-word-read-only = read-only
logs-word-mirror = a mirror
logs-word-plain = an ordinary user
logs-word-superuser = superuser
logs-word-read-only-superuser = read-only superuser
logs-export-about = Make a link to all entries of these days. Whoever has the link can download them for 24 hours.
logs-export-from = First day
logs-export-to = Last day
logs-export-url = Callback address (optional)
logs-export-url-hint = Gets a POST with the link, for programs
logs-export-email = Email address (optional)
logs-export-email-hint = Noted with the export; the link is listed here
logs-export-make = Make link
logs-export-made = The link is ready; it is good for 24 hours
logs-export-day-wrong = Name a day, such as 2026-08-31.
logs-export-days-wrong = The last day is before the first one.
logs-export-url-wrong = This is no address a program can be told at. Name one that begins with https:// or http://.
logs-export-email-wrong = This is no email address. Name one such as team@example.com.
logs-links = Links that are good
logs-link-days = Days
logs-link-range = { $first } to { $last }
logs-link-asked = Made by
logs-link-told = Callback
logs-link-ends = Ends
logs-told-at = told { $when }
logs-told-failed = not told yet: { $error }
logs-told-waiting = is being told
logs-copy-link = Copy link
logs-download = Download
