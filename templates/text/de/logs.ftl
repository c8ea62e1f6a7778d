# Nutzungsprotokolle, wo immer sie stehen.
logs-title = Nutzungsprotokoll
logs-period = Zeitraum
logs-last-days =
    { $days ->
        [1] Heute
       *[other] { $days } Tage
    }
logs-from = Von
logs-to = bis
logs-kind = Art des Ereignisses
logs-all-kinds = Alle Arten
logs-performer = Ausgeführt von
logs-repository = Repository
logs-namespace = Namensraum
logs-text = Nach Tag oder Konto filtern
logs-filter = Filtern
logs-clear = Filter aufheben
logs-utc = Tage beginnen um Mitternacht UTC.
logs-export = Per Link exportieren
logs-none = In diesen Tagen ist hier nichts geschehen, oder nichts, das zu den Filtern passt.
logs-when = Datum und Uhrzeit
logs-what = Beschreibung
logs-ip = IP-Adresse
logs-details-of = Einzelheiten: { $sentence }
logs-times =
    { $count ->
        [one] einmal
       *[other] { $count }-mal
    }
logs-json = Eintrag als JSON
logs-copy-json = Eintrag als JSON kopieren
logs-newest = Neueste
logs-older = Ältere
logs-anonymous = Jemand ohne Anmeldung
logs-with-password = mit Passwort
logs-with-session = im Browser
logs-with-robot-token = mit seinem Token
logs-with-federated = mit schlüsselloser Identität
logs-with-application-token = mit Anwendungstoken
logs-with-access-token = mit Zugriffstoken
logs-with-registry-token = mit Registry-Token
logs-chart = Ereignisse pro Tag
logs-chart-steps = Ereignisse je { $days } Tage
logs-chart-sentence =
    { $count ->
        [one] { $count } Ereignis in { $days } Tagen.
       *[other] { $count } Ereignisse in { $days } Tagen.
    }
logs-chart-kinds = Arten
logs-chart-others = Alle anderen
logs-chart-show-table = Als Tabelle zeigen
logs-chart-table = Ereignisse pro Tag als Tabelle
logs-chart-day = Tag
logs-word-never = nie
logs-word-read = Lesen
logs-word-write = Schreiben
logs-word-admin = Admin
logs-word-member = Mitglied
logs-word-creator = Ersteller
logs-word-public = öffentlich
logs-word-private = privat
logs-word-normal = beschreibbar
logs-word-read-only = schreibgeschützt
logs-word-mirror = ein Spiegel
logs-word-plain = gewöhnlicher Benutzer
logs-word-superuser = Superuser
logs-word-read-only-superuser = Superuser mit Lesezugriff
logs-export-about = Erstellen Sie einen Link zu allen Einträgen dieser Tage. Wer den Link hat, kann sie 24 Stunden lang herunterladen.
logs-export-from = Erster Tag
logs-export-to = Letzter Tag
logs-export-url = Rückrufadresse (optional)
logs-export-url-hint = Erhält ein POST mit dem Link, für Programme
logs-export-email = E-Mail-Adresse (optional)
logs-export-email-hint = Wird beim Export vermerkt; der Link steht hier
logs-export-make = Link erstellen
logs-export-made = Der Link ist fertig; er gilt 24 Stunden
logs-export-day-wrong = Geben Sie einen Tag an, etwa 2026-08-31.
logs-export-days-wrong = Der letzte Tag liegt vor dem ersten.
logs-export-url-wrong = Unter dieser Adresse ist kein Programm zu erreichen. Geben Sie eine an, die mit https:// oder http:// beginnt.
logs-export-email-wrong = Das ist keine E-Mail-Adresse. Geben Sie eine wie team@example.com an.
logs-links = Gültige Links
logs-link-days = Tage
logs-link-range = { $first } bis { $last }
logs-link-asked = Erstellt von
logs-link-told = Rückruf
logs-link-ends = Endet
logs-told-at = { $when } benachrichtigt
logs-told-failed = noch nicht benachrichtigt: { $error }
logs-told-waiting = wird benachrichtigt
logs-copy-link = Link kopieren
logs-download = Herunterladen
