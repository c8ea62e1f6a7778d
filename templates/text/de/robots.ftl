# Roboterkonten von Organisationen und Benutzern.
robots-of = Roboterkonten von { $name }
robots-none = Es gibt noch keine Roboterkonten. Legen Sie eines für jedes Programm an, das Images hoch- oder herunterlädt, damit jedes ein eigenes Token hat.
robots-no-match = Kein Roboterkonto beginnt mit „{ $text }“.
robots-clear = Filter aufheben
robots-filter = Nach Namen filtern
robots-name = Name des Roboterkontos
robots-name-hint = Kleinbuchstaben und Ziffern, dazwischen einzelne . _ oder -. Es wird { $name }+ und so heißen.
robots-description = Beschreibung (optional)
robots-description-hint = Wofür es da ist, etwa „CI von checkout“
robots-team = Zu Team hinzufügen (optional)
robots-repository = Repository (optional)
robots-role = Berechtigung
robots-role-on = Berechtigung auf { $repository }
robots-teams = Teams
robots-no-teams = Keine
robots-repositories = Repositorys
robots-repositories-of = Repositorys, auf die { $name } eine Berechtigung hat
robots-last-used = Zuletzt benutzt
robots-never = Nie
robots-created-at = Angelegt
robots-actions = Aktionen für Roboterkonto { $name }
robots-create = Roboterkonto anlegen
robots-created = Roboterkonto { $name } angelegt
robots-described = Beschreibung von { $name } gespeichert
robots-deleted = Roboterkonto { $name } gelöscht
robots-regenerated = { $name } hat ein neues Token; das alte gilt nicht mehr
robots-no-team = Dieses Team gibt es nicht. Nennen Sie eines dieser Organisation.
robots-no-repository = Hier gibt es kein solches Repository, das Sie verwalten.
robots-no-role = Wählen Sie Lesen, Schreiben oder Admin.
robots-credentials = Zugangsdaten anzeigen
robots-credentials-of = Zugangsdaten von { $name }
robots-views = Arten der Anmeldung
robots-view-token = Token
robots-view-docker = Docker-Anmeldung
robots-view-podman = Podman-Anmeldung
robots-view-kubernetes = Kubernetes-Secret
robots-view-config = Docker config.json
robots-view-helm = Helm-Anmeldung
robots-view-skopeo = Skopeo-Anmeldung
robots-view-nerdctl = nerdctl-Anmeldung
robots-username = Benutzername
robots-token = Token
robots-registry = Registry
robots-copy-username = Benutzernamen kopieren
robots-copy-token = Token kopieren
robots-copy-registry = Registry kopieren
robots-copy-file = { $name } kopieren
robots-download-file = { $name } herunterladen
robots-token-hidden = Das Token wird nur Admins gezeigt.
robots-insecure = Diese Adresse hat kein TLS. Docker spricht nur mit ihr, wenn { $host } in den Einstellungen des Daemons unter insecure-registries steht, und Token sind unterwegs lesbar.
robots-done = Fertig
robots-permissions = Repository-Berechtigungen festlegen
robots-permissions-of = Repository-Berechtigungen von { $name }
robots-permissions-about = Dies sind seine eigenen Berechtigungen. Was Teams und Standardberechtigungen geben, kommt hinzu.
robots-permissions-none = Es hat auf kein Repository eine eigene Berechtigung.
robots-permission-set = Berechtigung von { $name } auf { $repository } gesetzt
robots-permission-removed = Berechtigung von { $name } auf { $repository } entfernt
robots-remove-from = Berechtigung auf { $repository } entfernen
robots-grant = Berechtigung erteilen
robots-save = Speichern
robots-federation = Schlüssellose Identitäten festlegen
robots-federation-of = Schlüssellose Identitäten von { $name }
robots-federation-about = Programme, für die sich ein Identitätsanbieter verbürgt, können sich ohne gespeichertes Token als dieses Roboterkonto anmelden. Leeren Sie einen Eintrag, um ihn zu entfernen; was dafür eingetauscht wurde, endet sofort.
robots-federation-none = Es wird keiner Identität vertraut.
robots-federation-saved = Schlüssellose Identitäten von { $name } gespeichert
robots-federation-save = Identitäten speichern
robots-identity = Identität { $number }
robots-issuer = Aussteller
robots-subject = Subject
robots-issuer-wrong = Dieser Aussteller kann nicht verwendet werden: { $why }
robots-subject-missing = Nennen Sie das Subject, wie es in den Token des Anbieters steht.
robots-exchange = Wo Identitäten eingetauscht werden
robots-exchange-about = Senden Sie den Namen des Roboterkontos und die signierte Identität als Basic-Zugangsdaten; die Antwort enthält ein Token für die Registry.
robots-describe = Beschreibung bearbeiten
robots-describe-of = Beschreibung von { $name }
robots-describe-save = Beschreibung speichern
robots-regenerate = Token neu erzeugen
robots-regenerate-question = Token von { $name } neu erzeugen?
robots-regenerate-loses = Das alte Token gilt sofort nicht mehr, und alles, was sich damit anmeldet, auch nicht. Das lässt sich nicht rückgängig machen.
robots-delete = Roboterkonto löschen
robots-delete-question = Roboterkonto { $name } löschen?
robots-delete-loses = Sein Token gilt sofort nicht mehr. Das lässt sich nicht rückgängig machen. Verloren gehen:
robots-loses-repositories =
    { $count ->
        [0] keine Berechtigungen auf Repositorys
        [one] seine Berechtigung auf { $count } Repository
       *[other] seine Berechtigungen auf { $count } Repositorys
    }
robots-loses-teams =
    { $count ->
        [0] keine Mitgliedschaften in Teams
        [one] seine Mitgliedschaft in { $count } Team
       *[other] seine Mitgliedschaften in { $count } Teams
    }
robots-delete-stays = Was es hochgeladen hat, bleibt.
