# Das eigene Konto.
account-title = Konto
account-tab-profile = Profil
account-tab-security = Anmeldung
account-tab-sessions = Sitzungen
account-tab-tokens = Token
account-tab-applications = Zugelassene Anwendungen
account-tab-invitations = Einladungen
account-tab-preferences = Einstellungen
account-tab-end = Löschen oder umwandeln
account-save = Speichern
account-saved = Gespeichert
account-revoke = Widerrufen
account-given-name = Vorname
account-family-name = Nachname
account-email = E-Mail-Adresse
account-email-hint = Unter dieser Adresse erreichen Organisationen und Administratoren Sie. Die Registry verschickt keine E-Mails.
account-company = Firma
account-location = Ort
account-namespace = Ihre Repositorys
account-password = Passwort
account-password-about = Mit dem Passwort melden Sie sich hier an und, solange kein zweiter Faktor eingeschaltet ist, auf Kommandozeilen. Besser geben Sie Programmen ein eigenes Token.
account-password-change = Passwort ändern
account-password-ends = Ihre anderen Browser werden abgemeldet, und Kommandozeilen mit dem alten Passwort müssen sich neu anmelden.
account-password-changed = Passwort geändert. Ihre anderen Browser sind abgemeldet.
account-factor = Zweiter Faktor
account-factor-on = Ein
account-factor-about = Mit einem zweiten Faktor gehört zur Anmeldung neben dem Passwort ein Code einer App auf Ihrem Telefon. Kommandozeilen brauchen dann ein Token anstelle des Passworts.
account-factor-since = Eingeschaltet
account-factor-begin = Zweiten Faktor einrichten
account-factor-scan = Lesen Sie diesen Code mit einer Authenticator-App ein.
account-factor-qr = QR-Code für die Authenticator-App
account-factor-type = Oder tippen Sie diesen Schlüssel in die App:
account-factor-copy = Schlüssel kopieren
account-factor-code = Code, den die App jetzt zeigt
account-factor-ends = Beim Einschalten werden Ihre anderen Browser abgemeldet.
account-factor-switch-on = Einschalten
account-factor-wrong-code = Das ist nicht der Code, den die App jetzt zeigt. Prüfen Sie, ob die Uhr des Geräts richtig geht.
account-factor-off = Zweiten Faktor ausschalten
account-factor-loses = Danach genügt das Passwort zur Anmeldung. Die Wiederherstellungscodes enden.
account-factor-switched-off = Der zweite Faktor ist ausgeschaltet
account-codes = Wiederherstellungscodes
account-codes-left =
    { $count ->
        [one] { $count } übrig
       *[other] { $count } übrig
    }
account-codes-few = Es sind nur noch wenige Wiederherstellungscodes übrig. Erzeugen Sie neue, damit ein verlorenes Telefon Sie nicht aussperrt.
account-codes-new = Neue Wiederherstellungscodes
account-codes-title = Ihre Wiederherstellungscodes
account-codes-keep = Mit jedem dieser Codes melden Sie sich einmal an, wenn die App nicht zur Hand ist. Bewahren Sie sie auf wie Passwörter: Sie werden nicht noch einmal gezeigt.
account-codes-copy = Alle kopieren
account-codes-download = Herunterladen
account-codes-kept = Ich habe sie aufbewahrt
account-codes-loses = Die Codes, die Sie jetzt haben, enden sofort.
account-sessions-about = Browser, die als Sie angemeldet sind.
account-sessions-end-others = Alle anderen abmelden
account-sessions-loses = Alle Ihre Browser außer diesem werden abgemeldet. Token bleiben.
account-sessions-ended =
    { $count ->
        [one] { $count } Browser abgemeldet
       *[other] { $count } Browser abgemeldet
    }
account-session-browser = Browser
account-session-address = Adresse
account-session-seen = Zuletzt benutzt
account-session-began = Angemeldet
account-session-unknown = Unbekannt
account-session-current = Dieser Browser
account-session-end = Abmelden
account-session-ended = Browser abgemeldet
account-tokens-application = Anwendungs-Token
account-tokens-application-about = Für docker login und andere Kommandozeilen, anstelle Ihres Passworts. Sie erlauben alles, was Sie mit Repositorys dürfen.
account-tokens-personal = Persönliche Token
account-tokens-personal-about = Für Skripte, die das API benutzen. Sie erlauben, was Sie auswählen, und sonst nichts.
account-tokens-none = Noch keine Token.
account-token-new-application = Neues Anwendungs-Token
account-token-new-personal = Neues persönliches Token
account-token-name = Name
account-token-name-hint = Was es benutzt: Buildserver, Laptop.
account-token-make = Token erzeugen
account-token-no-title = Geben Sie dem Token einen Namen.
account-token-once = Kopieren Sie das Token jetzt: Es wird nicht noch einmal gezeigt.
account-token-copy = Token kopieren
account-token-api = Für das API
account-token-registry = Zum Hochladen und Herunterladen
account-token-lost = Dieses Token kann nur widerrufen werden: Es wurde erzeugt, bevor Token zum Anzeigen aufbewahrt wurden.
account-token-over = Beendet
account-token-revoke-of = { $name } widerrufen
account-token-revoke-loses = Programme mit diesem Token können sich nicht mehr anmelden. Das lässt sich nicht rückgängig machen.
account-token-revoked = Token widerrufen
account-days-30 = 30 Tage
account-days-90 = 90 Tage
account-days-365 = 1 Jahr
account-days-never = Bis es widerrufen wird
account-applications-about = Anwendungen, denen Sie erlaubt haben, für Sie zu handeln.
account-applications-none = Sie haben keiner Anwendung erlaubt, für Sie zu handeln.
account-application = Anwendung
account-application-given = Erlaubt
account-application-revoke-of = { $name } widerrufen
account-application-loses = { $name } kann nicht mehr für Sie handeln. Die Anwendung kann erneut fragen.
account-application-revoked = Die Anwendung kann nicht mehr für Sie handeln
account-invitations-none = Keine Einladungen warten auf Sie.
account-invitation-by = Eingeladen von
account-preferences-about = Dies gilt in jedem Browser, mit dem Sie sich anmelden.
account-theme = Farben
account-theme-light-contrast = Hell, hoher Kontrast
account-theme-dark-contrast = Dunkel, hoher Kontrast
account-language = Sprache
account-language-browser = Wie der Browser
account-zone = Zeitzone
account-zone-browser = Wie der Browser
account-keyboard = Die Taste / springt zur Suche
account-keyboard-hint = Schalten Sie das ab, wenn Sie mit Sprache eingeben oder die Taste bei Ihnen etwas anderes tut.
account-convert = Aus diesem Konto eine Organisation machen
account-convert-do = Umwandeln
account-convert-about = Der Name { $name } wird eine Organisation, die mehrere Personen verwalten können.
account-convert-keeps = Repositorys, Roboterkonten und ihre Namen bleiben.
account-convert-admin = Ein anderer Benutzer wird ihr Admin und weist sich mit seinem Passwort aus.
account-convert-loses = Niemand kann sich mehr als dieser Benutzer anmelden. Seine Token, seine Mitgliedschaften in Organisationen und seine Berechtigungen an Repositorys anderer enden. Das lässt sich nicht rückgängig machen.
account-convert-user = Benutzer, der Admin wird
account-convert-user-hint = Nicht dieses Konto.
account-convert-password = Passwort dieses Benutzers
account-convert-code-of = Code dieses Benutzers
account-convert-code-hint = Nur, wenn dieser Benutzer einen zweiten Faktor hat.
account-convert-code = Dieser Benutzer hat einen zweiten Faktor: Ein aktueller Code wird gebraucht.
account-convert-other = Nennen Sie einen anderen Benutzer: Dieser wird die Organisation.
account-delete = Konto löschen
account-delete-about =
    { $days ->
        [one] Ihr Konto, Ihre Repositorys und Ihre Roboterkonten werden gelöscht. Ein Administrator kann sie { $days } Tag lang wiederherstellen.
       *[other] Ihr Konto, Ihre Repositorys und Ihre Roboterkonten werden gelöscht. Ein Administrator kann sie { $days } Tage lang wiederherstellen.
    }
account-delete-title = { $name } löschen?
account-delete-tokens = Token, Sitzungen, Sterne und Mitgliedschaften, endgültig
account-delete-type = Geben Sie { $name } zur Bestätigung ein
account-delete-mistyped = Geben Sie { $name } genau so ein, wie es geschrieben ist.
account-end-superuser = Konten von Superusern werden hier weder gelöscht noch umgewandelt. Ein anderer Superuser muss zuerst die Rechte nehmen.
