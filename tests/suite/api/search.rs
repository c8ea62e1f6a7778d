//! Completing names and searching: nobody is told of what they may not see.

use domain::access::{ApiScope, TeamRole};
use serde_json::Value;

use crate::support::{Actor, PRIVATE, PUBLIC, TestApp};

async fn names(who: &Actor, path: &str) -> Vec<String> {
    let results = who.get(path).await.is(200).json()["results"].as_array().unwrap().clone();
    results.iter().map(|one| format!("{} {}", one["kind"].as_str().unwrap(), one["name"].as_str().unwrap())).collect()
}

#[actix_web::test]
async fn names_are_completed_and_teams_and_robots_only_for_members() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let (carol, eve) = (app.user("carol").await, app.user("eve").await);
    app.user("carl").await;
    app.team("acme", "carriers", TeamRole::Member).await;
    app.join("acme", "carriers", &carol).await;
    app.robot("acme", "carbot").await;
    let path = "/api/v1/entities/car?namespace=acme&includeTeams=true&includeOrgs=true";

    assert_eq!(names(&eve, path).await, ["user carl", "user carol"]);
    assert_eq!(names(&eve, &path.replace("acme", "none")).await, ["user carl", "user carol"]);
    for member in [&owner, &carol, &app.admin()] {
        assert_eq!(names(member, path).await, ["team carriers", "user carl", "user carol", "user acme+carbot"]);
    }
    let shown = carol.get(path).await.json();
    let members: Vec<&Value> = shown["results"].as_array().unwrap().iter().map(|one| &one["is_org_member"]).collect();
    assert_eq!(members, [&Value::from(true), &false.into(), &true.into(), &true.into()]);
    assert!(!shown.to_string().contains('@'), "no addresses: {shown}");
    assert_eq!(names(&carol, "/api/v1/entities/acme?includeOrgs=true").await, ["user acme-owner", "org acme"]);
    assert_eq!(names(&carol, "/api/v1/entities/acme+car?namespace=acme").await, ["user acme+carbot"]);
    let narrow = app.bearer(&app.access_token(&carol, &[ApiScope::UserRead]).await);
    assert_eq!(names(&narrow, path).await, ["user carl", "user carol"]);
}

#[actix_web::test]
async fn patterns_and_strangers_find_nothing() {
    let app = TestApp::start().await;
    let carol = app.user("carol").await;

    for prefix in ["%25", "c%25", "_arol", "CAROL", "~", "%C3%A9", "zzz"] {
        assert!(names(&carol, &format!("/api/v1/entities/{prefix}")).await.is_empty(), "{prefix}");
    }
    assert!(names(&app.anonymous(), "/api/v1/entities/car").await.is_empty());
    assert!(names(&app.anonymous(), "/api/v1/find/all?query=carol").await.is_empty());
    app.anonymous().post("/api/v1/entities/link/carol", serde_json::json!({})).await.is(401);
    carol.post("/api/v1/entities/link/carol", serde_json::json!({})).await.is(400);
}

#[actix_web::test]
async fn repositories_are_found_by_those_who_may_pull_them() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let carol = app.user("carol").await;
    for (name, visibility) in [("acme/app", PRIVATE), ("acme/my-app", PUBLIC), ("acme/other", PUBLIC)] {
        app.repository(name, visibility).await;
    }
    let path = "/api/v1/find/repositories?query=app";

    assert_eq!(names(&owner, path).await, ["repository app", "repository my-app"]);
    assert_eq!(names(&carol, path).await, ["repository my-app"]);
    assert_eq!(names(&app.anonymous(), path).await, ["repository my-app"]);
    let narrow = app.bearer(&app.access_token(&owner, &[ApiScope::UserRead]).await);
    assert_eq!(names(&narrow, path).await, ["repository my-app"]);
    narrow.get("/api/v1/find/all?query=app").await.is(403);
    assert_eq!(names(&owner, "/api/v1/find/repositories?query=acme/o").await, ["repository other"]);
    assert_eq!(names(&owner, "/api/v1/find/repositories?query=%25").await, Vec::<String>::new());
    assert_eq!(names(&owner, "/api/v1/find/repositories").await.len(), 3);
    let found = owner.get(path).await.json()["results"][0].clone();
    assert_eq!((found["score"].as_i64(), found["href"].as_str()), (Some(4), Some("/repository/acme/app")));
    assert_eq!(found["namespace"]["kind"], "organization");
}

#[actix_web::test]
async fn many_finds_come_in_pages() {
    let app = TestApp::start().await;
    app.organization("acme").await;
    for number in 0..12 {
        app.repository(&format!("acme/app{number:02}"), PUBLIC).await;
    }
    let path = "/api/v1/find/repositories?query=app&page=";

    let first = app.anonymous().get(&format!("{path}1")).await.is(200).json();
    let second = app.anonymous().get(&format!("{path}2")).await.is(200).json();

    assert_eq!((first["results"].as_array().unwrap().len(), first["has_additional"].as_bool()), (10, Some(true)));
    assert_eq!((second["results"].as_array().unwrap().len(), second["has_additional"].as_bool()), (2, Some(false)));
    assert_eq!((second["start_index"].as_i64(), second["page"].as_i64()), (Some(10), Some(2)));
    for beyond in ["11", "99999999999999", &u64::MAX.to_string()] {
        assert!(names(&app.anonymous(), &format!("{path}{beyond}")).await.is_empty());
    }
}

#[actix_web::test]
async fn everything_is_searched_at_once() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let eve = app.user("eve").await;
    app.team("acme", "acrobats", TeamRole::Member).await;
    app.join("acme", "acrobats", &owner).await;
    app.repository("acme/acid", PRIVATE).await;
    app.robot("acme", "actor").await;
    let path = "/api/v1/find/all?query=ac";

    let found = names(&owner, path).await;
    for wanted in ["organization acme", "user acme-owner", "team acrobats", "robot acme+actor", "repository acid"] {
        assert!(found.contains(&wanted.to_string()), "{wanted} in {found:?}");
    }
    assert_eq!(names(&eve, path).await, ["organization acme", "user acme-owner"]);
    assert!(names(&owner, "/api/v1/find/all").await.is_empty());
}
