//! The client against a server on this machine, allowed or not.

use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;

/// Answers each connection with the next of these, once; returns `http://127.0.0.1:<port>`.
fn server(answers: Vec<String>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for answer in answers {
            let (mut stream, _) = listener.accept().unwrap();
            let mut asked = [0u8; 4096];
            let _ = stream.read(&mut asked);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

fn answer(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
}

fn redirect(to: &str) -> String {
    format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
}

fn client(networks: &[&str], hosts: &[&str]) -> HttpClient {
    let networks = networks.iter().map(|network| network.parse().unwrap()).collect();
    HttpClient::new(Egress::new(networks, hosts.iter().map(|host| host.to_string()).collect())).unwrap()
}

#[tokio::test]
async fn an_allowed_place_is_read() {
    let url = server(vec![answer("{}")]);
    assert_eq!(client(&["127.0.0.0/8"], &[]).fetch(&url).await.unwrap(), b"{}");
}

#[tokio::test]
async fn this_machine_is_closed_by_number_and_by_name() {
    let url = server(vec![answer("secret")]);
    let port = url.rsplit(':').next().unwrap().to_string();
    let closed = client(&[], &[]);

    assert!(closed.fetch(&url).await.unwrap_err().contains("not on the public internet"));
    let by_name = closed.fetch(&format!("https://localhost:{port}/")).await.unwrap_err();
    assert!(by_name.contains("leads nowhere on the public internet"), "{by_name}");
    let added = client(&[], &["localhost"]);
    assert_eq!(added.fetch(&format!("http://localhost:{port}/")).await.unwrap(), b"secret");
}

#[tokio::test]
async fn each_redirect_is_judged_and_three_are_enough() {
    let allowed = client(&["127.0.0.1/32"], &[]);
    let good = server(vec![redirect("/a"), redirect("/b"), redirect("/c"), answer("there")]);
    assert_eq!(allowed.fetch(&good).await.unwrap(), b"there");

    let endless = server(vec![redirect("/a"), redirect("/b"), redirect("/c"), redirect("/d"), answer("never")]);
    assert!(allowed.fetch(&endless).await.unwrap_err().contains("more than 3 times"));

    for inside in ["http://127.0.0.2/", "http://169.254.169.254/latest/", "file:///etc/passwd", "http://example.com/"] {
        let bad = server(vec![redirect(inside)]);
        let refused = allowed.fetch(&bad).await.unwrap_err();
        assert!(refused.contains("redirects to"), "{refused}");
    }
}

#[tokio::test]
async fn what_is_too_large_or_no_success_is_refused() {
    let allowed = client(&["127.0.0.1/32"], &[]);
    let large = server(vec![answer(&"x".repeat(MAX_BODY + 1))]);
    assert!(allowed.fetch(&large).await.unwrap_err().contains("more than"));
    let missing = server(vec!["HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".into()]);
    assert!(allowed.fetch(&missing).await.unwrap_err().contains("404"));
}
