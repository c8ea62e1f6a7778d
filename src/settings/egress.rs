//! Where this registry may connect to by itself.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::settings::parse::Parsed;
use crate::settings::reader::Reader;

/// Connections that this registry makes because somebody asked it to, such as for the keys of an identity provider.
#[derive(Clone, Debug, Default)]
pub struct Egress {
    /// Places beside the public internet. `PIERHEAD_EGRESS__ALLOW`, e.g. `10.20.0.0/16,idp.internal`.
    pub allow: Vec<Place>,
}

/// Somewhere to connect to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Addresses.
    Network(IpNet),
    /// A host, wherever its name leads.
    Host(String),
}

impl Egress {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            allow: reader.list(
                "egress.allow",
                "Networks and hosts outside the public internet that may be connected to, such as `10.20.0.0/16` or \
                 `idp.internal`; plain HTTP is for these only",
                place,
            ),
        }
    }
}

fn place(text: &str) -> Parsed<Place> {
    let text = text.trim();
    if let Ok(network) = text.parse::<IpNet>() {
        return Ok(Place::Network(network));
    }
    if let Ok(address) = text.parse::<IpAddr>() {
        return Ok(Place::Network(IpNet::from(address)));
    }
    match url::Host::parse(text) {
        Ok(url::Host::Domain(name)) if !name.contains('/') => Ok(Place::Host(name)),
        _ => Err("a network such as 10.20.0.0/16, an address, or a host name without scheme and port".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::testing::Given;

    #[test]
    fn networks_addresses_and_hosts_are_told_apart() {
        let given = Given::nothing().variable("PIERHEAD_EGRESS__ALLOW", "10.0.0.0/8, ::1, IdP.Internal");

        let allow = given.settings().egress.allow;

        let network = |text: &str| Place::Network(text.parse().unwrap());
        assert_eq!(allow, [network("10.0.0.0/8"), network("::1/128"), Place::Host("idp.internal".into())]);
    }

    #[test]
    fn what_is_no_place_is_a_fault() {
        for wrong in ["https://idp.internal", "idp.internal:8443", "10.0.0.0/99", "a b"] {
            let text = Given::nothing().variable("PIERHEAD_EGRESS__ALLOW", wrong).fault();
            assert!(text.contains("a host name without scheme and port"), "{text}");
        }
    }
}
