# Was um jede Seite herum steht.
frame-skip = Zum Inhalt springen
frame-open-navigation = Navigation öffnen
frame-home-label = Pierhead, Startseite
frame-search = Repositorys, Personen, Tags und Digests suchen
frame-search-placeholder = Repositorys, Personen, Tags, Digests suchen
frame-theme = Farben und Sprache
frame-theme-system = Wie das System
frame-theme-light = Hell
frame-theme-dark = Dunkel
frame-theme-contrast = Hoher Kontrast
frame-account = Konto, { $name }
frame-signed-in-as = Angemeldet als
frame-own-namespace = Eigener Namensraum
frame-account-settings = Kontoeinstellungen
frame-invitations = Einladungen
frame-sign-in = Anmelden
frame-sign-out = Abmelden
frame-main = Hauptnavigation
frame-home = Start
frame-repositories = Repositorys
frame-organizations = Organisationen
frame-namespaces = Ihre Namensräume
frame-administration = Verwaltung
frame-admin-users = Benutzer
frame-admin-organizations = Alle Organisationen
frame-admin-jobs = Aufgaben und Warteschlangen
frame-admin-storage = Speicher
frame-admin-logs = Nutzungsprotokoll
frame-admin-messages = Mitteilungen
frame-admin-health = Zustand
frame-admin-settings = Einstellungen
frame-admin-sessions = Angemeldet
frame-api = API
frame-copied = Kopiert
frame-not-copied = Das Kopieren hat nicht geklappt. Markieren Sie stattdessen den Text.
frame-copy-command = Befehl kopieren
frame-offline = Die Registry hat nicht geantwortet. Es wurde nichts geändert.
frame-retry = Erneut versuchen
frame-dismiss = Hinweis schließen
frame-close = Schließen
frame-cancel = Abbrechen
frame-pages = Seiten
frame-previous = Zurück
frame-next = Weiter
frame-breadcrumb = Pfad
frame-details =
    { $count ->
        [one] { $count } Einzelheit zeigen
       *[other] { $count } Einzelheiten zeigen
    }
form-faults =
    { $count ->
        [one] Berichtigen Sie eine Angabe.
       *[other] Berichtigen Sie { $count } Angaben.
    }

problem-not-found = Unter dieser Adresse gibt es nichts
problem-not-found-text = Was Sie suchen, gibt es nicht, wurde gelöscht oder ist für Sie nicht sichtbar. Es wurde nichts geändert.
problem-forbidden = Das dürfen Sie nicht
problem-forbidden-text = Nötig ist die Berechtigung { $needed } für { $on }; { $who } hat { $has }. Es wurde nichts geändert.
problem-forbidden-advice = Wer dort verwalten darf oder die Registry verwaltet, kann sie Ihnen geben.
problem-busy = Das ist zu viel auf einmal
problem-busy-text = Es kamen zu viele Anfragen auf einmal, diese wurde zurückgestellt. Es wurde nichts geändert. Warten Sie einen Augenblick und versuchen Sie es erneut.
problem-form = Das Formular wurde nicht angenommen
problem-form-elsewhere = Das Formular kam von der Seite einer anderen Website. Es wurde nichts geändert.
problem-form-unproven = Die Seite war zu lange offen, Sie haben sich inzwischen an- oder abgemeldet, oder Cookies sind abgeschaltet. Es wurde nichts geändert.
problem-form-large = Das Formular ist größer als 256 KiB. Es wurde nichts geändert.
problem-form-unreadable = Das Formular hat andere Felder als die Seite, zu der es gehört. Es wurde nichts geändert.
problem-form-advice = Öffnen Sie die Seite des Formulars noch einmal und senden Sie es von dort.
problem-sign-in = Melden Sie sich zuerst an
problem-refused = Das ist nicht möglich
problem-value = Ein Wert wurde nicht angenommen
problem-unavailable = Die Registry kann gerade nicht arbeiten
problem-unavailable-text = Die Datenbank oder der Datenträger dieser Registry antwortet nicht, deshalb kann nichts gelesen oder geändert werden. Laden Sie die Seite in einer Minute neu. Bleibt es so, sagen Sie es der Verwaltung.
problem-internal = Hier ist etwas schiefgegangen
problem-internal-text = Das ist ein Fehler der Registry und lag nicht an Ihnen. Was geschah, steht im Protokoll des Servers.
problem-to-start = Zur Startseite
problem-request-id = Wenn Sie das für falsch halten, nennen Sie der Verwaltung die Kennung der Anfrage
problem-copy-request-id = Kennung der Anfrage kopieren
problem-thing-not-found = { $thing } gibt es nicht, wurde gelöscht oder ist für Sie nicht sichtbar. Es wurde nichts geändert.
problem-taken = { $thing } gibt es schon
problem-token = Ihr Token erlaubt das nicht
problem-method = Diese Adresse funktioniert anders
problem-method-text = Diese Seite kann nicht mit { $method } abgerufen werden. Es wurde nichts geändert.
problem-request-id-logged = Einzelheiten stehen im Protokoll unter der Kennung der Anfrage
thing-namespace = Namensraum { $name }
thing-organization = Organisation { $name }
thing-user = Benutzer { $name }
thing-team = Team { $name }
thing-robot = Roboterkonto { $name }
thing-repository = Repository { $name }
thing-manifest = Manifest { $name }
thing-tag = Tag { $name }
thing-blob = Blob { $name }
thing-file = Datei { $name }
thing-upload = Upload { $name }
thing-session = Sitzung
thing-recovery = Link
thing-second-factor = zweiter Faktor von { $name }
thing-token = Token { $name }
thing-application = Anwendung { $name }
thing-default-permission = Standardberechtigung { $name }
thing-label = Label { $name }
thing-message = Nachricht { $name }
thing-invitation = Einladung
thing-export = Export
thing-registry = diese Registry
