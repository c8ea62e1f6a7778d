//! What is stored, how much room is left, and which repositories have the most.

use actix_web::HttpResponse;
use askama::Template;
use domain::access::Inspect;
use domain::administration;
use domain::repository::{self, Among, RepositoryQuery, RepositoryRow, RepositorySort};

use crate::portal::frame::{Administration, Frame, Here};
use crate::portal::problem::PageError;
use crate::portal::show::Moment;
use crate::portal::urls;
use crate::portal::visit::Visit;
use crate::web::disk;

const LARGEST: usize = 20;

#[derive(Template)]
#[template(path = "administration/storage.html")]
struct StoragePage {
    frame: Frame,
    blobs: i64,
    size: String,
    uploads: i64,
    received: String,
    disk: Option<Room>,
    largest: Vec<Row>,
}

/// What is left on the disk.
struct Room {
    free: String,
    size: String,
}

struct Row {
    name: String,
    size: String,
    tags: i64,
    pushed: Option<Moment>,
}

/// `GET /administration/storage`
///
/// # Errors
/// Not found for whoever is no superuser.
pub async fn show(visit: Visit) -> Result<HttpResponse, PageError> {
    let instance = visit.registry::<Inspect>().await?;
    let catalogue = visit.catalog_reader();
    let query = RepositoryQuery { sort: RepositorySort::Size, ..RepositoryQuery::of(Among::Readable, LARGEST) };
    let read = visit.services.db.read(move |conn| {
        let stored = administration::storage(conn, &instance)?;
        Ok((stored, repository::rows(conn, &catalogue, &query)?.page.rows))
    });
    let (stored, largest) = read.await?;
    let reader = visit.reader();
    let disk = disk::of_storage(&visit.services.settings).await;
    let page = StoragePage {
        frame: visit.frame(Here::Administration(Administration::Storage)).await?,
        blobs: stored.blobs,
        size: reader.size(stored.bytes.unsigned_abs()),
        uploads: stored.uploads,
        received: reader.size(stored.received.unsigned_abs()),
        disk: disk.map(|disk| Room { free: reader.size(disk.free), size: reader.size(disk.size) }),
        largest: largest.into_iter().map(|row| Row::new(&visit, row)).collect(),
    };
    Ok(visit.page(&page))
}

impl Row {
    fn new(visit: &Visit, row: RepositoryRow) -> Row {
        let reader = visit.reader();
        Row {
            size: reader.size(row.size.unsigned_abs()),
            tags: row.tags,
            pushed: row.pushed_at.map(|at| reader.moment(at)),
            name: row.name,
        }
    }
}
