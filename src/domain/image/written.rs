//! Parts of configurations as different programs write them, read with bounded memory.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A command line: a list of words, or one string, which old versions of Docker wrote.
#[derive(Debug, Default)]
pub(super) struct Words(pub(super) Vec<String>);

/// Most words of a command line, entries of a list or keys of an object.
pub(super) const MAX_ENTRIES: usize = 10_000;

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Words, D::Error> {
        struct WordsVisitor;
        impl<'de> Visitor<'de> for WordsVisitor {
            type Value = Words;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list of words")
            }

            fn visit_str<E: serde::de::Error>(self, one: &str) -> Result<Words, E> {
                Ok(Words(vec![one.to_string()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut words: A) -> Result<Words, A::Error> {
                let mut list = Vec::new();
                while let Some(word) = words.next_element()? {
                    if list.len() == MAX_ENTRIES {
                        return Err(A::Error::custom(format_args!("more than {MAX_ENTRIES} words")));
                    }
                    list.push(word);
                }
                Ok(Words(list))
            }
        }
        deserializer.deserialize_any(WordsVisitor)
    }
}

/// An object with at most [`MAX_ENTRIES`] keys; the last of equal ones counts.
#[derive(Debug)]
pub(super) struct Pairs<V>(pub(super) BTreeMap<String, V>);

/// The keys of an object whose values say nothing, such as `ExposedPorts`.
pub(super) type Keys = Pairs<IgnoredAny>;

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Pairs<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs<V>, D::Error> {
        struct PairsVisitor<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> Visitor<'de> for PairsVisitor<V> {
            type Value = Pairs<V>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs<V>, A::Error> {
                let mut pairs = BTreeMap::new();
                while let Some((key, value)) = map.next_entry()? {
                    if pairs.len() == MAX_ENTRIES {
                        return Err(A::Error::custom(format_args!("more than {MAX_ENTRIES} keys")));
                    }
                    pairs.insert(key, value);
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(PairsVisitor(PhantomData))
    }
}
