//! How long what happened is remembered.

use std::time::Duration;

use crate::settings::parse::{self, DAY, YEAR};
use crate::settings::reader::Reader;

/// How long things are kept.
#[derive(Clone, Debug)]
pub struct Retention {
    /// How long entries of the usage log are kept; `None` for ever. Default for ever. `PIERHEAD_RETENTION__EVENTS`, e.g.
    /// `90d`. The counts that charts are made of stay.
    pub events: Option<Duration>,
}

impl Retention {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            events: reader.value(
                "retention.events",
                "0",
                "How long entries of the usage log are kept, such as `90d`; 0 = for ever. The counts of charts stay",
                parse::duration_or_none(DAY..=YEAR * 100),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use crate::settings::testing::Given;

    #[test]
    fn the_usage_log_is_kept_for_ever_until_told_otherwise() {
        assert_eq!(Given::nothing().settings().retention.events, None);

        let settings = Given::nothing().flag("retention.events", "90d").settings();
        assert_eq!(settings.retention.events, Some(Duration::from_secs(90 * 24 * 3600)));
    }

    #[test]
    fn a_day_is_the_least() {
        let text = Given::nothing().flag("retention.events", "1h").fault();
        assert!(text.contains("from 1day"), "{text}");
    }
}
