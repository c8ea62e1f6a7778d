//! What `Manifest::parse` accepts and refuses.

use serde_json::{Value, json};

use super::*;
use crate::oci::{Algorithm, Digest};

pub(super) fn blob(media_type: &str, size: u64) -> Value {
    json!({ "mediaType": media_type, "digest": Digest::of(Algorithm::Sha256, b"blob"), "size": size })
}

pub(super) fn image() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": MediaType::OCI_MANIFEST,
        "config": blob("application/vnd.oci.image.config.v1+json", 10),
        "layers": [
            blob("application/vnd.oci.image.layer.v1.tar+gzip", 20),
            blob("application/vnd.oci.image.layer.v1.tar", 30),
        ],
        "annotations": { "org.opencontainers.image.title": "web" },
    })
}

pub(super) fn index() -> Value {
    json!({
        "schemaVersion": 2,
        "mediaType": MediaType::OCI_INDEX,
        "manifests": [blob(MediaType::OCI_MANIFEST.as_str(), 5)],
    })
}

fn with(mut document: Value, field: &str, value: Value) -> Value {
    document[field] = value;
    document
}

fn without(mut document: Value, field: &str) -> Value {
    document.as_object_mut().unwrap().remove(field);
    document
}

fn parse(document: &Value) -> Result<Manifest, Violation> {
    Manifest::parse(None, document.to_string().as_bytes())
}

fn parse_as(content_type: &str, document: &Value) -> Result<Manifest, Violation> {
    Manifest::parse(Some(content_type), document.to_string().as_bytes())
}

#[track_caller]
pub(super) fn assert_invalid(outcome: Result<Manifest, Violation>, reason: &str) {
    let refusal = outcome.unwrap_err();
    assert!(matches!(refusal, Violation::ManifestInvalid(_)), "{refusal:?}");
    assert!(refusal.to_string().contains(reason), "{refusal}");
}

#[test]
fn an_image_is_its_config_and_layers() {
    let manifest = parse(&image()).unwrap();

    assert_eq!(manifest.kind, Kind::Image);
    assert_eq!(manifest.total_size(), 60);
    assert_eq!(manifest.annotations["org.opencontainers.image.title"], "web");
    let kinds: Vec<ReferenceKind> = manifest.references().map(|(kind, _)| kind).collect();
    assert_eq!(kinds, [ReferenceKind::Config, ReferenceKind::Layer, ReferenceKind::Layer]);
}

#[test]
fn an_index_is_its_manifests() {
    let manifest = parse(&index()).unwrap();

    assert_eq!(manifest.kind, Kind::Index);
    assert_eq!(manifest.total_size(), 0);
    assert_eq!(manifest.references().map(|(kind, _)| kind).collect::<Vec<_>>(), [ReferenceKind::Manifest]);
    assert!(parse(&with(index(), "manifests", json!([]))).is_ok());
    assert!(parse(&with(index(), "mediaType", json!(MediaType::DOCKER_LIST))).is_ok());
}

#[test]
fn layers_may_be_missing() {
    for layers in [json!([]), json!(null)] {
        assert!(parse(&with(image(), "layers", layers)).unwrap().layers.is_empty());
    }
    assert!(parse(&without(image(), "layers")).unwrap().layers.is_empty());
}

#[test]
fn unknown_and_repeated_content_is_fine() {
    let layer = blob("application/x-thing", 1);
    let document = with(with(image(), "layers", json!([layer, layer])), "future", json!({ "deep": [[1]] }));

    assert_eq!(parse(&document).unwrap().layers.len(), 2);
}

#[test]
fn the_type_comes_from_header_or_document() {
    let silent = without(image(), "mediaType");

    assert_eq!(parse_as(MediaType::DOCKER_MANIFEST.as_str(), &silent).unwrap().media_type, MediaType::DOCKER_MANIFEST);
    for vague in ["application/json", "application/octet-stream", "", "application/json; charset=utf-8"] {
        assert_eq!(parse_as(vague, &image()).unwrap().media_type, MediaType::OCI_MANIFEST);
        assert_invalid(parse_as(vague, &silent), "send Content-Type or mediaType");
    }
    assert_invalid(parse_as(MediaType::DOCKER_MANIFEST.as_str(), &image()), "but Content-Type is");
    assert_invalid(parse(&silent), "send Content-Type or mediaType");
}

#[test]
fn other_types_are_refused() {
    let html = parse_as("text/html", &image()).unwrap_err();
    let artifact =
        parse(&with(image(), "mediaType", json!("application/vnd.oci.artifact.manifest.v1+json"))).unwrap_err();

    assert_eq!(html, Violation::UnsupportedMediaType { given: "text/html".into() });
    assert!(matches!(artifact, Violation::UnsupportedMediaType { .. }));
    assert!(matches!(parse_as("nonsense", &image()), Err(Violation::InvalidMediaType { .. })));
}

#[test]
fn schema_one_is_refused_however_it_comes() {
    let old = json!({ "schemaVersion": 1, "name": "a/b", "tag": "c", "fsLayers": [{ "blobSum": "sha256:0" }] });

    assert_eq!(parse(&old), Err(Violation::SchemaOne));
    assert_eq!(parse_as("application/json", &old), Err(Violation::SchemaOne));
    assert_eq!(parse_as(MediaType::DOCKER_SCHEMA1_SIGNED.as_str(), &old), Err(Violation::SchemaOne));
    assert_eq!(parse(&with(image(), "mediaType", json!(MediaType::DOCKER_SCHEMA1))), Err(Violation::SchemaOne));
}

#[test]
fn a_document_is_image_or_index() {
    assert_invalid(parse(&with(image(), "manifests", json!([]))), "no field manifests");
    assert_invalid(parse(&with(index(), "layers", json!([]))), "no fields config and layers");
    assert_invalid(parse(&with(index(), "config", blob("a/b", 1))), "no fields config and layers");
    assert_invalid(parse(&without(image(), "config")), "has a field config");
    assert_invalid(parse(&without(index(), "manifests")), "has a field manifests");
    assert_invalid(parse(&with(index(), "manifests", json!({}))), "expected an array");
    assert_invalid(
        parse_as(MediaType::OCI_INDEX.as_str(), &without(image(), "mediaType")),
        "no fields config and layers",
    );
}

#[test]
fn nonsense_is_refused() {
    for nonsense in ["", "null", "[]", "[2]", "2", "\"a\"", "{", "{}", "{} {}", "\u{feff}{}"] {
        assert_invalid(Manifest::parse(None, nonsense.as_bytes()), "Manifest is not valid");
    }
    assert_invalid(Manifest::parse(None, b"{\"a\":\"\xff\"}"), "utf-8");
    assert_invalid(parse(&with(image(), "schemaVersion", json!(3))), "schemaVersion is 2; got 3");
    assert_invalid(parse(&with(image(), "schemaVersion", json!("2"))), "invalid type");
    assert_invalid(parse(&with(image(), "config", json!(["a/b", "sha256:1", 1]))), "expected an object");
    assert_invalid(parse(&with(image(), "annotations", json!({ "a": 1 }))), "expected a string");
    assert_invalid(parse(&with(image(), "artifactType", json!("a".repeat(256)))), "artifactType");
}

#[test]
fn descriptors_need_type_digest_and_size() {
    let right = blob("a/b", 1);
    for field in ["mediaType", "digest", "size"] {
        assert_invalid(parse(&with(image(), "layers", json!([without(right.clone(), field)]))), field);
    }
    assert_invalid(
        parse(&with(image(), "layers", json!([right, with(right.clone(), "size", json!(-1))]))),
        "layers[1]: size",
    );
    for size in [json!(1.5), json!(u64::MAX), json!("1"), json!(null)] {
        assert_invalid(parse(&with(image(), "config", with(right.clone(), "size", size))), "invalid");
    }
}

#[test]
fn a_repeated_field_is_refused() {
    let twice = image().to_string().replacen('{', "{\"layers\":[],", 1);

    assert_invalid(Manifest::parse(None, twice.as_bytes()), "duplicate field `layers`");
}

#[test]
fn a_field_in_other_case_is_refused() {
    assert_invalid(parse(&with(image(), "Layers", json!([]))), "field `layers` is written `Layers`");
    assert_invalid(parse(&with(image(), "layer\u{17f}", json!([]))), "field `layers`");
    assert_invalid(parse(&with(image(), "config", with(blob("a/b", 1), "DIGEST", json!("x")))), "field `digest`");
}

#[test]
fn the_artifact_type_falls_back_to_the_config() {
    let chart = with(image(), "config", blob("application/vnd.cncf.helm.config.v1+json", 1));
    let signed = with(index(), "artifactType", json!("application/vnd.example"));

    assert_eq!(parse(&chart).unwrap().effective_artifact_type(), Some("application/vnd.cncf.helm.config.v1+json"));
    assert_eq!(parse(&with(chart, "artifactType", json!("a/b"))).unwrap().effective_artifact_type(), Some("a/b"));
    assert_eq!(parse(&signed).unwrap().effective_artifact_type(), Some("application/vnd.example"));
    assert_eq!(parse(&index()).unwrap().effective_artifact_type(), None);
}

#[test]
fn a_subject_is_kept_but_not_required() {
    let manifest = parse(&with(image(), "subject", blob(MediaType::OCI_MANIFEST.as_str(), 7))).unwrap();

    assert_eq!(manifest.subject.as_ref().unwrap().size, 7);
    assert_eq!(manifest.references().count(), 3);
}

#[test]
fn sizes_add_up_without_overflow() {
    let huge = blob("a/b", i64::MAX as u64);

    assert_eq!(parse(&with(image(), "layers", json!([huge, huge, huge]))).unwrap().total_size(), u64::MAX);
}
