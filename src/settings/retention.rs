//! How long things are kept that nobody needs any more.

use std::time::Duration;

use crate::settings::parse::{self, DAY, MINUTE, MONTH, YEAR};
use crate::settings::reader::Reader;

/// How long what is over is kept.
#[derive(Clone, Debug)]
pub struct Retention {
    /// How long deleted users, organizations and repositories can be restored. Default 7 days.
    /// `PIERHEAD_RETENTION__DELETED`.
    pub deleted: Duration,
    /// How long entries of the usage log are kept; `None` for ever. Default for ever. `PIERHEAD_RETENTION__EVENTS`, e.g.
    /// `90d`. The counts that charts are made of stay.
    pub events: Option<Duration>,
}

impl Retention {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            deleted: reader.value(
                "retention.deleted",
                "7d",
                "How long deleted users, organizations and repositories can be restored",
                parse::duration(MINUTE..=MONTH * 12),
            ),
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
    fn deleted_things_can_be_restored_for_a_week_unless_told_otherwise() {
        assert_eq!(Given::nothing().settings().retention.deleted, Duration::from_secs(7 * 24 * 3600));
    }

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
