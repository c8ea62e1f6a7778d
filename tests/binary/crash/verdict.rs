//! Holding the journals against what the registry has.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use reqwest::Method;

use super::journal::{Interrupted, Journal, Pointed};
use super::{REPOSITORIES, is_upload};
use crate::client::{Client, digest_of, send};

/// Goes on with every upload that a kill stopped; returns those that came through, with their digest.
pub async fn resume_interrupted(client: &Client, journals: &[Journal]) -> Vec<(&'static str, String)> {
    let mut resumed = Vec::new();
    for interrupted in journals.iter().flat_map(|journal| &journal.interrupted) {
        if resume(client, interrupted).await {
            resumed.push((interrupted.repository, digest_of(&interrupted.bytes)));
        }
    }
    resumed
}

/// From where the server says it is to the end; `false` if the server says that there is no such upload.
async fn resume(client: &Client, upload: &Interrupted) -> bool {
    let status = client.get(&upload.location).await;
    if status.status == 404 {
        return false;
    }
    let received = received(status.is(204).header("range"));
    assert!(received <= upload.bytes.len(), "more was received than sent");
    let rest = &upload.bytes[received..];
    if !rest.is_empty() {
        let range = format!("{received}-{}", upload.bytes.len() - 1);
        let request = client.request(Method::PATCH, &upload.location).header("Content-Range", range);
        let answer = send(request.body(rest.to_vec())).await.unwrap();
        if answer.status == 404 {
            return false;
        }
        answer.is(202);
    }
    let path = format!("{}?digest={}", upload.location, digest_of(&upload.bytes));
    let answer = send(client.request(Method::PUT, &path)).await.unwrap();
    // The bytes became a blob when the server died: there is nothing to go on with.
    if answer.status == 404 {
        return false;
    }
    answer.is(201);
    true
}

/// Bytes behind a `Range` header, which has no form for none; no content here is one byte long.
fn received(range: &str) -> usize {
    let last: usize = range.strip_prefix("0-").unwrap().parse().unwrap();
    if last == 0 { 0 } else { last + 1 }
}

/// Insists that everything acknowledged is there, and that nothing else is damaged. Answers with what was seen.
pub async fn hold_against(client: &Client, journals: &[Journal], resumed: &[(&'static str, String)]) -> String {
    let surprises: Vec<&String> = journals.iter().flat_map(|journal| &journal.surprises).collect();
    assert!(surprises.is_empty(), "answers nothing explains: {surprises:#?}");
    let mut certain: BTreeSet<(&str, String)> = resumed.iter().cloned().collect();
    let mut possible = BTreeSet::new();
    for asked in journals.iter().flat_map(|journal| &journal.blobs) {
        let blob = (asked.repository, asked.what.digest.clone());
        if asked.acknowledged {
            certain.insert(blob)
        } else {
            possible.insert(blob)
        };
    }
    for (repository, digest) in &certain {
        let path = format!("/v2/{repository}/blobs/{digest}");
        client.head(&path).await.is(200);
        assert_eq!(&digest_of(&client.get(&path).await.is(200).body), digest);
    }
    let mut lucky = 0;
    for (repository, digest) in possible.difference(&certain) {
        let path = format!("/v2/{repository}/blobs/{digest}");
        match client.head(&path).await.status {
            404 => {}
            200 => {
                lucky += 1;
                assert_eq!(&digest_of(&client.get(&path).await.is(200).body), digest, "half-written bytes are served");
            }
            other => panic!("HEAD {path}: {other}"),
        }
    }
    hold_manifests_against(client, journals).await;
    hold_tags_against(client, journals).await;
    let unknown = possible.difference(&certain).count();
    format!("{} blobs there, {lucky} of {unknown} unacknowledged ones too", certain.len())
}

async fn hold_manifests_against(client: &Client, journals: &[Journal]) {
    for asked in journals.iter().flat_map(|journal| &journal.manifests) {
        let path = format!("/v2/{}/manifests/{}", asked.repository, asked.what.digest);
        let answer = client.get(&path).await;
        if answer.status == 404 && !asked.acknowledged {
            continue;
        }
        let answer = answer.is(200);
        assert!(answer.body == asked.what.bytes, "{path} differs");
        assert_eq!(answer.header("content-type"), asked.what.media_type);
    }
}

async fn hold_tags_against(client: &Client, journals: &[Journal]) {
    let mut listed = BTreeSet::new();
    for repository in REPOSITORIES {
        let list = client.get(&format!("/v2/{repository}/tags/list?n=1000")).await.is(200).json();
        let names = list["tags"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_string());
        listed.extend(names.map(|name| (repository, name)));
    }
    for (tag, history) in journals.iter().flat_map(|journal| &journal.tags) {
        let (must_exist, possible) = Pointed::possible(history);
        let answer = client.get(&format!("/v2/{}/manifests/{}", tag.0, tag.1)).await;
        if !listed.remove(tag) {
            assert!(!must_exist, "{tag:?} is not listed");
            answer.is(404);
            continue;
        }
        let digest = digest_of(&answer.is(200).body);
        assert!(possible.contains(&digest.as_str()), "{tag:?} points at {digest} and not at one of {possible:?}");
    }
    assert!(listed.is_empty(), "tags that nobody pushed: {listed:?}");
}

/// Reads every blob file: none is half-written or under a wrong name, and no file lies anywhere else.
pub fn every_stored_file_is_what_its_name_says(storage: &Path) {
    let mut files = 0;
    for folder in fs::read_dir(storage.join("blobs/sha256")).unwrap() {
        let folder = folder.unwrap().path();
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap().path();
            let digest = digest_of(&fs::read(&file).unwrap());
            assert_eq!(digest, format!("sha256:{}", file.file_name().unwrap().to_str().unwrap()));
            assert!(folder.ends_with(&digest[7..9]));
            files += 1;
        }
    }
    assert!(files > 0);
    for entry in fs::read_dir(storage.join("uploads")).unwrap() {
        let entry = entry.unwrap();
        assert!(!is_upload(&entry) || entry.file_name().len() == 36, "{:?} is no upload", entry.file_name());
    }
}
