//! Which addresses this registry connects to when somebody else names them.
//!
//! Whoever may name an address must not reach through this registry what only it can reach: itself, its neighbours, the
//! metadata service of its cloud. So only the public internet is allowed, and what the operator adds.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

/// What may be connected to.
#[derive(Debug, Clone, Default)]
pub struct Egress {
    networks: Vec<IpNet>,
    hosts: Vec<String>,
}

impl Egress {
    /// The public internet, these networks, and these hosts wherever their names lead.
    pub fn new(networks: Vec<IpNet>, hosts: Vec<String>) -> Egress {
        Egress { networks, hosts }
    }

    /// The address as a URL, if it may be asked: `https`, or `http` where the operator allowed the place itself. An
    /// address in numbers is judged at once, a name when it is resolved.
    ///
    /// # Errors
    /// Why not.
    pub fn permitted(&self, address: &str) -> Result<Url, String> {
        let url = Url::parse(address).map_err(|_| "it is no address such as https://id.example.com".to_string())?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must not carry a user name or password".into());
        }
        let host = url.host().ok_or("it names no host")?;
        if let Some(ip) = in_numbers(&host)
            && !self.allows(ip)
        {
            return Err(format!("{ip} is not on the public internet; egress.allow can add it"));
        }
        match url.scheme() {
            "https" => Ok(url),
            "http" if self.added(&host) => Ok(url),
            "http" => Err("plain http is for places in egress.allow only; use https".into()),
            other => Err(format!("{other} is no scheme for this; use https")),
        }
    }

    /// Whether a host named `name` may be connected to at this address.
    pub fn allows_host(&self, name: &str, ip: IpAddr) -> bool {
        self.hosts.iter().any(|host| host.eq_ignore_ascii_case(name)) || self.allows(ip)
    }

    /// Whether this address may be connected to.
    pub fn allows(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        is_public(ip) || self.networks.iter().any(|network| network.contains(&ip))
    }

    fn added(&self, host: &Host<&str>) -> bool {
        match in_numbers(host) {
            Some(ip) => self.networks.iter().any(|network| network.contains(&ip.to_canonical())),
            None => self.hosts.iter().any(|known| known.eq_ignore_ascii_case(&host.to_string())),
        }
    }
}

fn in_numbers(host: &Host<&str>) -> Option<IpAddr> {
    match host {
        Host::Ipv4(ip) => Some(IpAddr::V4(*ip)),
        Host::Ipv6(ip) => Some(IpAddr::V6(*ip)),
        Host::Domain(_) => None,
    }
}

/// Whether an address is for everybody. Source: IANA special-purpose address registries.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match (a, b, c) {
        // This network, private use, loopback.
        (0 | 10 | 127, _, _) => true,
        // Shared by a carrier's customers; clouds keep metadata there too.
        (100, 64..=127, _) => true,
        // Link-local: where clouds keep metadata.
        (169, 254, _) => true,
        (172, 16..=31, _) | (192, 168, _) => true,
        // Protocol assignments, documentation, the old 6to4 relay.
        (192, 0, 0 | 2) | (192, 88, 99) | (198, 51, 100) | (203, 0, 113) => true,
        // Benchmarks.
        (198, 18..=19, _) => true,
        // Multicast and reserved.
        (224..=255, _, _) => true,
        _ => false,
    };
    !special
}

/// Only what is assigned for the internet at large: this leaves out loopback, unique local, link-local, multicast, and the
/// forms that stand for IPv4 addresses (mapped, NAT64). What is left out inside: Teredo and other protocol assignments,
/// documentation, 6to4.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    match ip.segments() {
        [0x2001, 0x0000..=0x01ff, ..] | [0x2001, 0x0db8, ..] | [0x2002, ..] => false,
        [0x3fff, 0x0000..=0x0fff, ..] => false,
        [first, ..] => (0x2000..=0x3fff).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn only_the_public_internet_is_open() {
        let egress = Egress::default();
        for open in
            ["1.1.1.1", "172.15.0.1", "172.32.0.1", "100.63.0.1", "192.0.1.1", "2606:4700::1111", "2a00:1450::1"]
        {
            assert!(egress.allows(ip(open)), "{open}");
        }
        for closed in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "127.0.0.1",
            "127.255.0.3",
            "100.64.0.1",
            "100.100.100.200",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "192.0.0.192",
            "192.0.2.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.19.255.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.1.1.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "fec0::1",
            "ff02::1",
            "2001:db8::1",
            "2001::1",
            "2002:7f00:1::",
            "3fff::1",
            "100::1",
            "5f00::1",
        ] {
            assert!(!egress.allows(ip(closed)), "{closed}");
        }
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_what_it_is() {
        let egress = Egress::default();
        for closed in [
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2002:a9fe:a9fe::",
            "::ffff:0:127.0.0.1",
        ] {
            assert!(!egress.allows(ip(closed)), "{closed}");
        }
        assert!(egress.allows(ip("::ffff:1.1.1.1")));
        let within = Egress::new(vec!["10.0.0.0/8".parse().unwrap()], vec![]);
        assert!(within.allows(ip("::ffff:10.0.0.1")) && within.allows(ip("10.9.9.9")));
        assert!(!within.allows(ip("11.0.0.0").to_canonical()) || is_public(ip("11.0.0.0")));
        assert!(!within.allows(ip("192.168.0.1")));
    }

    #[test]
    fn addresses_that_hide_a_number_are_seen_through() {
        let egress = Egress::default();
        for closed in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:7f00:1]/",
            "https://169.254.169.254/latest/meta-data",
        ] {
            assert!(egress.permitted(closed).is_err(), "{closed}");
        }
    }

    #[test]
    fn plain_http_is_for_added_places() {
        let egress = Egress::new(vec!["127.0.0.0/8".parse().unwrap()], vec!["idp.internal".into()]);
        for open in
            ["https://id.example.com/x", "http://127.0.0.1:8080/", "http://idp.internal/", "http://IDP.internal/"]
        {
            assert!(egress.permitted(open).is_ok(), "{open}");
        }
        for closed in [
            "http://id.example.com/",
            "http://1.1.1.1/",
            "http://10.0.0.1/",
            "ftp://id.example.com/",
            "file:///etc/passwd",
            "https://",
            "notaurl",
            "",
            "https://user:secret@id.example.com/",
            "https://user@id.example.com/",
            "http://idp.internal.example.com/",
        ] {
            assert!(egress.permitted(closed).is_err(), "{closed}");
        }
    }

    #[test]
    fn an_added_host_may_lead_anywhere_others_may_not() {
        let egress = Egress::new(vec![], vec!["idp.internal".into()]);
        assert!(egress.allows_host("idp.internal", ip("10.0.0.1")));
        assert!(!egress.allows_host("other.internal", ip("10.0.0.1")));
        assert!(egress.allows_host("other.example.com", ip("1.1.1.1")));
    }
}
