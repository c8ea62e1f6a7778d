//! Load for a container registry, every answer compared with what it must be.
//!
//!   loadgen get      --addr H:P --plan FILE --conns N [--secs S] [--max N] [--basic 1]
//!   loadgen push     --addr H:P --repo R --count N --size B --conns N --seed S --mode put|stream
//!   loadgen populate --addr H:P --repo R --kind tags|repos --count N --conns N
//!   loadgen mixed    --addr H:P --repo R --pullers N --pushers N --secs S --seed S
//!   loadgen plan     --repo R --count N --size B --seed S --out FILE   (what `push` will have pushed)
//!   loadgen tree     --plan FILE --root DIR                            (the same blobs as files)
//!
//! Common: `--user U --pass P`, and `--marks 1`: say `start` and `stop` around the timed part and wait
//! for a line after each, so that the driver reads the server's CPU time just there.
//! Each prints one JSON object.
mod auth;
mod client;
mod content;
mod get;
mod load;
mod parser;
mod registry;

use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};

pub struct Args(HashMap<String, String>);

impl Args {
    fn parse() -> (String, Args) {
        let mut words = std::env::args().skip(1);
        let command = words.next().unwrap_or_default();
        let mut m = HashMap::new();
        while let (Some(k), Some(v)) = (words.next(), words.next()) {
            m.insert(k.trim_start_matches("--").to_string(), v);
        }
        (command, Args(m))
    }
    pub fn has(&self, k: &str) -> bool {
        self.0.contains_key(k)
    }
    pub fn s(&self, k: &str, default: &str) -> String {
        self.0.get(k).cloned().unwrap_or_else(|| default.to_string())
    }
    pub fn n(&self, k: &str, default: u64) -> u64 {
        self.0.get(k).map_or(default, |v| v.parse().expect(k))
    }
    pub fn f(&self, k: &str, default: f64) -> f64 {
        self.0.get(k).map_or(default, |v| v.parse().expect(k))
    }
    pub fn auth(&self) -> Arc<auth::Auth> {
        let user = self.0.get("user").cloned();
        Arc::new(auth::Auth::new(user.zip(self.0.get("pass").cloned())))
    }
}

/// The CPU seconds that this process has used.
pub fn cpu() -> f64 {
    // SAFETY: getrusage fills in the whole struct that it is given.
    unsafe {
        let mut r: libc::rusage = std::mem::zeroed();
        libc::getrusage(libc::RUSAGE_SELF, &mut r);
        let secs = |t: libc::timeval| t.tv_sec as f64 + t.tv_usec as f64 / 1e6;
        secs(r.ru_utime) + secs(r.ru_stime)
    }
}

pub fn latency(l: &mut [u32]) -> Value {
    l.sort_unstable();
    let q = |p: f64| match l.len() {
        0 => 0,
        n => l[((n - 1) as f64 * p).round() as usize],
    };
    json!({"p50_us": q(0.5), "p99_us": q(0.99), "max_us": q(1.0)})
}

/// Counts what went wrong and keeps the first few messages.
#[derive(Default)]
pub struct Errors {
    n: AtomicU64,
    samples: Mutex<Vec<String>>,
}

impl Errors {
    pub fn add(&self, message: String) {
        self.n.fetch_add(1, Relaxed);
        let mut s = self.samples.lock().unwrap();
        if s.len() < 8 {
            s.push(message);
        }
    }
    pub fn count(&self) -> u64 {
        self.n.load(Relaxed)
    }
    pub fn put(&self, v: &mut Value) {
        v["errors"] = json!(self.count());
        v["error_samples"] = json!(*self.samples.lock().unwrap());
    }
}

pub fn mark(what: &str, a: &Args) {
    if a.has("marks") {
        println!("{what}");
        let _ = std::io::stdin().read_line(&mut String::new());
    }
}

fn plan(a: &Args) -> Value {
    let (repo, count) = (a.s("repo", ""), a.n("count", 1));
    let (size, seed) = (a.n("size", 4096), a.n("seed", 1));
    let mut out = String::new();
    for i in 0..count {
        let d = content::digest(seed + i, size);
        let path = format!("/v2/{repo}/blobs/{d}");
        let line = json!({"path": path, "digest": d, "size": size, "seed": seed + i});
        out.push_str(&format!("{line}\n"));
    }
    std::fs::write(a.s("out", ""), out).expect("out");
    json!({"lines": count})
}

fn tree(a: &Args) -> Value {
    let root = a.s("root", "");
    let text = std::fs::read_to_string(a.s("plan", "")).expect("plan");
    let mut buf = vec![0; content::BLOCK * 4];
    for line in text.lines() {
        let v: Value = serde_json::from_str(line).expect("plan line");
        let (seed, size) = (v["seed"].as_u64().expect("seed"), v["size"].as_u64().expect("size"));
        let file = format!("{root}{}", v["path"].as_str().expect("path"));
        std::fs::create_dir_all(Path::new(&file).parent().expect("folder")).expect("mkdir");
        let mut f = BufWriter::new(std::fs::File::create(&file).expect("create"));
        let mut at = 0;
        while at < size {
            let n = ((size - at) as usize).min(buf.len());
            content::fill(seed, at, &mut buf[..n]);
            f.write_all(&buf[..n]).expect("write");
            at += n as u64;
        }
        f.flush().expect("write");
    }
    json!({"files": text.lines().count()})
}

fn main() {
    let (command, a) = Args::parse();
    let v = match command.as_str() {
        "get" => get::get(&a),
        "push" => load::push(&a),
        "populate" => load::populate(&a),
        "mixed" => load::mixed(&a),
        "plan" => plan(&a),
        "tree" => tree(&a),
        _ => {
            eprintln!("loadgen get|push|populate|mixed|plan|tree: see the top of src/main.rs");
            std::process::exit(2)
        }
    };
    println!("{v}");
}
