//! What is written into the usage log beside what always is.

use crate::settings::parse;
use crate::settings::reader::Reader;

/// The usage log.
#[derive(Clone, Debug)]
pub struct Audit {
    /// Whether refused pulls are written down. Default false. `PIERHEAD_AUDIT__FAILED_PULLS`.
    pub failed_pulls: bool,
    /// Whether refused pushes are written down. Default false. `PIERHEAD_AUDIT__FAILED_PUSHES`.
    pub failed_pushes: bool,
}

impl Audit {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            failed_pulls: reader.value(
                "audit.failed_pulls",
                "false",
                "Whether refused pulls from repositories that exist are written into the usage log",
                parse::boolean,
            ),
            failed_pushes: reader.value(
                "audit.failed_pushes",
                "false",
                "Whether refused pushes to repositories that exist are written into the usage log",
                parse::boolean,
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::testing::Given;

    #[test]
    fn refusals_are_not_written_down_until_somebody_asks_for_it() {
        let audit = Given::nothing().flag("audit.failed_pushes", "true").settings().audit;

        assert!(!audit.failed_pulls && audit.failed_pushes);
    }
}
