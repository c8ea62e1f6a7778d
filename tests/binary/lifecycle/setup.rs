//! The first start, and what a start leaves.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use reqwest::Method;
use reqwest::header::CONTENT_TYPE;

use crate::client::{Answer, Client, send};
use crate::image;
use crate::server::{ADMIN_PASSWORD, Installation};

const PASSWORD: &str = "a-horse-of-another-colour";

/// The set-up URL among what was printed; the last one.
fn printed_url(installation: &Installation) -> String {
    for _ in 0..100 {
        let said = installation.output().standard();
        let url = said.lines().rev().find_map(|line| line.strip_prefix("Create the first administrator: "));
        if let Some(url) = url {
            return url.to_string();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("no set-up URL was printed: {}", installation.output().standard());
}

async fn submit(client: &Client, token: &str, name: &str) -> Answer {
    let body = format!("token={token}&username={name}&email=&password={PASSWORD}&password_again={PASSWORD}");
    let form = client.request(Method::POST, "/setup").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    send(form.body(body)).await.unwrap()
}

#[tokio::test]
async fn the_first_start_prints_an_address_that_creates_one_administrator() {
    let installation = Installation::without_admin();
    let server = installation.start();
    let client = Client::anonymous(&server.url());
    let first = printed_url(&installation);
    assert!(server.stop().success());
    let server = installation.start();
    let url = printed_url(&installation);
    let (page, token) = url.split_once("?token=").unwrap();
    let stale = first.split_once("?token=").unwrap().1;
    assert_ne!(stale, token, "each start has its own");
    assert_eq!(page, format!("{}/setup", server.url()));

    submit(&client, stale, "intruder").await.is(403);
    submit(&client, "", "intruder").await.is(403);
    client.get(&format!("{page}?token=wrong")).await.is(403);
    client.get(&url).await.is(200);
    let answers = tokio::join!(submit(&client, token, "amara"), submit(&client, token, "intruder"));
    let statuses = [answers.0.status, answers.1.status];

    assert!(statuses.iter().filter(|status| [200, 303].contains(*status)).count() == 1, "{statuses:?}");
    client.get(&url).await.is(409);
    submit(&client, token, "intruder").await.is(409);
    let users = installation.run(&["user", "list"], "").standard;
    assert_eq!(users.lines().count(), 1, "{users}");
    let name = users.split('\t').next().unwrap();
    Client::anonymous(&server.url()).with_password(name, PASSWORD).get("/v2/").await.is(200);
    assert!(!installation.output().error().contains(token), "the log tells the set-up word");
    server.is_well();
}

#[tokio::test]
async fn a_second_start_finds_everything_and_prints_no_address() {
    let installation = Installation::new();
    let server = installation.start();
    let client = Client::admin_of(&server.url(), &["admin/app"]).await;
    let pushed = image::push(&client, "admin/app", "v1", &[5; 300_000]).await;
    assert!(server.stop().success());

    let server = installation.start();

    let client = client.again();
    image::pull(&client, "admin/app", "v1", &pushed).await;
    image::pull(&Client::admin(&server.url()), "admin/app", "v1", &pushed).await;
    assert!(!installation.output().standard().contains("/setup"), "{}", installation.output().standard());
    server.is_well();
}

#[test]
fn a_start_leaves_a_private_key_and_nothing_in_the_working_directory() {
    let installation = Installation::new();
    let server = installation.start();

    let key = fs::metadata(installation.data_dir().join("secret.key")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    assert_eq!(fs::read_dir(installation.working_directory()).unwrap().count(), 0);
    server.is_well();
}

#[test]
fn a_start_on_a_port_in_use_says_so() {
    let installation = Installation::new();
    let server = installation.start();

    let said = installation.run(&["serve"], "");

    assert_eq!(said.status.code(), Some(1));
    assert!(
        said.error.contains("the port is in use") && said.error.contains(&installation.address().to_string()),
        "{}",
        said.error
    );
    server.is_well();
}

#[test]
fn a_damaged_key_stops_the_start_and_is_not_replaced() {
    let installation = Installation::new();
    assert!(installation.start().stop().success());
    let key = installation.data_dir().join("secret.key");
    fs::write(&key, "half a k").unwrap();

    let said = installation.run(&["serve"], "");

    assert_eq!(said.status.code(), Some(1));
    assert!(said.error.contains("secret.key") && !said.error.contains("half a k"), "{}", said.error);
    assert_eq!(fs::read_to_string(key).unwrap(), "half a k");
}

#[tokio::test]
async fn the_log_is_json_and_keeps_secrets() {
    let installation = Installation::new().with("PIERHEAD_LOG__LEVEL", "debug");
    let server = installation.start();
    let token = Client::admin(&server.url()).token(&["admin/app"]).await;
    let client = Client::anonymous(&server.url()).with_token(&token);
    image::push(&client, "admin/app", "v1", b"layer").await;
    Client::anonymous(&server.url()).with_password("admin", "wrong-password-of-mine").get("/v2/").await.is(401);
    Client::anonymous(&server.url()).with_token("wrong-token-of-mine").get("/v2/").await.is(401);
    let form = format!(
        "grant_type=password&service=x&client_id=t&access_type=offline&username=admin&password={ADMIN_PASSWORD}"
    );
    let request = client.request(Method::POST, "/v2/auth").header(CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = send(request.body(form)).await.unwrap().is(200).json();
    let refresh = answer["refresh_token"].as_str().unwrap().to_string();
    server.had_no_accident();
    assert!(server.stop().success());

    let log = installation.output().error();
    for line in log.lines() {
        assert!(serde_json::from_str::<serde_json::Value>(line).is_ok_and(|line| line.is_object()), "{line}");
    }
    assert!(log.contains("\"answered\"") && log.contains("\"stopped\""));
    let key = fs::read_to_string(installation.data_dir().join("secret.key")).unwrap();
    let basic = crate::raw::as_admin();
    let secrets =
        [ADMIN_PASSWORD, &token, &refresh, key.trim(), &basic[6..], "wrong-password-of-mine", "wrong-token-of-mine"];
    for secret in secrets {
        assert!(!log.contains(secret), "the log tells {secret}");
        assert!(!installation.output().standard().contains(secret));
    }
}
