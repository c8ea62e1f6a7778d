//! Labels of manifests.

use domain::access::Standing;
use serde_json::{Map, Value, json};

use crate::support::{Actor, Image, TestApp};

async fn with_image(app: &TestApp, image: &Image) -> (Actor, String) {
    let owner = app.organization("acme").await;
    app.oci(&owner).push("acme/web", "v1", image).await;
    (owner, format!("/api/v1/repository/acme/web/manifest/{}/labels", image.digest()))
}

fn keys(list: &Value) -> Vec<&str> {
    list["labels"].as_array().unwrap().iter().map(|label| label["key"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn labels_are_added_listed_shown_and_removed() {
    let app = TestApp::start().await;
    let (owner, path) = with_image(&app, &Image::new("web")).await;

    let added = owner.post(&path, json!({ "key": "env", "value": "prod", "media_type": "text/plain" })).await.is(201);
    owner.post(&path, json!({ "key": "team.name", "value": "x", "media_type": null })).await.is(201);
    owner.post(&path, json!({ "key": "j", "value": "{\"a\":1}", "media_type": "application/json" })).await.is(201);

    let label = added.json()["label"].clone();
    let one = format!("{path}/{}", label["id"].as_str().unwrap());
    assert_eq!(added.header("location"), one);
    assert_eq!((&label["key"], &label["source_type"]), (&json!("env"), &json!("api")));
    assert_eq!(owner.get(&one).await.is(200).json(), label);
    assert_eq!(keys(&owner.get(&path).await.is(200).json()), ["env", "team.name", "j"]);
    assert_eq!(keys(&owner.get(&format!("{path}?filter=te")).await.is(200).json()), ["team.name"]);
    owner.delete(&one).await.is(204);
    owner.delete(&one).await.is(404);
    owner.get(&one).await.is(404);
    owner.get(&format!("{path}/nosuch")).await.is(404);
}

#[actix_web::test]
async fn what_is_wrong_with_a_label_is_said() {
    let app = TestApp::start().await;
    let (owner, path) = with_image(&app, &Image::new("web")).await;
    let refused = |key: &str, value: String, media_type: Value| {
        let (owner, path) = (owner.clone(), path.clone());
        let label = json!({ "key": key, "value": value, "media_type": media_type });
        async move { owner.post(&path, label).await.is(400).message() }
    };

    assert!(refused("9bad key", "x".into(), json!(null)).await.starts_with("Label is of an invalid format"));
    assert_eq!(refused("io.quay.x", "x".into(), json!(null)).await, "Label has a reserved prefix");
    assert_eq!(refused("quay.expires-after", "1h".into(), json!(null)).await, "Label has a reserved prefix");
    assert!(refused("k", "x".into(), json!("image/png")).await.contains("'application/json'"));
    assert!(refused("k", "{".into(), json!("application/json")).await.contains("JSON document"));
    assert!(refused("k", "x".repeat(4097), json!(null)).await.contains("4096 bytes"));
    owner.post(&path, json!({ "key": "k" })).await.is(400);
    assert_eq!(keys(&owner.get(&path).await.is(200).json()), [""; 0]);
}

#[actix_web::test]
async fn an_image_brings_its_labels_and_keeps_them() {
    let app = TestApp::start().await;
    let mut labels = Map::new();
    for number in 0..300 {
        labels.insert(format!("x{number:03}"), json!("v"));
    }
    labels.insert("a".into(), json!("of the configuration"));
    labels.insert("big".into(), json!("x".repeat(5_000)));
    labels.insert("nul".into(), json!("a\0b"));
    let mut image = Image::labelled("web", Value::Object(labels));
    let mut manifest: Value = serde_json::from_slice(&image.manifest).unwrap();
    manifest["annotations"] = json!({ "a": "of the manifest", "b": "annotation" });
    image.manifest = manifest.to_string().into_bytes();
    let (owner, path) = with_image(&app, &image).await;
    app.oci(&owner).push("acme/web", "again", &image).await;

    let list = owner.get(&path).await.is(200).json();

    assert_eq!(list["labels"].as_array().unwrap().len(), 200, "at most so many, once");
    assert_eq!(keys(&list)[..4], ["a", "b", "x000", "x001"]);
    let first = &list["labels"][0];
    assert_eq!((&first["value"], &first["source_type"]), (&json!("of the configuration"), &json!("manifest")));
    let kept = owner.delete(&format!("{path}/{}", first["id"].as_str().unwrap())).await.is(400);
    assert!(kept.message().contains("part of the image"), "{}", kept.shown());
    // Deleted with the manifest, and there again with it.
    app.oci(&owner).delete(&format!("/v2/acme/web/manifests/{}", image.digest())).await.is(202);
    app.oci(&owner).push("acme/web", "v1", &image).await;
    assert_eq!(owner.get(&path).await.is(200).json()["labels"].as_array().unwrap().len(), 200);
}

#[actix_web::test]
async fn labels_are_of_one_repository_and_for_writers_to_change() {
    let app = TestApp::start().await;
    let image = Image::new("web");
    let (owner, path) = with_image(&app, &image).await;
    let foreign = app.organization("other").await;
    app.oci(&foreign).push("other/web", "v1", &image).await;
    let elsewhere = path.replace("acme/web", "other/web");
    let label = json!({ "key": "env", "value": "prod", "media_type": null });
    let added = owner.post(&path, label.clone()).await.is(201).json();
    let id = added["label"]["id"].as_str().unwrap();
    let reader = app.user("rita").await;
    app.grant("acme/web", &reader, "read").await;
    let (stranger, auditor) = (app.user("sam").await, app.user_with("audrey", Standing::ReadOnlySuperuser).await);

    // The same manifest, another repository: its admin has no way to the label.
    assert_eq!(keys(&foreign.get(&elsewhere).await.is(200).json()), [""; 0]);
    foreign.get(&format!("{elsewhere}/{id}")).await.is(404);
    foreign.delete(&format!("{elsewhere}/{id}")).await.is(404);
    for (who, reading, writing) in
        [(&reader, 200, 403), (&auditor, 200, 403), (&stranger, 404, 404), (&app.anonymous(), 401, 401)]
    {
        who.get(&path).await.is(reading);
        who.get(&format!("{path}/{id}")).await.is(reading);
        who.post(&path, label.clone()).await.is(writing);
        who.delete(&format!("{path}/{id}")).await.is(writing);
    }
    owner.get(&format!("{path}/{id}")).await.is(200);
}
