//! What a repository is for, how to pull it, how busy it is; and stars.

use actix_web::{HttpResponse, web};
use askama::Template;
use domain::access::Write;
use domain::audit::{self, Activity};
use domain::{repository, star};
use serde::Deserialize;

use super::head::{Head, Tab};
use crate::portal::faults::Faults;
use crate::portal::flash::Flash;
use crate::portal::frame::{Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::chart::{DataTable, Day, HeatMap, HeatMapTexts};
use crate::portal::show::{Moment, SafeHtml, markdown};
use crate::portal::signin::local;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::form::VerifiedForm;

const DAYS: i64 = 90;

/// What the address says of the page's state.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Shown {
    dialog: String,
}

/// A new description.
#[derive(Deserialize)]
pub struct Described {
    #[serde(default)]
    description: String,
}

/// A star to give or to take away.
#[derive(Deserialize)]
pub struct Starred {
    #[serde(default)]
    starred: String,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "repository/information.html")]
struct InformationPage {
    frame: Frame,
    head: Head,
    readme: SafeHtml,
    heat: SafeHtml,
    created: Moment,
    pushed: Option<Moment>,
    editing: Option<Editing>,
}

/// The editor that is open.
struct Editing {
    text: String,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "repository/_preview.html")]
struct Preview {
    readme: SafeHtml,
    nothing: String,
}

/// `GET /repository/<name>`
///
/// # Errors
/// Not found for whoever may not read the repository.
pub async fn show(visit: Visit, name: &str) -> Result<HttpResponse, PageError> {
    let shown: Shown = visit.query();
    let wants_editor = shown.dialog == "description";
    Ok(visit.page(&page(&visit, name, wants_editor, None).await?))
}

async fn page(
    visit: &Visit,
    name: &str,
    wants_editor: bool,
    refused: Option<(String, Faults)>,
) -> Result<InformationPage, PageError> {
    let (repository, head) = Head::load(visit, name, Some(Tab::Information)).await?;
    let now = visit.services.clock.now();
    let activity = visit.services.db.read(move |conn| audit::activity(conn, &repository, now, DAYS)).await?;
    let editing = match refused {
        Some((text, faults)) => Some(Editing { text, faults }),
        None if wants_editor && head.can_write() => {
            Some(Editing { text: head.overview.description.clone(), faults: Faults::none() })
        }
        None => None,
    };
    Ok(InformationPage {
        frame: visit.frame(Here::Namespace(head.namespace.clone())).await?,
        readme: markdown::render(&head.overview.description),
        heat: heat(visit, &activity),
        created: head.reader.moment(head.overview.created_at),
        pushed: head.overview.pushed_at.map(|at| head.reader.moment(at)),
        editing,
        head,
    })
}

/// `POST /repository/<name>/-/description`
///
/// # Errors
/// As [`repository::describe`], but for what the form can mend.
pub async fn describe(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Described>,
) -> Result<HttpResponse, PageError> {
    let repository = visit.repository::<Write>(&name).await?;
    let text = form.into_inner().description.replace("\r\n", "\n");
    let (now, written) = (visit.services.clock.now(), text.clone());
    match visit.services.db.write(move |tx| repository::describe(tx, &repository, now, &written)).await {
        Ok(()) => Ok(visit.go_saying(&urls::repository(&name), Flash::done(visit.text().say("information-described")))),
        Err(error) => {
            let faults = Faults::from_domain(&visit.request, error)?;
            Ok(visit.refused(&page(&visit, &name, true, Some((text, faults))).await?))
        }
    }
}

/// `POST /repository/<name>/-/description/preview`: what a description will look like.
///
/// # Errors
/// Not found for whoever may not write it.
pub async fn preview(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Described>,
) -> Result<HttpResponse, PageError> {
    visit.repository::<Write>(&name).await?;
    let readme = markdown::render(&form.into_inner().description);
    Ok(visit.block(&Preview { readme, nothing: visit.text().say("information-preview-nothing") }))
}

/// `POST /repository/<name>/-/star`
///
/// # Errors
/// Not found for whoever may not read the repository.
pub async fn star(
    visit: Visit,
    name: web::Path<String>,
    form: VerifiedForm<Starred>,
) -> Result<HttpResponse, PageError> {
    let form = form.into_inner();
    let me = visit.myself().await?;
    let repository = visit.repository::<domain::access::Read>(&name).await?;
    let now = visit.services.clock.now();
    let gives = form.starred == "yes";
    visit
        .services
        .db
        .write(move |tx| {
            if gives {
                star::add(tx, &me, &repository, now).map(|_| ())
            } else {
                star::remove(tx, &me, &repository.name)
            }
        })
        .await?;
    let next = if form.next.is_empty() { urls::repository(&name) } else { local(&form.next) };
    Ok(visit.go(&next))
}

/// The heat map of pushes, with pulls in its table. Its days are days in UTC, because that is how they are counted.
fn heat(visit: &Visit, activity: &[Activity]) -> SafeHtml {
    let (text, reader) = (visit.text(), visit.utc_reader());
    let count = |number: i64| number.unsigned_abs();
    let mut month = "";
    let days = activity.iter().map(|day| {
        let this = reader.short_month(day.day);
        let begins = std::mem::replace(&mut month, this) != this;
        Day {
            count: count(day.pushes),
            title: text.with_all(
                "information-day",
                &[("day", &reader.day(day.day)), ("count", &day.pushes), ("pulls", &day.pulls)],
            ),
            month: begins.then(|| this.to_string()),
        }
    });
    let days: Vec<Day> = days.collect();
    let rows = activity.chunks(7).map(|week| {
        let (pushes, pulls): (i64, i64) =
            week.iter().fold((0, 0), |(pushes, pulls), day| (pushes + day.pushes, pulls + day.pulls));
        vec![reader.day(week[0].day), reader.number(count(pushes)), reader.number(count(pulls))]
    });
    let total: i64 = activity.iter().map(|day| day.pushes).sum();
    let pulls: i64 = activity.iter().map(|day| day.pulls).sum();
    let first_weekday = activity.first().map_or(0, |day| weekday(day.day.0));
    HeatMap {
        id: "pushes",
        first_weekday,
        days,
        texts: HeatMapTexts {
            title: text.say("information-heat"),
            total: reader.number(count(total)),
            sentence: text.with("information-heat-sentence", "pulls", pulls),
            weekdays: reader.short_weekdays().map(str::to_string),
            fewer: text.say("information-fewer"),
            more: text.say("information-more"),
        },
        table: DataTable {
            summary: text.say("information-table"),
            label: text.say("information-table-label"),
            columns: vec![text.say("information-week"), text.say("information-pushes"), text.say("information-pulls")],
            rows: rows.collect(),
        },
    }
    .html()
}

/// Monday is 0. The first of January 1970 was a Thursday.
fn weekday(milliseconds: i64) -> usize {
    usize::try_from((milliseconds.div_euclid(86_400_000) + 3).rem_euclid(7)).unwrap_or(0)
}
