# Standardberechtigungen von Organisationen.
default-permissions-of = Standardberechtigungen von { $name }
default-permissions-about = Jedes neue Repository dieser Organisation erteilt sie von Anfang an, wer auch immer es wie anlegt.
default-permissions-none = Es gibt keine Standardberechtigungen. Neue Repositorys gehören nur denen, die sie anlegen, und den Admins der Organisation.
default-permissions-create = Standardberechtigung anlegen
default-permissions-created = Standardberechtigung für { $name } angelegt
default-permissions-changed = Standardberechtigung für { $name } geändert
default-permissions-undo = Rückgängig
default-permissions-deleted = Standardberechtigung gelöscht
default-permissions-creator = Repository angelegt von
default-permissions-grantee = Berechtigung für
default-permissions-grantee-name = Name des Teams oder Kontos
default-permissions-account = Benutzer oder Roboterkonto
default-permissions-role = Berechtigung
default-permissions-role-of = Berechtigung für { $name }
default-permissions-save = Speichern
default-permissions-anyone = Alle
default-permissions-anyone-here = Alle in der Organisation
default-permissions-anyone-hint = Mitglieder und Roboterkonten
default-permissions-one = Ein Benutzer oder Roboterkonto
default-permissions-one-hint = Nur Repositorys, die dieses Konto anlegt
default-permissions-which-one = Benutzer oder Roboterkonto, falls es eines ist
default-permissions-no-role = Wählen Sie Lesen, Schreiben oder Admin.
default-permissions-no-creator = Es gibt keinen solchen Benutzer und kein solches Roboterkonto dieser Organisation.
default-permissions-no-grantee = Es gibt kein solches Team, keinen solchen Benutzer und kein solches Roboterkonto dieser Organisation.
default-permissions-delete = Standardberechtigung löschen
default-permissions-delete-of = Standardberechtigung für { $name } löschen
default-permissions-delete-question = Diese Standardberechtigung löschen?
default-permissions-rule = { $name } erhält { $role }
default-permissions-by-one = auf Repositorys, die { $name } anlegt.
default-permissions-by-anyone = auf Repositorys, die irgendjemand anlegt.
default-permissions-delete-stays = Vorhandene Repositorys behalten ihre Berechtigungen.
default-permissions-apply = Auf vorhandene anwenden …
default-permissions-apply-question = Standardberechtigungen auf vorhandene Repositorys anwenden?
default-permissions-apply-about = Auf jedem Repository von { $name } wird dies erteilt, wo es noch nicht erteilt ist:
default-permissions-apply-rule = { $role } für { $name }
default-permissions-apply-stays = Keine Berechtigung wird verringert oder entzogen. Standardberechtigungen für ein einzelnes Konto gelten nur für neue Repositorys und werden nicht angewendet.
default-permissions-apply-nothing = Keine Standardberechtigung gilt für Repositorys, die irgendjemand anlegt; es gibt nichts anzuwenden. Die für ein einzelnes Konto gelten nur für neue Repositorys.
default-permissions-apply-now = Standardberechtigungen anwenden
default-permissions-applied =
    { $count ->
        [one] { $count } Repository erteilt { $grants ->
            [one] { $grants } Berechtigung
           *[other] { $grants } Berechtigungen
        } mehr
       *[other] { $count } Repositorys erteilen { $grants ->
            [one] { $grants } Berechtigung
           *[other] { $grants } Berechtigungen
        } mehr
    }
default-permissions-applied-none = Alle Repositorys hatten diese Berechtigungen schon
default-permissions-applied-some = Nicht alle Repositorys wurden erreicht; { $count } davon wurden geändert. Wenden Sie sie noch einmal an, um fortzufahren.
