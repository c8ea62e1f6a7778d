//! The loads that write: single blobs, many tags or repositories, and pulls and pushes at once.
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::auth::{Auth, urlenc};
use crate::client::{Body, Conn};
use crate::registry::*;
use crate::{Args, Errors, content, cpu, latency, mark};

/// One token covers this many of the repositories that `populate` makes.
const REPOS_A_TOKEN: u64 = 20;

/// Runs `count` jobs on `conns` connections: the seconds it took and the latency of each job.
fn jobs(
    a: &Args,
    auth: &Arc<Auth>,
    conns: u64,
    count: u64,
    errors: &Errors,
    f: impl Fn(&mut Conn, u64) -> Checked + Sync,
) -> (f64, Vec<u32>) {
    let addr = a.s("addr", "");
    let next = AtomicU64::new(0);
    let latencies = Mutex::new(Vec::new());
    let t = Instant::now();
    std::thread::scope(|s| {
        for _ in 0..conns {
            s.spawn(|| {
                let mut c = Conn::new(&addr, auth.clone());
                let mut mine = Vec::new();
                loop {
                    let i = next.fetch_add(1, Relaxed);
                    if i >= count {
                        break;
                    }
                    let t = Instant::now();
                    if let Err(e) = f(&mut c, i) {
                        errors.add(format!("job {i}: {e}"));
                    }
                    mine.push(micros(t));
                }
                latencies.lock().unwrap().extend(mine);
            });
        }
    });
    (t.elapsed().as_secs_f64(), latencies.into_inner().unwrap())
}

fn micros(t: Instant) -> u32 {
    t.elapsed().as_micros().min(u32::MAX as u128) as u32
}

/// Tokens are fetched before the clock starts: what they cost is a row of its own.
fn grant(a: &Args, auth: &Arc<Auth>, repos: &[(String, &str)], errors: &Errors) {
    let mut c = Conn::new(&a.s("addr", ""), auth.clone());
    if let Err(e) = auth.grant(&mut c, repos) {
        errors.add(format!("token: {e}"));
    }
}

pub fn push(a: &Args) -> Value {
    let repo = a.s("repo", "");
    let (count, size) = (a.n("count", 1), a.n("size", 4096));
    let (conns, seed) = (a.n("conns", 1), a.n("seed", 1));
    let stream = a.s("mode", "put") == "stream";
    let how = if stream { Upload::Stream } else { Upload::Put };
    let auth = a.auth();
    let errors = Errors::default();
    let digests = digests(seed, count, size);
    grant(a, &auth, &[(repo.clone(), "pull,push")], &errors);
    let c0 = cpu();
    mark("start", a);
    let (secs, mut lat) = jobs(a, &auth, conns, count, &errors, |c, i| {
        let data = Data::Generated { seed: seed + i, size };
        push_blob(c, &repo, data, &digests[i as usize], how)
    });
    mark("stop", a);
    let client = cpu() - c0;
    // what was pushed is there, whole and unchanged (of many: every n-th)
    let step = (count / 200).max(1);
    let verified = AtomicU64::new(0);
    jobs(a, &auth, conns.min(4), count.div_ceil(step), &errors, |c, k| {
        let i = k * step;
        get_generated(c, &repo, &digests[i as usize], seed + i, size)?;
        verified.fetch_add(1, Relaxed);
        Ok(())
    });
    let mut v = json!({"ops": count, "secs": secs, "ops_s": count as f64 / secs,
        "bytes": count * size, "mib_s": (count * size) as f64 / secs / 1048576.0,
        "latency": latency(&mut lat), "client_cpu_s": client, "verified": verified.into_inner()});
    errors.put(&mut v);
    v
}

/// The digests of the blobs, computed on all cores before the clock starts.
fn digests(seed: u64, count: u64, size: u64) -> Vec<String> {
    let out = Mutex::new(vec![String::new(); count as usize]);
    let next = AtomicUsize::new(0);
    let threads = std::thread::available_parallelism().map_or(2, |n| n.get());
    std::thread::scope(|s| {
        for _ in 0..threads {
            s.spawn(|| {
                loop {
                    let i = next.fetch_add(1, Relaxed);
                    if i >= count as usize {
                        break;
                    }
                    let d = content::digest(seed + i as u64, size);
                    out.lock().unwrap()[i] = d;
                }
            });
        }
    });
    out.into_inner().unwrap()
}

/// `count` tags in one repository (`kind` tags), or as many repositories with one tag each (repos).
pub fn populate(a: &Args) -> Value {
    let (repo, tags) = (a.s("repo", ""), a.s("kind", "tags") == "tags");
    let (count, conns) = (a.n("count", 100), a.n("conns", 8));
    let auth = a.auth();
    let errors = Errors::default();
    let base = Image::new(&repo, "base", a.n("seed", 77), 1, 4096);
    grant(a, &auth, &[(repo.clone(), "pull,push")], &errors);
    if let Err(e) = base.push(&mut Conn::new(&a.s("addr", ""), auth.clone())) {
        errors.add(format!("base image: {e}"));
    }
    let name = |i: u64| format!("{repo}-r{i:06}");
    let puts = Mutex::new(Vec::new());
    let put = |c: &mut Conn, repo: &str, tag: &str, i: u64| {
        let (m, d) = base.variant(Some(i));
        let t = Instant::now();
        put_manifest(c, repo, tag, &m, &d)?;
        puts.lock().unwrap().push(micros(t));
        Ok(())
    };
    let c0 = cpu();
    mark("start", a);
    let (secs, _) = if tags {
        jobs(a, &auth, conns, count, &errors, |c, i| put(c, &repo, &format!("t{i:06}"), i))
    } else {
        jobs(a, &auth, conns, count.div_ceil(REPOS_A_TOKEN), &errors, |c, batch| {
            let of = batch * REPOS_A_TOKEN..((batch + 1) * REPOS_A_TOKEN).min(count);
            let mut scopes: Vec<_> = of.clone().map(|i| (name(i), "pull,push")).collect();
            scopes.push((repo.clone(), "pull"));
            auth.grant(c, &scopes).map_err(|e| format!("token: {e}"))?;
            for i in of {
                mount(c, &base, &name(i))?;
                put(c, &name(i), "latest", i)?;
            }
            Ok(())
        })
    };
    mark("stop", a);
    let client = cpu() - c0;
    // a sample of what was put comes back
    let sample = count.min(200);
    let step = (count / sample.max(1)).max(1);
    jobs(a, &auth, 4, sample, &errors, |c, k| {
        let i = k * step;
        let (m, d) = base.variant(Some(i));
        if tags {
            get_manifest(c, &repo, &format!("t{i:06}"), &m, &d)
        } else {
            get_manifest(c, &name(i), "latest", &m, &d)
        }
    });
    let mut v = json!({"ops": count, "secs": secs, "ops_s": count as f64 / secs,
        "latency": latency(&mut puts.into_inner().unwrap()), "client_cpu_s": client});
    errors.put(&mut v);
    v
}

/// Mounts the image's blobs into another repository; where that is declined they are pushed.
fn mount(c: &mut Conn, base: &Image, repo: &str) -> Checked {
    for digest in [&base.config_digest, &base.layers[0].digest] {
        let (digest, from) = (digest.replace(':', "%3A"), urlenc(&base.repo));
        let path = format!("/v2/{repo}/blobs/uploads/?mount={digest}&from={from}");
        let r = c.request("POST", &path, &[], Body::None).map_err(|e| format!("mount: {e}"))?;
        match r.head.status {
            201 => {}
            202 => return base.push_blobs(c, repo),
            s => return Err(format!("mount: status {s}")),
        }
    }
    Ok(())
}

pub fn mixed(a: &Args) -> Value {
    let (addr, repo) = (a.s("addr", ""), a.s("repo", ""));
    let (pullers, pushers, secs) = (a.n("pullers", 32), a.n("pushers", 4), a.f("secs", 5.0));
    let (images, layers, size) = (a.n("images", 16), a.n("layers", 4), a.n("layer-size", 256 << 10));
    let seed = a.n("seed", 1);
    let auth = a.auth();
    let errors = Errors::default();
    let set: Vec<Image> = (0..images)
        .map(|i| Image::new(&format!("{repo}-i{}", i % 4), &format!("v{i}"), seed + i, layers, size))
        .collect();
    let mut scopes: Vec<_> = (0..4).map(|i| (format!("{repo}-i{i}"), "pull,push")).collect();
    scopes.extend((0..pushers).map(|w| (format!("{repo}-p{w}"), "pull,push")));
    grant(a, &auth, &scopes, &errors);
    jobs(a, &auth, 2, images, &errors, |c, i| set[i as usize].push(c));
    let stop = AtomicBool::new(false);
    let pulls = Mutex::new(Vec::new());
    let bytes = AtomicU64::new(0);
    let pushed: Mutex<Vec<Image>> = Mutex::new(Vec::new());
    let c0 = cpu();
    mark("start", a);
    let t = Instant::now();
    std::thread::scope(|s| {
        for w in 0..pullers {
            let (set, stop, errors, pulls, bytes) = (&set, &stop, &errors, &pulls, &bytes);
            let mut c = Conn::new(&addr, auth.clone());
            s.spawn(move || {
                let (mut mine, mut i) = (Vec::new(), w as usize);
                while !stop.load(Relaxed) {
                    let t = Instant::now();
                    match set[i % set.len()].pull(&mut c) {
                        Ok(n) => {
                            bytes.fetch_add(n, Relaxed);
                            mine.push(micros(t));
                        }
                        Err(e) => errors.add(format!("pull: {e}")),
                    }
                    i += 1;
                }
                pulls.lock().unwrap().extend(mine);
            });
        }
        for w in 0..pushers {
            let (stop, errors, pushed, repo) = (&stop, &errors, &pushed, &repo);
            let mut c = Conn::new(&addr, auth.clone());
            s.spawn(move || {
                let mut k = 0;
                while !stop.load(Relaxed) {
                    let id = seed + (w + 1) * 10_000 + k;
                    let im = Image::new(&format!("{repo}-p{w}"), &format!("b{k}"), id, layers, size);
                    match im.push(&mut c) {
                        Ok(()) => pushed.lock().unwrap().push(im),
                        Err(e) => errors.add(format!("push: {e}")),
                    }
                    k += 1;
                }
            });
        }
        std::thread::sleep(Duration::from_secs_f64(secs));
        stop.store(true, Relaxed);
    });
    let secs = t.elapsed().as_secs_f64();
    mark("stop", a);
    let client = cpu() - c0;
    let (mut pulls, pushed) = (pulls.into_inner().unwrap(), pushed.into_inner().unwrap());
    jobs(a, &auth, 4, pushed.len() as u64, &errors, |c, i| pushed[i as usize].pull(c).map(|_| ()));
    let ops = pulls.len() + pushed.len();
    let mut v = json!({"ops": ops, "secs": secs, "ops_s": ops as f64 / secs,
        "pulls_s": pulls.len() as f64 / secs, "pushes_s": pushed.len() as f64 / secs,
        "bytes": bytes.into_inner(), "latency": latency(&mut pulls), "client_cpu_s": client});
    errors.put(&mut v);
    v
}
