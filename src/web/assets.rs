//! Static files: built into the program, served under names that change with their content.
//!
//! `css/pierhead.css` is served as `/static/css/pierhead.<hash>.css`. As the name says what is inside, browsers may
//! keep a file for a year; a name with another hash is not found, so an old page never gets a new file.

use std::borrow::Cow;

use actix_web::http::header::{self, EntityTag, Header, IfNoneMatch};
use actix_web::{HttpRequest, HttpResponse, guard, web};
use bytes::Bytes;
use rust_embed::{EmbeddedFile, RustEmbed};

use super::security_headers;

const FOR_A_YEAR: &str = "public, max-age=31536000, immutable";
const FOR_A_DAY: &str = "public, max-age=86400";
const FAVICON: &str = "img/favicon.svg";
/// Bytes of the hash in a name.
const HASH_BYTES: usize = 8;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// The files, and what browsers and crawlers ask for unasked.
pub fn routes(config: &mut web::ServiceConfig) {
    let read = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
    config
        .route("/static/{name:.*}", read().to(file))
        .route("/favicon.ico", read().to(favicon))
        .route("/robots.txt", read().to(robots));
}

/// Where a file of `static/` is served.
pub fn asset(name: &str) -> String {
    let file = Files::get(name).expect("templates name files of static/; a test opens each");
    let (stem, extension) = name.rsplit_once('.').expect("files of static/ have an extension");
    format!("/static/{stem}.{}.{extension}", hash_of(&file))
}

async fn file(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    match named(&path) {
        Some(file) => send(&request, file, FOR_A_YEAR),
        None => security_headers::on_file(&mut HttpResponse::NotFound())
            .content_type("text/plain; charset=utf-8")
            .body("There is no such file\n"),
    }
}

async fn favicon(request: HttpRequest) -> HttpResponse {
    send(&request, Files::get(FAVICON).expect("a test opens it"), FOR_A_DAY)
}

/// What is public here is for clients that know its name.
async fn robots() -> HttpResponse {
    security_headers::on_file(&mut HttpResponse::Ok())
        .insert_header((header::CACHE_CONTROL, FOR_A_DAY))
        .content_type("text/plain; charset=utf-8")
        .body("User-agent: *\nDisallow: /\n")
}

/// The file that is served as `path` below `/static/`; none if the hash is another version's.
fn named(path: &str) -> Option<EmbeddedFile> {
    let (rest, extension) = path.rsplit_once('.')?;
    let (stem, hash) = rest.rsplit_once('.')?;
    Files::get(&format!("{stem}.{extension}")).filter(|file| hash_of(file) == hash)
}

fn hash_of(file: &EmbeddedFile) -> String {
    file.metadata.sha256_hash()[..HASH_BYTES].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn send(request: &HttpRequest, file: EmbeddedFile, cache_for: &'static str) -> HttpResponse {
    // Weak, because the body may be compressed on its way.
    let tag = EntityTag::new_weak(hash_of(&file));
    let is_known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(known)) => known.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut response = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    security_headers::on_file(&mut response)
        .insert_header(header::ETag(tag))
        .insert_header((header::CACHE_CONTROL, cache_for));
    if is_known {
        return response.finish();
    }
    let content_type = match file.metadata.mimetype() {
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_string(),
    };
    let bytes = match file.data {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    response.content_type(content_type).body(bytes)
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
        assert!(named(&format!("css/pierhead.{hash}.css")).is_some());
        assert!(named("css/pierhead.0000000000000000.css").is_none());
        assert!(named("css/pierhead.css").is_none());
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
            let first = get(TestRequest::get().uri(&asset(name))).await;
            assert_eq!(first.status(), StatusCode::OK);
            assert_eq!(header(&first, "content-type"), content_type);
            assert_eq!(header(&first, "cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(header(&first, "x-content-type-options"), "nosniff");

            let tag = header(&first, "etag").to_string();
            let again = get(TestRequest::get().uri(&asset(name)).insert_header(("if-none-match", tag))).await;
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
}
