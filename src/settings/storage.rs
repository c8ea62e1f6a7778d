//! Where blobs are kept.

use std::path::{Path, PathBuf};

use crate::settings::parse::{self, Parsed};
use crate::settings::reader::Reader;

/// A place for blobs. Default `file:<data_dir>/storage`. `PIERHEAD_STORAGE_URL`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Storage {
    /// A folder.
    File(PathBuf),
}

impl Storage {
    pub(super) fn read(reader: &mut Reader, data_dir: &Path) -> Self {
        let given = reader.optional(
            "storage_url",
            "file:<data_dir>/storage",
            "Where blobs are kept, such as `file:/var/lib/pierhead/storage`",
            storage,
        );
        given.unwrap_or_else(|| {
            let path = data_dir.join("storage");
            reader.show("storage_url", &format!("file:{}", path.display()));
            Self::File(path)
        })
    }
}

fn storage(text: &str) -> Parsed<Storage> {
    let text = text.trim();
    if text.starts_with("s3:") {
        return Err("not available yet; use file: and a folder, such as file:/var/lib/pierhead/storage".to_owned());
    }
    let path = parse::local_path("file", text);
    let hint = "file: and a folder, such as file:data/storage or file:///var/lib/pierhead/storage";
    path.map(Storage::File).ok_or_else(|| hint.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::testing::Given;

    #[test]
    fn blobs_are_below_the_data_folder_unless_told_otherwise() {
        let given = Given::nothing().variable("PIERHEAD_DATA_DIR", "/srv");

        let loaded = given.clone().load().unwrap();
        assert_eq!(loaded.settings.storage, Storage::File("/srv/storage".into()));

        let elsewhere = given.variable("PIERHEAD_STORAGE_URL", "file:///blobs").settings();
        assert_eq!(elsewhere.storage, Storage::File("/blobs".into()));
    }

    #[test]
    fn s3_is_not_available_yet_and_its_key_not_repeated() {
        let text = Given::nothing().flag("storage_url", "s3://key:hunter2@bucket/x").fault();

        assert!(text.contains("not available yet"), "{text}");
        assert!(text.contains("given: \"s3://***@bucket/x\""), "{text}");
    }

    #[test]
    fn a_bare_path_is_answered_with_the_right_form() {
        assert!(Given::nothing().flag("storage_url", "/srv/blobs").fault().contains("hint:  file: and a folder"));
    }
}
