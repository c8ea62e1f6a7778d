# Zwei Tags oder Manifeste nebeneinander.
compare-title = Zwei Tags vergleichen
compare-breadcrumb = Vergleich
compare-from = Von
compare-to = Nach
compare-placeholder = Tag oder Digest
compare-swap = Beide vertauschen
compare-button = Vergleichen
compare-choose = Wählen Sie zwei Tags oder Digests dieses Repositorys.
compare-unknown = Dieses Repository hat keinen Tag und kein Manifest „{ $given }“.
compare-identical = Beides ist dasselbe Manifest; es gibt keinen Unterschied.
compare-size = Größe
compare-sizes = vorher { $from }, jetzt { $to }
compare-layers = Schichten
compare-layers-common =
    { $count ->
        [one] { $count } gemeinsam
       *[other] { $count } gemeinsam
    }
compare-layers-note = { $added } hinzugefügt, { $removed } entfernt
compare-environment = Umgebung
compare-variables-changed = geändert
compare-absent = fehlt
compare-of-platform = Verglichen für { $platform }
compare-nothing = Es gibt nichts, was sich Zeile für Zeile vergleichen ließe.
compare-jump = Springen zu
compare-leading =
    { $count ->
        [one] Die erste Schicht ist gleich, { $size }
       *[other] Die ersten { $count } Schichten sind gleich, { $size }
    }
compare-configuration = Konfiguration
compare-run = Benutzer, Ordner und Befehl
compare-labels = Labels
compare-annotations = Annotationen
compare-index-annotations = Annotationen des Index
compare-equal =
    { $count ->
        [one] { $count } ist gleich
       *[other] { $count } sind gleich
    }
