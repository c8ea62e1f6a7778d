//! Request heads.

use crate::client::INDEX;
use crate::raw::{admin_head, head, say};
use crate::server::Installation;

#[test]
fn heads_without_measure_are_refused() {
    let installation = Installation::new();
    let server = installation.start();
    let (short, long) = ("v".repeat(8), "v".repeat(1 << 20));
    let many: Vec<(String, &str)> = (0..10_000).map(|number| (format!("X-{number}"), short.as_str())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), *value)).collect();

    say(server.address(), head("GET", "/v2/", &many)).is_refused();
    say(server.address(), head("GET", "/v2/", &[("X-Long", &long)])).is_refused();
    say(server.address(), head("GET", "/v2/", &[(&long, "1")])).is_refused();
    say(server.address(), head("GET", &format!("/v2/{long}"), &[])).is_refused();
    say(server.address(), head("GET", &format!("/v2/?{long}"), &[])).is_refused();
    say(server.address(), head(&long, "/v2/", &[])).is_refused();

    server.is_well();
}

#[test]
fn lists_are_cut_to_size_whatever_is_asked_for() {
    let installation = Installation::new();
    let server = installation.start();
    let ask = |path: &str| say(server.address(), admin_head("GET", path, &[]));

    ask("/v2/_catalog?n=-1").is(400);
    ask("/v2/_catalog?n=ten").is(400);
    ask("/v2/_catalog?n=").is(400);
    ask("/v2/_catalog?n=0").is(200);
    ask("/v2/_catalog?n=1000000000000").is(200);
    ask(&format!("/v2/_catalog?n={}", "9".repeat(1_000))).is(200);
    ask(&format!("/v2/_catalog?last={}", "z".repeat(1 << 20))).is_refused();
    ask(&format!("/v2/_catalog?last={}", "z".repeat(60_000))).is(200);
    ask("/v2/_catalog?last=%01%ff%fe'%22;--").is(200);
    ask("/v2/_catalog?last=%25%5f%5c").is(200);
    ask(&format!("/v2/_catalog?{}", "n=1&".repeat(10_000))).is(200);

    server.is_well();
}

/// PostgreSQL's texts cannot hold them.
#[expect(clippy::too_many_lines, reason = "one list of places")]
#[test]
fn nul_bytes_are_refused_or_found_nowhere() {
    let installation = Installation::new();
    let server = installation.start();
    let basic =
        |text: &str| format!("Basic {}", base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text));
    say(server.address(), admin_head("POST", "/v2/admin/app/blobs/uploads/", &[("Content-Length", "0")])).is(202);
    let digest = format!("sha256:{}", "0".repeat(64));
    let paths = [
        "/v2/_catalog?last=%00".to_string(),
        "/v2/admin/app/tags/list?last=%00".into(),
        format!("/v2/admin/app/referrers/{digest}?artifactType=%00"),
        "/v1/search?q=%00".into(),
        "/v2/auth?service=x&client_id=%00&offline_token=true".into(),
        "/v2/auth?service=%00&scope=repository:admin/%00:pull".into(),
        "/setup?token=%00".into(),
    ];
    let mut failed = Vec::new();
    let mut ask = |what: &str, bytes: Vec<u8>| {
        let heard = say(server.address(), bytes);
        if heard.status().is_none_or(|status| status >= 500) {
            failed.push(format!("{what}: {:?}", heard.status()));
        }
    };

    for path in &paths {
        ask(path, admin_head("GET", path, &[]));
    }
    for (what, text) in [
        ("name", "ad\0min:some-password"),
        ("robot", "admin+r\0:token"),
        ("password", "admin:\0"),
        ("token", "$oauthtoken:\0"),
    ] {
        ask(what, head("GET", "/v2/", &[("Authorization", &basic(text))]));
    }
    let form = "grant_type=password&username=%00&password=%00&client_id=%00";
    let kind = ("Content-Type", "application/x-www-form-urlencoded");
    ask("form", [head("POST", "/v2/auth", &[kind, ("Content-Length", &form.len().to_string())]), form.into()].concat());
    for path in ["/api/v1/organization/", "/api/v1/repository"] {
        let json = r#"{"name":"a\u0000b","email":"a\u0000@b.c","namespace":"admin","repository":"a\u0000","visibility":"public","description":"\u0000"}"#;
        let headers = [("Content-Type", "application/json"), ("Content-Length", &json.len().to_string())];
        ask(path, [admin_head("POST", path, &headers), json.into()].concat());
    }
    let repository = r#"{"namespace":"admin","repository":"ab","visibility":"public","description":"\u0000"}"#;
    let headers = [("Content-Type", "application/json"), ("Content-Length", &repository.len().to_string())];
    ask("description", [admin_head("POST", "/api/v1/repository", &headers), repository.into()].concat());
    let document = format!(
        r#"{{"schemaVersion":2,"mediaType":"{INDEX}","manifests":[],"artifactType":"a/b","annotations":{{"a\u0000":"\u0000"}}}}"#
    );
    let headers = [("Content-Type", INDEX), ("Content-Length", &document.len().to_string())];
    ask("annotations", [admin_head("PUT", "/v2/admin/app/manifests/v1", &headers), document.clone().into()].concat());
    let document = document.replace(
        "\"manifests\"",
        &format!("\"subject\":{{\"mediaType\":\"a/b\",\"size\":1,\"digest\":\"{digest}\"}},\"manifests\""),
    );
    let headers = [("Content-Type", INDEX), ("Content-Length", &document.len().to_string())];
    ask(
        "annotations of a referrer",
        [admin_head("PUT", "/v2/admin/app/manifests/v2", &headers), document.into()].concat(),
    );
    ask(
        "agent",
        admin_head("PUT", "/v2/admin/app/manifests/v3", &[("User-Agent", "\u{7f}é"), ("Content-Length", "0")]),
    );

    assert!(failed.is_empty(), "{failed:#?}");
    server.is_well();
}

#[test]
fn unknown_methods_are_refused_everywhere() {
    let installation = Installation::new();
    let server = installation.start();
    let paths = ["/", "/v2/", "/v2/auth", "/v2/admin/app/tags/list", "/api/v1/user/", "/health/live", "/setup", "*"];

    for path in paths {
        for method in ["BREW", "TRACE", "CONNECT", "PROPFIND", "get", "X", "G\u{1}T", "G{T"] {
            say(server.address(), admin_head(method, path, &[])).is_refused();
        }
    }

    server.is_well();
}

#[test]
fn every_form_of_request_target_is_answered() {
    let installation = Installation::new();
    let server = installation.start();
    let ask = |method: &str, target: &str| say(server.address(), admin_head(method, target, &[]));

    ask("GET", &format!("{}/v2/", server.url())).is(200);
    ask("GET", "http://elsewhere.test/v2/").is(200);
    ask("OPTIONS", "*").is_refused();
    ask("GET", "*").is_refused();
    ask("CONNECT", "registry.test:443").is_refused();
    for target in
        ["", "v2/", "//", "//v2//", "/v2/../../etc/passwd", "/v2/%", "/v2/%zz", "/v2/#", "http://", "http://[/"]
    {
        let heard = ask("GET", target);
        assert!(heard.status().is_none_or(|status| status < 500), "{target}: {}", heard.text());
    }

    server.is_well();
}

#[test]
fn heads_that_break_the_grammar_are_refused() {
    let installation = Installation::new();
    let server = installation.start();
    let broken = [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET /v2/\r\n\r\n",
        b"GET /v2/ HTTP/9.9\r\n\r\n",
        b"GET /v2/ HTTP/1.1\r\nHost registry\r\n\r\n",
        b"GET /v2/ HTTP/1.1\r\nHost: a\r\nX-\0: 1\r\n\r\n",
        b"GET /v2/ HTTP/1.1\r\nHost: a\r\n X: folded\r\n\r\n",
        b"GET /v2/ HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n",
        b"GET /v2/ HTTP/1.1\r\nHost: a\r\n: nameless\r\n\r\n",
        b"GET /v2/a\x00b HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v2/a b c HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /v2/ HTTP/1.1\r\nHost: a\rX: 1\r\n\r\n",
    ];

    for bytes in broken {
        say(server.address(), bytes).is_refused();
    }

    server.is_well();
}

#[test]
fn a_strange_host_header_breaks_no_answer() {
    let installation = Installation::new();
    let server = installation.start();

    for host in ["", "a\"b,c=\"d", "a b", "[::1", "évil.test", "a:99999", &"h".repeat(30_000)] {
        let request = format!("GET /v2/ HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let heard = say(server.address(), request);
        heard.is_refused();
        assert!(!heard.text().contains("c=\"d"), "a challenge takes no words from strangers: {}", heard.text());
    }
    let forwarded =
        [("X-Forwarded-Host", "evil.test"), ("X-Forwarded-Proto", "javascript"), ("Forwarded", "host=evil.test")];
    let heard = say(server.address(), head("GET", "/v2/", &forwarded));
    heard.is(401);
    assert!(!heard.text().contains("evil.test"), "nobody trusts this proxy: {}", heard.text());

    server.is_well();
}
