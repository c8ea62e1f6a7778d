//! Paths inside an image.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, shown};
use crate::sentence::sentence;

/// Longer paths are not indexed; Linux allows no longer ones.
const MAX_LENGTH: usize = 4096;
/// Deeper paths are not indexed.
const MAX_DEPTH: usize = 64;

/// A path from the root of an image, without a slash at either end; the root is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath(String);

impl FilePath {
    /// The root.
    pub fn root() -> FilePath {
        FilePath(String::new())
    }

    /// The path as it stands in a layer; `None` if it is none that is kept. Names that are not UTF-8 are kept with their
    /// wrong bytes replaced.
    pub(super) fn of_bytes(written: &[u8]) -> Option<FilePath> {
        FilePath::of_text(&String::from_utf8_lossy(written))
    }

    fn of_text(written: &str) -> Option<FilePath> {
        if written.len() > MAX_LENGTH || written.contains('\0') {
            return None;
        }
        let parts: Vec<&str> = written.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
        if parts.len() > MAX_DEPTH || parts.contains(&"..") {
            return None;
        }
        Some(FilePath(parts.join("/")))
    }

    /// Without a slash in front; empty for the root.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this is the root.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// The last part; empty for the root.
    pub fn name(&self) -> &str {
        self.0.rsplit_once('/').map_or(&self.0, |(_, name)| name)
    }

    /// The folder it is in; `None` for the root.
    pub fn parent(&self) -> Option<FilePath> {
        if self.is_root() {
            return None;
        }
        Some(FilePath(self.0.rsplit_once('/').map_or("", |(parent, _)| parent).to_string()))
    }

    /// What has this name in the folder.
    #[must_use]
    pub fn join(&self, name: &str) -> FilePath {
        FilePath(if self.is_root() { name.to_string() } else { format!("{}/{name}", self.0) })
    }

    /// Itself and the folders above it up to the root.
    pub(super) fn chain(&self) -> impl Iterator<Item = FilePath> + use<> {
        std::iter::successors(Some(self.clone()), FilePath::parent)
    }

    /// The key of its row: `folder//name`. No path has two slashes, so what is in a folder is one range.
    pub(super) fn place(&self) -> String {
        match self.parent() {
            None => "/".to_string(),
            Some(parent) => format!("{}//{}", parent.0, self.name()),
        }
    }

    /// The keys of what is in this folder lie between these. `0` follows `/`.
    pub(super) fn range(&self) -> (String, String) {
        (format!("{}//", self.0), format!("{}/0", self.0))
    }
}

/// The name in a key of [`FilePath::place`].
pub(super) fn name_in(place: &str) -> &str {
    place.split_once("//").map_or("", |(_, name)| name)
}

impl FromStr for FilePath {
    type Err = Error;

    fn from_str(given: &str) -> Result<FilePath, Error> {
        FilePath::of_text(given).ok_or_else(|| {
            Error::invalid(
                "path",
                sentence!(
                    "said-path",
                    "A path has at most {most} folders and no '..'; got '{given}'",
                    most = MAX_DEPTH,
                    given = shown(given)
                ),
            )
        })
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn path(text: &str) -> FilePath {
        text.parse().unwrap()
    }

    #[test]
    fn the_same_place_is_written_in_many_ways() {
        for written in ["usr/lib", "/usr/lib", "./usr/lib/", "usr//lib", "usr/./lib"] {
            assert_eq!(path(written), path("usr/lib"), "{written}");
        }
        for root in ["", "/", ".", "./"] {
            assert!(path(root).is_root());
        }
    }

    #[test]
    fn ways_out_and_depths_are_refused() {
        for wrong in ["..", "a/../b", "a/b/..", &"a/".repeat(65), &"a".repeat(4097), "a\0b"] {
            assert!(wrong.parse::<FilePath>().is_err(), "{wrong}");
        }
        assert!("a/..b/...".parse::<FilePath>().is_ok());
    }

    #[test]
    fn folders_are_ranges_of_their_own() {
        let inside = |folder: &str, file: &str| {
            let (first, last) = path(folder).range();
            let place = path(file).place();
            first < place && place < last
        };
        assert!(inside("usr", "usr/lib") && inside("", "usr") && inside("a", "a/0") && inside("a", "a/~"));
        assert!(
            !inside("usr", "usr/lib/x") && !inside("", "usr/lib") && !inside("usr", "usr") && !inside("a", "a.b/c")
        );
        assert!(!inside("", ""));
        assert_eq!((path("usr/lib").place(), name_in("usr//lib")), ("usr//lib".to_string(), "lib"));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_clean(bytes in any::<Vec<u8>>()) {
            if let Some(path) = FilePath::of_bytes(&bytes) {
                prop_assert_eq!(FilePath::of_text(path.as_str()), Some(path.clone()));
                prop_assert!(path.chain().count() <= MAX_DEPTH + 1);
            }
        }
    }
}
