//! Looking into layers.

use std::time::Duration;

use crate::settings::byte_size::ByteSize;
use crate::settings::parse::{self, HOUR, SECOND};
use crate::settings::reader::Reader;

/// Bounds on what is read of a layer to list its files.
#[derive(Clone, Debug)]
pub struct LayerFiles {
    /// Largest layer as stored; `None` for any. Default 8 GiB. `PIERHEAD_LAYER_FILES__SIZE`.
    pub size: Option<ByteSize>,
    /// Largest layer after decompression; `None` for any. Default 32 GiB. `PIERHEAD_LAYER_FILES__UNPACKED_SIZE`.
    pub unpacked_size: Option<ByteSize>,
    /// Most files and folders of a layer. Default 300,000. `PIERHEAD_LAYER_FILES__ENTRIES`.
    pub entries: u32,
    /// How long reading a layer may take. Default 10 min. `PIERHEAD_LAYER_FILES__TIME`, e.g. `30m`.
    pub time: Duration,
}

impl LayerFiles {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            size: reader.value(
                "layer_files.size",
                "8GiB",
                "Largest layer whose files are listed, as stored; 0 = no limit",
                parse::size_or_none,
            ),
            unpacked_size: reader.value(
                "layer_files.unpacked_size",
                "32GiB",
                "Largest layer whose files are listed, after decompression; 0 = no limit",
                parse::size_or_none,
            ),
            entries: reader.value(
                "layer_files.entries",
                "300000",
                "Most files and folders of a layer whose files are listed",
                parse::number(1..=10_000_000),
            ),
            time: reader.value(
                "layer_files.time",
                "10m",
                "How long reading the files of a layer may take",
                parse::duration(SECOND..=HOUR * 6),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::testing::Given;

    #[test]
    fn layers_are_bounded_unless_told_otherwise() {
        let limits = Given::nothing().settings().layer_files;
        assert_eq!(limits.size.map(|size| size.bytes()), Some(8 << 30));
        assert_eq!((limits.unpacked_size.map(|size| size.bytes()), limits.entries), (Some(32 << 30), 300_000));

        let limits = Given::nothing().flag("layer_files.size", "0").settings().layer_files;
        assert_eq!(limits.size, None);
    }

    #[test]
    fn a_layer_has_at_least_one_entry() {
        let text = Given::nothing().flag("layer_files.entries", "0").fault();
        assert!(text.contains("a whole number from 1"), "{text}");
    }
}
