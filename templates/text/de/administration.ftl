# Die Seiten für alle, die die Registry betreiben.
admin-state = Zustand
admin-apply = Anwenden
admin-clear-filter = Filter aufheben
admin-repositories = Repositorys
admin-created = Angelegt
admin-last-signed-in = Zuletzt angemeldet
admin-never = Nie
admin-number = { $count }
admin-actions = Aktionen für { $name }
admin-done = Fertig
admin-superuser = Superuser
admin-read-only-superuser = Superuser mit Lesezugriff
admin-restorable = Bis zur endgültigen Löschung in { $time } lässt es sich unter „Alle Organisationen“, „Gelöscht“ zurückholen.

# Benutzer
admin-users-filter = Nach Name oder E-Mail-Adresse filtern
admin-users-all = Alle
admin-users-enabled = Aktiv
admin-users-disabled = Gesperrt
admin-users-superusers = Superuser
admin-users-no-match = Kein Benutzer passt zu diesem Filter.
admin-users-no-more = Weitere Benutzer gibt es nicht.
admin-user-create = Benutzer anlegen
admin-user-create-text = Die Registry erzeugt ein vorläufiges Passwort und zeigt es einmal. Geben Sie es weiter; geändert wird es in den Kontoeinstellungen.
admin-user-name = Benutzername
admin-user-name-hint = Kleinbuchstaben, Ziffern und . _ -; auch der Name des eigenen Namensraums
admin-user-email-address = E-Mail-Adresse
admin-user-email-hint = Freiwillig
admin-user-is-enabled = Aktiv
admin-user-is-disabled = Gesperrt
admin-user-created = Benutzer { $name } angelegt
admin-user-created-text = Dieses Passwort wird nur jetzt gezeigt. Kopieren Sie es und geben Sie es auf sicherem Weg weiter.
admin-temporary-password = Vorläufiges Passwort
admin-copy-password = Passwort kopieren
admin-copy-link = Link kopieren
admin-user-new-email = Neue E-Mail-Adresse
admin-user-new-password = Neues Passwort
admin-user-new-name = Neuer Name
admin-user-type-name = Zur Bestätigung { $name } eingeben
admin-user-type-wrong = Das ist nicht der Name. Geben Sie { $name } ein.
admin-user-not-possible = Das geht mit { $name } nicht mehr. Die Liste zeigt den jetzigen Stand.
admin-user-has =
    { $repositories ->
        [0] Der Namensraum hat keine Repositorys.
        [one] Der Namensraum hat { $repositories } Repository.
       *[other] Der Namensraum hat { $repositories } Repositorys.
    }
admin-user-email = E-Mail-Adresse ändern
admin-user-email-title = E-Mail-Adresse von { $name } ändern
admin-user-email-text = Nachrichten an { $name } gehen ab jetzt an diese Adresse. Kein anderes Konto kann sie haben.
admin-user-email-done = E-Mail-Adresse von { $name } geändert
admin-user-password = Passwort setzen
admin-user-password-title = Passwort für { $name } setzen
admin-user-password-text = { $name } muss sich überall mit dem neuen Passwort neu anmelden.
admin-user-password-done = Passwort von { $name } geändert
admin-user-recovery = Link für neues Passwort erstellen
admin-user-recovery-title = Link für ein neues Passwort von { $name }
admin-user-recovery-text = Wer den Link öffnet, setzt ein neues Passwort für { $name }. Ein früher erstellter Link wird ungültig.
admin-user-recovery-made = Dieser Link wird nur jetzt gezeigt. Wer ihn öffnet, setzt ein neues Passwort für { $name }; er gilt einmal.
admin-user-recovery-until = Er gilt bis
admin-user-factor = Zweiten Faktor zurücksetzen
admin-user-factor-title = Zweiten Faktor von { $name } zurücksetzen
admin-user-factor-text = { $name } meldet sich allein mit dem Passwort an, bis ein neuer zweiter Faktor eingerichtet ist. Vergewissern Sie sich, dass die Bitte wirklich von { $name } kommt.
admin-user-factor-done = { $name } hat keinen zweiten Faktor mehr
admin-user-factor-none = { $name } hat keinen zweiten Faktor.
admin-user-rename = Umbenennen
admin-user-rename-title = { $name } umbenennen
admin-user-rename-text = Repositorys und Roboterkonten von { $name } heißen sofort nach dem neuen Namen. Laden unter dem alten Namen schlägt fehl, und { $name } muss sich neu anmelden.
admin-user-rename-done = { $name } hat einen neuen Namen
admin-user-superuser = Zum Superuser machen
admin-user-superuser-title = { $name } zum Superuser machen
admin-user-superuser-text = { $name } wird alles in dieser Registry sehen und ändern können, auch andere Benutzer.
admin-user-superuser-done = { $name } ist jetzt Superuser
admin-user-read-only = Zum Superuser mit Lesezugriff machen
admin-user-read-only-title = { $name } zum Superuser mit Lesezugriff machen
admin-user-read-only-text = { $name } wird alles in dieser Registry außer Geheimnissen sehen, aber nur Eigenes ändern können.
admin-user-read-only-done = { $name } ist jetzt Superuser mit Lesezugriff
admin-user-plain = Zum gewöhnlichen Benutzer machen
admin-user-plain-title = { $name } zum gewöhnlichen Benutzer machen
admin-user-plain-text = { $name } sieht nicht mehr alles in dieser Registry und behält, was sonst gewährt wurde.
admin-user-plain-done = { $name } ist jetzt ein gewöhnlicher Benutzer
admin-user-enable = Freigeben
admin-user-enable-title = { $name } freigeben
admin-user-enable-text = { $name } und die Roboterkonten von { $name } können sich wieder anmelden.
admin-user-enable-done = { $name } ist freigegeben
admin-user-disable = Sperren
admin-user-disable-title = { $name } sperren
admin-user-disable-text = { $name } und die Roboterkonten von { $name } können sich ab jetzt weder anmelden noch etwas laden oder hochladen. Gelöscht wird nichts.
admin-user-disable-done = { $name } ist gesperrt
admin-user-ownership = Übernehmen
admin-user-ownership-title = { $name } übernehmen
admin-user-ownership-text = Aus dem Konto { $name } wird eine Organisation, die Ihnen gehört. Repositorys und Roboterkonten bleiben; der Benutzer mit Passwort, Tokens, Mitgliedschaften und Berechtigungen anderswo ist endgültig weg.
admin-user-ownership-done = { $name } ist jetzt eine Organisation und gehört Ihnen
admin-user-delete = Löschen
admin-user-delete-title = { $name } löschen
admin-user-delete-text = Das Konto { $name }, seine Repositorys und Roboterkonten sind sofort weg, und Laden schlägt fehl. Mitgliedschaften und Berechtigungen anderswo sind endgültig weg.
admin-user-delete-done = Benutzer { $name } gelöscht

# Aufgaben und Warteschlangen
admin-failed-jobs =
    { $count ->
        [one] { $count } Aufgabe fehlgeschlagen
       *[other] { $count } Aufgaben fehlgeschlagen
    }
admin-jobs = Aufgaben
admin-jobs-reload = Neu laden
admin-jobs-all = Alle
admin-jobs-running = Läuft
admin-jobs-failed = Fehlgeschlagen
admin-jobs-good = Gelungen
admin-jobs-waiting = Noch nicht gelaufen
admin-jobs-none = Keine Aufgabe ist in diesem Zustand.
admin-jobs-job = Aufgabe
admin-jobs-last = Letzter Lauf
admin-jobs-took = Dauer
admin-jobs-items = Einträge
admin-jobs-every = Alle
admin-jobs-run = Jetzt ausführen
admin-jobs-asked = { $name } läuft, sobald es geht
admin-jobs-succeeded = Gelungen
admin-jobs-whole-registry = Ganze Registry
admin-jobs-retried = Die Benachrichtigung wird noch einmal versucht
admin-job-write-pulls = Ladevorgänge festhalten
admin-job-expire-uploads = Abgebrochene Uploads entfernen
admin-job-expire-tags = Abgelaufene Tags entfernen
admin-job-expire-tokens = Abgelaufene Tokens entfernen
admin-job-purge-deleted = Gelöschtes endgültig entfernen
admin-job-expire-sessions = Abgelaufene Sitzungen entfernen
admin-job-count-events = Ereignisse für die Diagramme zählen
admin-job-expire-events = Alte Ereignisse entfernen
admin-job-list-layer-files = Dateien von Schichten auflisten
admin-job-forget-layer-files = Nicht angesehene Dateilisten vergessen
admin-job-tell-exports = Fertige Exporte melden
admin-layers = Schichten, die aufgelistet werden
admin-layers-none = Keine Schicht wartet oder wird gelesen.
admin-layers-waiting =
    { $count ->
        [0] Keine Schicht wartet.
        [one] { $count } Schicht wartet.
       *[other] { $count } Schichten warten.
    }
admin-layers-reading = Wird gelesen
admin-layers-read = Gelesen
admin-layers-of = { $read } von { $total }
admin-exports = Fehlgeschlagene Meldungen über Protokollexporte
admin-exports-none = Alle Adressen haben von ihren Exporten erfahren.
admin-exports-log = Protokoll
admin-exports-for = Für { $name }, an { $address }
admin-exports-error = Fehler
admin-exports-tries = Versuche
admin-exports-next = Nächster Versuch
admin-exports-retry = Noch einmal versuchen

# Mitteilungen
admin-messages-text = Alle sehen sie über jeder Seite.
admin-messages-create = Mitteilung veröffentlichen
admin-messages-none = Es gibt keine Mitteilung.
admin-messages-content = Mitteilung
admin-messages-content-hint = Höchstens 5.000 Bytes
admin-messages-format = Geschrieben als
admin-messages-plain = Reiner Text
admin-messages-markdown = Markdown
admin-messages-severity = Gewicht
admin-messages-delete = Mitteilung löschen: { $message }
admin-messages-posted = Mitteilung veröffentlicht
admin-messages-deleted = Mitteilung gelöscht
admin-message-info = Hinweis
admin-message-warning = Warnung
admin-message-error = Störung

# Speicher
admin-repository = Repository
admin-storage-stored = Gespeichert
admin-storage-blobs =
    { $count ->
        [one] { $count } Blob
       *[other] { $count } Blobs
    }
admin-storage-free = Frei auf der Platte
admin-storage-of = von { $size }
admin-storage-uploads = Laufende Uploads
admin-storage-received = { $size } empfangen
admin-storage-once = Jeder Blob zählt einmal, wie viele Repositorys ihn auch haben. Die Größe eines Repositorys ist, was es allein bräuchte.
admin-storage-largest = Größte Repositorys
admin-storage-nothing = Es gibt noch kein Repository.
admin-storage-size = Größe
admin-storage-tags = Tags
admin-storage-pushed = Letzter Push
admin-storage-all = Alle Repositorys nach Größe

# Wer angemeldet ist
admin-sessions-text = Die Browser aller, die neueste Anmeldung zuerst.
admin-sessions-none = Auf dieser Seite der Liste ist niemand angemeldet.
admin-sessions-began = Angemeldet
admin-sessions-seen = Zuletzt gesehen
admin-sessions-from = Von
admin-sessions-this = Dieser Browser
admin-sessions-end = Abmelden
admin-sessions-ended = Der Browser ist abgemeldet

# Organisationen aller, und was gelöscht wurde
admin-name = Name
admin-organizations-there = Organisationen
admin-organizations-filter = Nach Name filtern
admin-organizations-none = Es gibt keine Organisation.
admin-organizations-no-match = Keine Organisation passt zu diesem Filter.
admin-organizations-members = Mitglieder
admin-organizations-teams = Teams
admin-organizations-robots = Roboterkonten
admin-organization-rename-text = Repositorys und Roboterkonten von { $name } heißen sofort nach dem neuen Namen. Laden unter dem alten Namen schlägt fehl.
admin-organization-ownership-text = Sie werden Mitglied des Teams „owners“ von { $name }. Niemand sonst verliert etwas.
admin-organization-ownership-done = { $name } gehört jetzt auch Ihnen
admin-organization-delete-text = Die Organisation { $name }, ihre Repositorys, Teams, Roboterkonten und Anwendungen sind sofort weg, und Laden schlägt fehl.
admin-organization-delete-done = Organisation { $name } gelöscht
admin-deleted = Gelöscht
admin-deleted-text = Was als Nächstes endgültig entfernt wird, steht zuerst. Repositorys, die mit ihrem Namensraum gelöscht wurden, kommen mit ihm zurück.
admin-deleted-none = Nichts Gelöschtes lässt sich zurückholen.
admin-deleted-kind = Art
admin-deleted-organization = Organisation
admin-deleted-user = Benutzer
admin-deleted-when = Gelöscht
admin-deleted-purged = Endgültig entfernt
admin-deleted-restore = Zurückholen
admin-deleted-restore-title = { $name } zurückholen
admin-deleted-restore-text = Es kommt mit seinem Inhalt zurück; Sitzungen, Tokens und bei Benutzern Mitgliedschaften anderswo nicht.
admin-deleted-other-name = Anderer Name
admin-deleted-other-name-hint = Nur wenn der alte vergeben ist. Bei Repositorys der Teil nach dem Namensraum.
admin-deleted-taken = Dieser Name ist inzwischen vergeben. Geben Sie einen anderen an.
admin-deleted-restored = { $name } ist wieder da

# Zustand
admin-health-ready = Die Registry funktioniert.
admin-health-not-ready = Die Registry kann nicht alle ihre Aufgaben erledigen. Das Protokoll des Servers sagt, warum.
admin-health-parts = Was geprüft wird
admin-health-database = Datenbank
admin-health-storage = Speicher
admin-health-works = Funktioniert
admin-health-fails = Gestört
admin-health-about = Über diesen Prozess
admin-health-version = Version
admin-health-started = Gestartet
admin-health-age = Läuft seit
admin-health-probes = Adressen für Prüfungen

# Einstellungen
admin-settings-text = Womit dieser Prozess arbeitet. Geändert werden sie dort, wo sie herkommen, und gelten nach einem Neustart.
admin-settings-filter = Einstellungen filtern
admin-settings-given = Nur angegebene
admin-settings-no-match = Keine Einstellung passt zu diesem Filter.
admin-settings-setting = Einstellung
admin-settings-value = Wert
admin-settings-source = Herkunft
admin-settings-unset = Nicht gesetzt
admin-settings-default = Vorgabe
admin-settings-file = Einstellungsdatei
admin-settings-variable = Umgebungsvariable
admin-settings-flag = Befehlszeile
