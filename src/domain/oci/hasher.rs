//! Computes a digest piece by piece, across processes if need be.

use std::fmt;

use sha2::digest::common::hazmat::{SerializableState, SerializedState};
use sha2::{Digest as _, Sha256, Sha512};

use crate::oci::{Algorithm, Digest};

/// First byte of a saved state. To be raised with the minor version of `sha2`, which alone may change the rest.
const FORMAT: u8 = 1;
const SHA256: u8 = 1;
const SHA512: u8 = 2;
const CHECKSUM_LENGTH: usize = 8;

/// Why a saved [`Hasher`] cannot continue; the upload it belongs to must start again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Saved hash state {0}")]
pub struct InvalidHasherState(&'static str);

/// A digest in the making.
#[derive(Clone)]
pub struct Hasher(State);

#[derive(Clone)]
enum State {
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    /// A hasher that has seen no content yet.
    pub fn new(algorithm: Algorithm) -> Hasher {
        Hasher(match algorithm {
            Algorithm::Sha256 => State::Sha256(Sha256::new()),
            Algorithm::Sha512 => State::Sha512(Sha512::new()),
        })
    }

    /// Adds the next piece of content.
    pub fn update(&mut self, content: &[u8]) {
        match &mut self.0 {
            State::Sha256(state) => state.update(content),
            State::Sha512(state) => state.update(content),
        }
    }

    /// The digest of all content added.
    pub fn finish(self) -> Digest {
        match self.0 {
            State::Sha256(state) => Digest::from_hash(Algorithm::Sha256, &state.finalize()),
            State::Sha512(state) => Digest::from_hash(Algorithm::Sha512, &state.finalize()),
        }
    }

    /// The hash function chosen at the start.
    pub fn algorithm(&self) -> Algorithm {
        match self.0 {
            State::Sha256(_) => Algorithm::Sha256,
            State::Sha512(_) => Algorithm::Sha512,
        }
    }

    /// The state as bytes for [`Hasher::restore`]: format, algorithm, about 100 or 200 bytes, checksum.
    ///
    /// The state contains the last unhashed bytes of content, so it is as confidential as the content.
    pub fn save(&self) -> Vec<u8> {
        let mut saved = match &self.0 {
            State::Sha256(state) => [&[FORMAT, SHA256], state.serialize().as_slice()].concat(),
            State::Sha512(state) => [&[FORMAT, SHA512], state.serialize().as_slice()].concat(),
        };
        saved.extend(checksum(&saved));
        saved
    }

    /// The hasher that was saved, in this process or another.
    ///
    /// # Errors
    /// `InvalidHasherState` if the bytes are truncated, damaged or of another version.
    pub fn restore(saved: &[u8]) -> Result<Hasher, InvalidHasherState> {
        let Some((content, sum)) = saved.split_last_chunk() else {
            return Err(InvalidHasherState("is truncated"));
        };
        if *sum != checksum(content) {
            return Err(InvalidHasherState("is damaged"));
        }
        match content {
            [FORMAT, SHA256, state @ ..] => Ok(Hasher(State::Sha256(restore_state(state)?))),
            [FORMAT, SHA512, state @ ..] => Ok(Hasher(State::Sha512(restore_state(state)?))),
            [FORMAT, _, ..] => Err(InvalidHasherState("names an unknown algorithm")),
            _ => Err(InvalidHasherState("has an unknown format")),
        }
    }
}

/// Guards against damage in storage: sha2 takes any number for its count of blocks and may overflow later.
fn checksum(saved: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let hash = Sha256::digest(saved);
    std::array::from_fn(|position| hash[position])
}

fn restore_state<S: SerializableState>(saved: &[u8]) -> Result<S, InvalidHasherState> {
    let state = <&SerializedState<S>>::try_from(saved).map_err(|_| InvalidHasherState("has the wrong length"))?;
    S::deserialize(state).map_err(|_| InvalidHasherState("is damaged"))
}

impl fmt::Debug for Hasher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hasher").field(&self.algorithm()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sha512_agrees_with_the_standard() {
        let mut hasher = Hasher::new(Algorithm::Sha512);
        hasher.update(b"a");
        hasher.update(b"bc");

        let digest = hasher.finish();

        assert!(digest.hex().starts_with("ddaf35a193617abacc417349ae204131"));
        assert!(digest.hex().ends_with("2a9ac94fa54ca49f"));
    }

    fn sealed(content: &[u8]) -> Vec<u8> {
        [content, &checksum(content)].concat()
    }

    #[test]
    fn a_foreign_state_is_refused() {
        let saved = Hasher::new(Algorithm::Sha256).save();
        let content = &saved[..saved.len() - CHECKSUM_LENGTH];

        assert!(Hasher::restore(&sealed(content)).is_ok());
        for wrong in [&[][..], &[FORMAT], &[FORMAT, 9], &[7, SHA256], &content[..9], &[FORMAT, SHA512]] {
            assert!(Hasher::restore(wrong).is_err(), "{wrong:?}");
            assert!(Hasher::restore(&sealed(wrong)).is_err(), "{wrong:?}");
        }
    }

    proptest! {
        #[test]
        fn saving_anywhere_changes_nothing(
            content in proptest::collection::vec(any::<u8>(), 0..600),
            splits in proptest::collection::vec(any::<prop::sample::Index>(), 0..4),
            is_long in any::<bool>(),
        ) {
            let algorithm = if is_long { Algorithm::Sha512 } else { Algorithm::Sha256 };
            let mut ends: Vec<usize> = splits.iter().map(|split| split.index(content.len() + 1)).collect();
            ends.push(content.len());
            ends.sort_unstable();

            let mut hasher = Hasher::new(algorithm);
            let mut start = 0;
            for end in ends {
                hasher.update(&content[start..end]);
                hasher = Hasher::restore(&hasher.save()).unwrap();
                start = end;
            }

            prop_assert_eq!(hasher.algorithm(), algorithm);
            prop_assert_eq!(hasher.finish(), Digest::of(algorithm, &content));
        }

        #[test]
        fn any_damage_is_noticed(place in any::<prop::sample::Index>(), flip in 1..=u8::MAX, is_long in any::<bool>()) {
            let algorithm = if is_long { Algorithm::Sha512 } else { Algorithm::Sha256 };
            let mut saved = Hasher::new(algorithm).save();
            let place = place.index(saved.len());
            saved[place] ^= flip;

            prop_assert!(Hasher::restore(&saved).is_err());
        }

        #[test]
        fn any_bytes_restore_or_are_refused(saved in any::<Vec<u8>>()) {
            prop_assert!(Hasher::restore(&saved).is_err());
        }
    }
}
