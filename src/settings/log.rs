//! What is logged and how.

use crate::settings::parse;
use crate::settings::reader::Reader;

/// The log on standard error.
#[derive(Clone, Debug)]
pub struct Log {
    /// How a line looks. Default `auto`. `PIERHEAD_LOG__FORMAT`.
    pub format: LogFormat,
    /// Directives of `tracing`'s environment filter. Default `info`. `PIERHEAD_LOG__LEVEL`, e.g. `info,pierhead=debug`.
    pub level: String,
    /// Which requests get a line. Default `changes`. `PIERHEAD_LOG__REQUESTS`.
    pub requests: LoggedRequests,
}

/// How a log line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people on a terminal, JSON otherwise.
    Auto,
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Which requests get a log line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LoggedRequests {
    /// None.
    None,
    /// Those that may change something.
    Changes,
    /// All.
    All,
}

impl Log {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            format: reader.value(
                "log.format",
                "auto",
                "`human`, `json`, or `auto`: human on a terminal, JSON otherwise",
                parse::one_of([("auto", LogFormat::Auto), ("human", LogFormat::Human), ("json", LogFormat::Json)]),
            ),
            level: reader.value(
                "log.level",
                "info",
                "How much is logged, such as `warn` or `info,pierhead=debug`",
                parse::text,
            ),
            requests: reader.value(
                "log.requests",
                "changes",
                "Which requests are logged: `none`, `changes` (those that may change something) or `all`",
                parse::one_of([
                    ("none", LoggedRequests::None),
                    ("changes", LoggedRequests::Changes),
                    ("all", LoggedRequests::All),
                ]),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::testing::Given;

    #[test]
    fn kinds_are_read_by_name() {
        let log = Given::file("[log]\nformat = 'json'\nrequests = 'all'\n").settings().log;

        assert_eq!((log.format, log.requests), (LogFormat::Json, LoggedRequests::All));
        assert_eq!(log.level, "info");
    }

    #[test]
    fn an_empty_level_is_a_fault() {
        assert!(Given::nothing().variable("PIERHEAD_LOG__LEVEL", " ").fault().contains("is empty"));
    }
}
