//! Where and how requests are answered.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use crate::settings::parse::{self, HOUR, Parsed, SECOND};
use crate::settings::reader::Reader;

const MOST_WORKERS: usize = 1024;

/// The listener and its patience.
#[derive(Clone, Debug)]
pub struct Server {
    /// Address requests are accepted on. Default `127.0.0.1:8080`. `PIERHEAD_LISTEN`.
    pub listen: SocketAddr,
    /// Folder for what this program writes itself. Default `./data`. `PIERHEAD_DATA_DIR`.
    pub data_dir: PathBuf,
    /// Address clients use, scheme and host only; ask `Settings::external_url`. `PIERHEAD_EXTERNAL_URL`.
    pub external_url: Option<Url>,
    /// Threads that answer requests; `None` for one per core. `PIERHEAD_SERVER__WORKERS`.
    pub workers: Option<usize>,
    /// How long requests under way may take after a signal to stop. Default 30 s. `PIERHEAD_SERVER__SHUTDOWN_GRACE`.
    pub shutdown_grace: Duration,
    /// Networks whose `X-Forwarded-*` headers are believed. `PIERHEAD_SERVER__TRUSTED_PROXIES`, e.g. `10.0.0.0/8`.
    pub trusted_proxies: Vec<IpNet>,
    /// Time a client may take to send its request head. Default 30 s. `PIERHEAD_SERVER__REQUEST_TIMEOUT`.
    pub request_timeout: Duration,
    /// Longest pause while a body is sent. Default 60 s. `PIERHEAD_SERVER__IDLE_TIMEOUT`.
    pub idle_timeout: Duration,
    /// Whether answers say in `Server-Timing` how long they took. Default no, because that also tells strangers what a
    /// network would blur. `PIERHEAD_SERVER__TIMING`.
    pub timing: bool,
}

impl Server {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            listen: reader.value(
                "listen",
                "127.0.0.1:8080",
                "IP address and port that requests are accepted on",
                parse::socket_address,
            ),
            data_dir: reader.value(
                "data_dir",
                "./data",
                "Folder for everything Pierhead writes unless told otherwise",
                parse::path,
            ),
            external_url: reader.optional(
                "external_url",
                "http(s):// and the address of `listen`",
                "Address clients use, such as `https://registry.example.com`; set it behind a proxy",
                external_url,
            ),
            workers: reader.value("server.workers", "0", "Threads that answer requests; 0 = one per core", workers),
            shutdown_grace: reader.value(
                "server.shutdown_grace",
                "30s",
                "How long requests under way may take after a signal to stop",
                parse::duration(Duration::ZERO..=HOUR),
            ),
            trusted_proxies: reader.list(
                "server.trusted_proxies",
                "Addresses or networks of proxies whose `X-Forwarded-*` headers are believed",
                trusted_proxy,
            ),
            request_timeout: reader.value(
                "server.request_timeout",
                "30s",
                "Time a client may take to send its request head",
                parse::duration(SECOND..=HOUR),
            ),
            idle_timeout: reader.value(
                "server.idle_timeout",
                "60s",
                "Longest pause while a body is sent",
                parse::duration(SECOND..=HOUR),
            ),
            timing: reader.value(
                "server.timing",
                "false",
                "Say in the header `Server-Timing` how long each answer took",
                parse::boolean,
            ),
        }
    }
}

fn external_url(text: &str) -> Parsed<Url> {
    let hint = "http:// or https:// and a host, such as https://registry.example.com, without path, query or user name";
    Url::parse(text.trim()).ok().filter(is_origin).ok_or_else(|| hint.to_owned())
}

fn is_origin(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn workers(text: &str) -> Parsed<Option<usize>> {
    let workers = parse::number(0..=MOST_WORKERS)(text)?;
    Ok(Some(workers).filter(|workers| *workers > 0))
}

fn trusted_proxy(text: &str) -> Parsed<IpNet> {
    let text = text.trim();
    let address = || text.parse::<IpAddr>().ok().map(IpNet::from);
    let network = text.parse::<IpNet>().ok().or_else(address);
    match network {
        Some(network) if network.prefix_len() > 0 => Ok(network.trunc()),
        None if text != "*" => Err("an address or network of a proxy, such as 10.0.0.7 or 10.0.0.0/8".to_owned()),
        _ => Err("only the networks of your own proxies: trusting everyone lets any client claim any address with \
             X-Forwarded-For"
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::testing::Given;

    #[test]
    fn zero_workers_are_one_per_core() {
        let workers = |text| Given::nothing().variable("PIERHEAD_SERVER__WORKERS", text).settings().server.workers;

        assert_eq!(workers("0"), None);
        assert_eq!(workers("3"), Some(3));
    }

    #[test]
    fn the_external_url_is_scheme_and_host_only() {
        let given = |text| Given::nothing().variable("PIERHEAD_EXTERNAL_URL", text);

        for good in ["https://registry.example.com", "http://localhost:5000/"] {
            let settings = given(good).settings();
            assert!(settings.has_external_url());
            assert_eq!(settings.external_url().as_str().trim_end_matches('/'), good.trim_end_matches('/'));
        }
        for wrong in ["registry.example.com", "ftp://h", "https://h/path", "https://h?q", "https://h#f", "https://u@h"]
        {
            assert!(given(wrong).fault().contains("without path"), "{wrong}");
        }
    }

    #[test]
    fn proxies_are_networks_or_addresses_but_never_everyone() {
        let given = |text| Given::nothing().variable("PIERHEAD_SERVER__TRUSTED_PROXIES", text);

        let proxies = given("10.1.2.3/8, 192.0.2.7,::1").settings().server.trusted_proxies;
        let proxies: Vec<_> = proxies.iter().map(ToString::to_string).collect();
        assert_eq!(proxies, ["10.0.0.0/8", "192.0.2.7/32", "::1/128"]);
        for everyone in ["*", "0.0.0.0/0", "::/0"] {
            assert!(given(everyone).fault().contains("trusting everyone"), "{everyone}");
        }
        assert!(given("proxy.local").fault().contains("given: \"proxy.local\""));
    }

    #[test]
    fn a_number_without_unit_is_no_duration() {
        let text = Given::file("[server]\nshutdown_grace = 30\n").fault();
        assert!(text.contains("given: \"30\""), "{text}");
        assert!(text.contains("with its unit"), "{text}");
    }
}
