//! HTTPS by certificate and key files.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use rcgen::generate_simple_self_signed;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::client::digest_of;
use crate::raw;
use crate::server::{Installation, Server};

const NAME: &str = "registry.test";
/// The files are looked at every ten seconds.
const RELOAD: Duration = Duration::from_secs(14);

/// A certificate in files, as an operator has it.
struct Certificate {
    certificate: PathBuf,
    key: PathBuf,
}

impl Certificate {
    fn beside(installation: &Installation) -> Certificate {
        Certificate { certificate: installation.beside("certificate.pem"), key: installation.beside("key.pem") }
    }

    /// Writes a new one and returns it.
    fn renew(&self) -> CertificateDer<'static> {
        let made = generate_simple_self_signed([NAME.to_string()]).unwrap();
        fs::write(&self.certificate, made.cert.pem()).unwrap();
        fs::write(&self.key, made.signing_key.serialize_pem()).unwrap();
        made.cert.der().clone()
    }
}

/// A server with TLS, ready.
async fn secured() -> (Installation, Certificate, Server, CertificateDer<'static>) {
    let installation = Installation::new();
    let files = Certificate::beside(&installation);
    let certificate = files.renew();
    let installation = installation
        .with("PIERHEAD_TLS__CERTIFICATE", files.certificate.display())
        .with("PIERHEAD_TLS__KEY", files.key.display());
    let server = installation.start_unready();
    let started = Instant::now();
    while connect(&server, &certificate, b"http/1.1").await.is_err() {
        assert!(started.elapsed() < Duration::from_secs(30), "{}", installation.output().error());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    (installation, files, server, certificate)
}

/// A connection that trusts this certificate and no other.
async fn connect(
    server: &Server,
    trusted: &CertificateDer<'static>,
    protocol: &[u8],
) -> std::io::Result<TlsStream<TcpStream>> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let mut config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![protocol.to_vec()];
    let socket = TcpStream::connect(server.address()).await?;
    let stream = TlsConnector::from(Arc::new(config)).connect(ServerName::try_from(NAME).unwrap(), socket).await?;
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(protocol));
    Ok(stream)
}

/// Status, `Location` and body.
struct Answer {
    status: u16,
    location: String,
    body: Vec<u8>,
}

async fn over_http_1(stream: TlsStream<TcpStream>, method: &str, path: &str, body: &[u8]) -> Answer {
    let (mut reader, mut writer) = tokio::io::split(stream);
    let head = raw::admin_head(method, path, &[("Content-Length", &body.len().to_string())]);
    let (sent, heard) = tokio::join!(
        async {
            writer.write_all(&head).await?;
            writer.write_all(body).await?;
            writer.flush().await
        },
        async {
            let mut heard = Vec::new();
            let _ = reader.read_to_end(&mut heard).await;
            heard
        }
    );
    sent.unwrap();
    let end = heard.windows(4).position(|window| window == b"\r\n\r\n").expect("an answer");
    let head = String::from_utf8(heard[..end].to_vec()).unwrap();
    let location = head.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_default();
    Answer { status: head[9..12].parse().unwrap(), location: location.into(), body: heard[end + 4..].to_vec() }
}

async fn over_http_2(stream: TlsStream<TcpStream>, method: &str, path: &str, body: &[u8]) -> Answer {
    let (sender, connection) = h2::client::handshake(stream).await.unwrap();
    let connection = tokio::spawn(connection);
    let request = http::Request::builder().method(method).uri(format!("https://{NAME}{path}"));
    let request = request.header("authorization", raw::as_admin()).body(()).unwrap();
    let (response, mut sending) = sender.ready().await.unwrap().send_request(request, body.is_empty()).unwrap();
    let mut left = Bytes::copy_from_slice(body);
    while !left.is_empty() {
        sending.reserve_capacity(left.len());
        let capacity = std::future::poll_fn(|context| sending.poll_capacity(context)).await.unwrap().unwrap();
        let part = left.split_to(capacity.min(left.len()));
        sending.send_data(part, left.is_empty()).unwrap();
    }
    let response = response.await.unwrap();
    let status = response.status().as_u16();
    let location = response.headers().get("location").map_or("", |value| value.to_str().unwrap()).to_string();
    let (mut receiving, mut heard) = (response.into_body(), Vec::new());
    while let Some(part) = receiving.data().await {
        let part = part.unwrap();
        receiving.flow_control().release_capacity(part.len()).unwrap();
        heard.extend_from_slice(&part);
    }
    connection.abort();
    Answer { status, location, body: heard }
}

async fn ask(
    server: &Server,
    trusted: &CertificateDer<'static>,
    http_2: bool,
    (method, path, body): (&str, &str, &[u8]),
) -> Answer {
    match http_2 {
        false => over_http_1(connect(server, trusted, b"http/1.1").await.unwrap(), method, path, body).await,
        true => over_http_2(connect(server, trusted, b"h2").await.unwrap(), method, path, body).await,
    }
}

#[tokio::test]
async fn blobs_come_and_go_over_http_1_and_http_2() {
    let (_installation, _files, server, certificate) = secured().await;

    for http_2 in [false, true] {
        let blob: Vec<u8> = (0..5u32 << 20).map(|at| (at ^ (at >> 11)) as u8 ^ u8::from(http_2)).collect();
        let begun = ask(&server, &certificate, http_2, ("POST", "/v2/admin/app/blobs/uploads/", b"")).await;
        assert_eq!(begun.status, 202);
        let finish = format!("{}?digest={}", begun.location, digest_of(&blob));
        assert_eq!(ask(&server, &certificate, http_2, ("PUT", &finish, &blob)).await.status, 201);
        for again in [http_2, !http_2] {
            let path = format!("/v2/admin/app/blobs/{}", digest_of(&blob));
            let pulled = ask(&server, &certificate, again, ("GET", &path, b"")).await;
            assert_eq!(pulled.status, 200);
            assert!(pulled.body == blob, "{} bytes came of {}", pulled.body.len(), blob.len());
        }
    }

    server.had_no_accident();
}

#[tokio::test]
async fn plain_http_on_the_tls_port_is_refused_quickly() {
    let (_installation, _files, server, certificate) = secured().await;

    let heard = tokio::task::spawn_blocking({
        let address = server.address();
        move || raw::say(address, raw::head("GET", "/v2/", &[]))
    });
    let heard = heard.await.unwrap();

    assert!(heard.closed && heard.waited < Duration::from_secs(1), "{:?}", heard.waited);
    assert_eq!(ask(&server, &certificate, false, ("GET", "/health/live", b"")).await.status, 200);
    server.had_no_accident();
}

#[tokio::test]
async fn a_renewed_certificate_is_taken_up_and_a_broken_one_is_not() {
    let (installation, files, server, first) = secured().await;
    let open = connect(&server, &first, b"http/1.1").await.unwrap();

    let second = files.renew();
    let started = Instant::now();
    while connect(&server, &second, b"http/1.1").await.is_err() {
        assert!(started.elapsed() < RELOAD, "the renewed certificate is not used");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert!(connect(&server, &first, b"http/1.1").await.is_err(), "the old certificate is still used");
    let kept = over_http_1(open, "GET", "/health/live", b"").await;
    assert_eq!(kept.status, 200, "a connection outlives the certificate it began with");

    fs::write(&files.certificate, "-----BEGIN CERTIFICATE-----\nhalf").unwrap();
    let started = Instant::now();
    while !installation.output().error().contains("kept the certificate in use") {
        assert!(started.elapsed() < RELOAD, "the broken file was not noticed");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(ask(&server, &second, false, ("GET", "/health/live", b"")).await.status, 200);

    let third = files.renew();
    let started = Instant::now();
    while connect(&server, &third, b"h2").await.is_err() {
        assert!(started.elapsed() < RELOAD, "the mended file is not used");
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    server.had_no_accident();
}

#[test]
fn files_that_do_not_belong_together_stop_the_start() {
    let installation = Installation::new();
    let files = Certificate::beside(&installation);
    files.renew();
    let key = fs::read(&files.key).unwrap();
    files.renew();
    fs::write(&files.key, key).unwrap();
    let installation = installation
        .with("PIERHEAD_TLS__CERTIFICATE", files.certificate.display())
        .with("PIERHEAD_TLS__KEY", files.key.display());

    let said = installation.run(&["serve"], "");

    assert_eq!(said.status.code(), Some(1));
    assert!(said.error.contains("do not belong together"), "{}", said.error);
}
