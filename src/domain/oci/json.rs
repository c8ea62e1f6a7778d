//! Reads JSON documents of strangers with bounded work and no second meaning.

use std::fmt;
use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

use crate::oci::violation::excerpt;

/// The fields of manifests and descriptors that decide what content is used.
const FIELDS: [&str; 12] = [
    "schemaVersion",
    "mediaType",
    "artifactType",
    "config",
    "layers",
    "manifests",
    "subject",
    "annotations",
    "digest",
    "size",
    "data",
    "urls",
];

/// A `T` written as a JSON object in which no name of [`FIELDS`] is written in other case.
///
/// Derived structs alone would also accept an array of their fields. Go's JSON reader takes `Layers` for `layers`, so a
/// client would see other content than we do.
#[derive(Debug)]
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Object<T>, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
    type Value = Object<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Object<T>, A::Error> {
        T::deserialize(MapAccessDeserializer::new(ExactNames(map))).map(Object)
    }
}

struct ExactNames<A>(A);

impl<'de, A: MapAccess<'de>> MapAccess<'de> for ExactNames<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(name) = self.0.next_key::<String>()? else {
            return Ok(None);
        };
        if let Some(field) = FIELDS.into_iter().find(|field| is_look_alike(&name, field)) {
            return Err(A::Error::custom(format_args!("field `{field}` is written `{}`", excerpt(&name))));
        }
        seed.deserialize(name.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        self.0.next_value_seed(seed)
    }
}

fn is_look_alike(name: &str, field: &str) -> bool {
    if name.is_ascii() {
        return name != field && name.eq_ignore_ascii_case(field);
    }
    name.chars().map(fold).eq(field.chars().map(fold))
}

/// Simple case folding as Go does it: two letters outside ASCII fold into it.
fn fold(character: char) -> char {
    match character {
        '\u{17f}' => 's',
        '\u{212a}' => 'k',
        _ => character.to_ascii_lowercase(),
    }
}

/// A JSON array of at most `MAX` elements; reading stops at the first one too many.
#[derive(Debug)]
pub(crate) struct List<T, const MAX: usize>(pub(crate) Vec<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Deserialize<'de> for List<T, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<List<T, MAX>, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

struct ListVisitor<T, const MAX: usize>(PhantomData<T>);

impl<'de, T: Deserialize<'de>, const MAX: usize> Visitor<'de> for ListVisitor<T, MAX> {
    type Value = List<T, MAX>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<List<T, MAX>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            if list.len() == MAX {
                return Err(A::Error::custom(format_args!("more than {MAX} elements")));
            }
            list.push(element);
        }
        Ok(List(list))
    }
}

/// Whether arrays and objects nest deeper than `limit`, judged without recursion; strings are skipped.
///
/// serde_json skips unknown fields at any depth, but other readers of the same document recurse.
pub(super) fn nests_deeper_than(limit: usize, json: &str) -> bool {
    let mut depth = 0_usize;
    let mut bytes = json.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => skip_string(&mut bytes),
            b'[' | b'{' if depth == limit => return true,
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

fn skip_string(bytes: &mut impl Iterator<Item = u8>) {
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    struct Pair {
        left: u8,
        right: u8,
    }

    #[test]
    fn an_object_is_not_an_array() {
        let Object(pair) = serde_json::from_str::<Object<Pair>>(r#"{"left":1,"right":2}"#).unwrap();

        assert_eq!((pair.left, pair.right), (1, 2));
        assert!(serde_json::from_str::<Pair>("[1,2]").is_ok());
        assert!(serde_json::from_str::<Object<Pair>>("[1,2]").is_err());
    }

    #[test]
    fn a_list_ends_at_its_limit() {
        assert_eq!(serde_json::from_str::<List<u8, 3>>("[1,2,3]").unwrap().0, [1, 2, 3]);
        assert!(serde_json::from_str::<List<u8, 3>>("[1,2,3,4]").is_err());
    }

    #[test]
    fn brackets_in_strings_do_not_nest() {
        assert!(!nests_deeper_than(2, r#"{"a\"[[[":["]\\"]}"#));
        assert!(nests_deeper_than(2, r#"{"a":[["x"]]}"#));
    }
}
