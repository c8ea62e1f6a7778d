//! What the tags of a repository pointed at, and the way back.

use actix_web::HttpResponse;
use askama::Template;
use domain::page::{Cursor, Place};
use domain::tag::{self, Ending, TagMove, TimelineQuery};
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, Reader, short_digest};
use crate::portal::urls;
use crate::portal::visit::Visit;

const ON_A_PAGE: usize = 50;
/// Ends to come that are shown above.
const ENDINGS: i64 = 20;

/// What the address says of the page's state.
#[derive(Deserialize, Default, Clone)]
#[serde(default)]
struct Shown {
    q: String,
    from: String,
    to: String,
    hide: Option<String>,
    after: Option<String>,
    before: Option<String>,
}

#[derive(Template)]
#[template(path = "repository/history.html", blocks = ["history"])]
struct HistoryPage {
    frame: Frame,
    head: Head,
    shown: Shown,
    endings: Vec<Coming>,
    days: Vec<Day>,
    previous: String,
    next: String,
}

/// A tag that is going to end.
struct Coming {
    tag: String,
    at: Moment,
    change: String,
}

/// What happened on one day.
struct Day {
    name: String,
    moves: Vec<Move>,
}

/// One move of a tag, in words.
struct Move {
    class: &'static str,
    icon: &'static str,
    tag: String,
    sentence: String,
    actor: String,
    at: Moment,
    compare: Option<String>,
    restore: Option<Restore>,
}

/// What a tag can be brought back to.
struct Restore {
    digest: String,
    short: String,
}

/// `GET /repository/<name>?tab=history`
///
/// # Errors
/// Not found for whoever may not read the repository.
pub async fn show(visit: Visit, name: &str) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let (repository, head) = Head::load(&visit, name, Some(Tab::History)).await?;
    let place = Place::named(shown.after.as_deref(), shown.before.as_deref());
    let is_first = place == Place::First;
    let query = shown.query(&head.reader, place);
    let now = visit.services.clock.now();
    let found = visit.services.db.read(move |conn| {
        let endings = if is_first { tag::endings(conn, &repository, now, ENDINGS)? } else { Vec::new() };
        Ok((tag::timeline(conn, &repository, &query)?, endings))
    });
    let (page, endings) = found.await?;
    let link = |cursor: Option<&Cursor>, word: &str| {
        cursor.map_or_else(String::new, |cursor| shown.link(&head.name, word, &cursor.to_string()))
    };
    let (previous, next) = (link(page.previous.as_ref(), "before"), link(page.next.as_ref(), "after"));
    let endings = if shown.hide.is_some() { Vec::new() } else { endings };
    let page = HistoryPage {
        frame: visit.frame(Here::Namespace(head.namespace.clone())).await?,
        endings: endings.into_iter().map(|ending| Coming::new(&head, ending)).collect(),
        days: days(&visit, &head, page.rows),
        previous,
        next,
        head,
        shown,
    };
    if visit.wants("history") { Ok(visit.block(&page.as_history())) } else { Ok(visit.page(&page)) }
}

impl Shown {
    fn query(&self, reader: &Reader, place: Place) -> TimelineQuery {
        let containing = Some(self.q.trim().to_string()).filter(|text| !text.is_empty());
        let day = |text: &str, clock: &str| reader.read_input(&format!("{text}T{clock}"));
        TimelineQuery {
            tag: None,
            containing,
            from: day(&self.from, "00:00"),
            until: day(&self.to, "23:59:59.999"),
            place,
            limit: ON_A_PAGE,
        }
    }

    fn is_filtered(&self) -> bool {
        !(self.q.trim().is_empty() && self.from.is_empty() && self.to.is_empty())
    }

    fn link(&self, repository: &str, word: &str, cursor: &str) -> String {
        let state = [("q", self.q.as_str()), ("from", &self.from), ("to", &self.to), (word, cursor)];
        urls::and_query(&urls::repository_tab(repository, Tab::History.name()), &state)
    }
}

impl Coming {
    fn new(head: &Head, ending: Ending) -> Coming {
        let change = format!("{}&dialog=expire&tag={}", urls::repository_tab(&head.name, "tags"), ending.tag);
        Coming { change, at: head.reader.moment(ending.at), tag: ending.tag }
    }
}

fn days(visit: &Visit, head: &Head, moves: Vec<TagMove>) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for one in moves {
        let name = head.reader.day(one.at);
        let shown = Move::new(visit, head, one);
        match days.last_mut().filter(|day| day.name == name) {
            Some(day) => day.moves.push(shown),
            None => days.push(Day { name, moves: vec![shown] }),
        }
    }
    days
}

impl Move {
    fn new(visit: &Visit, head: &Head, one: TagMove) -> Move {
        let text = visit.text();
        let short = |digest: &Option<String>| digest.as_deref().map(short_digest).unwrap_or_default().to_string();
        let (from, to) = (short(&one.from), short(&one.to));
        let (class, icon, sentence) = match (&one.from, &one.to) {
            (_, Some(_)) if one.reversion => ("move", "undo-2", text.with("history-restored", "to", &to)),
            (None, Some(_)) => ("add", "plus", text.with("history-created", "to", &to)),
            (Some(_), Some(_)) => ("move", "arrow-right", text.with2("history-moved", "from", &from, "to", &to)),
            (None, None) => ("del", "trash-2", text.say("history-purged")),
            (_, None) => ("del", "trash-2", text.with("history-deleted", "from", &from)),
        };
        let compare = match (&one.from, &one.to) {
            (Some(from), Some(to)) => Some(format!("{}?from={from}&to={to}", urls::compare(&head.name))),
            _ => None,
        };
        let restorable = one.from.clone().filter(|_| one.restorable && head.can_write());
        let restore = restorable.map(|digest| Restore { short: short_digest(&digest).to_string(), digest });
        Move { class, icon, sentence, actor: one.actor, at: head.reader.moment(one.at), tag: one.tag, compare, restore }
    }
}
