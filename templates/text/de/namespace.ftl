# Die Seite einer Organisation oder eines Benutzers: ihr Kopf, und der Reiter mit den Repositorys.
namespace-breadcrumb = Brotkrumen
namespace-tab-repositories = Repositorys
namespace-tab-teams = Teams und Mitglieder
namespace-tab-robots = Roboterkonten
namespace-tab-default-permissions = Standardberechtigungen
namespace-tab-applications = OAuth-Anwendungen
namespace-tab-logs = Protokoll
namespace-tab-settings = Einstellungen
namespace-repositories-of = Repositorys von { $name }
namespace-repository = Name
namespace-visibility = Sichtbarkeit
namespace-public = Öffentlich
namespace-private = Privat
namespace-private-hint = Nur berechtigte Personen, Teams und Roboterkonten können es sehen und herunterladen
namespace-public-hint = Alle, die diese Registry erreichen, können daraus laden, auch ohne Konto
namespace-namespace = Namensraum
namespace-repository-hint = Kleinbuchstaben, Ziffern und . _ - /; Namen können geschachtelt sein, zum Beispiel team/dienst
namespace-description = Beschreibung (freiwillig)
namespace-description-hint = Markdown. Die ganze README können Sie später schreiben.
namespace-create-repository = Repository anlegen
namespace-repository-created = Repository { $name } angelegt
namespace-none-yet = Noch keine Repositorys
namespace-none-yet-text = Laden Sie ein Image hoch, dann wird das Repository für Sie angelegt, zunächst privat. Diese Seite zeigt es, sobald es da ist.
namespace-step-sign-in = Melden Sie sich im Terminal an
namespace-step-app-token = Nehmen Sie ein App-Token als Passwort
namespace-step-push = Geben Sie einem Image einen Namen und laden Sie es hoch
namespace-step-pull = Laden Sie es überall herunter
namespace-waiting = Warten auf das erste Image für { $name } …
namespace-filter = Repositorys filtern
namespace-filter-name = Nach Namen filtern
namespace-filter-apply = Filtern
namespace-filter-clear = Filter aufheben
namespace-select-all = Alle auf dieser Seite auswählen
namespace-select = { $name } auswählen
namespace-selected = { $count } ausgewählt
namespace-selected-some = Ausgewählte Repositorys
namespace-bulk = Aktionen für ausgewählte Repositorys
namespace-nothing-visible = Es gibt keine Repositorys, die Sie sehen dürfen.
namespace-nothing-found = Kein Repository passt zu „{ $text }“.
namespace-star = { $name } merken
namespace-read-only = Schreibgeschützt
namespace-actions = Aktionen für { $name }
namespace-publish = Öffentlich machen
namespace-hide = Privat machen
namespace-delete = Löschen
namespace-delete-one = Repository löschen
namespace-publish-title =
    { $count ->
        [one] Dieses Repository öffentlich machen?
       *[other] { $count } Repositorys öffentlich machen?
    }
namespace-publish-text =
    { $count ->
        [one] Alle, die diese Registry erreichen, sehen es und können daraus laden, auch ohne Konto.
       *[other] Alle, die diese Registry erreichen, sehen sie und können daraus laden, auch ohne Konto.
    }
namespace-hide-title =
    { $count ->
        [one] Dieses Repository privat machen?
       *[other] { $count } Repositorys privat machen?
    }
namespace-hide-text =
    { $count ->
        [one] Personen, Teams und Roboterkonten ohne Berechtigung können sofort nicht mehr daraus laden. Die Berechtigungen bleiben, wie sie sind.
       *[other] Personen, Teams und Roboterkonten ohne Berechtigung können sofort nicht mehr aus ihnen laden. Die Berechtigungen bleiben, wie sie sind.
    }
namespace-delete-title =
    { $count ->
        [one] Dieses Repository löschen?
       *[other] { $count } Repositorys löschen?
    }
namespace-delete-text =
    { $count ->
        [one] Alle Tags, deren Verlauf und die Berechtigungen gehen verloren, und niemand kann mehr daraus laden:
       *[other] Alle Tags, deren Verlauf und die Berechtigungen gehen verloren, und niemand kann mehr aus ihnen laden:
    }
namespace-type-to-delete = Geben Sie zur Bestätigung { $name } ein
namespace-delete-mistyped = Geben Sie genau { $name } ein.
namespace-published =
    { $count ->
        [one] 1 Repository öffentlich gemacht
       *[other] { $count } Repositorys öffentlich gemacht
    }
namespace-hidden =
    { $count ->
        [one] 1 Repository privat gemacht
       *[other] { $count } Repositorys privat gemacht
    }
namespace-deleted =
    { $count ->
        [one] 1 Repository gelöscht
       *[other] { $count } Repositorys gelöscht
    }
namespace-undo = Rückgängig machen
namespace-there = In Gebrauch
namespace-deleted-of = Gelöschte Repositorys von { $name }
namespace-deleted-none = In diesem Namensraum wurde kein Repository gelöscht, das sich zurückholen ließe.
namespace-deleted-text = Ein zurückgeholtes Repository hat seine Tags und Berechtigungen wieder.
namespace-restore-title = Unter einem anderen Namen zurückholen
namespace-restored =
    { $count ->
        [one] 1 Repository zurückgeholt
       *[other] { $count } Repositorys zurückgeholt
    }
namespace-not-there = { $name } wurde nicht geändert: Es gibt das Repository nicht, oder Sie dürfen es nicht ändern.
permission-read = Lesen
permission-write = Schreiben
permission-admin = Verwalten
permission-none = keine
namespace-tags = Tags
namespace-size = Größe
namespace-pushed = Letzter Push
namespace-never = Nie
namespace-settings = Einstellungen
namespace-any-visibility = Jede Sichtbarkeit
namespace-total =
    { $count ->
        [one] 1 Repository
       *[other] { $count } Repositorys
    }
namespace-content =
    { $tags ->
        [one] 1 Tag, { $size }
       *[other] { $tags } Tags, { $size }
    }
namespace-delete-restore =
    { $days ->
        [one] 1 Tag lang können Sie sie unter „Gelöscht“ zurückholen.
       *[other] { $days } Tage lang können Sie sie unter „Gelöscht“ zurückholen.
    }
namespace-nothing-of-visibility = Kein Repository hat diese Sichtbarkeit.
