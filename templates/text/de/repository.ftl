# Was alle Seiten eines Repositorys gemeinsam haben.
repository-tab-information = Übersicht
repository-tab-tags = Tags
repository-tab-history = Verlauf der Tags
repository-tab-logs = Protokoll
repository-tab-settings = Einstellungen
repository-public = Öffentlich
repository-private = Privat
repository-read-only = Schreibgeschützt
repository-pulls =
    { $count ->
        [one] { $shown } Mal geladen
       *[other] { $shown } Mal geladen
    }
repository-star = Repository mit einem Stern merken, Sterne:
repository-unstar = Stern entfernen, Sterne:
repository-pull = Laden
repository-pull-name = { $name } laden
