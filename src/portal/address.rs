//! The registry's address as its clients see it, and the commands to paste.

use std::net::IpAddr;

use actix_web::HttpRequest;

use crate::web::origin;
use crate::web::services::Services;

/// `scheme://host[:port]`.
pub struct Address(String);

impl Address {
    /// As the client that sent this request sees it.
    pub fn of(request: &HttpRequest, services: &Services) -> Address {
        Address(origin::base_url(request, services))
    }

    /// Host and port: what an image reference begins with.
    pub fn host(&self) -> &str {
        self.0.split_once("://").map_or(self.0.as_str(), |(_, host)| host)
    }

    /// The whole, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.0
    }

    /// Whether Docker refuses to talk to it until told otherwise: plain HTTP, and not this very machine.
    pub fn needs_insecure_setting(&self) -> bool {
        self.0.starts_with("http://") && !self.is_loopback()
    }

    fn is_loopback(&self) -> bool {
        let host = self.host();
        let name = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
        let name = name.trim_matches(['[', ']']);
        name == "localhost" || name.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }
}

/// Commands that move one image.
pub struct ImageCommands {
    /// Gives a local image its name here.
    pub tag: String,
    /// Sends it.
    pub push: String,
    /// Fetches it.
    pub pull: String,
}

impl ImageCommands {
    /// For `image`, such as `alpine:3.22`, in `namespace`.
    pub fn new(address: &Address, namespace: &str, image: &str) -> ImageCommands {
        let reference = format!("{}/{namespace}/{image}", address.host());
        ImageCommands {
            tag: format!("docker tag {image} {reference}"),
            push: format!("docker push {reference}"),
            pull: format!("docker pull {reference}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn docker_refuses_plain_http_except_on_this_machine() {
        for fine in
            ["https://r.example", "http://localhost:8080", "http://127.0.0.1", "http://[::1]:80", "http://[::1]"]
        {
            assert!(!Address(fine.into()).needs_insecure_setting(), "{fine}");
        }
        for refused in
            ["http://r.example", "http://10.0.0.7:8080", "http://[2001:db8::1]:80", "http://localhost.example"]
        {
            assert!(Address(refused.into()).needs_insecure_setting(), "{refused}");
        }
    }

    #[test]
    fn commands_name_host_and_port() {
        let commands = ImageCommands::new(&Address("https://r.example:8443".into()), "acme", "app:1.0");

        assert_eq!(commands.tag, "docker tag app:1.0 r.example:8443/acme/app:1.0");
        assert_eq!(commands.pull, "docker pull r.example:8443/acme/app:1.0");
    }
}
