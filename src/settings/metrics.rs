//! How `/metrics` is served.

use std::net::SocketAddr;

use crate::settings::parse::{self, Parsed};
use crate::settings::reader::Reader;
use crate::settings::secret::Secret;

const LEAST_TOKEN_LETTERS: usize = 16;

/// Two ways to `/metrics`; with neither it is not served.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// Own listener for `/metrics`. `PIERHEAD_METRICS__LISTEN`, e.g. `127.0.0.1:9090`.
    pub listen: Option<SocketAddr>,
    /// Bearer token that opens `/metrics`. `PIERHEAD_METRICS__TOKEN`.
    pub token: Option<Secret<String>>,
}

impl Metrics {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            listen: reader.optional(
                "metrics.listen",
                "",
                "Serve `/metrics` on its own listener at this IP address and port",
                parse::socket_address,
            ),
            token: reader.secret(
                "metrics.token",
                "",
                "Bearer token that opens `/metrics`, at least 16 characters",
                token,
            ),
        }
    }
}

fn token(text: &str) -> Parsed<String> {
    let is_long = text.len() >= LEAST_TOKEN_LETTERS;
    match is_long && text.chars().all(|letter| letter.is_ascii_graphic()) {
        true => Ok(text.to_owned()),
        false => Err(format!("at least {LEAST_TOKEN_LETTERS} visible ASCII characters without spaces")),
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::testing::{Given, TOKEN};

    #[test]
    fn metrics_have_a_listener_or_a_token_or_neither() {
        let metrics = Given::nothing().settings().metrics;
        assert!(metrics.listen.is_none() && metrics.token.is_none());

        let file = format!("[metrics]\nlisten = '[::1]:9090'\ntoken = '{TOKEN}'\n");
        let metrics = Given::file(&file).settings().metrics;
        assert_eq!(metrics.listen.unwrap().port(), 9090);
        assert_eq!(metrics.token.unwrap().expose(), TOKEN);
    }

    #[test]
    fn a_token_fits_in_a_header_and_is_long() {
        for wrong in ["fifteen-letters", "with a space in the middle", "sixteen-letters\n"] {
            let text = Given::nothing().variable("PIERHEAD_METRICS__TOKEN", wrong).fault();
            assert!(text.contains("at least 16 visible"), "{text}");
        }
    }
}
