//! Requests that two servers in a row could read differently.

use crate::raw::{Connection, kept_admin_head, kept_head, say};
use crate::server::Installation;

const HIDDEN: &str = "GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn a_request_hidden_in_a_body_is_never_answered() {
    let installation = Installation::new();
    let server = installation.start();
    let length = HIDDEN.len().to_string();
    let both = format!("{}", HIDDEN.len() + 5);
    let (chunked, identity) = (("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "identity"));
    let ambiguous: [&[(&str, &str)]; 10] = [
        &[("Content-Length", &both), chunked],
        &[chunked, ("Content-Length", &both)],
        &[("Content-Length", "0"), ("Content-Length", &length)],
        &[("Content-Length", &length), ("Content-Length", "0")],
        &[("Content-Length", &length), ("Transfer-Encoding", "xchunked")],
        &[("Content-Length", &both), ("Transfer-Encoding", "chunked, identity")],
        &[("Content-Length", &both), identity, chunked],
        &[("Content-Length", &both), ("Transfer-Encoding ", "chunked")],
        &[("Content-Length", &both), ("Transfer-Encoding", "\u{b}chunked")],
        &[("Content-Length", &both), ("Transfer-Encoding", "chunked"), ("Transfer-Encoding", "cow")],
    ];

    for (number, headers) in ambiguous.iter().enumerate() {
        for body in [HIDDEN.to_string(), format!("0\r\n\r\n{HIDDEN}")] {
            let heard = say(
                server.address(),
                [kept_admin_head("POST", "/v2/admin/app/blobs/uploads/", headers), body.into()].concat(),
            );
            assert!(!heard.text().contains("\"live\""), "head {number} smuggled a request: {}", heard.text());
            assert!(heard.status().is_none_or(|status| status < 500), "head {number}: {}", heard.text());
        }
    }

    server.is_well();
}

#[test]
fn a_refused_body_is_not_taken_for_the_next_request() {
    let installation = Installation::new();
    let server = installation.start();
    let length = HIDDEN.len().to_string();
    let refused = [
        ("PUT", "/v2/admin/app/manifests/..", 400),
        ("PUT", "/v2/BAD/manifests/v1", 400),
        ("POST", "/v2/", 405),
        ("GET", "/nothing/here", 404),
        ("PATCH", "/v2/admin/app/blobs/uploads/none", 404),
    ];

    for (method, path, status) in refused {
        let heard = say(
            server.address(),
            [&kept_admin_head(method, path, &[("Content-Length", &length)]), HIDDEN.as_bytes()].concat(),
        );
        heard.is(status);
        assert_eq!(heard.answers(), 1, "{method} {path}: {}", heard.text());
    }

    server.is_well();
}

#[test]
fn requests_in_a_row_are_answered_in_a_row() {
    let installation = Installation::new();
    let server = installation.start();
    let connection = Connection::open(server.address());

    let heard = connection.say(kept_head("GET", "/health/live", &[]).repeat(500));

    assert_eq!(heard.answers(), 500);
    server.is_well();
}
