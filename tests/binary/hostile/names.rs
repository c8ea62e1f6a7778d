//! Names, digests and upload ids that want to be something else.

use std::fs;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::raw::{admin_head, say};
use crate::server::{Installation, Server};

const METHODS: [&str; 6] = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE"];
const EMPTY: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Asks with every method and insists on refusals.
fn all_are_refused(server: &Server, path: &str) {
    for method in METHODS {
        let heard = say(server.address(), admin_head(method, path, &[("Content-Length", "0")]));
        let shown: String = path.chars().take(80).collect();
        match heard.status() {
            Some(status) => assert!((400..500).contains(&status), "{method} {shown}: {}", heard.text()),
            None => assert!(heard.closed, "{method} {shown}: no answer"),
        }
    }
}

#[test]
fn upload_ids_and_digests_are_no_paths() {
    let installation = Installation::new();
    let server = installation.start();
    let outside = installation.beside("outside");
    fs::write(&outside, "untouched").unwrap();
    let before = fs::read(installation.data_dir().join("secret.key")).unwrap();

    for id in [
        "..",
        "../../x",
        "%2e%2e%2f%2e%2e%2fsecret.key",
        "..%2f..%2f..%2foutside",
        "%00",
        ".probe",
        "a%2fb",
        "00000000-0000-0000-0000-000000000000%2f..%2fx",
        "{0}",
        &"a".repeat(8_000),
    ] {
        all_are_refused(&server, &format!("/v2/admin/app/blobs/uploads/{id}"));
        all_are_refused(&server, &format!("/v2/admin/app/blobs/uploads/{id}?digest={EMPTY}"));
    }
    for digest in [
        "sha256:..",
        "sha256:../../../secret.key",
        "sha256:%2e%2e%2f%2e%2e%2fsecret.key",
        "..%2f..:ab",
        "sha256:",
        "sha256",
        ":",
        "md5:00",
        &format!("sha256:{}", "A".repeat(64)),
        &format!("sha256:{}", "0".repeat(65)),
        &format!("sha256:{}%00", "0".repeat(64)),
        &format!("sha256:{}", "é".repeat(32)),
    ] {
        all_are_refused(&server, &format!("/v2/admin/app/blobs/{digest}"));
        all_are_refused(&server, &format!("/v2/admin/app/manifests/{digest}"));
        let mount = format!("/v2/admin/app/blobs/uploads/?mount={digest}&from=admin/other");
        say(server.address(), admin_head("POST", &mount, &[("Content-Length", "0")])).is_refused();
        let whole = format!("/v2/admin/app/blobs/uploads/?digest={digest}");
        say(server.address(), admin_head("POST", &whole, &[("Content-Length", "0")])).is_refused();
    }

    assert_eq!(fs::read_to_string(&outside).unwrap(), "untouched");
    assert_eq!(fs::read(installation.data_dir().join("secret.key")).unwrap(), before);
    server.is_well();
}

#[test]
fn names_that_are_none_are_refused() {
    let installation = Installation::new();
    let server = installation.start();
    let long = "a".repeat(8_000);
    let names = [
        "%00",
        "admin/%00",
        "admin/a%0d%0aX-Injected:%201",
        "admin/%07",
        "admin/é",
        "admin/%e2%80%ae",
        "admin/%ff%fe",
        "admin%2F..%2Fx",
        "admin%252Fapp",
        "..",
        "admin/..",
        "admin//app",
        "/admin/app",
        "Admin/App",
        "admin/app'--",
        "admin/%25",
        &long,
        &format!("admin/{long}"),
    ];

    for name in names {
        for rest in ["tags/list", "manifests/v1", "blobs/uploads/"] {
            all_are_refused(&server, &format!("/v2/{name}/{rest}"));
        }
        all_are_refused(&server, &format!("/v2/{name}/blobs/{EMPTY}"));
    }
    for tag in ["..", "%00", ".hidden", "-x", "a%2fb", "é", &"t".repeat(129), &long] {
        all_are_refused(&server, &format!("/v2/admin/app/manifests/{tag}"));
    }

    server.is_well();
}

#[test]
fn encoded_slashes_are_slashes_once() {
    let installation = Installation::new();
    let server = installation.start();
    say(server.address(), admin_head("POST", "/v2/admin%2Fapp/blobs/uploads/", &[("Content-Length", "0")])).is(202);

    say(server.address(), admin_head("GET", "/v2/admin/app/tags/list", &[])).is(200);
    say(server.address(), admin_head("GET", "/v2/admin%2fapp/tags/list", &[])).is(200);
    say(server.address(), admin_head("GET", "/v2/admin%252fapp/tags/list", &[])).is_refused();
    server.is_well();
}

#[test]
fn no_path_makes_the_server_fail() {
    let installation = Installation::new();
    let server = installation.start();
    let mut runner = TestRunner::new(Config { cases: 600, failure_persistence: None, ..Config::default() });
    let byte = prop_oneof![
        3 => any::<u8>().prop_map(|byte| format!("%{byte:02x}").into_bytes()),
        2 => any::<u8>().prop_filter("ends the line", |byte| !b"\r\n ".contains(byte)).prop_map(|byte| vec![byte]),
        3 => prop::sample::select(vec!["/", "admin", "app", "blobs", "uploads", "manifests", "tags/list", "referrers", EMPTY, "..", "?n=", "&last=", "?digest=", "&mount=", "_catalog", "auth?scope=", "repository:", ":pull"])
            .prop_map(|word| word.as_bytes().to_vec()),
    ];
    let path = prop::collection::vec(byte, 0..40).prop_map(|pieces| pieces.concat());

    runner
        .run(&(prop::sample::select(METHODS.to_vec()), path), |(method, path)| {
            let authorization = crate::raw::as_admin();
            let tail = format!(" HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 0\r\nAuthorization: {authorization}\r\n\r\n");
            let heard = say(server.address(), [method.as_bytes(), b" /v2/", &path, tail.as_bytes()].concat());
            prop_assert!(heard.status().map_or(heard.closed, |status| status < 500), "{}", heard.text());
            Ok(())
        })
        .unwrap();

    server.is_well();
}
