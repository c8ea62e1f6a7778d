//! An incremental HTTP/1.1 response parser.
use std::io;

#[derive(Default, Clone, Debug)]
pub struct Head {
    pub status: u16,
    pub len: Option<u64>,
    pub chunked: bool,
    pub close: bool,
    pub headers: Vec<(String, String)>,
}

impl Head {
    pub fn get(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }
}

enum Phase {
    Head,
    Length(u64),
    Eof,
    ChunkSize,
    ChunkData(u64),
    ChunkEnd(u8),
    Trailer,
    Done,
}

/// Feed it bytes as they arrive; it hands body bytes to the sink and says when the response is whole.
pub struct Parser {
    phase: Phase,
    line: Vec<u8>,
    no_body: bool,
    pub head: Head,
    pub body_len: u64,
}

fn bad(m: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, m.to_string())
}

impl Parser {
    pub fn new(no_body: bool) -> Self {
        Parser { phase: Phase::Head, line: Vec::with_capacity(512), no_body, head: Head::default(), body_len: 0 }
    }
    pub fn reset(&mut self, no_body: bool) {
        self.phase = Phase::Head;
        self.line.clear();
        self.no_body = no_body;
        self.head = Head::default();
        self.body_len = 0;
    }
    pub fn started(&self) -> bool {
        !matches!(self.phase, Phase::Head) || !self.line.is_empty()
    }
    /// The peer closed the connection: fine only for a body without a length.
    pub fn eof(&mut self) -> io::Result<()> {
        match self.phase {
            Phase::Eof | Phase::Done => {
                self.phase = Phase::Done;
                Ok(())
            }
            _ => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "connection closed early")),
        }
    }
    fn parse_head(&mut self) -> io::Result<()> {
        let text = std::str::from_utf8(&self.line).map_err(|_| bad("head not utf-8"))?;
        let mut lines = text.split("\r\n");
        let first = lines.next().unwrap_or("");
        if !first.starts_with("HTTP/1.") {
            return Err(bad("not an HTTP/1 response"));
        }
        let mut head = Head { close: first.starts_with("HTTP/1.0"), ..Head::default() };
        head.status = first.get(9..12).and_then(|s| s.parse().ok()).ok_or_else(|| bad("status"))?;
        for l in lines {
            if l.is_empty() {
                continue;
            }
            let (k, v) = l.split_once(':').ok_or_else(|| bad("header line"))?;
            let v = v.trim();
            if k.eq_ignore_ascii_case("content-length") {
                head.len = Some(v.parse().map_err(|_| bad("content-length"))?);
            } else if k.eq_ignore_ascii_case("transfer-encoding") {
                head.chunked = v.to_ascii_lowercase().contains("chunked");
            } else if k.eq_ignore_ascii_case("connection") {
                head.close = v.eq_ignore_ascii_case("close");
            }
            head.headers.push((k.to_string(), v.to_string()));
        }
        self.line.clear();
        if head.status / 100 == 1 {
            self.phase = Phase::Head; // interim response
            return Ok(());
        }
        self.phase = if self.no_body || head.status == 204 || head.status == 304 {
            Phase::Done
        } else if head.chunked {
            Phase::ChunkSize
        } else if let Some(n) = head.len {
            if n == 0 { Phase::Done } else { Phase::Length(n) }
        } else {
            head.close = true;
            Phase::Eof
        };
        self.head = head;
        Ok(())
    }
    pub fn feed(&mut self, mut d: &[u8], sink: &mut dyn FnMut(u64, &[u8])) -> io::Result<bool> {
        while !d.is_empty() {
            // the body of a 401 is never content: the request is sent again with a token
            let wanted = self.head.status != 401;
            match self.phase {
                Phase::Head => {
                    // look for the blank line across the boundary of what was kept
                    let keep = self.line.len();
                    let from = keep.saturating_sub(3);
                    self.line.extend_from_slice(d);
                    match find(&self.line[from..], b"\r\n\r\n") {
                        None => {
                            if self.line.len() > 256 * 1024 {
                                return Err(bad("head too long"));
                            }
                            return Ok(false);
                        }
                        Some(i) => {
                            let end = from + i + 4;
                            d = &d[end - keep..];
                            self.line.truncate(end - 2);
                            self.parse_head()?;
                        }
                    }
                }
                Phase::Length(n) => {
                    let k = (n.min(d.len() as u64)) as usize;
                    if wanted {
                        sink(self.body_len, &d[..k]);
                    }
                    self.body_len += k as u64;
                    d = &d[k..];
                    self.phase = if n == k as u64 { Phase::Done } else { Phase::Length(n - k as u64) };
                }
                Phase::Eof => {
                    if wanted {
                        sink(self.body_len, d);
                    }
                    self.body_len += d.len() as u64;
                    d = &[];
                }
                Phase::ChunkSize => {
                    let b = d[0];
                    d = &d[1..];
                    if b == b'\n' {
                        let s = std::str::from_utf8(&self.line).map_err(|_| bad("chunk size"))?;
                        let s = s.split(';').next().unwrap_or("").trim();
                        let n = u64::from_str_radix(s, 16).map_err(|_| bad("chunk size"))?;
                        self.line.clear();
                        self.phase = if n == 0 { Phase::Trailer } else { Phase::ChunkData(n) };
                    } else {
                        self.line.push(b);
                    }
                }
                Phase::ChunkData(n) => {
                    let k = (n.min(d.len() as u64)) as usize;
                    if wanted {
                        sink(self.body_len, &d[..k]);
                    }
                    self.body_len += k as u64;
                    d = &d[k..];
                    self.phase = if n == k as u64 { Phase::ChunkEnd(2) } else { Phase::ChunkData(n - k as u64) };
                }
                Phase::ChunkEnd(k) => {
                    d = &d[1..];
                    self.phase = if k == 1 { Phase::ChunkSize } else { Phase::ChunkEnd(k - 1) };
                }
                Phase::Trailer => {
                    let b = d[0];
                    d = &d[1..];
                    if b == b'\n' {
                        if self.line.is_empty() || self.line == b"\r" {
                            self.phase = Phase::Done;
                        }
                        self.line.clear();
                    } else {
                        self.line.push(b);
                    }
                }
                Phase::Done => return Err(bad("bytes after the end of the response")),
            }
        }
        Ok(matches!(self.phase, Phase::Done))
    }
}

fn find(h: &[u8], n: &[u8]) -> Option<usize> {
    h.windows(n.len()).position(|w| w == n)
}
