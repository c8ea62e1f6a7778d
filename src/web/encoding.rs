//! Which compression a client takes, and the compressing.
//!
//! Files are compressed once and well ([`super::assets`]). Pages are made for each request, so what counts is the time:
//! zstd 1 makes a list of 180 kB into 6.8 kB in an eighth of a millisecond, brotli 4 into 5.9 kB in ten times that, which
//! would be a quarter of what the page costs altogether.

use std::cell::RefCell;
use std::io::Write;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::ServiceResponse;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

/// Below this, headers cost more than compression saves.
const SMALLEST_PAGE: usize = 1024;
const PAGE_QUALITY: Quality = Quality { brotli: 4, gzip: 4 };
const ZSTD_LEVEL: i32 = 1;
/// Large enough for all our files and pages; what brotli otherwise allocates is the larger part of its cost.
const WINDOW_BITS: u32 = 18;

/// Says that the answer depends on what the client takes.
pub const VARY: (&str, &str) = ("Vary", "Accept-Encoding");

/// What a body can be sent as beside itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// `br`
    Brotli,
    /// `gzip`
    Gzip,
    /// `zstd`, RFC 8878. For pages only: every client that takes it takes brotli, which makes smaller files.
    Zstd,
}

const FOR_FILES: [Encoding; 2] = [Encoding::Brotli, Encoding::Gzip];
const FOR_PAGES: [Encoding; 3] = [Encoding::Zstd, Encoding::Brotli, Encoding::Gzip];

thread_local! {
    /// Kept, since it is large and cleared faster than made.
    static ZSTD: RefCell<Option<zstd::bulk::Compressor<'static>>> = const { RefCell::new(None) };
}

/// How hard to try, each on its own scale: brotli to 11, gzip to 9.
#[derive(Debug, Clone, Copy)]
pub struct Quality {
    /// For [`Encoding::Brotli`].
    pub brotli: u32,
    /// For [`Encoding::Gzip`].
    pub gzip: u32,
}

impl Encoding {
    /// Its name in headers.
    pub fn name(self) -> &'static str {
        match self {
            Encoding::Brotli => "br",
            Encoding::Gzip => "gzip",
            Encoding::Zstd => "zstd",
        }
    }

    /// What a file is sent as to this client; none if it takes nothing.
    pub fn of_file(request: &HeaderMap) -> Option<Encoding> {
        Encoding::accepted(request, &FOR_FILES)
    }

    /// What a page is sent as to this client; none if it takes nothing.
    pub fn of_page(request: &HeaderMap) -> Option<Encoding> {
        Encoding::accepted(request, &FOR_PAGES)
    }

    /// The first of these that the client takes; what it refuses with `q=0` it does not.
    ///
    /// Otherwise weights are not compared: every client that sends them likes ours equally.
    fn accepted(request: &HeaderMap, among: &[Encoding]) -> Option<Encoding> {
        let headers = request.get_all(header::ACCEPT_ENCODING).filter_map(|value| value.to_str().ok());
        let taken: Vec<String> = headers
            .flat_map(|header| header.split(','))
            .map(|entry| entry.split_once(';').unwrap_or((entry, "")))
            .filter(|(_, weight)| !is_zero(weight))
            .map(|(name, _)| name.trim().to_ascii_lowercase())
            .collect();
        let takes = |name: &str| taken.iter().any(|one| one == name || (name == "gzip" && one == "x-gzip"));
        among.iter().copied().find(|encoding| takes(encoding.name()))
    }

    /// The bytes in this encoding; none if it could not be made.
    pub fn compress(self, bytes: &[u8], quality: Quality) -> Option<Bytes> {
        if self == Encoding::Zstd {
            return zstd(bytes).map(Bytes::from);
        }
        let mut packed = Vec::with_capacity(bytes.len() / 3 + 64);
        match self {
            Encoding::Brotli => {
                let mut writer = brotli::CompressorWriter::new(&mut packed, 4096, quality.brotli, WINDOW_BITS);
                writer.write_all(bytes).ok()?;
                // Ends the stream; nothing is read from what it wrote to.
                let _: &mut Vec<u8> = writer.into_inner();
            }
            Encoding::Gzip => {
                let mut writer = GzEncoder::new(&mut packed, Compression::new(quality.gzip));
                writer.write_all(bytes).ok()?;
                writer.finish().ok()?;
            }
            Encoding::Zstd => return None,
        }
        Some(Bytes::from(packed))
    }
}

fn zstd(bytes: &[u8]) -> Option<Vec<u8>> {
    ZSTD.with_borrow_mut(|kept| {
        if kept.is_none() {
            *kept = zstd::bulk::Compressor::new(ZSTD_LEVEL).ok();
        }
        kept.as_mut()?.compress(bytes).ok()
    })
}

/// Whether parameters such as `q=0.5` say "not at all".
fn is_zero(parameters: &str) -> bool {
    parameters.split(';').filter_map(|parameter| parameter.trim().strip_prefix("q=")).any(|weight| {
        let weight = weight.trim();
        !weight.is_empty() && weight.chars().all(|digit| matches!(digit, '0' | '.'))
    })
}

/// The answer with its page compressed if the client takes that and it is worth it. Anything else passes untouched.
pub fn page<B: MessageBody>(response: ServiceResponse<B>) -> ServiceResponse<EitherBody<B>> {
    if !is_page(response.headers()) {
        return response.map_into_left_body();
    }
    let encoding = Encoding::of_page(response.request().headers()).filter(|_| !came_from_elsewhere(&response));
    response.map_body(|head, body| {
        head.headers_mut().append(header::VARY, HeaderValue::from_static(VARY.1));
        let Some(encoding) = encoding else { return EitherBody::left(body) };
        let whole = match body.try_into_bytes() {
            Ok(whole) => whole,
            Err(body) => return EitherBody::left(body),
        };
        let packed = (whole.len() >= SMALLEST_PAGE).then(|| encoding.compress(&whole, PAGE_QUALITY)).flatten();
        match packed {
            Some(packed) => {
                head.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
                EitherBody::right(actix_web::body::BoxBody::new(packed))
            }
            None => EitherBody::right(actix_web::body::BoxBody::new(whole)),
        }
    })
}

fn is_page(headers: &HeaderMap) -> bool {
    let is_html = |value: &HeaderValue| value.as_bytes().starts_with(b"text/html");
    headers.get(header::CONTENT_TYPE).is_some_and(is_html) && !headers.contains_key(header::CONTENT_ENCODING)
}

/// Whether another site made the browser ask.
///
/// Pages carry a secret, the proof that a form is meant, beside text that whoever makes the link chooses. Their
/// compressed length would tell how alike the two are, guess by guess. So such an answer is not compressed. Browsers
/// send the header over TLS, and without TLS there is nothing to guess.
///
/// Source: BREACH, CVE-2013-3587.
fn came_from_elsewhere<B>(response: &ServiceResponse<B>) -> bool {
    let site = response.request().headers().get("sec-fetch-site");
    site.is_some_and(|site| site != "same-origin" && site != "none")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use actix_web::HttpResponse;
    use actix_web::body::to_bytes;
    use actix_web::test::TestRequest;
    use proptest::prelude::*;

    use super::*;

    const ANY: Quality = Quality { brotli: 4, gzip: 4 };

    fn unpacked(encoding: Encoding, packed: &[u8]) -> Vec<u8> {
        let mut plain = Vec::new();
        match encoding {
            Encoding::Brotli => drop(brotli::Decompressor::new(packed, 4096).read_to_end(&mut plain).unwrap()),
            Encoding::Gzip => drop(flate2::read::GzDecoder::new(packed).read_to_end(&mut plain).unwrap()),
            Encoding::Zstd => plain = zstd::stream::decode_all(packed).unwrap(),
        }
        plain
    }

    fn accepted(header: &str) -> Option<Encoding> {
        Encoding::of_file(taking(header).to_http_request().headers())
    }

    #[test]
    fn brotli_is_taken_before_gzip_and_refusals_are_heard() {
        assert_eq!(accepted("gzip, deflate, br, zstd"), Some(Encoding::Brotli));
        assert_eq!(accepted("zstd"), None);
        assert_eq!(accepted("gzip;q=1.0, br;q=0"), Some(Encoding::Gzip));
        assert_eq!(accepted("gzip;q=0.000, br; q=0.0"), None);
        assert_eq!(accepted("BR;q=0.1"), Some(Encoding::Brotli));
        assert_eq!(accepted("x-gzip"), Some(Encoding::Gzip));
        for nothing in ["", "identity", "*", "brr", ";q=1", ",,"] {
            assert_eq!(accepted(nothing), None, "{nothing}");
        }
    }

    proptest! {
        #[test]
        fn what_is_compressed_comes_back(bytes: Vec<u8>) {
            for encoding in FOR_PAGES {
                prop_assert_eq!(&unpacked(encoding, &encoding.compress(&bytes, ANY).unwrap()), &bytes);
            }
        }
    }

    async fn sent(request: TestRequest, content_type: &str, body: String) -> (HeaderMap, Bytes) {
        let mut answer = HttpResponse::Ok();
        answer.content_type(content_type).insert_header((header::VARY, "HX-Request"));
        let response = page(ServiceResponse::new(request.to_http_request(), answer.body(body)));
        (response.headers().clone(), to_bytes(response.into_body()).await.unwrap())
    }

    fn taking(encodings: &str) -> TestRequest {
        TestRequest::get().insert_header(("accept-encoding", encodings))
    }

    #[actix_web::test]
    async fn a_page_is_compressed_as_the_client_takes_it() {
        let text = "<p>A line of a page</p>\n".repeat(100);
        let cases =
            [("gzip, br, zstd", Encoding::Zstd), ("gzip, br, zstd;q=0", Encoding::Brotli), ("gzip", Encoding::Gzip)];
        for (header, encoding) in cases {
            let (headers, body) = sent(taking(header), "text/html; charset=utf-8", text.clone()).await;

            assert_eq!(headers.get("content-encoding").unwrap(), encoding.name());
            let vary: Vec<_> = headers.get_all("vary").collect();
            assert_eq!(vary, ["HX-Request", "Accept-Encoding"]);
            assert!(body.len() < text.len() / 4);
            assert_eq!(unpacked(encoding, &body), text.as_bytes());
        }
    }

    #[actix_web::test]
    async fn what_is_no_page_or_small_or_not_asked_for_is_sent_as_it_is() {
        let text = "<p>A line of a page</p>\n".repeat(100);
        let small = "<p>short</p>".to_string();
        let cases = [
            (taking("br"), "application/octet-stream", text.clone(), 1),
            (taking("br"), "text/html", small, 2),
            (taking("identity"), "text/html", text, 2),
        ];
        for (request, content_type, text, vary) in cases {
            let (headers, body) = sent(request, content_type, text.clone()).await;

            assert!(headers.get("content-encoding").is_none());
            assert_eq!(headers.get_all("vary").count(), vary);
            assert_eq!(body, text);
        }
    }

    #[actix_web::test]
    async fn another_site_cannot_measure_a_compressed_page() {
        let text = "<p>A line of a page</p>\n".repeat(100);
        for (site, compressed) in [("same-origin", true), ("none", true), ("cross-site", false), ("same-site", false)] {
            let request = taking("br").insert_header(("sec-fetch-site", site));

            let (headers, _) = sent(request, "text/html", text.clone()).await;

            assert_eq!(headers.contains_key("content-encoding"), compressed, "{site}");
        }
    }
}
