# Teams und Mitglieder einer Organisation.
teams-view = Ansicht
teams-view-teams = Teams
teams-view-members = Mitglieder
teams-view-collaborators = Mitwirkende
teams-create = Team anlegen
teams-created = Team { $name } angelegt. Fügen Sie seine Mitglieder hinzu.
teams-none = Es gibt keine Teams.
teams-caption = Teams von { $name }
teams-name = Name des Teams
teams-name-hint = 2 bis 255 Kleinbuchstaben und Ziffern, dazwischen einzelne . _ oder -
teams-description = Beschreibung
teams-description-hint = Wozu das Team da ist; bis zu 1.000 Zeichen
teams-members = Mitglieder
teams-repositories = Repositorys
teams-all-repositories = alle
teams-number = { $count }
teams-role = Rolle des Teams
teams-role-of = Rolle des Teams { $name }
teams-role-changed = Die Rolle von { $name } ist jetzt { $role }
teams-roles-explained = Ein Mitglied hat die Berechtigungen des Teams; ein Ersteller darf außerdem Repositorys anlegen; ein Verwalter bestimmt über die Organisation.
teams-save = Speichern
teams-actions = Aktionen für Team { $name }
teams-manage = Mitglieder verwalten
teams-set-permissions = Berechtigungen für Repositorys festlegen
teams-delete = Team löschen
teams-deleted = Team { $name } gelöscht
teams-delete-title = Team { $name } löschen?
teams-delete-members =
    { $count ->
        [0] Es hat keine Mitglieder.
        [one] 1 Mitglied verliert, was das Team darf.
       *[other] { $count } Mitglieder verlieren, was das Team darf.
    }
teams-delete-repositories =
    { $count ->
        [0] Es hat keine Berechtigungen für Repositorys.
        [one] Seine Berechtigung für 1 Repository geht verloren.
       *[other] Seine Berechtigungen für { $count } Repositorys gehen verloren.
    }
teams-delete-final = Konten und Repositorys bleiben. Ein gelöschtes Team kann nicht wiederhergestellt werden.
teams-user = Benutzername
teams-direct = Eigene Berechtigungen für Repositorys
teams-direct-count =
    { $count ->
        [one] 1 Repository
       *[other] { $count } Repositorys
    }
teams-direct-of = Eigene Berechtigungen von { $name }
teams-direct-about = Sie gelten für dieses Konto allein. Was Teams geben, kommt hinzu.
teams-direct-none = { $name } hat auf kein Repository eine eigene Berechtigung.
teams-direct-repository = Repository
teams-direct-role = Berechtigung
teams-no-direct = Keine
teams-no-members = Niemand ist in einem Team.
teams-no-collaborators = Niemand außerhalb der Teams hat Berechtigungen für ein Repository.
teams-remove = Aus der Organisation entfernen
teams-remove-label = { $member } aus { $name } entfernen
teams-remove-title = { $member } aus { $name } entfernen?
teams-remove-team = Die Mitgliedschaft im Team { $team } geht verloren
teams-remove-repository = Die Berechtigung für { $repository } geht verloren
teams-remove-stays = Das Konto { $member } bleibt, ebenso das, was es hochgeladen hat.
teams-member-removed = { $member } gehört nicht mehr zu { $name }
teams-filter = Nach Namen filtern
teams-nothing-found = Nichts passt zu „{ $text }“.
