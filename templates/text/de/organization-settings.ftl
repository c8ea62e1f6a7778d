# Die Einstellungen einer Organisation.
organization-general = Allgemein
organization-save = Einstellungen speichern
organization-settings-saved = Einstellungen gespeichert
organization-expiration = Zeitmaschine
organization-expiration-hint = Wie lange ein gelöschtes oder verschobenes Tag wiederhergestellt werden kann
organization-expiration-none = Gar nicht
organization-expiration-day = 1 Tag
organization-expiration-week = 1 Woche
organization-expiration-two-weeks = 2 Wochen
organization-expiration-four-weeks = 4 Wochen
organization-rename = Organisation umbenennen
organization-rename-hint = Ihre Repositorys und Roboterkonten heißen sofort nach ihr; Adressen mit dem alten Namen führen ins Leere
organization-renamed = { $old } heißt jetzt { $name }
organization-delete = Organisation löschen
organization-delete-title = Organisation { $name } löschen?
organization-delete-text =
    { $days ->
        [one] Alle Repositorys mit ihren Tags, die Teams, Roboterkonten und Anwendungen gehen verloren. Niemand kann mehr daraus laden, und ihre Token enden endgültig. 1 Tag lang kann die Verwaltung dieser Registry das Übrige wiederherstellen.
       *[other] Alle Repositorys mit ihren Tags, die Teams, Roboterkonten und Anwendungen gehen verloren. Niemand kann mehr daraus laden, und ihre Token enden endgültig. { $days } Tage lang kann die Verwaltung dieser Registry das Übrige wiederherstellen.
    }
organization-delete-type = Geben Sie zur Bestätigung { $name } ein
organization-delete-mistyped = Geben Sie genau { $name } ein.
organization-deleted = Organisation { $name } gelöscht
organization-user-settings = Einstellungen dieses Kontos
organization-user-settings-text = Name, E-Mail-Adresse, Passwort, Token und wie lange gelöschte Tags bleiben, gehören zu den Einstellungen des Kontos.
organization-teams =
    { $count ->
        [one] 1 Team
       *[other] { $count } Teams
    }
organization-robots =
    { $count ->
        [one] 1 Roboterkonto
       *[other] { $count } Roboterkonten
    }
