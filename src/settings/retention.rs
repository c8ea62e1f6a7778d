//! How long things are kept that nobody needs any more.

use std::time::Duration;

use crate::settings::parse::{self, MINUTE, MONTH};
use crate::settings::reader::Reader;

/// How long what is over is kept.
#[derive(Clone, Debug)]
pub struct Retention {
    /// How long deleted users, organizations and repositories can be restored. Default 7 days.
    /// `PIERHEAD_RETENTION__DELETED`.
    pub deleted: Duration,
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
}
