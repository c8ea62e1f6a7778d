# Wozu ein Repository da ist.
information-about = Über dieses Repository
information-description = Beschreibung
information-description-hint = Markdown. Bilder und Verweise nach außen erscheinen als Verweise.
information-edit = Beschreibung bearbeiten
information-write = Beschreibung schreiben
information-no-description = Noch hat niemand gesagt, wozu es da ist.
information-described = Beschreibung gespeichert
information-save = Beschreibung speichern
information-preview = Vorschau
information-preview-nothing = Noch nichts zu zeigen
information-pull = Dieses Repository laden
information-heat = Hochgeladen in 90 Tagen
information-heat-sentence =
    { $pulls ->
        [one] In derselben Zeit { $pulls } Mal geladen.
       *[other] In derselben Zeit { $pulls } Mal geladen.
    }
information-day =
    { $count ->
        [one] { $day }: { $count } Mal hochgeladen, { $pulls } Mal geladen
       *[other] { $day }: { $count } Mal hochgeladen, { $pulls } Mal geladen
    }
information-fewer = Weniger
information-more = Mehr
information-table = Als Tabelle zeigen
information-table-label = Hochgeladen und geladen je Woche
information-week = Woche ab
information-pushes = Hochgeladen
information-pulls = Geladen
information-facts = Daten
information-pushed = Zuletzt hochgeladen
information-never = Noch nie
information-size = Größe
information-created = Angelegt
