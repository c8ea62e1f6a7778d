//! The registry's operations, each with the checks of its answer.
use serde_json::{Value, json};

use crate::client::{Body, Conn};
use crate::content;
use crate::parser::Head;

pub const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

pub type Checked<T = ()> = Result<T, String>;

pub enum Data<'a> {
    Generated { seed: u64, size: u64 },
    Bytes(&'a [u8]),
}

#[derive(Clone, Copy, PartialEq)]
pub enum Upload {
    /// POST, then PUT with the bytes
    Put,
    /// POST, one PATCH with chunked transfer coding, then an empty PUT: what Docker does
    Stream,
}

fn join(path: &str, query: &str) -> String {
    let sep = if path.contains('?') { '&' } else { '?' };
    format!("{path}{sep}{query}")
}

/// The path of a Location header, which may be absolute or relative.
fn location(h: &Head) -> Checked<String> {
    let l = h.get("location").ok_or("no Location header")?;
    Ok(match l.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("/", |i| &rest[i..]).to_string(),
        None => l.to_string(),
    })
}

pub fn expect(h: &Head, want: u16, what: &str) -> Checked {
    if h.status == want { Ok(()) } else { Err(format!("{what}: status {} instead of {want}", h.status)) }
}

pub fn check_digest(h: &Head, digest: &str, what: &str) -> Checked {
    match h.get("docker-content-digest") {
        Some(x) if x != digest => Err(format!("{what}: Docker-Content-Digest {x} instead of {digest}")),
        _ => Ok(()),
    }
}

pub fn push_blob(c: &mut Conn, repo: &str, data: Data, digest: &str, how: Upload) -> Checked {
    let e = |e: std::io::Error| format!("push: {e}");
    let octets = [("Content-Type", "application/octet-stream".to_string())];
    let r = c.request("POST", &format!("/v2/{repo}/blobs/uploads/"), &[], Body::None).map_err(e)?;
    expect(&r.head, 202, "POST uploads")?;
    let mut loc = location(&r.head)?;
    let mut body = match data {
        Data::Generated { seed, size } => Body::Whole { seed, size },
        Data::Bytes(b) => Body::Bytes(b),
    };
    if let (Upload::Stream, Body::Whole { seed, size }) = (how, &body) {
        let (seed, size) = (*seed, *size);
        let r = c.request("PATCH", &loc, &octets, Body::Stream { seed, size }).map_err(e)?;
        expect(&r.head, 202, "PATCH")?;
        loc = location(&r.head)?;
        body = Body::None;
    }
    let end = join(&loc, &format!("digest={}", digest.replace(':', "%3A")));
    let h = c.request("PUT", &end, &octets, body).map_err(e)?.head;
    expect(&h, 201, "PUT blob")?;
    check_digest(&h, digest, "PUT blob")
}

pub fn put_manifest(c: &mut Conn, repo: &str, tag: &str, m: &[u8], digest: &str) -> Checked {
    let path = format!("/v2/{repo}/manifests/{tag}");
    let r = c
        .request("PUT", &path, &[("Content-Type", MANIFEST.into())], Body::Bytes(m))
        .map_err(|e| format!("PUT manifest: {e}"))?;
    expect(&r.head, 201, "PUT manifest")?;
    check_digest(&r.head, digest, "PUT manifest")
}

pub fn get_manifest(c: &mut Conn, repo: &str, tag: &str, m: &[u8], digest: &str) -> Checked {
    let path = format!("/v2/{repo}/manifests/{tag}");
    let r = c
        .request("GET", &path, &[("Accept", MANIFEST.into())], Body::None)
        .map_err(|e| format!("GET manifest: {e}"))?;
    expect(&r.head, 200, "GET manifest")?;
    if r.body != m {
        return Err("GET manifest: wrong content".into());
    }
    check_digest(&r.head, digest, "GET manifest")
}

pub fn get_generated(c: &mut Conn, repo: &str, digest: &str, seed: u64, size: u64) -> Checked {
    let mut same = true;
    let path = format!("/v2/{repo}/blobs/{digest}");
    let (h, n) = c
        .send("GET", &path, &[], Body::None, &mut |off, d| same &= content::same(seed, off, d))
        .map_err(|e| format!("GET blob: {e}"))?;
    expect(&h, 200, "GET blob")?;
    if !same || n != size {
        return Err(format!("GET blob: wrong content ({n} bytes of {size}, same={same})"));
    }
    check_digest(&h, digest, "GET blob")
}

pub struct Layer {
    pub seed: u64,
    pub size: u64,
    pub digest: String,
}

pub struct Image {
    pub repo: String,
    pub tag: String,
    pub manifest: Vec<u8>,
    pub digest: String,
    pub config: Vec<u8>,
    pub config_digest: String,
    pub layers: Vec<Layer>,
}

impl Image {
    pub fn new(repo: &str, tag: &str, id: u64, layers: u64, size: u64) -> Image {
        let layers: Vec<Layer> = (0..layers)
            .map(|i| {
                let seed = id * 1000 + i + 1;
                let digest = content::digest(seed, size);
                Layer { seed, size, digest }
            })
            .collect();
        let diff_ids: Vec<&String> = layers.iter().map(|l| &l.digest).collect();
        let config = bytes(&json!({
            "architecture": "amd64", "os": "linux",
            "config": {"Labels": {"id": id.to_string(), "repo": repo}},
            "rootfs": {"type": "layers", "diff_ids": diff_ids}}));
        let mut image = Image {
            repo: repo.into(),
            tag: tag.into(),
            manifest: Vec::new(),
            digest: String::new(),
            config_digest: content::sha(&config),
            config,
            layers,
        };
        (image.manifest, image.digest) = image.variant(None);
        image
    }

    /// The image's manifest, or another one of the same blobs.
    pub fn variant(&self, index: Option<u64>) -> (Vec<u8>, String) {
        let layers: Vec<Value> =
            self.layers.iter().map(|l| json!({"mediaType": LAYER, "digest": l.digest, "size": l.size})).collect();
        let mut m = json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": {"mediaType": CONFIG, "digest": self.config_digest, "size": self.config.len()},
            "layers": layers});
        if let Some(i) = index {
            m["annotations"] = json!({"bench.index": i.to_string()});
        }
        let m = bytes(&m);
        let digest = content::sha(&m);
        (m, digest)
    }

    pub fn push_blobs(&self, c: &mut Conn, repo: &str) -> Checked {
        for &Layer { seed, size, ref digest } in &self.layers {
            push_blob(c, repo, Data::Generated { seed, size }, digest, Upload::Put)?;
        }
        push_blob(c, repo, Data::Bytes(&self.config), &self.config_digest, Upload::Put)
    }

    pub fn push(&self, c: &mut Conn) -> Checked {
        self.push_blobs(c, &self.repo)?;
        put_manifest(c, &self.repo, &self.tag, &self.manifest, &self.digest)
    }

    /// Fetches and compares everything; the number of bytes.
    pub fn pull(&self, c: &mut Conn) -> Checked<u64> {
        get_manifest(c, &self.repo, &self.tag, &self.manifest, &self.digest)?;
        let path = format!("/v2/{}/blobs/{}", self.repo, self.config_digest);
        let r = c.request("GET", &path, &[], Body::None).map_err(|e| format!("GET config: {e}"))?;
        expect(&r.head, 200, "GET config")?;
        if r.body != self.config {
            return Err("GET config: wrong content".into());
        }
        let mut n = (self.manifest.len() + self.config.len()) as u64;
        for l in &self.layers {
            get_generated(c, &self.repo, &l.digest, l.seed, l.size)?;
            n += l.size;
        }
        Ok(n)
    }
}

fn bytes(v: &Value) -> Vec<u8> {
    serde_json::to_vec(v).expect("JSON")
}
