# Umsehen: Startseite, Repositorys aller Namensräume, Suche.
home-greeting = Guten Tag, { $name }
home-needs = Braucht Aufmerksamkeit
home-needs-count =
    { $count ->
        [one] { $count } Sache braucht Aufmerksamkeit
       *[other] { $count } Dinge brauchen Aufmerksamkeit
    }
home-needs-nothing = Nichts braucht Ihre Aufmerksamkeit.
home-all-starred = Alle gemerkten
home-recent = Zuletzt hochgeladen
home-all-mine = Alle eigenen
home-first = Ihr erstes Image hochladen
home-make-repository = Ein Repository anlegen oder einfach hochladen: das legt es an
home-by = von { $name }
home-invited = { $inviter } lädt Sie in das Team { $team } von { $organization } ein
home-token-ends = Ihr Token „{ $title }“ läuft bald ab
home-tag-ends = Tag { $repository }:{ $tag } endet bald
explore-create = Repository anlegen
explore-filter = Repositorys filtern
explore-filter-label = Nach Namen filtern
explore-which = Welche Repositorys
explore-all = Alle
explore-mine = Eigene
explore-starred = Gemerkt
explore-is-starred = Mit Ihrem Stern
explore-visibility = Sichtbarkeit
explore-any-visibility = Öffentlich und privat
explore-name = Name
explore-pushed = Zuletzt hochgeladen
explore-no-match = Kein Repository passt.
explore-none = Hier gibt es noch kein Repository, das Sie sehen dürfen.
search-title = Suche
search-button = Suchen
search-hint = Geben Sie einen Teil vom Namen eines Repositorys, eine Organisation, eine Person, einen Tag oder den Anfang eines Digests ein.
search-nothing = Nichts, was Sie sehen dürfen, passt zu „{ $q }“.
search-results =
    { $count ->
        [one] { $count } Treffer für „{ $q }“
       *[other] { $count } Treffer für „{ $q }“
    }
search-results-more = { $count }+ Treffer für „{ $q }“
search-cut = Von jeder Art werden die ersten 25 gezeigt. Ein längerer Text findet weniger.
search-more-repositories = Alle Repositorys mit „{ $q }“
search-more-organizations = Alle Ihre Organisationen mit „{ $q }“
search-found = Gefunden
search-all = Alle Treffer für „{ $q }“
search-repository = Repository
search-organization = Organisation
search-user = Benutzer
search-tag = Tag
search-manifest = Manifest
