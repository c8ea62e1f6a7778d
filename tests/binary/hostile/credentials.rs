//! Credentials that are none.

use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::access::registry_token::RegistryTokens;
use domain::access::{ResourceScope, parse_scopes};
use domain::entropy::Entropy;
use domain::ids::UserId;
use domain::principal::Principal;
use domain::time::Timestamp;
use domain::vault::Vault;
use ring::hmac;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};

use crate::client::Client;
use crate::raw::{head, say};
use crate::server::Installation;

const KEY: [u8; 32] = [42; 32];

fn with_known_key() -> Installation {
    Installation::new().with("PIERHEAD_SECRET_KEY", STANDARD.encode(KEY))
}

#[test]
fn authorization_that_makes_no_sense_is_unauthorized() {
    let installation = Installation::new();
    let server = installation.start();
    let basic = |text: &[u8]| format!("Basic {}", STANDARD.encode(text));
    let long = format!("Bearer {}", "a".repeat(100_000));
    let strange = [
        String::from("garbage"),
        "Basic".into(),
        "Basic ".into(),
        "Bearer".into(),
        "Bearer ".into(),
        "Bearer a.b.c".into(),
        "Bearer ....".into(),
        "Digest username=\"admin\"".into(),
        "Basic !!!!".into(),
        "Basic YWRtaW4".into(),
        basic(b"no colon"),
        basic(b":"),
        basic(b"admin:"),
        basic(b":password"),
        basic(b"admin:wrong"),
        basic(b"\xff\xfe:\x00"),
        basic(b"$oauthtoken:garbage"),
        basic(b"admin+robot:garbage"),
        basic("é:ü".as_bytes()),
        basic(&[b'a'; 50_000]),
        basic(&[&b"admin:"[..], &[b'a'; 50_000]].concat()),
        long,
        format!("Bearer {}", "a.".repeat(8_000)),
    ];

    for value in &strange {
        for path in ["/v2/", "/v2/admin/app/tags/list", "/v2/auth", "/api/v1/user/"] {
            let heard = say(server.address(), head("GET", path, &[("Authorization", value)]));
            let shown: String = value.chars().take(40).collect();
            assert!(
                heard.status().is_some_and(|status| (400..500).contains(&status)),
                "{path} {shown}: {}",
                heard.text()
            );
        }
    }
    let twice = [("Authorization", "Bearer x"), ("Authorization", "Basic eDp5")];
    say(server.address(), head("GET", "/v2/", &twice)).is(401);

    server.is_unharmed();
}

#[tokio::test]
async fn tokens_that_the_registry_did_not_sign_or_no_longer_honours_are_refused() {
    let installation = with_known_key();
    let server = installation.start();
    let good = Client::admin(&server.url()).token(&["admin/app"]).await;
    let service = server.address().to_string();

    Client::anonymous(&server.url()).with_token(&good).get("/v2/").await.is(200);
    let long_ago = Timestamp(now().0 - 2 * 60 * 60 * 1000);
    let tomorrow = Timestamp(now().0 + 24 * 60 * 60 * 1000);
    let same = issue(KEY, &service, now());
    Client::anonymous(&server.url()).with_token(&same).get("/v2/").await.is(200);
    let bad = [
        ("expired", issue(KEY, &service, long_ago)),
        ("not yet valid", issue(KEY, &service, tomorrow)),
        ("of another registry", issue(KEY, "elsewhere.test", now())),
        ("of a foreign key", issue([7; 32], &service, now())),
        ("without algorithm", unsigned(&good, "none")),
        ("without algorithm, shouted", unsigned(&good, "NONE")),
        ("HS256 with the public key", symmetric(&good, &public_key())),
        ("HS256 with the public key in base64", symmetric(&good, STANDARD.encode(public_key()).as_bytes())),
        ("for somebody else", altered(&good)),
        ("without signature", format!("{}.", good.rsplit_once('.').unwrap().0)),
        ("with a longer signature", format!("{good}AAAA")),
        ("with a key of its own", with_own_key(&good)),
    ];

    for (what, token) in bad {
        for path in ["/v2/", "/v2/admin/app/tags/list"] {
            let answer = Client::anonymous(&server.url()).with_token(&token).get(path).await;
            assert_eq!(answer.status, 401, "a token {what} at {path}: {}", answer.text());
            assert!(answer.header("www-authenticate").starts_with("Bearer "), "{what}");
        }
    }
    server.is_well();
}

#[tokio::test]
async fn scopes_without_measure_or_meaning_are_no_trouble() {
    let installation = Installation::new();
    let server = installation.start();
    let admin = Client::admin(&server.url());
    let many: String = (0..70).map(|number| format!("&scope=repository:admin/r{number}:pull,push")).collect();
    let long = format!("&scope=repository:admin/{}:pull", "a".repeat(20_000));
    let actions = format!("&scope=repository:admin/app:{}", "pull,".repeat(5_000));
    let one_line =
        format!("&scope={}", (0..100).map(|n| format!("repository:admin/r{n}:pull")).collect::<Vec<_>>().join("+"));
    let malformed = [
        "",
        ":",
        "::",
        ":::",
        "repository",
        "repository:",
        "repository:a",
        "repository:a:",
        "repository::pull",
        "repository:a:b:c:pull",
        "registry:catalog:*",
        "registry:other:*",
        "robots:x:y",
        "repository(plugin):a/b:pull",
        "repository:../../x:pull",
        "repository:%00:pull",
        "repository:a/b:fly",
        "%ff%fe",
        "repository:admin/app:pull%0d%0aX:1",
        "*:*:*",
    ];

    for query in [many, long, actions, one_line].into_iter().chain(malformed.map(|scope| format!("&scope={scope}"))) {
        let started = std::time::Instant::now();
        let answer = admin.get(&format!("/v2/auth?service=x{query}")).await;
        let shown: String = query.chars().take(60).collect();
        assert!([200, 400].contains(&answer.status), "{shown}: {} {}", answer.status, answer.text());
        assert!(started.elapsed() < Duration::from_secs(3), "{shown} took {:?}", started.elapsed());
    }

    server.is_well();
}

#[tokio::test]
async fn a_guessed_password_is_refused_and_the_guesser_slowed_down() {
    let installation = Installation::new();
    let server = installation.start();
    let guesser = Client::anonymous(&server.url()).with_password("admin", "not-the-password");

    let mut statuses = Vec::new();
    for _ in 0..8 {
        statuses.push(guesser.get("/v2/auth?service=x").await.status);
    }

    assert!(statuses[..5].iter().all(|status| *status == 401), "{statuses:?}");
    assert_eq!(statuses[7], 429, "{statuses:?}");
    let strangers = Client::anonymous(&server.url()).with_password("nobody-of-that-name", "not-the-password");
    strangers.get("/v2/auth?service=x").await.is(401);
    server.is_unharmed();
}

#[tokio::test]
async fn wrong_passwords_take_no_memory_that_stays() {
    let installation = Installation::new();
    let server = installation.start();
    let strangers = (0..100).map(|number| {
        let name = format!("nobody{number}");
        let client = Client::anonymous(&server.url()).with_password(&name, "not-the-password");
        async move { client.get("/v2/").await.status }
    });

    futures_util::future::join_all(strangers).await;

    server.is_well();
}

struct Zeros;

impl Entropy for Zeros {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }
}

fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(since.as_millis()).unwrap())
}

/// A token for the first user, as the registry with this key and name would sign it.
fn issue(key: [u8; 32], service: &str, at: Timestamp) -> String {
    let tokens = RegistryTokens::new(&Vault::new(&key, Arc::new(Zeros)).unwrap(), service).unwrap();
    let principal = Principal::User { id: UserId(1), name: "admin".into() };
    let access: Vec<ResourceScope> = parse_scopes(["repository:admin/app:pull,push"].into_iter(), service).unwrap();
    tokens.issue(&principal, (&access, true), uuid::Uuid::nil(), at, Duration::from_secs(300)).unwrap()
}

fn public_key() -> Vec<u8> {
    let seed = Vault::new(&KEY, Arc::new(Zeros)).unwrap().key_for("registry tokens").unwrap();
    Ed25519KeyPair::from_seed_unchecked(&seed).unwrap().public_key().as_ref().to_vec()
}

fn parts(token: &str) -> (Value, Value, String) {
    let mut parts = token.split('.');
    let mut next = || parts.next().unwrap().to_string();
    let read = |part: String| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap();
    (read(next()), read(next()), next())
}

fn encode(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

fn unsigned(token: &str, algorithm: &str) -> String {
    let (mut header, claims, _) = parts(token);
    header["alg"] = json!(algorithm);
    format!("{}.{}.", encode(&header), encode(&claims))
}

fn symmetric(token: &str, key: &[u8]) -> String {
    let (mut header, claims, _) = parts(token);
    header["alg"] = json!("HS256");
    let signed = format!("{}.{}", encode(&header), encode(&claims));
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn altered(token: &str) -> String {
    let (header, mut claims, signature) = parts(token);
    claims["holder"]["id"] = json!(2);
    format!("{}.{}.{signature}", encode(&header), encode(&claims))
}

/// Signed with a stranger's key that the header brings along.
fn with_own_key(token: &str) -> String {
    let (mut header, claims, _) = parts(token);
    let pair = Ed25519KeyPair::from_seed_unchecked(&[9; 32]).unwrap();
    let public = URL_SAFE_NO_PAD.encode(pair.public_key().as_ref());
    header["jwk"] = json!({ "kty": "OKP", "crv": "Ed25519", "x": public });
    let signed = format!("{}.{}", encode(&header), encode(&claims));
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(pair.sign(signed.as_bytes())))
}
