# Ein Tag oder ein Manifest.
image-tab-details = Details
image-tab-layers = Schichten
image-tab-files = Dateien
image-tab-configuration = Konfiguration
image-tab-referrers = Verweise
image-tab-raw = Manifest
image-tabs = Ansichten von { $name }
image-copy-digest = Digest kopieren
image-compare = Vergleichen
image-edit-labels = Labels bearbeiten
image-more =
    { $count ->
        [one] und { $count } weiterer Eintrag, der nicht gezeigt wird
       *[other] und { $count } weitere Einträge, die nicht gezeigt werden
    }
image-key = Name
image-value = Wert
image-from = Herkunft
image-from-image = Image
image-from-people = Hier hinzugefügt
image-platforms = Plattformen
image-platform = Plattform
image-platform-unknown = Keine Plattform
image-not-here = Nicht in diesem Repository
image-size = Größe
image-digest = Digest
image-labels = Labels
image-no-labels = Es gibt keine Labels.
image-annotations = Annotationen
image-about = Über dieses Manifest
image-pull = Laden
image-pull-by-digest = Genau dieses, worauf der Tag auch später zeigt:
image-facts = Angaben
image-tags = Tags
image-no-tags = Kein Tag zeigt hierher
image-more-tags = und weitere
image-media-type = Medientyp
image-artifact-type = Art des Artefakts
image-manifest-size = Größe des Manifests
image-created = Erstellt
image-pushed = Hochgeladen
image-expires = Tag endet
image-never = Nie
image-pulls = Geladen
image-last-pulled = Zuletzt geladen
image-attached-to = Gehört zu
image-part-of = Plattform von
image-layers-title =
    { $count ->
        [one] { $count } Schicht, { $size }
       *[other] { $count } Schichten, { $size }
    }
image-layers-caption = Schritte, aus denen das Image entstand, der erste zuerst
image-no-layers = Es gibt keine Schichten.
image-step = Schritt
image-command = Befehl
image-no-command = Unbekannter Befehl
image-layer = Schicht
image-no-layer = Keine Schicht
image-remote = Von anderswo zu laden
image-share = { $size } von { $total }
image-shared = Gemeinsam mit
image-not-shared = Kein anderes Repository, das Sie sehen können
image-shared-with =
    { $count ->
        [one] { $count } Repository
       *[other] { $count } Repositorys
    }
image-shared-more = und weiteren
image-history = Entstehung
image-history-missing = Das Image sagt nicht, wie es gebaut wurde.
image-history-inconsistent = Die Entstehungsgeschichte spricht von { $told } Schichten, das Image hat { $actual }. Welcher Befehl welche Schicht erzeugt hat, lässt sich nicht sagen.
image-unreadable = Die Konfiguration ließ sich nicht lesen: { $reason }
image-run = So wird es ausgeführt
image-entrypoint = Einstiegspunkt
image-cmd = Befehl
image-user = Benutzer
image-workdir = Arbeitsverzeichnis
image-ports = Offene Ports
image-volumes = Volumes
image-stop-signal = Signal zum Beenden
image-author = Autor
image-not-set = Nicht gesetzt
image-environment = Umgebung
image-no-environment = Es sind keine Umgebungsvariablen gesetzt.
image-referrers-title = An dieses Manifest angehängt
image-no-referrers = Es ist nichts angehängt: keine Signatur, keine Liste der Bestandteile, keine Bescheinigung.
image-kind = Art
image-type = Typ
image-signature = Signatur
image-sbom = Liste der Bestandteile (SBOM)
image-attestation = Bescheinigung
image-other = Sonstiges
image-by-tag = gefunden über den Tag { $tag }
image-first-page = Erste Seite
image-raw-title = Manifest, { $size }
image-raw-cut = Es ist lang; nur der Anfang wird gezeigt. Zum Herunterladen gibt es das Ganze.
image-raw-indented = Zum Lesen mit Zeilenumbrüchen. Heruntergeladen werden genau die Bytes, zu denen der Digest gehört.
image-download = Herunterladen
image-files-of-layer = Dateien der Schicht { $layer }
image-files-up-to = Dateien des Images bis zur Schicht { $layer }
image-files-of-image = Dateien des Images
image-command-of = Befehl der Schicht { $layer }
image-files-shown = Gezeigte Dateien
image-this-layer = Diese Schicht
image-up-to-here = Image bis hierher
image-not-listed = Die Dateien sind noch nicht aufgelistet. Dazu werden einmal { $size } gelesen; davon haben alle etwas, die diese Schichten ansehen.
image-list-files = Dateien auflisten
image-listing = Die Dateien werden aufgelistet: { $read } von { $total } gelesen. Diese Seite zeigt sie von selbst.
image-percent = { $percent } Prozent
image-reload = Neu laden
image-listing-failed = Die Dateien ließen sich nicht auflisten. Eine Schicht wird frühestens nach einer Viertelstunde erneut gelesen.
image-too-large = Schicht { $layer } ist zu groß: { $reason }
image-failed = Schicht { $layer } ließ sich nicht lesen: { $reason }
image-list-again = Erneut versuchen
image-elsewhere = Schicht { $layer } ist von anderswo zu laden; die Registry hat ihre Dateien nicht.
image-path = Pfad
image-find = Datei nach Pfad suchen
image-find-nothing = Unter { $path } gibt es nichts.
image-empty-folder = Die Schicht hat keine Dateien.
image-files-caption = Dateien
image-name = Name
image-change = Änderung
image-mode = Rechte
image-owner = Besitzer
image-parent = Übergeordneter Ordner
image-added = hinzugefügt
image-changed = geändert
image-removed = entfernt
image-unchanged = unverändert
image-modified = Geändert
image-link = Führt zu
image-empty-file = Die Datei ist leer.
image-file-cut = Die Datei ist lang; nur der Anfang wird gezeigt. Zum Herunterladen gibt es das Ganze.
image-binary = Das ist kein Text. Laden Sie die Datei herunter, um sie anzusehen.
image-no-content = Hier gibt es keinen Inhalt, der sich zeigen ließe.
