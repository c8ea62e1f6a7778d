//! What pages ask of the domain: rows, their order, their totals, and who sees what.

mod administration;
mod kept;
mod people;
mod repositories;
mod tags;

use std::sync::Arc;

use domain::access::{Authorized, Read, Write};
use domain::principal::{Caller, Origin};
use domain::repository::Repository;

use crate::support::{Actor, TestApp};

/// Who this is to the domain, as if signed in with a browser.
pub async fn caller(app: &TestApp, who: &Actor) -> Arc<Caller> {
    Arc::new(Caller { principal: app.principal(who).await, ..Caller::anonymous(Origin::default()) })
}

pub async fn to_read(app: &TestApp, who: &Actor, repository: &str) -> Authorized<Repository, Read> {
    app.services.access.repository(&caller(app, who).await, &repository.parse().unwrap()).await.unwrap()
}

pub async fn to_write(app: &TestApp, who: &Actor, repository: &str) -> Authorized<Repository, Write> {
    app.services.access.repository(&caller(app, who).await, &repository.parse().unwrap()).await.unwrap()
}
