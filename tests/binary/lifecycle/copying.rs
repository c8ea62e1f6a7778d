//! `export` and `apply`: one registry made like another.

use crate::server::{Installation, Said};

/// Everything a document may have.
const DOCUMENT: &str = r#"
version: 1
users:
  bob:
    email: bob@example.com
  rita:
    standing: read_only_superuser
    disabled: true
    robots:
      laptop: {}
organizations:
  acme:
    email: team@acme.example
    tag_expiration_s: 86400
    teams:
      owners: { role: admin, members: [bob] }
      readers: { role: member, description: "those who # look", members: [acme+ci, rita] }
    robots:
      ci: { description: builds, metadata: { cost: [1, 2] } }
    default_permissions:
      - { team: readers, role: read }
      - { user: acme+ci, role: write, created_by: bob }
    repositories:
      web/app:
        visibility: public
        description: "- not: a list"
        users: { acme+ci: write }
        teams: { readers: read }
"#;

fn done(said: Said) -> String {
    assert!(said.status.success(), "{}", said.all());
    said.standard
}

#[test]
fn what_is_exported_makes_the_same_registry_elsewhere_and_only_once() {
    let (here, there) = (Installation::without_admin(), Installation::without_admin());
    let nothing = done(here.run(&["export"], ""));

    let planned = done(here.run(&["apply", "-", "--dry-run"], DOCUMENT));
    assert!(planned.contains("+ user bob") && planned.contains("to add"), "{planned}");
    assert_eq!(done(here.run(&["export"], "")), nothing, "looking changes nothing");
    let unasked = here.run(&["apply", "-"], DOCUMENT);
    assert_eq!(unasked.status.code(), Some(1), "{}", unasked.all());
    assert!(unasked.error.contains("--yes"), "{}", unasked.error);
    assert_eq!(done(here.run(&["export"], "")), nothing, "nobody said yes");

    done(here.run(&["apply", "-", "--yes"], DOCUMENT));
    let exported = done(here.run(&["export"], ""));
    assert!(exported.contains("web/app") && !exported.contains("password"), "{exported}");
    done(there.run(&["apply", "-", "--yes"], &exported));

    assert_eq!(done(there.run(&["export"], "")), exported);
    for document in [DOCUMENT, &exported] {
        assert_eq!(done(there.run(&["apply", "-", "--yes", "--prune"], document)).trim(), "Nothing to change.");
    }
    there.start().is_well();
}

#[test]
fn a_document_with_a_misspelt_word_changes_nothing() {
    let installation = Installation::without_admin();
    let nothing = done(installation.run(&["export"], ""));

    for (right, wrong) in
        [("version: 1", "version: 7"), ("members: [bob]", "menbers: [bob]"), ("role: admin", "role: boss")]
    {
        let said = installation.run(&["apply", "-", "--yes"], &DOCUMENT.replacen(right, wrong, 1));
        assert_eq!(said.status.code(), Some(1), "{wrong}: {}", said.all());
    }

    assert_eq!(done(installation.run(&["export"], "")), nothing);
}
