use std::collections::HashMap;
use std::sync::Arc;

use domain::access::{ApiScope, Authorized, Ceiling, Read, TeamRole};
use domain::image::{Shared, shared_layers};
use domain::principal::Caller;
use domain::repository::Repository;

use super::{caller, detailed, reading};
use crate::support::{Actor, Image, PRIVATE, PUBLIC, TestApp, digest_of};

/// An image that is in a public repository and in private ones of two organizations.
async fn everywhere(app: &TestApp) -> Image {
    let image = Image::new("base");
    app.organization("acme").await;
    app.organization("secret").await;
    let admin = app.oci(&app.admin());
    for (name, visibility) in
        [("acme/web", PUBLIC), ("acme/open", PUBLIC), ("acme/inside", PRIVATE), ("secret/one", PRIVATE)]
    {
        app.repository(name, visibility).await;
        admin.push(name, "1.0", &image).await;
    }
    image
}

async fn asked(app: &TestApp, repository: Authorized<Repository, Read>, image: &Image) -> HashMap<String, Shared> {
    let standing = app.services.access.standing(&repository.shared_caller()).await.unwrap();
    let manifest = detailed(app, &app.admin(), repository.name.as_str(), &image.digest()).await.unwrap().id;
    app.services.db.read(move |conn| shared_layers(conn, &repository, standing, manifest)).await.unwrap()
}

async fn names(app: &TestApp, who: &Actor, image: &Image) -> Vec<String> {
    let repository = reading(app, who, "acme/web").await;
    let mut shared = asked(app, repository, image).await;
    let mut names = shared.remove(&digest_of(&image.layer)).unwrap_or_default().names;
    assert!(shared.is_empty(), "only layers are asked about: {shared:?}");
    names.sort();
    names
}

#[actix_web::test]
async fn a_layer_is_named_where_the_caller_may_read() {
    let app = TestApp::start().await;
    let image = everywhere(&app).await;
    let (granted, member, stranger) = (app.user("grace").await, app.user("mary").await, app.user("sam").await);
    app.grant("secret/one", &granted, "read").await;
    app.team("acme", "readers", TeamRole::Member).await;
    app.join("acme", "readers", &member).await;
    app.grant_team("acme/inside", "readers", "read").await;
    let owner = app.actor("acme-owner", crate::support::PASSWORD);
    let robot = app.robot("acme", "bot").await;
    app.grant("acme/inside", &robot, "read").await;

    assert_eq!(names(&app, &app.anonymous(), &image).await, ["acme/open"]);
    assert_eq!(names(&app, &stranger, &image).await, ["acme/open"]);
    assert_eq!(names(&app, &granted, &image).await, ["acme/open", "secret/one"]);
    assert_eq!(names(&app, &member, &image).await, ["acme/inside", "acme/open"]);
    assert_eq!(names(&app, &robot, &image).await, ["acme/inside", "acme/open"]);
    assert_eq!(names(&app, &owner, &image).await, ["acme/inside", "acme/open"]);
    assert_eq!(names(&app, &app.admin(), &image).await, ["acme/inside", "acme/open", "secret/one"]);
}

#[actix_web::test]
async fn a_narrow_token_names_public_repositories_only() {
    let app = TestApp::start().await;
    let image = everywhere(&app).await;
    let whole = caller(&app, &app.admin()).await;
    for scope in [ApiScope::UserRead, ApiScope::Superuser] {
        let narrow = Arc::new(Caller { ceiling: Ceiling::Api(Arc::new(vec![scope])), ..(*whole).clone() });
        let repository = app.services.access.repository(&narrow, &"acme/web".parse().unwrap()).await.unwrap();

        let shared = asked(&app, repository, &image).await;

        assert_eq!(shared[&digest_of(&image.layer)].names, ["acme/open"], "{scope}");
    }
}

#[actix_web::test]
async fn deleted_repositories_are_not_named() {
    let app = TestApp::start().await;
    let image = everywhere(&app).await;
    app.admin().delete("/api/v1/repository/acme/open").await.is(204);

    assert_eq!(names(&app, &app.anonymous(), &image).await, Vec::<String>::new());
}

#[actix_web::test]
async fn of_many_twenty_are_named_newest_first() {
    let app = TestApp::start().await;
    let image = Image::new("base");
    app.organization("acme").await;
    let admin = app.oci(&app.admin());
    for number in 0..=21 {
        let name = format!("acme/r{number:02}");
        app.repository(&name, PUBLIC).await;
        admin.push(&name, "1.0", &image).await;
    }
    let first = reading(&app, &app.anonymous(), "acme/r00").await;
    let shared = asked(&app, first, &image).await.remove(&digest_of(&image.layer)).unwrap();

    assert_eq!((shared.names.len(), shared.more), (20, true));
    assert_eq!((shared.names[0].as_str(), shared.names[19].as_str()), ("acme/r21", "acme/r02"));
}
