//! The event loop for GET: many connections on one thread, each answer compared with what it must
//! be (the first by SHA-256, the later ones byte by byte).
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsRawFd;
use std::time::Instant;

use crate::auth::key;
use crate::client::Conn;
use crate::parser::Parser;
use crate::registry::MANIFEST;
use crate::{Args, Errors, content, cpu, latency, mark};

/// A run this long has its token renewed on the way (tokens live for minutes).
const RENEW_SECS: u64 = 60;

/// One line of the plan.
struct Item {
    path: String,
    digest: Option<String>,
    size: Option<u64>,
    /// the answer is generated content of this seed
    seed: Option<u64>,
    /// the answer only has to contain this (it differs each time)
    contains: Option<String>,
    /// the first answer, checked; the later ones must be the same
    body: Option<Vec<u8>>,
    request: Vec<u8>,
}

struct Slot {
    stream: TcpStream,
    item: usize,
    began: Instant,
    parser: Parser,
    same: bool,
    fresh: Vec<u8>,
}

struct Epoll(i32);

impl Epoll {
    fn new() -> Epoll {
        // SAFETY: a plain system call without pointers.
        let fd = unsafe { libc::epoll_create1(0) };
        assert!(fd >= 0, "epoll_create1");
        Epoll(fd)
    }
    fn connect(&self, addr: &str, slot: usize) -> io::Result<TcpStream> {
        let s = TcpStream::connect(addr)?;
        s.set_nodelay(true)?;
        s.set_nonblocking(true)?;
        let mut ev = libc::epoll_event { events: libc::EPOLLIN as u32, u64: slot as u64 };
        // SAFETY: both descriptors are open and `ev` outlives the call.
        unsafe { libc::epoll_ctl(self.0, libc::EPOLL_CTL_ADD, s.as_raw_fd(), &mut ev) };
        Ok(s)
    }
    /// The slots with something to read; none after a minute of silence.
    fn wait(&self, events: &mut [libc::epoll_event]) -> Vec<usize> {
        // SAFETY: the pointer and the length are those of one slice.
        let n = unsafe { libc::epoll_wait(self.0, events.as_mut_ptr(), events.len() as i32, 60_000) };
        events[..n.max(0) as usize].iter().map(|e| e.u64 as usize).collect()
    }
}

fn read_plan(file: &str) -> Vec<Item> {
    let text = std::fs::read_to_string(file).expect("plan");
    let item = |line: &str| {
        let v: Value = serde_json::from_str(line).expect("plan line");
        let text = |k: &str| v[k].as_str().map(String::from);
        Item {
            path: text("path").expect("path"),
            digest: text("digest"),
            size: v["size"].as_u64(),
            seed: v["seed"].as_u64(),
            contains: text("contains"),
            body: None,
            request: Vec::new(),
        }
    };
    text.lines().map(item).collect()
}

/// Writes each item's request, with the Authorization that its path needs.
fn write_requests(items: &mut [Item], a: &Args, addr: &str) -> io::Result<()> {
    let auth = a.auth();
    let mut probe = Conn::new(addr, auth.clone());
    let mut tokens: HashMap<String, Option<String>> = HashMap::new();
    for item in items {
        let value = if a.has("basic") {
            auth.basic()
        } else if auth.enabled() {
            let k = key("GET", &item.path);
            if !tokens.contains_key(&k) {
                tokens.insert(k.clone(), probe.token_for(&item.path)?);
            }
            tokens[&k].clone()
        } else {
            None
        };
        let mut h = format!("GET {} HTTP/1.1\r\nHost: {addr}\r\nUser-Agent: loadgen\r\n", item.path);
        if item.path.contains("/manifests/") {
            h.push_str(&format!("Accept: {MANIFEST}\r\n"));
        }
        if let Some(v) = value {
            h.push_str(&format!("Authorization: {v}\r\n"));
        }
        h.push_str("\r\n");
        item.request = h.into_bytes();
    }
    Ok(())
}

fn begin(slot: &mut Slot, items: &[Item], k: u64) -> io::Result<()> {
    slot.item = (k % items.len() as u64) as usize;
    slot.parser.reset(false);
    slot.same = true;
    slot.fresh.clear();
    slot.began = Instant::now();
    let mut rest: &[u8] = &items[slot.item].request;
    while !rest.is_empty() {
        match slot.stream.write(rest) {
            Ok(n) => rest = &rest[n..],
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => std::thread::yield_now(),
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Reads what has arrived: whether the answer is whole.
fn read(slot: &mut Slot, item: &Item, buf: &mut [u8]) -> Result<bool, String> {
    // after some reads the other connections have their turn
    for _ in 0..16 {
        let got = match slot.stream.read(buf) {
            Ok(0) => return slot.parser.eof().map(|_| true).map_err(|e| e.to_string()),
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => return Ok(false),
            Err(e) => return Err(format!("read: {e}")),
        };
        let (same, fresh) = (&mut slot.same, &mut slot.fresh);
        let whole = slot.parser.feed(&buf[..got], &mut |off, d| match (item.seed, &item.body) {
            (Some(seed), _) => *same &= content::same(seed, off, d),
            (None, Some(b)) => *same &= b.get(off as usize..off as usize + d.len()) == Some(d),
            (None, None) => fresh.extend_from_slice(d),
        });
        if whole.map_err(|e| e.to_string())? {
            return Ok(true);
        }
        if got < buf.len() {
            return Ok(false);
        }
    }
    Ok(false)
}

fn check(item: &mut Item, slot: &mut Slot) -> Result<(), String> {
    let (head, len) = (&slot.parser.head, slot.parser.body_len);
    if head.status != 200 {
        return Err(format!("status {} instead of 200", head.status));
    }
    if let (Some(d), Some(x)) = (&item.digest, head.get("docker-content-digest"))
        && d != x
    {
        return Err(format!("Docker-Content-Digest {x} instead of {d}"));
    }
    if let Some(n) = item.size
        && len != n
    {
        return Err(format!("{len} bytes instead of {n}"));
    }
    if !slot.same {
        return Err("the content differs".into());
    }
    if item.seed.is_some() {
        return Ok(());
    }
    if let Some(b) = &item.body {
        let same = b.len() as u64 == len;
        return same.then_some(()).ok_or("the length differs from the first answer".into());
    }
    let b = std::mem::take(&mut slot.fresh);
    if let Some(d) = &item.digest
        && *d != content::sha(&b)
    {
        return Err(format!("content has digest {} instead of {d}", content::sha(&b)));
    }
    match &item.contains {
        Some(c) if !String::from_utf8_lossy(&b).contains(c.as_str()) => {
            return Err(format!("no {c} in the answer"));
        }
        Some(_) => {}
        None => item.body = Some(b),
    }
    Ok(())
}

pub fn get(a: &Args) -> Value {
    let addr = a.s("addr", "");
    let conns = a.n("conns", 1) as usize;
    let (secs, max) = (a.f("secs", 3.0), a.n("max", u64::MAX));
    let errors = Errors::default();
    let mut items = read_plan(&a.s("plan", ""));
    write_requests(&mut items, a, &addr).expect("token");
    let epoll = Epoll::new();
    let mut slots: Vec<Slot> = (0..conns)
        .map(|i| Slot {
            stream: epoll.connect(&addr, i).expect("connect"),
            item: 0,
            began: Instant::now(),
            parser: Parser::new(false),
            same: true,
            fresh: Vec::new(),
        })
        .collect();
    mark("start", a);
    let c0 = cpu();
    let start = Instant::now();
    let mut renewed = start;
    let (mut sent, mut ops, mut bytes, mut live) = (0u64, 0u64, 0u64, 0usize);
    let mut lat: Vec<u32> = Vec::with_capacity(1 << 20);
    let mut buf = vec![0u8; 256 * 1024];
    for slot in slots.iter_mut().take(max.min(conns as u64) as usize) {
        begin(slot, &items, sent).expect("first request");
        sent += 1;
        live += 1;
    }
    let mut events = vec![libc::epoll_event { events: 0, u64: 0 }; conns];
    while live > 0 {
        let ready = epoll.wait(&mut events);
        if ready.is_empty() {
            errors.add("no answer for 60 s".into());
            break;
        }
        if renewed.elapsed().as_secs() >= RENEW_SECS && a.has("user") {
            renewed = Instant::now();
            if let Err(e) = write_requests(&mut items, a, &addr) {
                errors.add(format!("token: {e}"));
            }
        }
        for i in ready {
            let slot = &mut slots[i];
            let reconnect = match read(slot, &items[slot.item], &mut buf) {
                Ok(false) => continue,
                Ok(true) => {
                    lat.push(slot.began.elapsed().as_micros().min(u32::MAX as u128) as u32);
                    ops += 1;
                    bytes += slot.parser.body_len;
                    let item = &mut items[slot.item];
                    if let Err(m) = check(item, slot) {
                        errors.add(format!("GET {}: {m}", item.path));
                    }
                    slot.parser.head.close
                }
                Err(m) => {
                    errors.add(format!("GET {}: {m}", items[slot.item].path));
                    true
                }
            };
            live -= 1;
            if reconnect {
                match epoll.connect(&addr, i) {
                    Ok(s) => slot.stream = s,
                    Err(e) => {
                        errors.add(format!("connect: {e}"));
                        continue;
                    }
                }
            }
            if sent < max && start.elapsed().as_secs_f64() < secs && errors.count() < 1000 {
                match begin(slot, &items, sent) {
                    Ok(()) => live += 1,
                    Err(e) => errors.add(format!("write: {e}")),
                }
                sent += 1;
            }
        }
    }
    let secs = start.elapsed().as_secs_f64();
    let client = cpu() - c0;
    mark("stop", a);
    let mut v = json!({"ops": ops, "secs": secs, "ops_s": ops as f64 / secs, "bytes": bytes,
        "mib_s": bytes as f64 / secs / 1048576.0, "latency": latency(&mut lat),
        "client_cpu_s": client});
    errors.put(&mut v);
    v
}
