# The list of organizations, and what all their pages share.
organization-create = Create organization
organization-created = Organization { $name } created
organization-none = You do not belong to an organization yet. Create one to keep images together with others.
organization-list-caption = Organizations you belong to
organization-filter = Filter organizations
organization-filter-name = Filter by name
organization-nothing-found = You belong to no organization that matches “{ $text }”.
organization-name = Organization name
organization-name-hint = 2 to 255 lower-case letters and digits, with single . _ or - between them
organization-your-role = Your role
organization-email = Contact email (optional)
organization-email-hint = Shown to its admins and to administrators of this registry
role-member = Member
role-creator = Creator
role-admin = Admin
