//! The dialog that shows which repositories are granted to somebody directly.

use domain::access::{Inspect, RepositoryRole};
use domain::organization;
use domain::repository::GrantedRepository;

use crate::portal::problem::PageError;
use crate::portal::roles;
use crate::portal::urls;
use crate::portal::visit::Visit;

/// Permissions on a page of the dialog.
const AT_ONCE: usize = 50;

/// The dialog.
pub(super) struct Direct {
    pub member: String,
    pub grants: Vec<Grant>,
    /// The next page of the dialog; empty where there is none.
    pub next: String,
}

/// A repository that is granted.
pub(super) struct Grant {
    pub path: String,
    /// Where it is changed, for who may, or else the repository.
    pub url: String,
    role: RepositoryRole,
}

impl Grant {
    /// The role's name, as a key of the texts.
    pub fn role(&self) -> &'static str {
        roles::permission_key(self.role)
    }
}

impl Direct {
    /// The address of the dialog, over a page of the list that is at `list`.
    pub fn url(list: &str, member: &str) -> String {
        urls::and_query(list, &[("dialog", "direct"), ("member", member)])
    }

    /// What is granted to `member` in this organization, after the repository `after`; the list it is over is at `list`.
    ///
    /// # Errors
    /// As [`organization::permissions`].
    pub async fn of(
        visit: &Visit,
        (name, may): (&str, bool),
        list: &str,
        (member, after): (&str, &str),
    ) -> Result<Direct, PageError> {
        let organization = visit.namespace::<Inspect>(name).await?;
        let (who, after, limit) = (member.to_string(), after.to_string(), i64::try_from(AT_ONCE + 1).unwrap_or(0));
        let read = move |conn: &mut _| organization::permissions(conn, &organization, &who, &after, limit);
        let mut found = visit.services.db.read(read).await?;
        let has_more = found.len() > AT_ONCE;
        found.truncate(AT_ONCE);
        let next = found
            .last()
            .filter(|_| has_more)
            .map(|(path, ..)| urls::and_query(&Direct::url(list, member), &[("more", path)]));
        let grant = |(path, _, role): GrantedRepository| {
            let whole = format!("{name}/{path}");
            Grant {
                url: if may { urls::repository_tab(&whole, "settings") } else { urls::repository(&whole) },
                path,
                role,
            }
        };
        Ok(Direct {
            member: member.to_string(),
            grants: found.into_iter().map(grant).collect(),
            next: next.unwrap_or_default(),
        })
    }
}
