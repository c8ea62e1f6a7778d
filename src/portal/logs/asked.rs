//! What the address says: which days, which entries, which of them open.

use actix_web::{HttpRequest, web};
use domain::audit::{DAY, Filter, Key, Scope};
use domain::event::EventKind;
use domain::time::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::Deserialize;

/// Days shown where the address names none.
const USUAL_DAYS: i64 = 30;
/// Longer than anything has been kept.
const MOST_DAYS: i64 = 3_660;
const MAX_TEXT: usize = 200;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Query {
    from: Option<String>,
    to: Option<String>,
    performer: Option<String>,
    kind: Option<String>,
    repository: Option<String>,
    q: Option<String>,
    after: Option<String>,
    open: Option<String>,
    dialog: Option<String>,
}

/// The state of the log on a page. What cannot be understood is left out: an address is no form to be mended.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// First and last day, as the first moment of each.
    first: i64,
    last: i64,
    /// Today's first moment.
    today: i64,
    /// Whether the address names the days.
    has_days: bool,
    pub performer: String,
    pub kind: Option<EventKind>,
    pub repository: String,
    pub text: String,
    pub after: Option<Key>,
    pub open: Option<i64>,
    pub dialog: Option<String>,
}

impl Asked {
    pub fn of(request: &HttpRequest, now: Timestamp) -> Asked {
        let query = web::Query::<Query>::from_query(request.query_string()).map(web::Query::into_inner);
        let query = query.unwrap_or_default();
        let text = |given: Option<String>| {
            let given = given.map(|text| text.trim().to_string()).unwrap_or_default();
            if given.len() > MAX_TEXT || given.contains('\0') { String::new() } else { given }
        };
        let asked = Asked {
            performer: text(query.performer),
            kind: query.kind.as_deref().and_then(EventKind::from_word),
            repository: text(query.repository),
            text: text(query.q),
            after: query.after.as_deref().and_then(key),
            open: query.open.and_then(|id| id.parse().ok()),
            dialog: query.dialog,
            today: now.0.div_euclid(DAY) * DAY,
            ..Asked::default()
        };
        asked.between(query.from.as_deref().and_then(day), query.to.as_deref().and_then(day))
    }

    /// From one day to another, whichever is first; the usual number of days where one is missing.
    fn between(self, from: Option<i64>, to: Option<i64>) -> Asked {
        let last = to.unwrap_or(self.today);
        let first = from.unwrap_or(last - (USUAL_DAYS - 1) * DAY);
        let (first, last) = (first.min(last), first.max(last));
        let first = first.max(last - (MOST_DAYS - 1) * DAY);
        Asked { first, last, has_days: from.is_some() || to.is_some(), ..self }
    }

    /// The same for so many days until today.
    pub fn lasting(&self, days: i64) -> Asked {
        self.clone().between(Some(self.today - (days - 1) * DAY), Some(self.today))
    }

    /// From this moment on, and before that one.
    pub fn range(&self) -> (Timestamp, Timestamp) {
        (Timestamp(self.first), Timestamp(self.last + DAY))
    }

    /// As the domain takes it.
    pub fn filter<A>(&self, scope: &Scope<A>) -> Filter {
        let given = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        let (from, until) = self.range();
        // The path of a repository, or its whole name, as long as it is clear in which namespace.
        let repository = given(&self.repository).map(|name| match scope.namespace_name() {
            Some(namespace) if !name.starts_with(&format!("{namespace}/")) => format!("{namespace}/{name}"),
            _ => name,
        });
        Filter { from, until, performer: given(&self.performer), kind: self.kind, repository, text: given(&self.text) }
    }

    /// Whether something is filtered for besides the days.
    pub fn is_filtered(&self) -> bool {
        self.kind.is_some() || [&self.performer, &self.repository, &self.text].iter().any(|text| !text.is_empty())
    }

    /// The first day as fields of forms have it: `2026-08-11`.
    pub fn first_field(&self) -> String {
        written(self.first)
    }

    /// The last day.
    pub fn last_field(&self) -> String {
        written(self.last)
    }

    /// The filters for an address. Pages, open entries and dialogs are added where wanted.
    pub fn pairs(&self) -> Pairs {
        let mut pairs = Vec::new();
        if self.has_days {
            pairs.push(("from", self.first_field()));
            pairs.push(("to", self.last_field()));
        }
        pairs.push(("kind", self.kind.map(|kind| kind.as_str().to_string()).unwrap_or_default()));
        pairs.push(("performer", self.performer.clone()));
        pairs.push(("repository", self.repository.clone()));
        pairs.push(("q", self.text.clone()));
        Pairs(pairs)
    }

    /// The filters as the API names them; days are written MM/DD/YYYY there.
    pub fn for_download(&self, format: &str) -> Vec<(&'static str, String)> {
        vec![
            ("format", format.to_string()),
            ("starttime", american(self.first)),
            ("endtime", american(self.last)),
            ("kind", self.kind.map(|kind| kind.as_str().to_string()).unwrap_or_default()),
            ("performer", self.performer.clone()),
            ("repository", self.repository.clone()),
            ("q", self.text.clone()),
        ]
    }
}

/// A query in the making.
pub struct Pairs(Vec<(&'static str, String)>);

impl Pairs {
    pub fn after(mut self, key: Option<Key>) -> Pairs {
        self.0.push(("after", key.map(|(at, id)| format!("{at}.{id}")).unwrap_or_default()));
        self
    }

    pub fn open(mut self, entry: Option<i64>) -> Pairs {
        self.0.push(("open", entry.map(|id| id.to_string()).unwrap_or_default()));
        self
    }

    pub fn kind(mut self, word: &str) -> Pairs {
        self.0.retain(|(name, _)| *name != "kind");
        self.0.push(("kind", word.to_string()));
        self
    }

    pub fn dialog(mut self, name: &str) -> Pairs {
        self.0.push(("dialog", name.to_string()));
        self
    }

    pub fn list(self) -> Vec<(&'static str, String)> {
        self.0
    }
}

/// A day as fields of forms send it: its first moment.
pub(super) fn day(text: &str) -> Option<i64> {
    let date: Date = text.trim().parse().ok().filter(|date: &Date| (1970..=9990).contains(&date.year()))?;
    Some(TimeZone::UTC.to_timestamp(date.to_datetime(Time::midnight())).ok()?.as_millisecond())
}

fn date(day: i64) -> Option<Date> {
    let moment = jiff::Timestamp::from_millisecond(day).ok()?;
    Some(TimeZone::UTC.to_datetime(moment).date())
}

fn written(day: i64) -> String {
    date(day).map(|date| date.to_string()).unwrap_or_default()
}

fn american(day: i64) -> String {
    date(day).map(|date| date.strftime("%m/%d/%Y").to_string()).unwrap_or_default()
}

/// Where a page ended, as [`Pairs::after`] writes it.
fn key(text: &str) -> Option<Key> {
    let (at, id) = text.split_once('.')?;
    Some((at.parse().ok()?, id.parse().ok()?))
}
