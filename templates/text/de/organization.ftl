# Die Liste der Organisationen, und was alle ihre Seiten gemeinsam haben.
organization-create = Organisation anlegen
organization-created = Organisation { $name } angelegt
organization-none = Sie gehören noch zu keiner Organisation. Legen Sie eine an, um Images gemeinsam mit anderen aufzubewahren.
organization-list-caption = Organisationen, zu denen Sie gehören
organization-filter = Organisationen filtern
organization-filter-name = Nach Namen filtern
organization-nothing-found = Sie gehören zu keiner Organisation, die zu „{ $text }“ passt.
organization-name = Name der Organisation
organization-name-hint = 2 bis 255 Kleinbuchstaben und Ziffern, dazwischen einzelne . _ oder -
organization-your-role = Ihre Rolle
organization-email = E-Mail für Rückfragen (freiwillig)
organization-email-hint = Sichtbar für ihre Verwalter und die Verwaltung der Registry
role-member = Mitglied
role-creator = Ersteller
role-admin = Verwalter
