//! Which log is asked for, by whom, and which entries of it.

use actix_web::HttpRequest;
use domain::access::{Admin, Inspect};
use domain::audit::{DAY, Filter, Scope};
use domain::event::EventKind;
use domain::time::Timestamp;
use serde::Deserialize;

use super::asked;
use super::error::ApiError;
use super::log_shapes::Namespaces;
use crate::web::services::Services;

const MAX_TEXT: usize = 200;

/// The filters there are; anything else in a query is not looked at.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    starttime: Option<String>,
    endtime: Option<String>,
    performer: Option<String>,
    kind: Option<String>,
    repository: Option<String>,
    q: Option<String>,
    pub next_page: Option<String>,
    pub format: Option<String>,
}

/// Where the path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Repository,
    Organization,
    User,
    Registry,
}

impl Of {
    pub const ALL: [Of; 4] = [Of::Registry, Of::User, Of::Organization, Of::Repository];

    /// The beginning of its paths.
    pub fn path(self) -> &'static str {
        match self {
            Of::Repository => "/repository/{repository:.+}",
            Of::Organization => "/organization/{organization}",
            Of::User => "/user",
            Of::Registry => "/superuser",
        }
    }

    /// Only the log of everything says of which namespace an entry is.
    pub fn namespaces(self) -> Namespaces {
        if self == Of::Registry { Namespaces::Named } else { Namespaces::Implied }
    }

    /// For whoever may read it.
    ///
    /// # Errors
    /// As [`asked::repository`] and its like.
    pub async fn inspected(self, request: &HttpRequest, services: &Services) -> Result<Scope<Inspect>, ApiError> {
        Ok(match self {
            Of::Repository => Scope::repository(&asked::repository::<Inspect>(request, services).await?),
            Of::Organization => Scope::namespace(&asked::organization::<Inspect>(request, services).await?),
            Of::User => Scope::namespace(&asked::namespace::<Inspect>(request, services).await?),
            Of::Registry => {
                let caller = asked::caller(request, services).await?;
                let registry = services.access.registry::<Inspect>(&caller).await?;
                asked::require_fresh(&caller, services)?;
                Scope::registry(&registry)
            }
        })
    }

    /// For whoever may hand it out.
    ///
    /// # Errors
    /// As [`Of::inspected`].
    pub async fn administered(self, request: &HttpRequest, services: &Services) -> Result<Scope<Admin>, ApiError> {
        Ok(match self {
            Of::Repository => Scope::repository(&asked::repository::<Admin>(request, services).await?),
            Of::Organization => Scope::namespace(&asked::organization::<Admin>(request, services).await?),
            Of::User => Scope::namespace(&asked::namespace::<Admin>(request, services).await?),
            Of::Registry => {
                let caller = asked::caller(request, services).await?;
                let registry = services.access.registry::<Admin>(&caller).await?;
                asked::require_fresh(&caller, services)?;
                Scope::registry(&registry)
            }
        })
    }
}

impl Asked {
    /// The filter for a log.
    ///
    /// # Errors
    /// 400 for a kind there is none of, and for a text that is too long.
    pub fn filter<A>(&self, scope: &Scope<A>, now: Timestamp) -> Result<Filter, ApiError> {
        let (from, until) = self.range(now);
        let kind = self.kind.as_deref().filter(|kind| !kind.is_empty());
        let kind = kind
            .map(|word| {
                let unknown = || ApiError::invalid(format!("There are no events of kind '{}'", asked::excerpt(word)));
                EventKind::from_word(word).ok_or_else(unknown)
            })
            .transpose()?;
        let given = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        for text in [&self.performer, &self.repository, &self.q].into_iter().flatten() {
            if text.len() > MAX_TEXT || text.contains('\0') {
                return Err(ApiError::invalid(format!("Filters have at most {MAX_TEXT} bytes and no NUL characters")));
            }
        }
        // The path of a repository, or its whole name, as long as it is clear in which namespace.
        let repository = given(&self.repository).map(|name| match scope.namespace_name() {
            Some(namespace) if !name.starts_with(&format!("{namespace}/")) => format!("{namespace}/{name}"),
            _ => name,
        });
        Ok(Filter { from, until, performer: given(&self.performer), kind, repository, text: given(&self.q) })
    }

    /// From and until, as Quay understands them: whole days, the last one included; from yesterday to tomorrow where no
    /// day is given, or none that can be read.
    pub fn range(&self, now: Timestamp) -> (Timestamp, Timestamp) {
        let from = self.starttime.as_deref().and_then(day);
        let until = self.endtime.as_deref().and_then(day).map(|day| Timestamp(day.0 + DAY));
        (from.unwrap_or(Timestamp(now.0 - DAY)), until.unwrap_or(Timestamp(now.0 + DAY)))
    }
}

/// A day written MM/DD/YYYY: its first moment.
fn day(text: &str) -> Option<Timestamp> {
    let mut parts = text.trim().split('/');
    let mut number = |digits: usize| {
        let part =
            parts.next().filter(|part| part.len() <= digits && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        part.parse::<i64>().ok()
    };
    let (month, day, year) = (number(2)?, number(2)?, number(4)?);
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    if parts.next().is_some() || !(1970..=9999).contains(&year) || !(1..=12).contains(&month) {
        return None;
    }
    (1..=length).contains(&day).then(|| Timestamp(days_since_1970(year, month, day) * DAY))
}

/// After Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so leap days come last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_americans_write_them() {
        assert_eq!(day("01/01/1970"), Some(Timestamp(0)));
        assert_eq!(day("11/23/2026"), Some(Timestamp(1_795_392_000_000)));
        assert_eq!(day("2/29/2024"), Some(Timestamp(1_709_164_800_000)));
    }

    #[test]
    fn what_is_no_day_is_none() {
        let odd = ["garbage", "23/11/2026", "02/29/2026", "02/30/2024", "1/1", "1/1/1/1", "01/01/99999", "-1/1/2026"];
        for odd in odd {
            assert_eq!(day(odd), None, "{odd}");
        }
    }

    #[test]
    fn the_last_day_counts_as_a_whole() {
        let asked =
            Asked { starttime: Some("11/23/2026".into()), endtime: Some("11/23/2026".into()), ..Asked::default() };
        let (from, until) = asked.range(Timestamp(0));
        assert_eq!(until.0 - from.0, DAY);
    }
}
