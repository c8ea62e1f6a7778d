use proptest::prelude::*;
use serde_json::json;

use super::*;

fn parse(document: &serde_json::Value) -> Result<Configuration, String> {
    Configuration::parse(document.to_string().as_bytes())
}

#[test]
fn what_docker_writes_is_understood() {
    let read = parse(&json!({
        "created": "2026-11-20T10:00:00.5Z", "author": "ada", "os": "linux", "architecture": "arm", "variant": "v7",
        "config": {
            "Entrypoint": ["/bin/serve"], "Cmd": ["--port", "8080"], "Env": ["PATH=/bin:/usr/bin", "EMPTY=", "NAKED"],
            "WorkingDir": "/srv", "User": "10001", "ExposedPorts": { "8080/tcp": {}, "53/udp": {} },
            "Volumes": { "/data": {} }, "Labels": { "a": "b", "none": null }, "StopSignal": "SIGINT"
        },
        "rootfs": { "type": "layers", "diff_ids": ["sha256:1"] },
        "history": [{ "created_by": "ADD x /", "empty_layer": null }, { "created_by": "CMD x", "empty_layer": true }]
    }))
    .unwrap();

    assert_eq!(read.platform.as_ref().unwrap().to_string(), "linux/arm/v7");
    assert_eq!(read.created_at(), Some(Timestamp(1_795_168_800_500)));
    assert_eq!((read.entrypoint, read.cmd), (vec!["/bin/serve".into()], vec!["--port".into(), "8080".into()]));
    let env: Vec<(&str, Option<&str>)> = read.env.iter().map(|v| (v.name.as_str(), v.value.as_deref())).collect();
    assert_eq!(env, [("PATH", Some("/bin:/usr/bin")), ("EMPTY", Some("")), ("NAKED", None)]);
    assert_eq!((read.exposed_ports, read.volumes), (vec!["53/udp".into(), "8080/tcp".into()], vec!["/data".into()]));
    assert_eq!(read.labels, BTreeMap::from([("a".into(), "b".into()), ("none".into(), String::new())]));
    assert_eq!((read.user.as_deref(), read.working_dir.as_deref()), (Some("10001"), Some("/srv")));
    assert_eq!((read.stop_signal.as_deref(), read.author.as_deref()), (Some("SIGINT"), Some("ada")));
    assert_eq!((read.history.len(), read.history[1].empty_layer), (2, true));
}

#[test]
fn nothing_and_null_are_the_same() {
    assert_eq!(parse(&json!({})).unwrap(), Configuration::default());
    let nulls = json!({ "created": null, "config": { "Cmd": null, "Env": null, "Labels": null, "Volumes": null,
        "ExposedPorts": null, "User": "" }, "rootfs": null, "history": null });
    assert_eq!(parse(&nulls).unwrap(), Configuration::default());
    assert_eq!(parse(&json!({ "config": null })).unwrap(), Configuration::default());
}

#[test]
fn a_command_may_be_one_string() {
    let read = parse(&json!({ "config": { "Cmd": "top" } })).unwrap();

    assert_eq!(read.cmd, ["top"]);
}

#[test]
fn what_is_of_another_shape_is_refused_in_words() {
    for wrong in [
        json!([]),
        json!("text"),
        json!({ "config": 5 }),
        json!({ "config": { "Env": { "A": "b" } } }),
        json!({ "config": { "Labels": { "a": ["b"] } } }),
        json!({ "history": [5] }),
        json!({ "created": { "at": 1 } }),
    ] {
        let reason = parse(&wrong).unwrap_err();
        assert!(reason.contains("expected"), "{wrong}: {reason}");
    }
    assert!(Configuration::parse(b"\xff\xfe").is_err());
    assert!(Configuration::parse(b"").unwrap_err().contains("EOF"));
}

#[test]
fn deep_and_long_documents_are_refused_before_they_cost() {
    let deep = format!("{{\"config\":{{\"Labels\":{}", "{\"a\":".repeat(100_000));
    assert!(Configuration::parse(deep.as_bytes()).is_err());

    let steps = vec![json!({}); MAX_ENTRIES + 1];
    assert!(parse(&json!({ "history": steps })).unwrap_err().contains("more than 10000 elements"));
    let labels: serde_json::Map<_, _> = (0..=MAX_ENTRIES).map(|n| (n.to_string(), json!("x"))).collect();
    assert!(parse(&json!({ "config": { "Labels": labels } })).unwrap_err().contains("more than 10000 keys"));
    let words = vec!["x"; MAX_ENTRIES + 1];
    assert!(parse(&json!({ "config": { "Cmd": words } })).unwrap_err().contains("more than 10000 words"));
}

#[test]
fn times_that_say_nothing_are_none() {
    for nothing in ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "yesterday", "2026-11-20T10:00:00+25:00"] {
        assert_eq!(parse(&json!({ "created": nothing })).unwrap().created_at(), None, "{nothing}");
    }
}

proptest! {
    #[test]
    fn any_bytes_are_understood_or_refused(bytes in any::<Vec<u8>>()) {
        let _ = Configuration::parse(&bytes);
    }
}
