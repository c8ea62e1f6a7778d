//! Where a request comes from, proxies taken off.
//!
//! `X-Forwarded-*` is believed only from peers listed in `server.trusted_proxies`; from anybody else it is just text.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header;
use domain::principal::Origin;
use ipnet::IpNet;

use super::services::Services;

const MAX_USER_AGENT: usize = 200;

/// The client's address and name for itself.
pub fn of(request: &HttpRequest, services: &Services) -> Origin {
    let user_agent = request.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
    Origin {
        ip: client_ip(request, &services.settings.server.trusted_proxies),
        user_agent: user_agent.map(|text| text.chars().take(MAX_USER_AGENT).collect::<String>().into()),
    }
}

/// The client's address: the peer's, or, behind trusted proxies, the last one in `X-Forwarded-For` that is not a trusted
/// proxy's. What stands before it the client may have made up.
pub fn client_ip(request: &HttpRequest, trusted: &[IpNet]) -> Option<IpAddr> {
    let peer = request.peer_addr()?.ip().to_canonical();
    if !is_trusted(peer, trusted) {
        return Some(peer);
    }
    let lines = request.headers().get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
    let mut client = peer;
    for hop in hops.iter().rev() {
        let Ok(address) = hop.parse::<IpAddr>() else { break };
        client = address.to_canonical();
        if !is_trusted(client, trusted) {
            break;
        }
    }
    Some(client)
}

/// `scheme://host` as the client sees this server: the external URL, or, where none is set, what the request says.
pub fn base_url(request: &HttpRequest, services: &Services) -> String {
    let settings = &services.settings;
    if settings.has_external_url() {
        return settings.external_url().as_str().trim_end_matches('/').to_string();
    }
    let peer = request.peer_addr().map(|peer| peer.ip().to_canonical());
    let trusted = peer.is_some_and(|peer| is_trusted(peer, &settings.server.trusted_proxies));
    let forwarded = |name: &str| {
        let value = request.headers().get(name).filter(|_| trusted)?.to_str().ok()?;
        Some(value.split(',').next()?.trim().to_string())
    };
    let scheme = forwarded("x-forwarded-proto")
        .filter(|scheme| scheme == "http" || scheme == "https")
        .unwrap_or_else(|| if settings.tls.is_some() { "https".into() } else { "http".into() });
    let host = forwarded("x-forwarded-host").or_else(|| host_of(request)).filter(|host| is_host(host));
    match host {
        Some(host) => format!("{scheme}://{host}"),
        None => settings.external_url().as_str().trim_end_matches('/').to_string(),
    }
}

fn host_of(request: &HttpRequest) -> Option<String> {
    let header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_string);
    header.or_else(|| request.uri().authority().map(|authority| authority.as_str().to_string()))
}

/// Goes into headers and pages, so only what a host and port consist of.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host.len() <= 255
        && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'))
}

fn is_trusted(address: IpAddr, trusted: &[IpNet]) -> bool {
    trusted.iter().any(|network| network.contains(&address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn request(peer: &str, forwarded: &str) -> HttpRequest {
        let address = format!("{peer}:40000").parse().unwrap();
        TestRequest::default().peer_addr(address).insert_header(("x-forwarded-for", forwarded)).to_http_request()
    }

    fn ip(text: &str) -> Option<IpAddr> {
        Some(text.parse().unwrap())
    }

    #[test]
    fn a_stranger_cannot_choose_its_address() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        assert_eq!(client_ip(&request("203.0.113.9", "1.2.3.4"), &trusted), ip("203.0.113.9"));
    }

    #[test]
    fn behind_proxies_the_last_address_that_is_no_proxy_counts() {
        let trusted = ["10.0.0.0/8".parse().unwrap()];
        let asked = request("10.0.0.1", "6.6.6.6, 198.51.100.7, 10.0.0.2");
        assert_eq!(client_ip(&asked, &trusted), ip("198.51.100.7"));
        assert_eq!(client_ip(&request("10.0.0.1", "not an address"), &trusted), ip("10.0.0.1"));
    }
}
