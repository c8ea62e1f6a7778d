//! Bytes on a socket: requests that no client library would send.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::server::{ADMIN, ADMIN_PASSWORD};

/// An answer is taken to be over after so much silence.
const QUIET: Duration = Duration::from_millis(250);
const PATIENCE: Duration = Duration::from_secs(10);

/// What came back.
pub struct Heard {
    pub bytes: Vec<u8>,
    /// Whether the server ended the connection.
    pub closed: bool,
    /// Until the first byte or the end.
    pub waited: Duration,
}

impl Heard {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).chars().take(2_000).collect()
    }

    /// Of the first answer; none if there was no answer.
    pub fn status(&self) -> Option<u16> {
        let line = self.bytes.strip_prefix(b"HTTP/1.")?;
        std::str::from_utf8(line.get(2..5)?).ok()?.parse().ok()
    }

    /// How many answers there were.
    pub fn answers(&self) -> usize {
        self.bytes.windows(7).filter(|window| window == b"HTTP/1.").count()
    }

    /// Insists on a refusal: an answer between 400 and 499, or the end of the connection.
    #[track_caller]
    pub fn is_refused(&self) {
        match self.status() {
            Some(status) => assert!((400..500).contains(&status), "{}", self.text()),
            None => assert!(self.closed, "neither an answer nor an end"),
        }
    }

    #[track_caller]
    pub fn is(&self, status: u16) {
        assert_eq!(self.status(), Some(status), "{}", self.text());
    }
}

/// A request head with `Host` and these headers, on a connection that goes on.
pub fn kept_head(method: &str, target: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!("{method} {target} HTTP/1.1\r\nHost: registry.test\r\n{headers}\r\n").into_bytes()
}

/// As [`kept_head`], on a connection that ends with the answer, so that nobody waits for more.
pub fn head(method: &str, target: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    kept_head(method, target, &[headers, &[("Connection", "close")]].concat())
}

/// The administrator's `Authorization`.
pub fn as_admin() -> String {
    format!("Basic {}", STANDARD.encode(format!("{ADMIN}:{ADMIN_PASSWORD}")))
}

/// As [`head`], from the administrator.
pub fn admin_head(method: &str, target: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let authorization = as_admin();
    head(method, target, &[headers, &[("Authorization", &authorization)]].concat())
}

/// As [`kept_head`], from the administrator.
pub fn kept_admin_head(method: &str, target: &str, headers: &[(&str, &str)]) -> Vec<u8> {
    let authorization = as_admin();
    kept_head(method, target, &[headers, &[("Authorization", &authorization)]].concat())
}

/// Sends bytes on a new connection and listens until the answer is over.
pub fn say(address: SocketAddr, bytes: impl Into<Vec<u8>>) -> Heard {
    Connection::open(address).say(bytes)
}

/// One connection, for more than one exchange.
pub struct Connection(TcpStream);

impl Connection {
    pub fn open(address: SocketAddr) -> Connection {
        let stream = TcpStream::connect_timeout(&address, PATIENCE).unwrap();
        stream.set_nodelay(true).unwrap();
        Connection(stream)
    }

    /// Sends while listening: a server that refuses early does not read everything.
    pub fn say(&self, bytes: impl Into<Vec<u8>>) -> Heard {
        let (bytes, mut stream) = (bytes.into(), self.0.try_clone().unwrap());
        let speaking = thread::spawn(move || {
            let _ = stream.write_all(&bytes);
        });
        let heard = self.listen(PATIENCE);
        if !heard.closed {
            speaking.join().unwrap();
        }
        heard
    }

    /// Sends without listening; `false` if the server is gone.
    pub fn send(&self, bytes: &[u8]) -> bool {
        (&self.0).write_all(bytes).is_ok()
    }

    /// No more will be sent.
    pub fn finish_sending(&self) {
        let _ = self.0.shutdown(Shutdown::Write);
    }

    /// Listens until an answer is followed by silence, the connection ends, or patience does.
    pub fn listen(&self, patience: Duration) -> Heard {
        let started = Instant::now();
        let (mut bytes, mut waited, mut buffer) = (Vec::new(), None, vec![0; 64 * 1024]);
        self.0.set_read_timeout(Some(QUIET)).unwrap();
        let closed = loop {
            match (&self.0).read(&mut buffer) {
                Ok(0) => break true,
                Ok(count) => {
                    waited.get_or_insert(started.elapsed());
                    bytes.extend_from_slice(&buffer[..count]);
                }
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    if !bytes.is_empty() || started.elapsed() > patience {
                        break false;
                    }
                }
                Err(_) => break true,
            }
        };
        Heard { bytes, closed, waited: waited.unwrap_or_else(|| started.elapsed()) }
    }
}
