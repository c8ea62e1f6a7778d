//! A blocking HTTP/1.1 connection that authenticates as registry clients do.
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::{Auth, key};
use crate::content;
use crate::parser::{Head, Parser};

/// How much of a generated body is made and written at once.
const PIECE: usize = content::BLOCK * 4;

pub enum Body<'a> {
    None,
    Bytes(&'a [u8]),
    /// the generated blob `seed`, with a Content-Length
    Whole {
        seed: u64,
        size: u64,
    },
    /// the same with chunked transfer coding and no length, as Docker sends a layer
    Stream {
        seed: u64,
        size: u64,
    },
}

pub struct Reply {
    pub head: Head,
    pub body: Vec<u8>,
}

type Sink<'a> = &'a mut dyn FnMut(u64, &[u8]);

/// Why an exchange failed, and whether any of the answer had arrived by then.
struct Broken {
    error: io::Error,
    answered: bool,
}

pub struct Conn {
    pub addr: String,
    stream: Option<TcpStream>,
    buf: Vec<u8>,
    auth: Arc<Auth>,
}

impl Conn {
    pub fn new(addr: &str, auth: Arc<Auth>) -> Self {
        Conn { addr: addr.into(), stream: None, buf: vec![0; 256 * 1024], auth }
    }

    fn connect(&mut self) -> io::Result<()> {
        let s = TcpStream::connect(&self.addr)?;
        s.set_nodelay(true)?;
        s.set_read_timeout(Some(Duration::from_secs(120)))?;
        s.set_write_timeout(Some(Duration::from_secs(120)))?;
        self.stream = Some(s);
        Ok(())
    }

    fn once(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: &Body,
        sink: Sink,
    ) -> io::Result<(Head, u64)> {
        let mut h = format!("{method} {path} HTTP/1.1\r\nHost: {}\r\nUser-Agent: loadgen\r\n", self.addr);
        for (k, v) in headers {
            h.push_str(&format!("{k}: {v}\r\n"));
        }
        match body {
            Body::None if matches!(method, "GET" | "HEAD") => {}
            Body::None => h.push_str("Content-Length: 0\r\n"),
            Body::Bytes(b) => h.push_str(&format!("Content-Length: {}\r\n", b.len())),
            Body::Whole { size, .. } => h.push_str(&format!("Content-Length: {size}\r\n")),
            Body::Stream { .. } => h.push_str("Transfer-Encoding: chunked\r\n"),
        }
        h.push_str("\r\n");
        loop {
            let kept_alive = self.stream.is_some();
            if !kept_alive {
                self.connect()?;
            }
            match self.exchange(h.as_bytes(), method == "HEAD", body, sink) {
                Ok((head, n)) => {
                    if head.close {
                        self.stream = None;
                    }
                    return Ok((head, n));
                }
                Err(broken) => {
                    self.stream = None;
                    // a kept-alive connection that the server had closed: once more on a new one
                    if !kept_alive || broken.answered {
                        return Err(broken.error);
                    }
                }
            }
        }
    }

    fn exchange(&mut self, h: &[u8], no_body: bool, body: &Body, sink: Sink) -> Result<(Head, u64), Broken> {
        let s = self.stream.as_mut().unwrap();
        let wrote = match *body {
            Body::None => s.write_all(h),
            Body::Bytes(b) => s.write_all(&[h, b].concat()),
            Body::Whole { seed, size } => write_generated(s, h, seed, size, false),
            Body::Stream { seed, size } => write_generated(s, h, seed, size, true),
        };
        let mut p = Parser::new(no_body);
        // even when the write failed there can be an answer that says why
        loop {
            let n = match s.read(&mut self.buf) {
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    let answered = p.started();
                    return Err(Broken { error, answered });
                }
            };
            if n == 0 {
                let answered = p.started();
                p.eof().map_err(|error| Broken { error, answered })?;
                break;
            }
            let whole = p.feed(&self.buf[..n], sink);
            if whole.map_err(|error| Broken { error, answered: true })? {
                break;
            }
        }
        if let Err(error) = wrote {
            self.stream = None;
            if p.head.status < 400 {
                return Err(Broken { error, answered: true });
            }
        }
        Ok((p.head, p.body_len))
    }

    /// One request with the token it needs; the body of the answer goes to `sink`.
    pub fn send(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, String)],
        body: Body,
        sink: Sink,
    ) -> io::Result<(Head, u64)> {
        let auth = self.auth.clone();
        let key = key(method, path);
        let mut all = headers.to_vec();
        if let Some(token) = auth.known(&key)? {
            all.push(("Authorization", token));
        }
        let (head, n) = self.once(method, path, &all, &body, sink)?;
        if head.status != 401 || !auth.enabled() {
            return Ok((head, n));
        }
        let token = auth.answer(head.get("www-authenticate").unwrap_or(""), &key)?;
        all.retain(|(k, _)| *k != "Authorization");
        all.push(("Authorization", token));
        self.once(method, path, &all, &body, sink)
    }

    pub fn request(&mut self, method: &str, path: &str, headers: &[(&str, String)], body: Body) -> io::Result<Reply> {
        let mut out = Vec::new();
        let (head, _) = self.send(method, path, headers, body, &mut |_, d| out.extend_from_slice(d))?;
        Ok(Reply { head, body: out })
    }

    /// The token that a GET of this path needs, if any (for the event loop, which does not retry).
    pub fn token_for(&mut self, path: &str) -> io::Result<Option<String>> {
        let content = path.contains("/blobs/") || path.contains("/manifests/");
        let method = if content { "HEAD" } else { "GET" };
        self.send(method, path, &[], Body::None, &mut |_, _| {})?;
        self.auth.known(&key(method, path))
    }
}

fn write_generated(s: &mut TcpStream, head: &[u8], seed: u64, size: u64, chunked: bool) -> io::Result<()> {
    let mut out: Vec<u8> = Vec::with_capacity(PIECE + 1024);
    out.extend_from_slice(head);
    let mut at = 0;
    while at < size {
        let n = ((size - at) as usize).min(PIECE);
        if chunked {
            out.extend_from_slice(format!("{n:x}\r\n").as_bytes());
        }
        let from = out.len();
        out.resize(from + n, 0);
        content::fill(seed, at, &mut out[from..]);
        if chunked {
            out.extend_from_slice(b"\r\n");
        }
        at += n as u64;
        if chunked && at == size {
            out.extend_from_slice(b"0\r\n\r\n");
        }
        s.write_all(&out)?;
        out.clear();
    }
    Ok(())
}
