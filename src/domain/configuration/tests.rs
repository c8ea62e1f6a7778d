use super::*;

fn document(text: &str) -> Configuration {
    serde_json::from_str(text).unwrap()
}

fn shown(changes: &[Change]) -> Vec<String> {
    changes.iter().map(ToString::to_string).collect()
}

const ACME: &str = r#"{ "version": 1,
  "users": { "bob": { "email": "bob@example.com" } },
  "organizations": { "acme": {
    "teams": { "owners": { "role": "admin", "members": ["bob", "acme+ci"] } },
    "robots": { "ci": { "description": "CI" } },
    "default_permissions": [ { "team": "owners", "role": "read" } ],
    "repositories": { "web": { "visibility": "private", "users": { "acme+ci": "write" }, "teams": { "owners": "admin" } } }
  } } }"#;

#[test]
fn an_empty_registry_is_filled_in_an_order_that_works() {
    let steps = plan(&Configuration::default(), &document(ACME), false);

    assert_eq!(
        shown(&steps),
        [
            "+ user bob",
            "+ organization acme",
            "+ robot acme+ci",
            "+ team acme/owners (admin)",
            "+ team acme/owners: member acme+ci",
            "+ team acme/owners: member bob",
            "+ repository acme/web (private)",
            "+ repository acme/web: user acme+ci write",
            "+ repository acme/web: team owners admin",
            "+ default permission of acme: team owners read",
        ]
    );
}

#[test]
fn what_is_as_it_should_be_is_left_alone() {
    assert_eq!(plan(&document(ACME), &document(ACME), true), []);
}

#[test]
fn members_and_grants_are_the_documents_alone_and_the_rest_goes_only_when_asked() {
    let less = r#"{ "version": 1, "organizations": { "acme": {
        "teams": { "owners": { "role": "admin", "members": ["bob"] } },
        "repositories": { "web": { "visibility": "public", "teams": { "owners": "write" } } } } } }"#;

    let kept = plan(&document(ACME), &document(less), false);
    let pruned = plan(&document(ACME), &document(less), true);

    let always = [
        "~ repository acme/web: private → public",
        "~ repository acme/web: team owners admin → write",
        "- default permission of acme: team owners read",
        "- repository acme/web: user acme+ci",
        "- team acme/owners: member acme+ci",
    ];
    assert_eq!(shown(&kept), always);
    assert_eq!(shown(&pruned), [&always[..], &["- robot acme+ci", "- user bob"]].concat());
}

#[test]
fn unknown_fields_and_words_are_faults() {
    let read = |text: &str| serde_json::from_str::<Configuration>(text).map_err(|fault| fault.to_string());

    assert!(read(r#"{ "version": 1, "organisations": {} }"#).unwrap_err().contains("organisations"));
    let role = r#"{ "version": 1, "organizations": { "a": { "teams": { "t": { "role": "boss" } } } } }"#;
    assert!(read(role).unwrap_err().contains("'boss' is none of: member, creator, admin"));
}
