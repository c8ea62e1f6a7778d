//! HTTPS without a proxy.

use std::path::PathBuf;

use crate::settings::parse;
use crate::settings::reader::Reader;

/// The certificate HTTPS is served with.
#[derive(Clone, Debug)]
pub struct Tls {
    /// PEM file of the certificate and those between it and the root. `PIERHEAD_TLS__CERTIFICATE`.
    pub certificate: PathBuf,
    /// PEM file of its private key. `PIERHEAD_TLS__KEY`.
    pub key: PathBuf,
}

impl Tls {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let certificate = reader.optional(
            "tls.certificate",
            "plain HTTP is served",
            "PEM file of the certificate, followed by those between it and the root",
            parse::path,
        );
        let key = reader.optional("tls.key", "", "PEM file of the certificate's private key", parse::path);
        reader.require_companion("tls.certificate", "tls.key");
        reader.require_companion("tls.key", "tls.certificate");
        let (certificate, key) = certificate.zip(key)?;
        Some(Self { certificate, key })
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::testing::Given;

    #[test]
    fn certificate_and_key_come_together() {
        let certificate = Given::file("[tls]\ncertificate = 'c.pem'\n");

        let text = certificate.clone().fault();
        assert!(text.contains("needs tls.key (PIERHEAD_TLS__KEY) too"), "{text}");

        let tls = certificate.variable("PIERHEAD_TLS__KEY", "k.pem").settings().tls.unwrap();
        assert_eq!((tls.certificate.to_str(), tls.key.to_str()), (Some("c.pem"), Some("k.pem")));
    }
}
