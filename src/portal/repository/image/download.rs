//! Bytes that strangers wrote, sent as files to be kept: never shown by the browser, whatever they pretend to be.

use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder, web};
use domain::access::{Authorized, Read};
use domain::image;
use domain::layer_files::{FilePath, View};
use domain::oci::{Digest, Reference};
use domain::repository::Repository;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use crate::portal::problem::PageError;
use crate::portal::show::short_digest;
use crate::portal::visit::Visit;
use crate::web::security_headers;

/// Longer names are cut: most file systems allow 255 bytes.
const LONGEST_NAME: usize = 200;

/// Which manifest, and which file of it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    digest: String,
    layer: usize,
    path: String,
}

/// `GET /repository/<name>/-/manifest?digest=…`: a manifest, exactly as pushed.
///
/// # Errors
/// Not found for what the repository does not have and for whoever may not read it.
pub async fn manifest(visit: Visit, name: web::Path<String>) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    let repository = visit.repository::<Read>(&name).await?;
    let digest: Digest = asked.digest.parse().map_err(|_| PageError::NotFound)?;
    let stored = visit.services.manifests.find(&repository, &Reference::Digest(digest)).await?;
    let short = repository.name.as_str().rsplit('/').next().unwrap_or_default();
    let file = format!("{short}-{}.json", short_digest(stored.digest.as_str()));
    Ok(attachment(&file).body(stored.bytes.clone()))
}

/// `GET /repository/<name>/-/layers/file?digest=…&layer=…&path=…`: a file of an image with its layers up to this one.
///
/// # Errors
/// As [`manifest`]; refused where there is no file or its layers are not listed.
pub async fn file(visit: Visit, name: web::Path<String>) -> Result<HttpResponse, PageError> {
    let asked: Asked = visit.query();
    let repository = visit.repository::<Read>(&name).await?;
    let path: FilePath = asked.path.parse().map_err(|_| PageError::NotFound)?;
    let view = view(&visit, &repository, &asked.digest, asked.layer).await?;
    let content = visit.services.layer_files.content(&repository, view, path).await?;
    Ok(attachment(&content.name).no_chunking(content.size).streaming(content))
}

/// The layers of a manifest up to this one, counted from one.
///
/// # Errors
/// Not found if there is no such manifest or layer.
pub(super) async fn view(
    visit: &Visit,
    repository: &Authorized<Repository, Read>,
    digest: &str,
    layer: usize,
) -> Result<View, PageError> {
    let digest: Digest = digest.parse().map_err(|_| PageError::NotFound)?;
    let asked = repository.clone();
    let details = visit.services.db.read(move |conn| image::details(conn, &asked, &digest)).await?;
    let layers: Vec<Digest> = details.manifest.layers.iter().map(|layer| layer.digest.clone()).collect();
    let at = layer.checked_sub(1).filter(|at| *at < layers.len()).ok_or(PageError::NotFound)?;
    Ok(View { layers, at })
}

/// An answer that is kept as a file of this name.
fn attachment(name: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::Ok();
    security_headers::on_file(&mut response)
        .insert_header((header::CONTENT_TYPE, "application/octet-stream"))
        .insert_header((header::CONTENT_DISPOSITION, disposition(name)))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; sandbox"));
    response
}

/// `attachment` with the name in letters that every program understands, and as it is for those that can.
///
/// Source: RFC 6266, 4.3; RFC 8187, 3.2.
fn disposition(name: &str) -> String {
    let clean: String = name.chars().map(|letter| if misleads(letter) { '_' } else { letter }).collect();
    let clean: String = clean.chars().take(LONGEST_NAME).collect();
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '+');
    let plain: String = clean.chars().map(|letter| if is_plain(letter) { letter } else { '_' }).collect();
    let whole = utf8_percent_encode(&clean, NON_ALPHANUMERIC);
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}")
}

/// What ends a name, makes a path of it, or turns the direction it is read in.
fn misleads(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '/' | '\\' | ':' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_stay_names() {
        assert_eq!(disposition("app.conf"), "attachment; filename=\"app.conf\"; filename*=UTF-8''app%2Econf");
        let hostile = disposition("a\"; filename=\"b\r\nX: y/../\\c");
        assert!(hostile.starts_with("attachment; filename=\"a___filename__b__X__y_..__c\"; "), "{hostile}");
        assert!(!hostile.contains(['\r', '\n', '/', '\\']));
        assert!(disposition("gnp\u{202e}exe.txt").contains("gnp_exe.txt"));
        assert!(disposition("größe").ends_with("gr%C3%B6%C3%9Fe"));
        assert!(disposition(&"n".repeat(4000)).len() < 1000);
    }
}
