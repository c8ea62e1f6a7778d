//! Request heads.

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
    ask("/v2/_catalog?last=%00%ff%fe'%22;--").is(200);
    ask("/v2/_catalog?last=%25%5f%5c").is(200);
    ask(&format!("/v2/_catalog?{}", "n=1&".repeat(10_000))).is(200);

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
    for target in ["", "v2/", "//", "//v2//", "/v2/../../etc/passwd", "/v2/%", "/v2/%zz", "/v2/#", "http://", "http://[/"] {
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
    let forwarded = [("X-Forwarded-Host", "evil.test"), ("X-Forwarded-Proto", "javascript"), ("Forwarded", "host=evil.test")];
    let heard = say(server.address(), head("GET", "/v2/", &forwarded));
    heard.is(401);
    assert!(!heard.text().contains("evil.test"), "nobody trusts this proxy: {}", heard.text());

    server.is_well();
}
