//! The start page of somebody signed in: starred, recently pushed, theirs; what needs attention.

use actix_web::HttpResponse;
use askama::Template;
use domain::home::{self, Attention};
use domain::repository::{self, Among, RepositoryQuery, RepositoryRow};

use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::{Moment, markdown};
use crate::portal::urls;
use crate::portal::visit::Visit;

const STARRED: usize = 6;
const RECENT: usize = 8;
/// Of a description on a card.
const SUMMARY: usize = 140;

#[derive(Template)]
#[template(path = "explore/home.html")]
struct HomePage {
    frame: Frame,
    greeting: String,
    starred: Vec<Card>,
    more_starred: bool,
    recent: Vec<Card>,
    needs: Vec<Need>,
    login: String,
}

/// A repository.
struct Card {
    name: String,
    namespace: String,
    short: String,
    url: String,
    summary: String,
    tags: i64,
    size: String,
    pushed: Option<Moment>,
    latest: Option<(String, String)>,
}

/// Something to look at.
struct Need {
    icon: &'static str,
    text: String,
    url: String,
    at: Moment,
}

/// `GET /`
///
/// # Errors
/// As the database's.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let me = visit.myself().await?;
    let (reader, now) = (visit.catalog_reader(), visit.services.clock.now());
    let read = visit.services.db.read(move |conn| {
        let starred = repository::rows(conn, &reader, &RepositoryQuery::of(Among::Starred, STARRED))?.page;
        let recent = repository::rows(conn, &reader, &RepositoryQuery::of(Among::Mine, RECENT))?.page;
        let latest = repository::latest_pushes(conn, &recent.rows)?;
        Ok((starred, recent, latest, home::attention(conn, &me, now)?))
    });
    let (starred, recent, mut latest, attention) = read.await?;
    let name = visit.caller().principal.name().to_string();
    let recent = recent.rows.into_iter().map(|row| {
        let latest = latest.remove(&row.id).map(|push| (push.tag, push.actor));
        Card { latest, ..Card::new(&visit, row) }
    });
    let page = HomePage {
        frame: visit.frame(Here::Home).await?,
        greeting: visit.text().with("home-greeting", "name", &name),
        more_starred: starred.next.is_some(),
        starred: starred.rows.into_iter().map(|row| Card::new(&visit, row)).collect(),
        recent: recent.collect(),
        needs: needs(&visit, attention),
        login: format!("docker login -u {name} {}", visit.address().host()),
    };
    Ok(visit.page(&page))
}

impl Card {
    fn new(visit: &Visit, row: RepositoryRow) -> Card {
        let reader = visit.reader();
        let (namespace, short) = row.name.split_once('/').unwrap_or((row.name.as_str(), ""));
        Card {
            namespace: namespace.to_string(),
            short: short.to_string(),
            url: urls::repository(&row.name),
            summary: markdown::summary(&row.description, SUMMARY),
            tags: row.tags,
            size: reader.size(row.size.unsigned_abs()),
            pushed: row.pushed_at.map(|at| reader.moment(at)),
            latest: None,
            name: row.name,
        }
    }
}

fn needs(visit: &Visit, attention: Attention) -> Vec<Need> {
    let (text, reader) = (visit.text(), visit.reader());
    let invitations = attention.invitations.into_iter().map(|one| Need {
        icon: "mail",
        text: text.with_all(
            "home-invited",
            &[("inviter", &one.inviter), ("team", &one.team), ("organization", &one.organization)],
        ),
        url: urls::invitations().to_string(),
        at: reader.moment(one.until),
    });
    let tokens = attention.tokens.into_iter().map(|one| Need {
        icon: "key-round",
        text: text.with("home-token-ends", "title", &one.title),
        url: urls::account_tokens().to_string(),
        at: reader.moment(one.at),
    });
    let tags = attention.tags.into_iter().map(|one| Need {
        icon: "calendar-clock",
        text: text.with2("home-tag-ends", "repository", &one.repository, "tag", &one.tag),
        url: urls::tag(&one.repository, &one.tag),
        at: reader.moment(one.at),
    });
    invitations.chain(tokens).chain(tags).collect()
}
