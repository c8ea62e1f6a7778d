//! Bodies that are not what their heads say.

use std::time::Duration;

use super::slowness::begin_upload;
use crate::client::digest_of;
use crate::raw::{Connection, admin_head, say};
use crate::server::{Installation, Server};

/// Where the upload is, once no request holds it any more.
fn settled(server: &Server, upload: &str) -> usize {
    let status = say(server.address(), admin_head("GET", upload, &[]));
    status.is(204);
    let text = status.text();
    let last: usize = text.lines().find_map(|line| line.strip_prefix("range: 0-")).unwrap().trim().parse().unwrap();
    if last == 0 { 0 } else { last + 1 }
}

/// Goes on from where the server says and insists on the right blob.
fn finish(server: &Server, upload: &str, whole: &[u8]) {
    let started = std::time::Instant::now();
    loop {
        let received = settled(server, upload);
        let rest = &whole[received..];
        let (length, range) = (rest.len().to_string(), format!("{received}-{}", whole.len() - 1));
        let path = format!("{upload}?digest={}", digest_of(whole));
        let heard = say(
            server.address(),
            [&admin_head("PUT", &path, &[("Content-Length", &length), ("Content-Range", &range)]), rest].concat(),
        );
        // The cut request may hold the upload for a moment still, or move it on.
        if matches!(heard.status(), Some(416 | 429)) && started.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(Duration::from_millis(100));
            continue;
        }
        return heard.is(201);
    }
}

#[test]
fn an_upload_survives_a_body_shorter_than_announced() {
    let installation = Installation::new();
    let server = installation.start();
    let (upload, whole) = (begin_upload(&server), vec![9; 2_000]);
    let connection = Connection::open(server.address());
    connection.send(&admin_head("PATCH", &upload, &[("Content-Length", "2000")]));
    connection.send(&whole[..700]);

    connection.finish_sending();
    connection.listen(Duration::from_secs(5)).is_refused();

    finish(&server, &upload, &whole);
    server.is_well();
}

#[test]
fn an_upload_survives_connections_that_break() {
    let installation = Installation::new();
    let server = installation.start();
    let (upload, whole) = (begin_upload(&server), vec![9; 3 << 20]);

    for sent in [0, 2, 100_000, 1_500_000] {
        let received = settled(&server, &upload);
        let rest = &whole[received..];
        let connection = Connection::open(server.address());
        let range = format!("{received}-{}", whole.len() - 1);
        connection.send(&admin_head(
            "PATCH",
            &upload,
            &[("Content-Length", &rest.len().to_string()), ("Content-Range", &range)],
        ));
        connection.send(&rest[..sent.min(rest.len())]);
        drop(connection);
    }

    finish(&server, &upload, &whole);
    server.is_well();
}

#[test]
fn broken_chunked_encoding_is_refused_and_damages_nothing() {
    let installation = Installation::new();
    let server = installation.start();
    let bad_chunks = [
        "zz\r\nhello\r\n0\r\n\r\n",
        "-5\r\nhello\r\n0\r\n\r\n",
        "ffffffffffffffff1\r\nhello\r\n0\r\n\r\n",
        "5\r\nhelloworld\r\n0\r\n\r\n",
        "\r\n\r\n\r\n",
        "5 5\r\nhello\r\n0\r\n\r\n",
        "0x5\r\nhello\r\n0\r\n\r\n",
    ];

    for chunks in bad_chunks {
        let upload = begin_upload(&server);
        let head = admin_head("PATCH", &upload, &[("Transfer-Encoding", "chunked")]);
        say(server.address(), [head, chunks.into()].concat()).is_refused();
        finish(&server, &upload, b"hello, world");
    }

    server.is_well();
}

#[test]
fn chunk_extensions_and_trailers_without_end_are_cut_off() {
    let installation = Installation::new();
    let server = installation.start();
    let endless = "x".repeat(4 << 20);

    for chunks in [format!("5;{endless}"), format!("0\r\nX-Trailer: {endless}"), "0".repeat(4 << 20)] {
        let upload = begin_upload(&server);
        let head = admin_head("PATCH", &upload, &[("Transfer-Encoding", "chunked")]);
        let connection = Connection::open(server.address());
        connection.send(&head);
        connection.send(chunks.as_bytes());
        connection.finish_sending();
        connection.listen(Duration::from_secs(5));
        finish(&server, &upload, b"hello, world");
    }

    server.is_well();
}

#[test]
fn lengths_that_are_no_lengths_are_refused() {
    let installation = Installation::new();
    let server = installation.start();
    let upload = begin_upload(&server);

    for length in ["-1", "+5", "5 5", "five", "18446744073709551616", "99999999999999999999999", "0x5", "5,6", ""] {
        let head = admin_head("PATCH", &upload, &[("Content-Length", length)]);
        say(server.address(), [head, b"hello".to_vec()].concat()).is_refused();
    }
    for range in ["0-", "-5", "5-0", "0-18446744073709551615", "0-99999999999999999999", "a-b", "bytes 0-4/5x", "1-5"] {
        let head = admin_head("PATCH", &upload, &[("Content-Length", "5"), ("Content-Range", range)]);
        say(server.address(), [head, b"hello".to_vec()].concat()).is_refused();
    }
    for (method, path, body) in
        [("GET", "/v2/", "hello"), ("DELETE", upload.as_str(), "hello"), ("HEAD", "/v2/", "hello")]
    {
        let heard = say(server.address(), [admin_head(method, path, &[("Content-Length", "5")]), body.into()].concat());
        assert!(heard.status().is_some_and(|status| status < 500), "{}", heard.text());
    }

    server.is_well();
}

#[test]
fn ranges_of_a_blob_are_answered_whatever_they_are() {
    let installation = Installation::new();
    let server = installation.start();
    let whole = vec![3; 100_000];
    finish(&server, &begin_upload(&server), &whole);
    let path = format!("/v2/admin/app/blobs/{}", digest_of(&whole));
    let ask = |range: &str| say(server.address(), admin_head("GET", &path, &[("Range", range)])).status().unwrap();

    assert_eq!(ask("bytes=0-0"), 206);
    assert_eq!(ask("bytes=-1"), 206);
    assert_eq!(ask("bytes=99999-"), 206);
    assert_eq!(ask("bytes=100000-"), 416);
    let strange = [
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-1",
        "bytes=-0",
        "bytes=0-18446744073709551616",
        "lines=1-2",
        "bytes=18446744073709551615-",
    ];
    for range in strange.map(String::from).into_iter().chain([format!("bytes={}", "0-1,".repeat(5_000))]) {
        assert!([200, 206, 416].contains(&ask(&range)), "{}", &range[..range.len().min(40)]);
    }

    server.is_well();
}
