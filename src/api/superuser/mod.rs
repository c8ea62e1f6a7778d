//! What superusers do with the registry as a whole. Read-only superusers read all of it but secrets.

mod deleted;
mod organizations;
mod registry;
mod users;

use actix_web::{HttpRequest, web};
use domain::access::{Admin, Authorized, Inspect, Instance};
use domain::page::Containing;
use serde::Deserialize;
use serde_json::{Value, json};

use super::error::ApiError;
use super::{asked, page};
use crate::web::services::Services;

/// Rows on a page at most, and without a `limit`.
const MAX_PAGE: usize = 100;
/// Rows that are looked through for a part of a name: of a large registry a page may be short, or empty, and still say
/// where it goes on.
const SEARCHED: usize = 5_000;

#[derive(Deserialize)]
struct Paging {
    limit: Option<usize>,
    next_page: Option<String>,
}

/// Which part of a list of the whole registry is asked for.
struct Wanted {
    next_page: Option<String>,
    limit: usize,
    containing: Containing,
}

impl Wanted {
    fn read(request: &HttpRequest) -> Result<Wanted, ApiError> {
        let given: Paging = asked::query(request)?;
        let limit = match given.limit {
            None => MAX_PAGE,
            Some(limit) if (1..=MAX_PAGE).contains(&limit) => limit,
            Some(limit) => {
                return Err(ApiError::invalid(format!("limit is a number from 1 to {MAX_PAGE}; got {limit}")));
            }
        };
        Ok(Wanted { next_page: given.next_page, limit, containing: page::filter(request)? })
    }

    /// How many rows are read.
    fn walked(&self) -> i64 {
        let rows = if self.containing.wanted().is_some() { SEARCHED } else { self.limit + 1 };
        i64::try_from(rows).unwrap_or(i64::MAX)
    }

    /// The rows of the page, of those that were read, and the key after which the next one begins.
    fn page<T, K>(
        &self,
        read: Vec<T>,
        is_called: impl Fn(&T, &Containing) -> bool,
        key: impl Fn(&T) -> K,
    ) -> (Vec<T>, Option<K>) {
        let is_all = i64::try_from(read.len()).is_ok_and(|length| length < self.walked());
        let end = read.last().map(&key).filter(|_| !is_all);
        let mut rows: Vec<T> =
            read.into_iter().filter(|row| is_called(row, &self.containing)).take(self.limit + 1).collect();
        let has_more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next = if has_more { rows.last().map(key) } else { end };
        (rows, next)
    }
}

pub fn routes(config: &mut web::ServiceConfig) {
    config
        .configure(users::routes)
        .configure(organizations::routes)
        .configure(deleted::routes)
        .configure(registry::routes);
}

/// A superuser whose password was given a short while ago.
async fn superuser(request: &HttpRequest, services: &Services) -> Result<Authorized<Instance, Admin>, ApiError> {
    let caller = asked::caller(request, services).await?;
    let instance = services.access.registry::<Admin>(&caller).await?;
    asked::require_fresh(&caller, services)?;
    Ok(instance)
}

/// A superuser, read-only or not.
async fn inspector(request: &HttpRequest, services: &Services) -> Result<Authorized<Instance, Inspect>, ApiError> {
    let caller = asked::caller(request, services).await?;
    Ok(services.access.registry::<Inspect>(&caller).await?)
}

/// What stands where quotas will be: none is set and nothing was counted.
fn no_quota() -> Value {
    json!({ "quota_bytes": 0, "configured_quota": null, "running_backfill": "waiting", "backfill_status": "waiting" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_that_did_not_reach_the_end_goes_on() {
        let wanted = |limit, part: &str| Wanted { next_page: None, limit, containing: Containing::part(part.into()) };
        let named = |row: &usize, part: &Containing| part.is_in(&row.to_string());
        let page = |wanted: Wanted, rows: usize| wanted.page((1..=rows).collect(), named, |row| *row);

        assert_eq!(page(wanted(2, ""), 3), (vec![1, 2], Some(2)));
        assert_eq!(page(wanted(2, ""), 2), (vec![1, 2], None));
        assert_eq!(page(wanted(2, "9"), 40), (vec![9, 19], Some(19)));
        assert_eq!(page(wanted(9, "39"), 40), (vec![39], None));
        assert_eq!(page(wanted(9, "4999"), SEARCHED), (vec![4_999], Some(SEARCHED)));
        assert_eq!(page(wanted(9, "x"), SEARCHED), (vec![], Some(SEARCHED)));
    }
}
