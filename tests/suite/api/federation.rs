//! Robot accounts that sign in with another provider's signature.

use std::time::Duration;

use domain::access::Standing;
use domain::time::Clock;
use serde_json::{Value, json};

use super::happened;
use crate::support::{Actor, Answer, Issuer, Key, PRIVATE, TestApp};

const CI: &str = "/api/v1/organization/acme/robots/ci";
const FEDERATION: &str = "/api/v1/organization/acme/robots/ci/federation";
const TOKEN: &str = "/oauth2/federation/robot/token";
const SUBJECT: &str = "repo:acme/web:ref:refs/heads/main";

struct Scene {
    app: TestApp,
    owner: Actor,
    issuer: Issuer,
    key: Key,
}

/// `acme+ci`, for which [`SUBJECT`] of an issuer on this machine stands.
async fn scene(settings: &[(&str, &str)]) -> Scene {
    let all: Vec<(&str, &str)> =
        [("egress.allow", "127.0.0.0/8")].into_iter().chain(settings.iter().copied()).collect();
    let app = TestApp::with(&all).await;
    let owner = app.organization("acme").await;
    owner.put(CI, json!({})).await.is(201);
    let key = Key::new("one");
    let issuer = Issuer::with(&key);
    owner.post(FEDERATION, json!([{ "issuer": issuer.url, "subject": SUBJECT }])).await.is(200);
    Scene { app, owner, issuer, key }
}

impl Scene {
    /// What the issuer says of the subject, good for five minutes.
    fn claims(&self) -> Value {
        let now = self.app.clock.now().seconds();
        json!({ "iss": self.issuer.url, "sub": SUBJECT, "aud": "registry", "iat": now, "nbf": now, "exp": now + 300 })
    }

    fn claims_with(&self, name: &str, value: Value) -> Value {
        let mut claims = self.claims();
        claims[name] = value;
        claims
    }

    async fn exchange(&self, signed: &str) -> Answer {
        self.app.actor("acme+ci", signed).get(TOKEN).await
    }

    async fn robot(&self) -> Actor {
        let answer = self.exchange(&self.key.sign(&self.claims())).await.is(200).json();
        self.app.actor("acme+ci", answer["token"].as_str().unwrap())
    }
}

#[actix_web::test]
async fn a_signed_identity_becomes_a_token_for_an_hour() {
    let scene = scene(&[]).await;
    let app = &scene.app;
    app.repository("acme/web", PRIVATE).await;
    app.grant("acme/web", &app.actor("acme+ci", ""), "write").await;

    let robot = scene.robot().await;

    robot.get("/v2/").await.is(200);
    app.oci(&robot).push_image("acme/web", "v1").await;
    app.clock.advance(Duration::from_secs(3500));
    robot.get("/v2/").await.is(200);
    app.clock.advance(Duration::from_secs(200));
    robot.get("/v2/").await.is(401);
    let (kind, details) = happened::by(app, &robot).await.remove(0);
    assert_eq!(kind, "federated_robot_token_exchange");
    assert_eq!(details, json!({ "robot": "acme+ci", "issuer": scene.issuer.url, "subject": SUBJECT }));
    let seen = scene.owner.get(CI).await.is(200).json();
    assert_ne!(seen["last_accessed"], json!(null));
}

#[actix_web::test]
async fn the_token_ends_with_the_identity_and_with_the_robots_own_token() {
    let scene = scene(&[]).await;
    let first = scene.robot().await;
    let other =
        json!([{ "issuer": scene.issuer.url, "subject": SUBJECT }, { "issuer": scene.issuer.url, "subject": "x" }]);
    scene.owner.post(FEDERATION, other).await.is(200);
    first.get("/v2/").await.is(200);

    scene.app.clock.advance(Duration::from_secs(1));
    scene.owner.post(&format!("{CI}/regenerate"), json!({})).await.is(200);
    first.get("/v2/").await.is(401);
    scene.app.clock.advance(Duration::from_secs(1));
    let second = scene.robot().await;
    second.get("/v2/").await.is(200);
    scene.owner.delete(FEDERATION).await.is(204);

    second.get("/v2/").await.is(401);
    scene.exchange(&scene.key.sign(&scene.claims())).await.is(401);
}

#[actix_web::test]
async fn neither_kind_of_token_passes_for_the_other() {
    let scene = scene(&[]).await;
    let robot = scene.robot().await;

    scene.app.oci_with(&robot.secret).get("/v2/").await.is(401);
    let registry_token = scene.app.oci(&robot).token(&[]).await;
    scene.app.actor("acme+ci", &registry_token).get("/v2/").await.is(401);
    scene.owner.put("/api/v1/organization/acme/robots/cd", json!({})).await.is(201);
    scene.app.actor("acme+cd", &robot.secret).get("/v2/").await.is(401);
    // Nothing that is renewed forever comes from an identity that is good for an hour.
    let answer = scene.app.oci(&robot).ask_token_with(&[("offline_token", "true")]).await.is(200).json();
    assert!(answer.get("refresh_token").is_none());
}

#[actix_web::test]
async fn what_the_issuer_did_not_sign_for_this_robot_is_refused() {
    let scene = scene(&[]).await;
    let now = scene.app.clock.now().seconds();
    let (key, good) = (&scene.key, scene.claims());
    let forged = Key::new("one");
    let mut without_exp = good.clone();
    without_exp.as_object_mut().unwrap().remove("exp");
    let none = key.sign_with(&json!({ "alg": "none", "kid": "one" }), &good);
    let (unsigned, _) = none.rsplit_once('.').unwrap();
    let wrong = [
        ("another key", forged.sign(&good)),
        ("another subject", key.sign(&scene.claims_with("sub", json!("repo:evil/web")))),
        ("another issuer", key.sign(&scene.claims_with("iss", json!("http://127.0.0.1:1")))),
        ("expired", key.sign(&scene.claims_with("exp", json!(now - 120)))),
        ("not yet", key.sign(&scene.claims_with("nbf", json!(now + 120)))),
        ("without an end", key.sign(&without_exp)),
        ("unsigned", format!("{unsigned}.")),
        ("a shared secret", key.sign_with(&json!({ "alg": "HS256", "kid": "one" }), &good)),
        ("another algorithm", key.sign_with(&json!({ "alg": "RS256", "kid": "one" }), &good)),
        ("no token", "nonsense".to_string()),
        ("nothing", String::new()),
        ("too long", key.sign(&scene.claims_with("x", json!("x".repeat(20_000))))),
    ];
    for (what, signed) in wrong {
        let answer = scene.exchange(&signed).await;
        assert_eq!((answer.status, what), (401, what), "{}", answer.shown());
    }
    let signed = key.sign(&good);
    for name in ["acme+none", "other+ci", "acme", "+", "$app", ""] {
        scene.app.actor(name, &signed).get(TOKEN).await.is(401);
    }
    scene.app.anonymous().get(TOKEN).await.is(401);
    scene.app.bearer(&signed).get(TOKEN).await.is(401);
    scene.exchange(&signed).await.is(200);
}

#[actix_web::test]
async fn an_audience_can_be_demanded() {
    let scene = scene(&[("access.federation_audience", "https://registry.example.com")]).await;

    scene.exchange(&scene.key.sign(&scene.claims())).await.is(401);
    let several = scene.claims_with("aud", json!(["a", "https://registry.example.com"]));
    scene.exchange(&scene.key.sign(&several)).await.is(200);
}

#[actix_web::test]
async fn new_keys_are_noticed_but_the_issuer_is_not_asked_more_than_once_a_minute() {
    let scene = scene(&[]).await;
    scene.robot().await;
    scene.robot().await;
    assert_eq!(scene.issuer.asked(), 1);
    let new = Key::new("two");
    let signed = new.sign(&scene.claims());

    for _ in 0..3 {
        scene.exchange(&signed).await.is(401);
    }
    assert_eq!(scene.issuer.asked(), 1);
    scene.issuer.publish(&new);
    scene.exchange(&signed).await.is(401);
    scene.app.clock.advance(Duration::from_secs(61));
    scene.exchange(&signed).await.is(200);
    assert_eq!(scene.issuer.asked(), 2);
    scene.robot().await;
}

#[actix_web::test]
async fn an_issuer_inside_the_network_is_refused_unless_allowed() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    owner.put(CI, json!({})).await.is(201);
    for wrong in [
        "http://127.0.0.1:8080",
        "https://127.0.0.1",
        "https://169.254.169.254",
        "https://[::1]",
        "http://id.example.com",
        "notaurl",
        "",
        "file:///etc/passwd",
    ] {
        let refused = owner.post(FEDERATION, json!([{ "issuer": wrong, "subject": "x" }])).await.is(400);
        assert!(refused.message().starts_with("The issuer"), "{}", refused.shown());
    }
    owner.post(FEDERATION, json!([{ "issuer": "https://id.example.com" }])).await.is(400);
    owner.post(FEDERATION, json!([{ "issuer": "https://id.example.com", "subject": " " }])).await.is(400);
    owner.post(FEDERATION, json!({})).await.is(400);
    let many: Vec<Value> =
        (0..51).map(|n| json!({ "issuer": "https://id.example.com", "subject": n.to_string() })).collect();
    owner.post(FEDERATION, json!(many)).await.is(400);
    assert_eq!(owner.get(FEDERATION).await.is(200).json(), json!([]));
    // A name is judged when it is looked up: this one leads to this machine.
    let local = json!([{ "issuer": "https://localhost", "subject": "x" }]);
    assert_eq!(owner.post(FEDERATION, local.clone()).await.is(200).json(), local);
    let claims = json!({ "iss": "https://localhost", "sub": "x", "exp": app.clock.now().seconds() + 60 });
    app.actor("acme+ci", &Key::new("one").sign(&claims)).get(TOKEN).await.is(401);
}

#[actix_web::test]
async fn identities_are_the_admins_affair() {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let other = app.organization("other").await;
    let robot = app.robot("acme", "ci").await;
    let auditor = app.user_with("audrey", Standing::ReadOnlySuperuser).await;
    let list = json!([{ "issuer": "https://id.example.com", "subject": "x" }]);

    for who in [&other, &robot, &auditor] {
        who.post(FEDERATION, list.clone()).await.is(403);
        who.delete(FEDERATION).await.is(403);
    }
    app.anonymous().post(FEDERATION, list.clone()).await.is(401);
    other.get(FEDERATION).await.is(403);
    auditor.get(FEDERATION).await.is(200);
    owner.post(FEDERATION, list.clone()).await.is(200);
    assert_eq!(happened::last_by(&app, &owner).await.0, "create_robot_federation");
    assert_eq!(owner.get(FEDERATION).await.is(200).json(), list);
    owner.delete(FEDERATION).await.is(204);
    assert_eq!(happened::last_by(&app, &owner).await.0, "delete_robot_federation");
    owner.get("/api/v1/organization/acme/robots/none/federation").await.is(400);
    let carol = app.user("carol").await;
    carol.put("/api/v1/user/robots/laptop", json!({})).await.is(201);
    carol.post("/api/v1/user/robots/laptop/federation", list.clone()).await.is(200);
    assert_eq!(carol.get("/api/v1/user/robots/laptop/federation").await.is(200).json(), list);
}
