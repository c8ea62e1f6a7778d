//! Static files: built into the program, served under names that change with their content.
//!
//! `css/pierhead.css` is served as `/static/css/pierhead.<hash>.css`. As the name says what is inside, browsers may
//! keep a file for a year; a name with another hash is not found, so an old page never gets a new file.
//!
//! Names and hashes are computed once per process. Text is compressed once, as hard as it goes, when the first client
//! asks for it. That is slow, so [`warm_up`] does it before anybody waits.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

use actix_web::http::header::{self, EntityTag, Header, HeaderMap, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, guard, web};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::encoding::{self, Encoding, Quality};
use super::security_headers;

const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";
const FOR_A_DAY: &str = "public, max-age=86400";
const FAVICON: &str = "img/favicon.svg";
/// Bytes of the hash in a name.
const HASH_BYTES: usize = 8;
/// The slowest there are: brotli 11 leaves 8 percent less of the styles than 9 does, and is paid for once.
const ONCE: Quality = Quality { brotli: 11, gzip: 9 };

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// A file as it is sent.
struct Asset {
    /// Its path with the hash in it.
    url: String,
    content_type: String,
    hash: String,
    plain: Bytes,
    brotli: OnceLock<Option<Bytes>>,
    gzip: OnceLock<Option<Bytes>>,
}

/// By the name below `static/`.
static ASSETS: LazyLock<HashMap<String, Asset>> = LazyLock::new(|| {
    let read = |name: Cow<'static, str>| Some((name.to_string(), Asset::new(&name, Files::get(&name)?)?));
    Files::iter().filter_map(read).collect()
});

/// By the path they are served under.
static SERVED: LazyLock<HashMap<&'static str, &'static Asset>> =
    LazyLock::new(|| ASSETS.values().map(|asset| (asset.url.as_str(), asset)).collect());

impl Asset {
    /// None for notes and check sums, which are not for browsers.
    fn new(name: &str, file: EmbeddedFile) -> Option<Asset> {
        let (stem, extension) = name.rsplit_once('.').filter(|(_, extension)| *extension != "md")?;
        let hash: String = file.metadata.sha256_hash()[..HASH_BYTES].iter().map(|byte| format!("{byte:02x}")).collect();
        let content_type = match file.metadata.mimetype() {
            text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
            other => other.to_string(),
        };
        let plain = match file.data {
            Cow::Borrowed(bytes) => Bytes::from_static(bytes),
            Cow::Owned(bytes) => Bytes::from(bytes),
        };
        let url = format!("/static/{stem}.{hash}.{extension}");
        Some(Asset { url, content_type, hash, plain, brotli: OnceLock::new(), gzip: OnceLock::new() })
    }

    fn is_text(&self) -> bool {
        self.content_type.starts_with("text/") || self.content_type == "image/svg+xml"
    }

    /// The file in this encoding; none if that is not smaller. The first call takes its time.
    fn packed(&self, encoding: Encoding) -> Option<Bytes> {
        let kept = match encoding {
            Encoding::Brotli => &self.brotli,
            Encoding::Gzip => &self.gzip,
            Encoding::Zstd => return None,
        };
        let pack = || encoding.compress(&self.plain, ONCE).filter(|packed| packed.len() < self.plain.len());
        kept.get_or_init(pack).clone()
    }
}

/// The files, and what browsers and crawlers ask for unasked.
pub fn routes(config: &mut web::ServiceConfig) {
    let read = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    config
        .route("/static/{name:.*}", read().to(file))
        .route("/favicon.ico", read().to(favicon))
        .route("/robots.txt", read().to(robots));
}

/// Where a file of `static/` is served.
pub fn asset(name: &str) -> &'static str {
    &ASSETS.get(name).expect("templates name files of static/; a test opens each").url
}

/// Compresses every file on a thread of its own, so that no client waits for it.
pub fn warm_up() {
    let compress = || {
        for asset in ASSETS.values().filter(|asset| asset.is_text()) {
            asset.packed(Encoding::Brotli);
            asset.packed(Encoding::Gzip);
        }
    };
    if let Err(error) = std::thread::Builder::new().name("assets".into()).spawn(compress) {
        tracing::warn!(%error, "static files are compressed when they are asked for");
    }
}

async fn file(request: HttpRequest) -> HttpResponse {
    match SERVED.get(request.path()) {
        Some(asset) => send(&request, asset, FOR_A_YEAR).await,
        None => security_headers::on_file(&mut HttpResponse::NotFound())
            .content_type("text/plain; charset=utf-8")
            .body("There is no such file\n"),
    }
}

async fn favicon(request: HttpRequest) -> HttpResponse {
    send(&request, &ASSETS[FAVICON], FOR_A_DAY).await
}

/// What is public here is for clients that know its name.
async fn robots() -> HttpResponse {
    security_headers::on_file(&mut HttpResponse::Ok())
        .insert_header((header::CACHE_CONTROL, FOR_A_DAY))
        .content_type("text/plain; charset=utf-8")
        .body("User-agent: *\nDisallow: /\n")
}

async fn send(request: &HttpRequest, asset: &'static Asset, cache_for: &'static str) -> HttpResponse {
    // Weak, because the same tag stands for every encoding.
    let tag = EntityTag::new_weak(asset.hash.clone());
    let is_known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    security_headers::on_file(&mut response)
        .insert_header(header::ETag(tag))
        .insert_header((header::CACHE_CONTROL, cache_for));
    if asset.is_text() {
        response.insert_header(encoding::VARY);
    }
    if is_known {
        return response.finish();
    }
    response.content_type(asset.content_type.as_str());
    match packed_for(request.headers(), asset).await {
        Some((encoding, packed)) => response.insert_header((header::CONTENT_ENCODING, encoding.name())).body(packed),
        None => response.body(asset.plain.clone()),
    }
}

/// The file as this client takes it; none if that is the plain one.
async fn packed_for(request: &HeaderMap, asset: &'static Asset) -> Option<(Encoding, Bytes)> {
    let encoding = Encoding::of_file(request).filter(|_| asset.is_text())?;
    // Compressing blocks, though only the first time.
    let packed = web::block(move || asset.packed(encoding)).await.ok().flatten()?;
    Some((encoding, packed))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::StatusCode;
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, dev::ServiceResponse};

    async fn get(request: TestRequest) -> ServiceResponse {
        let app = init_service(App::new().configure(routes)).await;
        call_service(&app, request.to_request()).await
    }

    fn header<'a>(response: &'a ServiceResponse, name: &str) -> &'a str {
        response.headers().get(name).unwrap().to_str().unwrap()
    }

    #[test]
    fn names_carry_the_hash_of_the_content() {
        let url = asset("css/pierhead.css");

        let hash = url.strip_prefix("/static/css/pierhead.").and_then(|rest| rest.strip_suffix(".css")).unwrap();
        assert!(hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()), "{url}");
        assert!(SERVED.contains_key(format!("/static/css/pierhead.{hash}.css").as_str()));
        assert!(!SERVED.contains_key("/static/css/pierhead.0000000000000000.css"));
        assert!(!SERVED.contains_key("/static/css/pierhead.css"));
    }

    #[test]
    fn templates_name_files_that_exist() {
        fn templates(folder: &std::path::Path) -> Vec<String> {
            let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries
                .flat_map(|path| match path.is_dir() {
                    true => templates(&path),
                    false => vec![std::fs::read_to_string(&path).unwrap()],
                })
                .collect()
        }
        let all = templates(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates")).concat();
        let named: Vec<&str> = all.split("asset(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();

        assert!(named.len() >= 5, "{named:?}");
        for name in named.into_iter().chain([FAVICON]) {
            asset(name);
        }
    }

    #[actix_web::test]
    async fn files_are_kept_for_a_year_and_known_ones_not_sent_again() {
        let types = [
            ("css/pierhead.css", "text/css; charset=utf-8"),
            ("js/app.js", "text/javascript; charset=utf-8"),
            ("img/icons.svg", "image/svg+xml"),
            ("img/LICENSE-lucide.txt", "text/plain; charset=utf-8"),
        ];
        for (name, content_type) in types {
            let first = get(TestRequest::get().uri(asset(name))).await;
            assert_eq!(first.status(), StatusCode::OK);
            assert_eq!(header(&first, "content-type"), content_type);
            assert_eq!(header(&first, "cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(header(&first, "x-content-type-options"), "nosniff");

            let tag = header(&first, "etag").to_string();
            let again = get(TestRequest::get().uri(asset(name)).insert_header(("if-none-match", tag))).await;
            assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
            assert!(read_body(again).await.is_empty());
        }
    }

    #[actix_web::test]
    async fn other_hashes_folders_and_paths_outside_are_not_found() {
        let wrong = ["css/pierhead.0000000000000000.css", "css/", "", "css", "../Cargo.toml", "..%2FCargo.x.toml"];
        for path in wrong {
            let response = get(TestRequest::get().uri(&format!("/static/{path}"))).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }

    #[actix_web::test]
    async fn browsers_and_crawlers_find_what_they_ask_for() {
        let icon = get(TestRequest::get().uri("/favicon.ico")).await;
        assert_eq!(header(&icon, "content-type"), "image/svg+xml");

        let robots = get(TestRequest::default().method(actix_web::http::Method::HEAD).uri("/robots.txt")).await;
        assert_eq!(robots.status(), StatusCode::OK);
    }

    #[actix_web::test]
    async fn text_is_sent_compressed_to_who_takes_it() {
        let plain = read_body(get(TestRequest::get().uri(asset("js/app.js"))).await).await;
        for (takes, encoding) in [("gzip, deflate, br", "br"), ("gzip", "gzip")] {
            let request = TestRequest::get().uri(asset("js/app.js")).insert_header(("accept-encoding", takes));

            let response = get(request).await;

            assert_eq!(header(&response, "content-encoding"), encoding);
            assert_eq!(header(&response, "vary"), "Accept-Encoding");
            assert_eq!(header(&response, "content-type"), "text/javascript; charset=utf-8");
            assert!(read_body(response).await.len() < plain.len() * 2 / 3);
        }
        let plainly = get(TestRequest::get().uri(asset("js/app.js"))).await;
        assert!(plainly.headers().get("content-encoding").is_none());
        assert_eq!(header(&plainly, "vary"), "Accept-Encoding");
    }

    #[test]
    fn files_that_are_not_for_browsers_are_not_served() {
        assert!(ASSETS.contains_key("js/vendor/LICENSE-htmx.txt"));
        for name in ["SHA256SUMS", "README.md"] {
            assert!(Files::get(&format!("js/vendor/{name}")).is_some());
            assert!(!ASSETS.contains_key(&format!("js/vendor/{name}")));
        }
    }

    #[test]
    fn scripts_from_elsewhere_are_what_their_packages_hold() {
        use sha2::{Digest, Sha256};
        let listed = Files::get("js/vendor/SHA256SUMS").unwrap();
        let listed = std::str::from_utf8(&listed.data).unwrap();
        let mut wanted: Vec<(String, String)> = listed
            .lines()
            .filter_map(|line| line.split_once("  "))
            .map(|(sum, name)| (name.to_string(), sum.to_string()))
            .collect();
        let vendored = Files::iter().filter(|name| name.starts_with("js/vendor/") && name.ends_with(".js"));

        let mut found: Vec<(String, String)> = vendored
            .map(|name| {
                let sum = Sha256::digest(&Files::get(&name).unwrap().data);
                let sum: String = sum.iter().map(|byte| format!("{byte:02x}")).collect();
                (name.trim_start_matches("js/vendor/").to_string(), sum)
            })
            .collect();

        wanted.sort();
        found.sort();
        assert!(found.len() >= 3);
        assert_eq!(found, wanted);
    }

    /// What a browser loads on the first visit beside the page, which may have 12 kB.
    #[test]
    fn the_first_visit_costs_less_than_100_kilobytes() {
        let is_loaded = |name: &str| name.ends_with(".css") || name.ends_with(".js") || name.ends_with(".svg");
        let sizes = ASSETS.iter().filter(|(name, _)| is_loaded(name)).map(|(name, asset)| {
            let size = asset.packed(Encoding::Brotli).map_or(asset.plain.len(), |packed| packed.len());
            (name.as_str(), size)
        });
        let sizes: Vec<_> = sizes.collect();

        let total: usize = sizes.iter().map(|(_, size)| size).sum();
        assert!(total + 12_000 < 100_000, "{total}: {sizes:?}");
        let styles = sizes.iter().find(|(name, _)| *name == "css/pierhead.css").unwrap();
        assert!(styles.1 < 16_000, "{styles:?}");
    }
}
