use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::ids::ManifestId;
use crate::image::details::Details;
use crate::image::open::Configured;
use crate::image::steps::steps;
use crate::oci::{Algorithm, Digest, Manifest, MediaType, Platform};
use crate::time::Timestamp;

fn digest(content: &str) -> Digest {
    Digest::of(Algorithm::Sha256, content.as_bytes())
}

/// An image of these layers, with this configuration and these annotations.
fn image(layers: &[&str], configuration: &Value, annotations: &Value) -> Image {
    let descriptor = |media_type: &str, content: &str| {
        json!({ "mediaType": media_type, "size": content.len(),
        "digest": digest(content) })
    };
    let layers: Vec<Value> =
        layers.iter().map(|layer| descriptor("application/vnd.oci.image.layer.v1.tar", layer)).collect();
    let document = json!({ "schemaVersion": 2, "mediaType": MediaType::OCI_MANIFEST, "layers": layers,
        "config": descriptor("application/vnd.oci.image.config.v1+json", &configuration.to_string()),
        "annotations": annotations })
    .to_string();
    let manifest = Manifest::parse(None, document.as_bytes()).unwrap();
    let configured = match Configuration::parse(configuration.to_string().as_bytes()) {
        Ok(read) => Configured::Read(Box::new(read)),
        Err(reason) => Configured::Unreadable(reason),
    };
    let details = Details {
        id: ManifestId(1),
        digest: digest(&document),
        media_type: MediaType::OCI_MANIFEST,
        artifact_type: None,
        manifest_size: document.len() as u64,
        total_size: manifest.total_size(),
        labels: vec![],
        pushed_at: Timestamp(0),
        pulls: 0,
        last_pulled_at: None,
        children: vec![],
        manifest,
    };
    let steps = steps(&details.manifest, configured.read());
    Image { details, configured, steps, _turn: None }
}

fn plain(layers: &[&str], settings: &Value) -> Image {
    image(layers, &json!({ "os": "linux", "architecture": "amd64", "config": settings }), &json!({}))
}

fn shown(all: &[Named]) -> Vec<String> {
    all.iter()
        .map(|Named { name, value }| match value {
            Difference::Same(value) => format!(" {name}={value}"),
            Difference::Added(value) => format!("+{name}={value}"),
            Difference::Removed(value) => format!("-{name}={value}"),
            Difference::Changed { from, to } => format!("~{name}={from}>{to}"),
        })
        .collect()
}

#[test]
fn an_image_does_not_differ_from_itself() {
    let image = plain(&["a", "b"], &json!({ "Env": ["A=1"], "Cmd": ["x"], "Labels": { "a": "b" } }));

    let same = compare(&image, &image);

    assert_eq!((same.size_delta(), same.layers.leading, same.layers.rest.len()), (0, 2, 0));
    let settings = same.settings.unwrap();
    assert_eq!((settings.changed_variables(), shown(&settings.env)), (0, vec![" A=1".to_string()]));
    assert_eq!(settings.cmd, Some(Difference::Same(vec!["x".to_string()])));
    assert_eq!((settings.entrypoint, settings.user), (None, None));
    assert_eq!(shown(&same.labels), [" a=b"]);
    assert_eq!(same.platforms, Some(Difference::Same(vec!["linux/amd64".to_string()])));
}

#[test]
fn layers_are_common_wherever_they_stand() {
    let (left, right) = (plain(&["a", "b", "longer"], &json!({})), plain(&["a", "x", "longer", "yy"], &json!({})));

    let LayerComparison { leading, leading_layers, rest, common, only_left, only_right } =
        compare(&left, &right).layers;

    let digests = |layers: &[Layer]| layers.iter().map(|layer| layer.digest.clone()).collect::<Vec<_>>();
    assert_eq!((leading, leading_layers), (1, 1));
    assert_eq!(digests(&common), [digest("a"), digest("longer")]);
    assert_eq!((digests(&only_left), digests(&only_right)), (vec![digest("b")], vec![digest("x"), digest("yy")]));
    let kinds: Vec<&str> = rest
        .iter()
        .map(|step| match step {
            Difference::Same(_) => "same",
            Difference::Added(_) => "added",
            Difference::Removed(_) => "removed",
            Difference::Changed { .. } => "changed",
        })
        .collect();
    assert_eq!(kinds, ["removed", "added", "same", "added"]);
}

#[test]
fn a_layer_that_is_there_twice_is_taken_away_once() {
    let layers = compare(&plain(&["x", "a", "a"], &json!({})), &plain(&["y", "a"], &json!({}))).layers;

    assert_eq!((layers.common.len(), layers.only_left.len(), layers.only_right.len()), (1, 2, 1));
}

#[test]
fn steps_without_a_layer_are_compared_by_what_they_say() {
    let with = |command: &str| {
        let history = json!([{ "created_by": "ADD a /" }, { "created_by": command, "empty_layer": true }]);
        image(&["a"], &json!({ "history": history }), &json!({}))
    };

    let layers = compare(&with("CMD [\"x\"]"), &with("CMD [\"y\"]")).layers;

    assert_eq!((layers.leading, layers.only_left.len(), layers.only_right.len()), (1, 0, 0));
    assert!(matches!(&layers.rest[..], [Difference::Removed(left), Difference::Added(right)]
        if left.instruction.as_deref() == Some("CMD [\"x\"]") && right.instruction.as_deref() == Some("CMD [\"y\"]")));
}

#[test]
fn variables_keep_the_order_of_the_left_and_the_last_of_equal_ones_counts() {
    let left = plain(&[], &json!({ "Env": ["LANG=C", "POOL=16", "LEGACY=1", "POOL=20"] }));
    let right = plain(&[], &json!({ "Env": ["NEW=x", "POOL=32", "LANG=C"] }));

    let settings = compare(&left, &right).settings.unwrap();

    assert_eq!(shown(&settings.env), [" LANG=C", "~POOL=20>32", "-LEGACY=1", "+NEW=x"]);
    assert_eq!(settings.changed_variables(), 3);
}

#[test]
fn how_it_is_run_is_compared_part_by_part() {
    let left = json!({ "User": "root", "Entrypoint": ["/a"], "Cmd": ["x"], "ExposedPorts": { "80/tcp": {}, "1/udp": {} },
        "Volumes": { "/v": {} }, "StopSignal": "SIGINT" });
    let right = json!({ "User": "10001", "Entrypoint": ["/a", "serve"], "WorkingDir": "/srv",
        "ExposedPorts": { "80/tcp": {} }, "Volumes": { "/v": {}, "/w": {} }, "StopSignal": "SIGINT" });

    let settings = compare(&plain(&[], &left), &plain(&[], &right)).settings.unwrap();

    assert_eq!(settings.user, Some(Difference::Changed { from: "root".into(), to: "10001".into() }));
    assert_eq!(
        settings.entrypoint,
        Some(Difference::Changed { from: vec!["/a".into()], to: vec!["/a".into(), "serve".into()] })
    );
    assert_eq!(settings.cmd, Some(Difference::Removed(vec!["x".into()])));
    assert_eq!(settings.working_dir, Some(Difference::Added("/srv".into())));
    assert_eq!(settings.stop_signal, Some(Difference::Same("SIGINT".into())));
    assert_eq!(shown(&settings.exposed_ports), ["-1/udp=", " 80/tcp="]);
    assert_eq!(shown(&settings.volumes), [" /v=", "+/w="]);
}

#[test]
fn labels_and_annotations_are_in_the_order_of_their_keys() {
    let with = |labels: Value, annotations: Value| image(&[], &json!({ "config": { "Labels": labels } }), &annotations);
    let left = with(json!({ "version": "1", "b": "x" }), json!({ "gone": "1" }));
    let right = with(json!({ "version": "2", "a": "y", "b": "x" }), json!({}));

    let comparison = compare(&left, &right);

    assert_eq!(shown(&comparison.labels), ["+a=y", " b=x", "~version=1>2"]);
    assert_eq!(shown(&comparison.annotations), ["-gone=1"]);
}

#[test]
fn sizes_and_platforms_are_compared() {
    let smaller = image(&["a"], &json!({ "os": "linux", "architecture": "arm64" }), &json!({}));
    let larger = plain(&["a", "more bytes"], &json!({}));

    let comparison = compare(&larger, &smaller);

    assert!(comparison.size_delta() < -9, "{}", comparison.size_delta());
    assert_eq!(
        comparison.platforms,
        Some(Difference::Changed { from: vec!["linux/amd64".into()], to: vec!["linux/arm64".into()] })
    );
}

#[test]
fn without_both_configurations_layers_are_compared_all_the_same() {
    let broken = image(&["a", "b"], &json!({ "config": 5 }), &json!({}));

    let comparison = compare(&broken, &plain(&["a"], &json!({ "Env": ["A=b"], "Labels": { "k": "v" } })));

    assert_eq!(comparison.settings, None);
    assert_eq!((comparison.layers.common.len(), comparison.layers.only_left.len()), (1, 1));
    assert_eq!(shown(&comparison.labels), ["+k=v"]);
}

fn child(platform: &str, content: &str) -> Child {
    let (os, architecture) = platform.split_once('/').unwrap();
    let (os, architecture) = (os.to_string(), architecture.to_string());
    Child {
        digest: digest(content),
        media_type: MediaType::OCI_MANIFEST,
        artifact_type: None,
        platform: Some(Platform { os, architecture, variant: None, os_version: None }),
        size: 1,
        content_size: None,
        annotations: BTreeMap::new(),
    }
}

#[test]
fn indexes_are_compared_by_platform() {
    let left = [child("linux/amd64", "1"), child("linux/arm64", "2"), child("linux/s390x", "3")];
    let right = [
        child("linux/riscv64", "4"),
        child("linux/arm64", "5"),
        child("linux/amd64", "1"),
        child("unknown/unknown", "6"),
        child("linux/arm64", "7"),
    ];

    let pairs = platform_pairs(&left, &right);

    let shown: Vec<(&str, &Difference<Child>)> =
        pairs.iter().map(|pair| (pair.platform.as_str(), &pair.manifest)).collect();
    assert_eq!(
        shown,
        [
            ("linux/amd64", &Difference::Same(left[0].clone())),
            ("linux/arm64", &Difference::Changed { from: left[1].clone(), to: right[1].clone() }),
            ("linux/s390x", &Difference::Removed(left[2].clone())),
            ("linux/riscv64", &Difference::Added(right[0].clone())),
        ]
    );
}

proptest! {
    #[test]
    fn every_layer_is_accounted_for(left in prop::collection::vec(0_u8..6, 0..12), right in prop::collection::vec(0_u8..6, 0..12)) {
        let names = |layers: &[u8]| layers.iter().map(u8::to_string).collect::<Vec<_>>();
        let (left, right) = (names(&left), names(&right));
        let of = |names: &[String]| plain(&names.iter().map(String::as_str).collect::<Vec<_>>(), &json!({}));

        let layers = compare(&of(&left), &of(&right)).layers;

        prop_assert_eq!(layers.common.len() + layers.only_left.len(), left.len());
        prop_assert_eq!(layers.common.len() + layers.only_right.len(), right.len());
        prop_assert!(layers.only_left.iter().all(|gone| !layers.only_right.iter().any(|new| new.digest == gone.digest)));
    }
}
