# Die Tags eines Repositorys.
tags-first-push = Das erste Image hochladen
tags-step-login = Anmelden
tags-step-tag = Einem Image einen Namen geben
tags-step-push = Hochladen
tags-waiting = Wartet auf das erste Image. Diese Seite zeigt es von selbst.
tags-none = Hier gibt es noch nichts zu laden.
tags-filter = Tags filtern
tags-filter-label = Tags nach Name oder Digest filtern
tags-filter-placeholder = Nach Name oder Digest filtern
tags-regex = Regulärer Ausdruck
tags-signatures = Signaturen zeigen
tags-sort-by = Sortieren nach
tags-apply = Anwenden
tags-select-all = Alle auf dieser Seite auswählen
tags-select = Tag { $tag } auswählen
tags-selected = { "{n}" } ausgewählt
tags-bulk = Aktionen für ausgewählte Tags
tags-set-expiration = Ende festlegen
tags-delete-selected = Löschen
tags-clear-filter = Filter entfernen
tags-matching = { $count } gefunden
tags-no-match = Kein Tag passt.
tags-caption = Tags von { $name }. Linien vor dem Manifest verbinden Tags desselben Images.
tags-name = Tag
tags-size = Größe
tags-modified = Zuletzt geändert
tags-expires = Endet
tags-never = Nie
tags-manifest = Manifest
tags-pulls = Geladen
tags-rows = Zeilen je Seite
tags-total =
    { $count ->
        [one] { $count } Tag
       *[other] { $count } Tags
    }
tags-platforms-of = Plattformen von { $tag }
tags-has-signature = Hat eine Signatur
tags-has-sbom = Hat eine Liste seiner Bestandteile (SBOM)
tags-has-attestation = Hat eine Bescheinigung
tags-copy-digest = Digest kopieren
tags-same-image = Dasselbe Image wie { $tags }
tags-actions = Aktionen für Tag { $tag }
tags-details = Einzelheiten
tags-compare = Mit anderem Tag vergleichen
tags-add = Tag hinzufügen
tags-change-expiration = Ende ändern
tags-delete = Tag löschen
tags-index-caption =
    { $count ->
        [one] Index mit { $count } Manifest
       *[other] Index mit { $count } Manifesten
    }
tags-platform = Plattform
tags-platform-unknown = Nicht benannt
tags-not-here = Nicht in diesem Repository
tags-delete-question =
    { $count ->
        [one] Tag { $tag } löschen?
       *[other] { $count } Tags löschen?
    }
tags-delete-loses = Unter diesem Namen kann dann niemand mehr laden. Das Image bleibt und lässt sich über seinen Digest laden.
tags-delete-restorable = Sie können ihn innerhalb von { $time } aus dem Verlauf der Tags zurückholen.
tags-delete-for-good = Dieser Namensraum bewahrt gelöschte Tags nicht auf, der Verlauf kann ihn deshalb vielleicht nicht zurückholen.
tags-delete-button =
    { $count ->
        [one] Tag löschen
       *[other] { $count } Tags löschen
    }
tags-deleted =
    { $count ->
        [one] Tag { $tag } gelöscht
       *[other] { $count } Tags gelöscht
    }
tags-restored =
    { $count ->
        [one] Tag { $tag } ist wieder da
       *[other] { $count } Tags sind wieder da
    }
tags-undo = Rückgängig machen
tags-missing = { $tag } ist nicht da oder zeigt inzwischen woandershin
tags-none-there = Es wurde nichts geändert
tags-reverted = Tag { $tag } zeigt wieder dorthin
tags-expire-title =
    { $count ->
        [one] Wann endet Tag { $tag }?
       *[other] Wann enden { $count } Tags?
    }
tags-expire-at = Ende
tags-expire-zone = Nach der Uhr von { $zone }
tags-expire-never = Nie enden lassen
tags-expire-past = Geben Sie Datum und Uhrzeit in der Zukunft an.
tags-expiring =
    { $count ->
        [one] Tag { $tag } endet zu dieser Zeit
       *[other] { $count } Tags enden zu dieser Zeit
    }
tags-not-expiring =
    { $count ->
        [one] Tag { $tag } endet nicht
       *[other] { $count } Tags enden nicht
    }
tags-add-title = Dem Image von { $tag } einen Tag hinzufügen
tags-new-name = Neuer Tag
tags-add-hint = Bis zu 128 Buchstaben, Ziffern und . _ -; ein Tag dieses Namens zieht hierher um
tags-add-invalid = Tags haben bis zu 128 Buchstaben, Ziffern und . _ - und beginnen mit Buchstabe, Ziffer oder _
tags-added = Tag { $tag } hinzugefügt
tags-labels-title = Labels des Images von { $tag }
tags-labels-none = Noch keine Labels.
tags-label-key = Schlüssel
tags-label-key-hint = Kleinbuchstaben und Ziffern, dazwischen einzelne . oder -, etwa team.owner
tags-label-key-invalid = Schlüssel haben Kleinbuchstaben und Ziffern, dazwischen einzelne . oder -, und beginnen nicht mit einem vorbehaltenen Wort wie quay oder io.docker
tags-label-value = Wert
tags-label-add = Label hinzufügen
tags-label-added = Label { $key } hinzugefügt
tags-label-delete = Label { $key } entfernen
tags-label-deleted = Label entfernt
tags-label-of-image = Teil des Images
tags-compare-title = { $tag } mit anderem Tag vergleichen
tags-compare-with = Tag oder Digest
tags-compare-hint = Aus diesem Repository
tags-compare-button = Vergleichen
tags-labels-count =
    { $count ->
        [one] { $count } Label
       *[other] { $count } Labels
    }
tags-delete-permanently = Endgültig löschen
tags-delete-permanently-hint = Niemand kann dann aus dem Verlauf wiederherstellen, worauf die Tags jetzt zeigen. Images bleiben, solange andere Tags auf sie zeigen.
