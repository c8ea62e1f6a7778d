//! What pages show of images, asked of the domain as the pages ask.

mod files;
mod opened;
mod shared;

use std::sync::Arc;

use domain::access::{Authorized, Read};
use domain::ids::ManifestId;
use domain::image::{Attached, Details, Image, attached, details, open, tags_at, turn};
use domain::oci::Digest;
use domain::principal::{Caller, Origin};
use domain::repository::Repository;
use domain::time::Clock;

use crate::support::{Actor, TestApp};

/// Who this is to the domain.
async fn caller(app: &TestApp, who: &Actor) -> Arc<Caller> {
    let anonymous = Caller::anonymous(Origin::default());
    Arc::new(match who.name.as_str() {
        "" => anonymous,
        _ => Caller { principal: app.principal(who).await, ..anonymous },
    })
}

/// Permission to read a repository.
async fn reading(app: &TestApp, who: &Actor, repository: &str) -> Authorized<Repository, Read> {
    let caller = caller(app, who).await;
    app.services.access.repository(&caller, &repository.parse().unwrap()).await.unwrap()
}

async fn detailed(app: &TestApp, who: &Actor, repository: &str, digest: &str) -> domain::Result<Details> {
    let repository = reading(app, who, repository).await;
    let digest = digest.parse::<Digest>().unwrap();
    app.services.db.read(move |conn| details(conn, &repository, &digest)).await
}

async fn tags_of(app: &TestApp, who: &Actor, repository: &str, of: &Details) -> (Vec<String>, bool) {
    let (repository, id, now) = (reading(app, who, repository).await, of.id, app.clock.now());
    app.services.db.read(move |conn| tags_at(conn, &repository, id, now)).await.unwrap()
}

async fn opened(app: &TestApp, who: &Actor, repository: &str, digest: &str) -> Image {
    let repository = reading(app, who, repository).await;
    let services = &app.services;
    let reader = (&*services.store, &services.blobs);
    let turn = turn(&repository).await.unwrap();
    open(&services.db, reader, &repository, &turn, &digest.parse().unwrap()).await.unwrap()
}

async fn attached_to(app: &TestApp, who: &Actor, repository: &str, subject: &str) -> Vec<Attached> {
    let repository = reading(app, who, repository).await;
    let (subject, now) = (subject.parse::<Digest>().unwrap(), app.clock.now());
    let all = app.services.db.read(move |conn| attached(conn, &repository, (&subject, now), ManifestId(0), 50));
    all.await.unwrap()
}
