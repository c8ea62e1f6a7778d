# Looking around: the start page, repositories of all namespaces, search.
home-greeting = Hello, { $name }
home-needs = Needs attention
home-needs-count =
    { $count ->
        [one] { $count } thing needs attention
       *[other] { $count } things need attention
    }
home-needs-nothing = Nothing needs your attention.
home-all-starred = All starred
home-recent = Recently pushed
home-all-mine = All of yours
home-first = Push your first image
home-make-repository = Create a repository, or push: a push creates it
home-by = by { $name }
home-invited = { $inviter } invites you to team { $team } of { $organization }
home-token-ends = Your token “{ $title }” ends soon
home-tag-ends = Tag { $repository }:{ $tag } ends soon
explore-create = Create repository
explore-filter = Filter repositories
explore-filter-label = Filter by name
explore-which = Which repositories
explore-all = All
explore-mine = Yours
explore-starred = Starred
explore-is-starred = You starred it
explore-visibility = Visibility
explore-any-visibility = Public and private
explore-name = Name
explore-pushed = Last push
explore-no-match = No repository matches.
explore-none = There is no repository here that you may see yet.
search-title = Search
search-button = Search
search-hint = Type a part of a repository’s name, an organization, a person, a tag or the beginning of a digest.
search-nothing = Nothing that you may see matches “{ $q }”.
search-results =
    { $count ->
        [one] { $count } result for “{ $q }”
       *[other] { $count } results for “{ $q }”
    }
search-results-more = { $count }+ results for “{ $q }”
search-cut = The first 25 of each kind are shown. A longer text finds less.
search-more-repositories = All repositories with “{ $q }”
search-more-organizations = All of your organizations with “{ $q }”
search-found = Found
search-all = All results for “{ $q }”
search-repository = Repository
search-organization = Organization
search-user = User
search-tag = Tag
search-manifest = Manifest
