//! Which addresses a text may link to.

use url::Url;

/// Longer ones are not followed by anybody but repeated by reference.
const MOST_BYTES: usize = 2048;

/// The address as a link may carry it; none unless it is a whole one of `http`, `https` or `mailto`.
///
/// Relative addresses mean places beside the README's file, which are not here; "//host" hides where it leads.
pub fn harmless(address: &str) -> Option<String> {
    if address.len() > MOST_BYTES {
        return None;
    }
    let url = Url::parse(address.trim()).ok()?;
    let is_harmless = match url.scheme() {
        "http" | "https" => url.host_str().is_some_and(|host| !host.is_empty()),
        "mailto" => url.path().contains('@'),
        _ => false,
    };
    // As the parser wrote it: host names in ASCII, nothing that a browser would read otherwise.
    is_harmless.then(|| url.to_string())
}
