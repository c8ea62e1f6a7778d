//! Letting an application act for somebody.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::support::{Actor, Answer, Browser, PASSWORD, TestApp, hidden_fields};

const CALLBACK: &str = "http://localhost:8000/cb";
const USER: &str = "/api/v1/user/";
const APPS: &str = "/api/v1/organization/acme/applications";

/// A registry with an application, a user and their browser.
struct Scene {
    app: TestApp,
    owner: Actor,
    client: String,
    secret: String,
    browser: Browser,
}

async fn scene() -> Scene {
    let app = TestApp::start().await;
    let owner = app.organization("acme").await;
    let new = json!({ "name": "tool <b>", "redirect_uri": CALLBACK, "description": "does things" });
    let made = owner.post(APPS, new).await.is(200).json();
    let browser = Browser::of(&app, &app.user("carol").await).await;
    let text = |name: &str| made[name].as_str().unwrap().to_string();
    Scene { owner, client: text("client_id"), secret: text("client_secret"), browser, app }
}

impl Scene {
    fn asked<'a>(&'a self, response: &'a str, scope: &'a str) -> Vec<(&'a str, &'a str)> {
        vec![
            ("response_type", response),
            ("client_id", &self.client),
            ("redirect_uri", CALLBACK),
            ("scope", scope),
            ("state", "s&1"),
        ]
    }

    async fn authorize(&self, response: &str, scope: &str) -> Answer {
        self.browser.submit_meant("/oauth/authorizeapp", &self.asked(response, scope)).await
    }

    async fn code(&self, more: &[(&str, &str)]) -> String {
        let fields = [self.asked("code", "user:read"), more.to_vec()].concat();
        let answer = self.browser.submit_meant("/oauth/authorizeapp", &fields).await.is(302);
        parameter(query(&answer), "code")
    }

    /// What the application sends for its code.
    async fn exchange(&self, code: &str, changed: &[(&str, &str)]) -> Answer {
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("client_id", &self.client),
            ("client_secret", &self.secret),
            ("redirect_uri", CALLBACK),
            ("code", code),
        ];
        fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
        fields.extend(changed);
        Browser::new(&self.app).submit("/oauth/access_token", &fields).await
    }
}

#[actix_web::test]
async fn what_is_wrong_with_a_request_is_said_in_the_readers_language() {
    let scene = scene().await;
    let ask = async |changed: &[(&str, &str)]| {
        let mut fields = scene.asked("token", "repo:read");
        fields.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
        fields.extend(changed);
        let request = scene.browser.request(reqwest::Method::GET, &page_of(&fields));
        scene.browser.send(request.header("accept-language", "de")).await
    };

    for (changed, status, words) in [
        (("client_id", "none"), 404, "Diese Anwendung gibt es nicht"),
        (("redirect_uri", "https://elsewhere.example.com/"), 400, "Die Adresse der Anwendung passt nicht"),
        (("response_type", "both"), 400, "response_type ist token oder code."),
        (("scope", "super:user"), 403, "Das können Sie nicht erlauben"),
    ] {
        let page = ask(&[changed]).await.is(status).text();
        assert!(page.contains("<html lang=\"de\"") && page.contains(words), "{page}");
    }
}

#[actix_web::test]
async fn a_dangerous_scope_asks_for_the_password_again() {
    let scene = scene().await;
    scene.app.clock.advance(Duration::from_secs(601));

    scene.authorize("token", "repo:read").await.is(302);
    let page = scene.browser.get(&page_of(&scene.asked("token", "user:admin"))).await.is(303);
    let sent = scene.authorize("token", "user:admin").await.is(303);

    for answer in [page, sent] {
        assert!(answer.header("location").starts_with("/signin/confirm?next="), "{}", answer.header("location"));
    }
    scene.browser.post("/api/v1/signin/verify", json!({ "password": PASSWORD })).await.is(200);
    scene.authorize("token", "user:admin").await.is(302);
}

fn page_of(fields: &[(&str, &str)]) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    format!("/oauth/authorize?{query}")
}

fn fragment(answer: &Answer) -> String {
    answer.header("location").split_once('#').unwrap().1.to_string()
}

fn query(answer: &Answer) -> String {
    answer.header("location").split_once('?').unwrap().1.to_string()
}

fn parameter(pairs: String, name: &str) -> String {
    let found = url::form_urlencoded::parse(pairs.as_bytes()).find(|(other, _)| other == name);
    found.unwrap_or_else(|| panic!("no {name} in {pairs}")).1.into_owned()
}

#[actix_web::test]
async fn consent_on_the_page_gives_a_token() {
    let scene = scene().await;
    let page = scene.browser.get(&page_of(&scene.asked("token", "user:read repo:read"))).await.is(200);
    assert!(page.header("content-security-policy").contains("form-action 'self' http://localhost:8000;"));
    let page = page.text();
    for said in ["tool &#60;b&#62;", "acme", "Read your details", "See repositories", "carol", CALLBACK] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Dangerous"), "{page}");

    let form = page.split("<form").nth(1).unwrap();
    let hidden = hidden_fields(form);
    let fields: Vec<(&str, &str)> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let answer = scene.browser.submit("/oauth/authorizeapp", &fields).await.is(302);

    let location = answer.header("location");
    assert!(location.starts_with("http://localhost:8000/cb#access_token="), "{location}");
    assert_eq!(
        (answer.header("cache-control").as_str(), answer.header("referrer-policy").as_str()),
        ("no-store", "no-referrer")
    );
    let sent = fragment(&answer);
    assert_eq!(parameter(sent.clone(), "token_type"), "Bearer");
    assert_eq!(parameter(sent.clone(), "expires_in"), "315576000");
    assert_eq!(parameter(sent.clone(), "state"), "s&1");
    let program = scene.app.bearer(&parameter(sent, "access_token"));
    assert_eq!(program.get(USER).await.is(200).json()["username"], "carol");
    program.put(USER, json!({ "company": "ACME" })).await.is(403);
    let happened = scene.app.happened(&["authorize_application"]).await;
    assert_eq!((happened[0].actor_name.as_str(), happened[0].credential.as_str()), ("carol", "session"));
    assert_eq!(happened[0].details()["scope"], "user:read repo:read");
}

#[actix_web::test]
async fn dangerous_scopes_are_marked() {
    let scene = scene().await;

    let page = scene.browser.get(&page_of(&scene.asked("token", "org:admin"))).await.is(200).text();
    assert!(page.contains("Dangerous") && page.contains("hard to undo"), "{page}");
    let mut fields = scene.asked("token", "org:admin,repo:read");
    fields.push(("format", "json"));
    let described = scene.browser.get(&page_of(&fields)).await.is(200).json();
    assert_eq!(
        (&described["scopes"][0]["dangerous"], &described["has_dangerous_scopes"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(
        (&described["application"]["organization"]["name"], &described["username"]),
        (&json!("acme"), &json!("carol"))
    );
    // A superuser's rights are a superuser's to give.
    scene.browser.get(&page_of(&scene.asked("token", "super:user"))).await.is(403);
    scene.authorize("token", "super:user").await.is(403);
    let admin = Browser::of(&scene.app, &scene.app.admin()).await;
    admin.submit_meant("/oauth/authorizeapp", &scene.asked("token", "super:user")).await.is(302);
}

#[actix_web::test]
async fn whoever_is_signed_out_signs_in_first_and_comes_back() {
    let scene = scene().await;
    let (stranger, page) = (Browser::new(&scene.app), page_of(&scene.asked("token", "user:read")));

    let sent = stranger.get(&page).await.is(303).header("location");
    assert!(sent.starts_with("/signin?next=%2Foauth%2Fauthorize%3F"), "{sent}");
    let form = hidden_fields(&stranger.get(&sent).await.is(200).text());
    let mut fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.extend([("username", "carol"), ("password", PASSWORD)]);
    let back = stranger.submit("/signin", &fields).await.is(303).header("location");

    assert_eq!(back, page);
    stranger.get(&back).await.is(200);
    Browser::new(&scene.app).get(&format!("{page}&format=json")).await.is(401);
    Browser::new(&scene.app).submit("/oauth/authorizeapp", &scene.asked("token", "user:read")).await.is(401);
}

#[actix_web::test]
async fn consent_needs_the_proof_that_it_was_meant() {
    let scene = scene().await;
    let fields = scene.asked("token", "user:read");

    for path in ["/oauth/authorizeapp", "/oauth/denyapp"] {
        let refused = scene.browser.submit(path, &fields).await.is(403);
        assert!(refused.maybe_header("location").is_none());
        let forged = [fields.clone(), vec![("_csrf_token", "AAAA")]].concat();
        scene.browser.submit(path, &forged).await.is(403);
        let other = Browser::new(&scene.app);
        other.visit().await;
        other.plant(&scene.browser.cookie().unwrap());
        other.submit_meant(path, &fields).await.is(403);
    }
    // Neither a password nor a token takes the place of a browser's sign-in.
    let carol = scene.app.actor("carol", PASSWORD);
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
    let request = carol.request("POST".parse().unwrap(), "/oauth/authorizeapp").body(body);
    Actor::send(request.header("content-type", "application/x-www-form-urlencoded")).await.is(401);
    let grants = scene.browser.get("/api/v1/user/authorizations").await.is(200).json();
    assert_eq!(grants, json!({ "authorizations": [] }));
}

#[actix_web::test]
async fn a_token_goes_to_the_registered_address_only() {
    let scene = scene().await;

    for wrong in [
        "https://evil.example/cb",
        "http://localhost:8001/cb",
        "https://localhost:8000/cb",
        "http://localhost:8000/cbevil",
        "http://localhost:8000/cb/../evil",
        "http://localhost:8000/cb/%2e%2e/evil",
        "http://localhost:8000@evil.example/cb",
        "http://localhost:8000\\@evil.example/cb",
        "http://localhost:8000/cb#x",
        "//evil.example/cb",
        "/\\evil.example",
        "javascript:alert(1)",
        "/oauth/localapp",
        "http://evil.example/oauth/localapp",
    ] {
        let mut fields = scene.asked("token", "user:read");
        fields[2].1 = wrong;
        let shown = scene.browser.get(&page_of(&fields)).await;
        assert_eq!(shown.status, 400, "{wrong}");
        assert!(!shown.text().contains("evil.example"), "{wrong}");
        for path in ["/oauth/authorizeapp", "/oauth/denyapp"] {
            let refused = scene.browser.submit_meant(path, &fields).await;
            assert_eq!((refused.status, refused.maybe_header("location")), (400, None), "{wrong}");
        }
    }
    for right in ["", CALLBACK, "http://localhost:8000/cb/deeper?x=1"] {
        let mut fields = scene.asked("token", "user:read");
        fields[2].1 = right;
        let location = scene.browser.submit_meant("/oauth/authorizeapp", &fields).await.is(302).header("location");
        assert!(location.starts_with(CALLBACK), "{location}");
    }
}

#[actix_web::test]
async fn what_the_registry_does_not_understand_is_a_page_and_no_redirect() {
    let scene = scene().await;

    for (name, value, status) in [
        ("client_id", "BAD", 404),
        ("client_id", "a\0b", 404),
        ("response_type", "id_token", 400),
        ("response_type", "", 400),
        ("scope", "bogus", 400),
        ("scope", "", 400),
    ] {
        let mut fields = scene.asked("token", "user:read");
        fields.iter_mut().filter(|field| field.0 == name).for_each(|field| field.1 = value);
        let refused = scene.browser.get(&page_of(&fields)).await;
        assert_eq!((refused.status, refused.maybe_header("location")), (status, None), "{name}={value}");
        assert!(refused.header("content-type").starts_with("text/html"));
    }
    let twice = format!("{}&scope=repo:read", page_of(&scene.asked("token", "user:read")));
    scene.browser.get(&twice).await.is(400);
    let plain = [scene.asked("code", "user:read"), vec![("code_challenge", "x"), ("code_challenge_method", "plain")]];
    scene.browser.get(&page_of(&plain.concat())).await.is(400);
}

#[actix_web::test]
async fn cancelling_tells_the_application_nothing_but_that() {
    let scene = scene().await;

    let token = scene.browser.submit_meant("/oauth/denyapp", &scene.asked("token", "user:read")).await.is(302);
    assert_eq!(token.header("location"), "http://localhost:8000/cb#error=access_denied&state=s%261");
    let code = scene.browser.submit_meant("/oauth/denyapp", &scene.asked("code", "user:read")).await.is(302);
    assert_eq!(code.header("location"), "http://localhost:8000/cb?error=access_denied&state=s%261");
    assert!(scene.app.happened(&["authorize_application"]).await.is_empty());
}

#[actix_web::test]
async fn a_code_is_exchanged_for_a_token_once() {
    let scene = scene().await;
    let answer = scene.authorize("code", "user:read").await.is(302);
    assert_eq!(
        (parameter(query(&answer), "scope").as_str(), parameter(query(&answer), "state").as_str()),
        ("user:read", "s&1")
    );
    let code = parameter(query(&answer), "code");
    assert!(code.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{code}");

    let given = scene.exchange(&code, &[]).await.is(200);

    assert_eq!(given.header("cache-control"), "no-store");
    let given = given.json();
    assert_eq!(
        (&given["token_type"], &given["expires_in"], &given["scope"]),
        (&json!("Bearer"), &json!(315_576_000), &json!("user:read"))
    );
    let program = scene.app.bearer(given["access_token"].as_str().unwrap());
    assert_eq!(program.get(USER).await.is(200).json()["username"], "carol");
    assert_eq!(scene.exchange(&code, &[]).await.is(400).json()["error"], "invalid_grant");
    let happened = scene.app.happened(&["authorize_application", "create_oauth_api_token"]).await;
    assert_eq!(happened.iter().map(|event| event.actor_name.as_str()).collect::<Vec<_>>(), ["carol", "carol"]);
}

#[actix_web::test]
async fn a_code_is_good_for_its_application_address_and_time() {
    let scene = scene().await;
    let other = scene.owner.post(APPS, json!({ "name": "other", "redirect_uri": CALLBACK })).await.json();
    let (id, secret) = (other["client_id"].as_str().unwrap(), other["client_secret"].as_str().unwrap());
    let error = |answer: &Answer| answer.json()["error"].as_str().unwrap().to_string();

    let code = scene.code(&[]).await;
    let stolen = scene.exchange(&code, &[("client_id", id), ("client_secret", secret)]).await.is(400);
    assert_eq!(error(&stolen), "invalid_grant");
    assert_eq!(error(&scene.exchange(&code, &[("client_secret", "wrong")]).await.is(401)), "invalid_client");
    assert_eq!(error(&scene.exchange(&code, &[("client_id", "BAD")]).await.is(401)), "invalid_client");
    assert_eq!(error(&scene.exchange(&code, &[("client_id", "a\0b")]).await.is(401)), "invalid_client");
    assert_eq!(error(&scene.exchange(&code, &[("grant_type", "password")]).await.is(400)), "unsupported_grant_type");
    scene.exchange(&code, &[]).await.is(200);

    // Presented with another address it is spent.
    let code = scene.code(&[]).await;
    scene.exchange(&code, &[("redirect_uri", "http://localhost:8000/cb/x")]).await.is(400);
    scene.exchange(&code, &[]).await.is(400);

    let code = scene.code(&[]).await;
    scene.app.clock.advance(Duration::from_secs(600));
    scene.exchange(&code, &[]).await.is(400);

    let code = scene.code(&[]).await;
    scene.app.set_enabled(&scene.app.actor("carol", PASSWORD), false).await;
    scene.exchange(&code, &[]).await.is(400);
    let garbled = Browser::new(&scene.app).submit("/oauth/access_token", &[("code", "a"), ("code", "b")]).await.is(400);
    assert_eq!(error(&garbled), "invalid_request");
}

#[actix_web::test]
async fn a_code_with_a_challenge_needs_the_verifier() {
    let scene = scene().await;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(b"the verifier"));
    let asked = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];

    let code = scene.code(&asked).await;
    scene.exchange(&code, &[("code_verifier", "the verifier")]).await.is(200);
    let code = scene.code(&asked).await;
    scene.exchange(&code, &[("code_verifier", "another")]).await.is(400);
    let code = scene.code(&asked).await;
    scene.exchange(&code, &[]).await.is(400);
}

#[actix_web::test]
async fn users_see_what_they_allowed_and_take_it_back() {
    let scene = scene().await;
    let secret = parameter(fragment(&scene.authorize("token", "user:read org:admin").await.is(302)), "access_token");
    let program = scene.app.bearer(&secret);
    program.get(USER).await.is(200);

    let listed = scene.browser.get("/api/v1/user/authorizations").await.is(200);
    assert!(!listed.text().contains(&secret));
    let grants: Value = listed.json()["authorizations"].clone();
    assert_eq!(
        (&grants[0]["application"]["name"], &grants[0]["application"]["organization"]["name"]),
        (&json!("tool <b>"), &json!("acme"))
    );
    assert_eq!(
        (&grants[0]["scopes"][1]["scope"], &grants[0]["scopes"][1]["dangerous"]),
        (&json!("org:admin"), &json!(true))
    );
    let path = format!("/api/v1/user/authorizations/{}", grants[0]["uuid"].as_str().unwrap());
    assert_eq!(scene.browser.get(&path).await.is(200).json(), grants[0]);
    for other in [&scene.owner, &scene.app.admin()] {
        other.get(&path).await.is(404);
        other.delete(&path).await.is(404);
    }
    scene.app.anonymous().get(&path).await.is(401);

    scene.browser.delete(&path).await.is(204);
    program.get(USER).await.is(401);
    scene.browser.delete(&path).await.is(404);
    scene.browser.get("/api/v1/user/authorizations/nosuch").await.is(404);
    assert_eq!(scene.app.happened(&["revoke_application"]).await.len(), 1);
}

#[actix_web::test]
async fn a_token_of_consent_dies_with_its_user_and_its_application() {
    let scene = scene().await;
    let program = scene.app.bearer(&parameter(fragment(&scene.authorize("token", "user:read").await), "access_token"));
    let code = scene.code(&[]).await;
    let carol = scene.app.actor("carol", PASSWORD);

    scene.app.set_enabled(&carol, false).await;
    program.get(USER).await.is(401);
    scene.app.set_enabled(&carol, true).await;
    program.get(USER).await.is(200);
    scene.owner.delete(&format!("{APPS}/{}", scene.client)).await.is(204);
    program.get(USER).await.is(401);
    scene.exchange(&code, &[]).await.is(401);
}

#[actix_web::test]
async fn an_application_holds_a_hundred_tokens_for_a_user_and_the_oldest_ends() {
    let scene = scene().await;
    let first = scene.app.bearer(&parameter(fragment(&scene.authorize("token", "user:read").await), "access_token"));
    let second = scene.app.bearer(&parameter(fragment(&scene.authorize("token", "user:read").await), "access_token"));
    for _ in 0..99 {
        scene.authorize("token", "user:read").await.is(302);
    }

    first.get(USER).await.is(401);
    second.get(USER).await.is(200);
    let listed = scene.browser.get("/api/v1/user/authorizations").await.is(200).json();
    assert_eq!((listed["authorizations"].as_array().unwrap().len(), listed.get("next_page")), (100, None));
}

#[actix_web::test]
async fn a_token_to_copy_by_hand_is_shown_by_a_page_of_our_own() {
    let scene = scene().await;
    let local = format!("{}/oauth/localapp", scene.app.url);
    let mut fields = scene.asked("token", "user:read");
    fields[2].1 = &local;

    let location = scene.browser.submit_meant("/oauth/authorizeapp", &fields).await.is(302).header("location");

    assert!(location.starts_with(&format!("{local}#access_token=")), "{location}");
    let page = scene.browser.get("/oauth/localapp").await.is(200);
    assert!(page.header("content-security-policy").contains("script-src 'self';"));
    let script = page
        .text()
        .split("src=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|src| src.contains("localapp"))
        .map(str::to_string);
    let script = scene.browser.get(&script.unwrap()).await.is(200).text();
    assert!(script.contains("location.hash") && script.contains("replaceState"), "{script}");
    for method in ["PUT", "DELETE"] {
        scene.browser.ask(method.parse().unwrap(), "/oauth/localapp", json!({})).await.is(405);
    }
    scene.browser.get("/oauth/authorizeapp").await.is(405);
}
