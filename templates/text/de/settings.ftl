# Die Einstellungen eines Repositorys.
settings-permissions = Berechtigungen
settings-permissions-hint = Wer { $name } verwaltet, verwaltet auch dieses Repository.
settings-add-who = Benutzer, Team oder Roboterkonto hinzufügen
settings-add-placeholder = Namen eingeben
settings-add = Berechtigung hinzufügen
settings-account = Konto
settings-type = Art
settings-user = Benutzer
settings-team = Team
settings-robot = Roboterkonto
settings-user-or-robot = Benutzer oder Roboterkonto
settings-permission = Berechtigung
settings-permission-of = Berechtigung von { $name }
settings-save = Speichern
settings-remove = Berechtigung von { $name } entfernen
settings-nobody = Noch hat hier niemand eine eigene Berechtigung.
settings-outsider = Kein Mitglied von { $name }
settings-granted = Berechtigung von { $name } gespeichert
settings-revoked = { $name } hat keine eigene Berechtigung mehr
settings-unknown = Es gibt kein { $name }, das hier eine Berechtigung bekommen könnte. Prüfen Sie Schreibweise und Art.
settings-visibility = Sichtbarkeit
settings-is-public = Alle dürfen laden, angemeldet oder nicht.
settings-is-private = Nur wer eine Berechtigung hat, darf laden und weiß, dass es da ist.
settings-make-public = Öffentlich machen
settings-make-private = Privat machen
settings-now-public = Alle dürfen jetzt laden
settings-now-private = Jetzt darf nur laden, wer eine Berechtigung hat
settings-state = Zustand des Repositorys
settings-is-normal = Wer schreiben darf, kann hochladen und löschen.
settings-is-read-only = Niemand kann hochladen oder löschen, welche Berechtigung auch immer er hat.
settings-make-normal = Änderungen zulassen
settings-make-read-only = Schreibschutz einschalten
settings-now-normal = Änderungen sind wieder möglich
settings-now-read-only = Das Repository ist jetzt schreibgeschützt
settings-delete = Repository löschen
settings-delete-loses =
    { $tags ->
        [one] { $tags } Tag und sein Verlauf sind sofort weg, Laden schlägt fehl. Wer den Namensraum verwaltet, kann das Repository innerhalb von { $time } zurückholen.
       *[other] { $tags } Tags und ihr Verlauf sind sofort weg, Laden schlägt fehl. Wer den Namensraum verwaltet, kann das Repository innerhalb von { $time } zurückholen.
    }
settings-confirm = Zur Bestätigung { $name } eingeben
settings-confirm-wrong = Das ist nicht der Name. Geben Sie { $name } ein, um es zu löschen.
settings-deleted = Repository { $name } gelöscht
