//! What pages tell browsers to refuse.
//!
//! Nothing inline, nothing from elsewhere, no frames: markup that slips through escaping finds nothing to run.

use actix_web::HttpResponseBuilder;

const ON_PAGES: [(&str, &str); 6] = [
    (
        "Content-Security-Policy",
        "default-src 'self'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cache-Control", "no-store"),
    NO_SNIFFING,
];
const NO_SNIFFING: (&str, &str) = ("X-Content-Type-Options", "nosniff");

/// For every HTML page.
pub fn on_page(response: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    for header in ON_PAGES {
        response.insert_header(header);
    }
    response
}

/// As [`on_page`], for a page whose form may end at another site: browsers hold a form's redirects to the policy too.
pub fn on_page_leading_to<'r>(response: &'r mut HttpResponseBuilder, site: &str) -> &'r mut HttpResponseBuilder {
    let (name, policy) = ON_PAGES[0];
    on_page(response).insert_header((name, policy.replace("form-action 'self'", &format!("form-action 'self' {site}"))))
}

/// For everything else a browser may be shown: files, JSON.
pub fn on_file(response: &mut HttpResponseBuilder) -> &mut HttpResponseBuilder {
    response.insert_header(NO_SNIFFING)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::HttpResponse;

    #[test]
    fn pages_allow_only_what_this_server_sends() {
        let page = on_page(&mut HttpResponse::Ok()).finish();
        let header = |name: &str| page.headers().get(name).unwrap().to_str().unwrap();

        assert_eq!(
            header("content-security-policy"),
            "default-src 'self'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
             font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("referrer-policy"), "same-origin");
        assert_eq!(header("x-frame-options"), "DENY");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cache-control"), "no-store");
    }
}
