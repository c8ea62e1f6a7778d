//! Reading paths: what is asked for, before anybody looks at who asks.

use percent_encoding::percent_decode_str;

/// What a path under `/v2` names. Names and references are not checked yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// `/v2/`
    Base,
    /// `/v2/auth`
    Token,
    /// `/v2/_catalog`
    Catalog,
    /// `/v2/<name>/tags/list`
    Tags(String),
    /// `/v2/<name>/manifests/<reference>`
    Manifest(String, String),
    /// `/v2/<name>/blobs/<digest>`
    Blob(String, String),
    /// `/v2/<name>/blobs/uploads/`
    Uploads(String),
    /// `/v2/<name>/blobs/uploads/<id>`
    Upload(String, String),
    /// `/v2/<name>/referrers/<digest>`
    Referrers(String, String),
    /// Anything else.
    Unknown,
}

/// Reads the raw path of a request. Percent-encoding is taken off once: `acme%2Fweb` is `acme/web`, what is encoded twice
/// stays a name with a percent sign in it, which no repository has.
pub fn read(raw: &str) -> Route {
    let Ok(path) = percent_decode_str(raw).decode_utf8() else { return Route::Unknown };
    let Some(rest) = path.strip_prefix("/v2") else { return Route::Unknown };
    let rest = match rest.strip_prefix('/') {
        Some(rest) => rest,
        None if rest.is_empty() => return Route::Base,
        None => return Route::Unknown,
    };
    match rest {
        "" => return Route::Base,
        "auth" => return Route::Token,
        "_catalog" | "_catalog/" => return Route::Catalog,
        _ => {}
    }
    if let Some(name) = rest.strip_suffix("/tags/list").or_else(|| rest.strip_suffix("/tags/list/")) {
        return Route::Tags(name.to_string());
    }
    if let Some(name) = rest.strip_suffix("/blobs/uploads/").or_else(|| rest.strip_suffix("/blobs/uploads")) {
        return Route::Uploads(name.to_string());
    }
    let Some((front, last)) = rest.rsplit_once('/') else { return Route::Unknown };
    let last = last.to_string();
    if let Some(name) = front.strip_suffix("/blobs/uploads") {
        return Route::Upload(name.to_string(), last);
    }
    match front.rsplit_once('/') {
        Some((name, "manifests")) => Route::Manifest(name.to_string(), last),
        Some((name, "blobs")) => Route::Blob(name.to_string(), last),
        Some((name, "referrers")) => Route::Referrers(name.to_string(), last),
        _ => Route::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_endpoint_of_the_specification_is_found() {
        assert_eq!(read("/v2/"), Route::Base);
        assert_eq!(read("/v2"), Route::Base);
        assert_eq!(read("/v2/_catalog"), Route::Catalog);
        assert_eq!(read("/v2/a/b/tags/list"), Route::Tags("a/b".into()));
        assert_eq!(read("/v2/a/b/c/manifests/v1"), Route::Manifest("a/b/c".into(), "v1".into()));
        assert_eq!(read("/v2/a/b/blobs/sha256:00"), Route::Blob("a/b".into(), "sha256:00".into()));
        assert_eq!(read("/v2/a/b/blobs/uploads/"), Route::Uploads("a/b".into()));
        assert_eq!(read("/v2/a/b/blobs/uploads"), Route::Uploads("a/b".into()));
        assert_eq!(read("/v2/a/b/blobs/uploads/7"), Route::Upload("a/b".into(), "7".into()));
        assert_eq!(read("/v2/a/b/referrers/sha256:00"), Route::Referrers("a/b".into(), "sha256:00".into()));
    }

    #[test]
    fn words_of_the_specification_may_be_parts_of_names() {
        assert_eq!(
            read("/v2/blobs/manifests/manifests/tags"),
            Route::Manifest("blobs/manifests".into(), "tags".into())
        );
        assert_eq!(read("/v2/acme/tags/tags/list"), Route::Tags("acme/tags".into()));
    }

    #[test]
    fn encoding_is_taken_off_once() {
        assert_eq!(read("/v2/acme%2Fweb/manifests/v1"), Route::Manifest("acme/web".into(), "v1".into()));
        assert_eq!(read("/v2/acme%252Fweb/manifests/v1"), Route::Manifest("acme%2Fweb".into(), "v1".into()));
        assert_eq!(read("/v2/acme/web/blobs/sha256%3A00"), Route::Blob("acme/web".into(), "sha256:00".into()));
    }

    #[test]
    fn odd_paths_keep_their_oddness_for_the_name_rule_to_refuse() {
        assert_eq!(read("/v2//acme/web/tags/list"), Route::Tags("/acme/web".into()));
        assert_eq!(read("/v2/acme/../web/tags/list"), Route::Tags("acme/../web".into()));
        assert_eq!(read("/v2x/acme/web/tags/list"), Route::Unknown);
        assert_eq!(read("/v2/%ff/tags/list"), Route::Unknown);
    }

    proptest! {
        #[test]
        fn reading_never_panics(path in ".*") {
            read(&path);
        }
    }
}
