//! Signing in with a browser.

use std::time::Duration;

use crate::settings::parse::{self, MINUTE, MONTH};
use crate::settings::reader::Reader;

/// How long sign-ins last.
#[derive(Clone, Debug)]
pub struct Sessions {
    /// How long a browser stays signed in. Default 31 days. `PIERHEAD_SESSIONS__LIFETIME`, e.g. `12h`.
    pub lifetime: Duration,
    /// How long after the password was given dangerous operations do not ask for it again. Default 10 minutes.
    /// `PIERHEAD_SESSIONS__FRESH_FOR`.
    pub fresh_for: Duration,
}

impl Sessions {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            lifetime: reader.value(
                "sessions.lifetime",
                "31d",
                "How long a browser stays signed in",
                parse::duration(MINUTE..=MONTH * 12),
            ),
            fresh_for: reader.value(
                "sessions.fresh_for",
                "10m",
                "How long after the password was given dangerous operations do not ask for it again",
                parse::duration(MINUTE..=MONTH),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::settings::testing::Given;

    #[test]
    fn browsers_stay_signed_in_for_a_month_unless_told_otherwise() {
        let sessions = Given::nothing().settings().sessions;

        assert_eq!(sessions.lifetime, Duration::from_secs(31 * 24 * 3600));
        assert_eq!(sessions.fresh_for, Duration::from_secs(600));
    }
}
