//! That no pushed document costs much or panics.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::tests::{assert_invalid, blob, image, index};
use super::*;

#[test]
fn too_large_is_refused_unread() {
    let refusal = Manifest::parse(None, &vec![b' '; MAX_MANIFEST_SIZE + 1]).unwrap_err();

    assert_eq!(refusal, Violation::ManifestTooLarge { limit: MAX_MANIFEST_SIZE });
}

#[test]
fn too_many_descriptors_are_refused_quickly() {
    let layers = |count: usize| {
        let layer = blob("a/b", 1).to_string();
        image().to_string().replacen("\"layers\":[", &format!("\"layers\":[{}", format!("{layer},").repeat(count)), 1)
    };
    let (most, too_many) = (layers(MAX_DESCRIPTORS - 3), layers(MAX_DESCRIPTORS - 2));
    let flood = layers(35_000);
    assert!(flood.len() < MAX_MANIFEST_SIZE && flood.len() > MAX_MANIFEST_SIZE / 2);

    assert!(Manifest::parse(None, most.as_bytes()).is_ok());
    assert_invalid(Manifest::parse(None, too_many.as_bytes()), "more than 10000");
    let started = Instant::now();
    assert_invalid(Manifest::parse(None, flood.as_bytes()), "more than 10000");
    let elapsed = started.elapsed();
    assert!(elapsed < Duration::from_secs(1), "{elapsed:?}");
}

#[test]
fn deep_nesting_is_refused_without_recursion() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let hidden = image().to_string().replacen('{', &format!("{{\"future\":{deep},"), 1);

    assert_invalid(Manifest::parse(None, deep.as_bytes()), "nests deeper");
    assert_invalid(Manifest::parse(None, hidden.as_bytes()), "nests deeper");
    assert_invalid(Manifest::parse(None, "{\"a\":".repeat(100_000).as_bytes()), "nests deeper");
}

proptest! {
    #[test]
    fn any_bytes_parse_or_are_refused(
        bytes in any::<Vec<u8>>(),
        content_type in proptest::option::of(any::<String>()),
    ) {
        let _ = Manifest::parse(content_type.as_deref(), &bytes);
    }

    #[test]
    fn mutated_manifests_parse_or_are_refused(
        is_index in any::<bool>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 1..6),
    ) {
        let mut bytes = if is_index { index() } else { image() }.to_string().into_bytes();
        for (position, byte, how) in changes {
            let position = position.index(bytes.len());
            match how {
                0 => bytes[position] = byte,
                1 => bytes.insert(position, byte),
                _ => drop(bytes.remove(position)),
            }
        }

        if let Ok(manifest) = Manifest::parse(None, &bytes) {
            prop_assert_eq!(manifest.kind == Kind::Image, manifest.config.is_some());
        }
    }
}
