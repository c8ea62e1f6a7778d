//! Where a token may be sent.
//!
//! The address an application asks for must be the registered one or below it. What is compared, and later redirected
//! to, is the address as browsers understand it: parsed, its dots resolved, its backslashes turned. Anything two programs
//! might read differently is refused.

use url::Url;

/// Whether this is an address an application may register: http or https, no user, no password, no fragment.
pub fn is_address(text: &str) -> bool {
    parse(text).is_some()
}

/// The address to redirect to, if what was asked for is the registered one or below it: same scheme, host and port, and
/// a path that continues it after a slash. Nothing is below no address.
pub fn matches(registered: &str, asked: &str) -> Option<Url> {
    let (registered, asked) = (parse(registered)?, parse(asked)?);
    let same_place = registered.scheme() == asked.scheme()
        && registered.host_str() == asked.host_str()
        && registered.port_or_known_default() == asked.port_or_known_default();
    let same_query = registered.query().is_none() || registered.query() == asked.query();
    (same_place && same_query && is_below(registered.path(), asked.path())).then_some(asked)
}

/// The address, if it can be read in one way only.
pub fn parse(text: &str) -> Option<Url> {
    if text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\' || c == '#') {
        return None;
    }
    let url = Url::parse(text).ok()?;
    // `http:/host` and `http:host` are repaired by browsers and refused by others.
    let (_, rest) = text.split_once(':')?;
    let is_plain = rest.starts_with("//") && !rest.starts_with("///");
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    let names_nobody = url.username().is_empty() && url.password().is_none() && !rest_of_authority(rest).contains('@');
    (is_plain && is_web && names_nobody).then_some(url)
}

fn rest_of_authority(rest: &str) -> &str {
    rest.trim_start_matches('/').split(['/', '?']).next().unwrap_or_default()
}

fn is_below(registered: &str, asked: &str) -> bool {
    if asked == registered {
        return true;
    }
    let folder = registered.strip_suffix('/').unwrap_or(registered);
    // Some servers decode what is encoded before they look at the path, some twice, and some leave out what is behind a
    // semicolon.
    let is_ambiguous = |below: &str| ["%", ";", "//"].iter().any(|code| below.contains(code));
    asked.strip_prefix(folder).is_some_and(|below| below.starts_with('/') && !is_ambiguous(below))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const REGISTERED: &str = "https://app.example.com:8443/oauth/cb";

    #[test]
    fn the_registered_address_and_what_is_below_it_match() {
        for asked in
            [REGISTERED, "https://app.example.com:8443/oauth/cb/", "https://APP.example.com:8443/oauth/cb/two?x=1"]
        {
            assert!(matches(REGISTERED, asked).is_some(), "{asked}");
        }
        assert!(matches("http://localhost", "http://localhost:80/anything").is_some());
        assert!(matches("http://localhost/cb/", "http://localhost/cb/x").is_some());
        assert!(matches("http://[::1]:8000/cb", "http://[::1]:8000/cb").is_some());
    }

    #[test]
    fn other_places_do_not_match() {
        for asked in [
            "https://app.example.com/oauth/cb",
            "http://app.example.com:8443/oauth/cb",
            "https://app.example.com.evil.example:8443/oauth/cb",
            "https://app.example.com:84430/oauth/cb",
            "https://evil.example:8443/oauth/cb",
            "https://app.example.com:8443/oauth/cbevil",
            "https://app.example.com:8443/oauth/cb.evil",
            "https://app.example.com:8443/oauth",
            "https://app.example.com:8443/oauth/cb/../../evil",
            "https://app.example.com:8443/oauth/cb/%2e%2e/%2E%2e/evil",
            "https://app.example.com:8443/oauth/cb/..%2f..%2fevil",
            "https://app.example.com:8443/oauth/cb/..%5c..%5cevil",
            "https://app.example.com:8443/oauth/cb//evil.example",
            "https://app.example.com:8443/oauth/cb/..;/evil",
            "https://app.example.com:8443/oauth/cb/%252e%252e/evil",
            "https://app.example.com:8443/oauth/cb/.%0d./evil",
            "https://app.example.com:8443@evil.example/oauth/cb",
            "https://@app.example.com:8443/oauth/cb",
            "https://user:pass@app.example.com:8443/oauth/cb",
            "https://app.example.com:8443\\@evil.example/oauth/cb",
            "https://evil.example\\@app.example.com:8443/oauth/cb",
            "https://app.example.com:8443/oauth/cb#evil",
            "https://app.example.com:8443/oauth/cb\n",
            " https://app.example.com:8443/oauth/cb",
            "//app.example.com:8443/oauth/cb",
            "/oauth/cb",
            "/\\evil.example",
            "https:app.example.com:8443/oauth/cb",
            "https:///app.example.com:8443/oauth/cb",
            "javascript:alert(1)",
            "",
        ] {
            assert!(matches(REGISTERED, asked).is_none(), "{asked}");
        }
        assert!(matches("", "https://evil.example/").is_none());
        assert!(matches("http://localhost/cb?app=1", "http://localhost/cb?app=2").is_none());
    }

    #[test]
    fn only_addresses_of_the_web_can_be_registered() {
        assert!(is_address("http://localhost:8000/cb") && is_address("https://app.example.com"));
        for wrong in ["javascript:alert(1)", "data:text/html,x", "ftp://a/", "a.example/cb", "https://", "http://u@a/"]
        {
            assert!(!is_address(wrong), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_matches_stays_on_the_host(asked in "(https?:)?[/\\\\]{0,3}(app\\.example\\.com:8443|evil|@|\\\\|\\.|/|%2f|#|\\?|oauth|cb){0,12}") {
            if let Some(url) = matches(REGISTERED, &asked) {
                prop_assert_eq!(url.host_str(), Some("app.example.com"));
                prop_assert!(url.path() == "/oauth/cb" || url.path().starts_with("/oauth/cb/"));
            }
        }
    }
}
