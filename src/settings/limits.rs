//! How much and how long.

use std::num::NonZeroU32;
use std::time::Duration;

use crate::settings::byte_size::ByteSize;
use crate::settings::parse::{self, MINUTE, MONTH};
use crate::settings::reader::Reader;

/// Bounds on what clients may do.
#[derive(Clone, Debug)]
pub struct Limits {
    /// How long an unfinished upload is kept. Default 24 h. `PIERHEAD_LIMITS__UPLOAD_LIFETIME`, e.g. `12h`.
    pub upload_lifetime: Duration,
    /// Largest blob; `None` for no limit. `PIERHEAD_LIMITS__BLOB_SIZE`, e.g. `20GiB`.
    pub blob_size: Option<ByteSize>,
    /// Smallest chunk, advertised as `OCI-Chunk-Min-Length`; `None` for any. `PIERHEAD_LIMITS__CHUNK_MIN_LENGTH`.
    pub chunk_min_length: Option<ByteSize>,
    /// Failures before the lock-out begins. Default 5. `PIERHEAD_LIMITS__FAILED_SIGN_INS`.
    pub failed_sign_ins: u32,
    /// Requests to the API in a minute, of each user or robot account and of each address without credentials; `None`
    /// for any number. Default 6000. `PIERHEAD_LIMITS__API_REQUESTS`.
    pub api_requests: Option<NonZeroU32>,
    /// Sign-ins with a password in a minute, from each address; `None` for any number. Default 300.
    /// `PIERHEAD_LIMITS__SIGN_INS`.
    pub sign_ins: Option<NonZeroU32>,
}

impl Limits {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            upload_lifetime: reader.value(
                "limits.upload_lifetime",
                "24h",
                "How long an unfinished upload is kept",
                parse::duration(MINUTE..=MONTH),
            ),
            blob_size: reader.value(
                "limits.blob_size",
                "0",
                "Largest blob that may be pushed, such as `20GiB`; 0 = no limit",
                parse::size_or_none,
            ),
            chunk_min_length: reader.value(
                "limits.chunk_min_length",
                "0",
                "Smallest chunk of an upload, advertised as `OCI-Chunk-Min-Length`; 0 = any size",
                parse::size_or_none,
            ),
            failed_sign_ins: reader.value(
                "limits.failed_sign_ins",
                "5",
                "Failed sign-ins of one user before the lock-out begins",
                parse::number(1..=1000),
            ),
            api_requests: NonZeroU32::new(reader.value(
                "limits.api_requests",
                "6000",
                "API requests in a minute of each user, robot account or (without credentials) address; 0 = no limit",
                parse::number(0..=1_000_000),
            )),
            sign_ins: NonZeroU32::new(reader.value(
                "limits.sign_ins",
                "300",
                "Sign-ins to the portal in a minute from each address; 0 = no limit",
                parse::number(0..=1_000_000),
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::settings::ByteSize;
    use crate::settings::testing::Given;

    #[test]
    fn sizes_are_unlimited_until_set() {
        let limits = Given::nothing().settings().limits;
        assert_eq!((limits.blob_size, limits.chunk_min_length), (None, None));

        let limits = Given::file("[limits]\nblob_size = '20GiB'\nchunk_min_length = 1024\n").settings().limits;
        assert_eq!(limits.blob_size, Some(ByteSize::from_bytes(20 << 30)));
        assert_eq!(limits.chunk_min_length, Some(ByteSize::from_bytes(1024)));
    }

    #[test]
    fn a_lock_out_begins_after_one_failure_at_the_earliest() {
        let text = Given::nothing().flag("limits.failed_sign_ins", "0").fault();
        assert!(text.contains("a whole number from 1"), "{text}");
    }
}
