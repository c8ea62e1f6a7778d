//! What is attached to a manifest: signatures, inventories, attestations and others.
//!
//! Two ways lead to them: manifests that name it as their subject, and cosign's older tags (`sha256-<hex>.sig`, `.att`,
//! `.sbom`), which name it in the tag alone.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::access::{Authorized, Read};
use crate::db::schema::{manifests, repository_manifests, tags};
use crate::db::{Conn, fixed};
use crate::error::Result;
use crate::ids::ManifestId;
use crate::manifest::{self, Referrer};
use crate::oci::Digest;
use crate::repository::Repository;
use crate::time::Timestamp;

/// What an attached manifest is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AttachedKind {
    /// A signature.
    Signature,
    /// A list of what the image consists of.
    Sbom,
    /// A statement about it, such as how it was built.
    Attestation,
    /// Something else.
    Other,
}

/// How an attached manifest was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Listed {
    /// It names the subject.
    Subject,
    /// By this tag of cosign's.
    Tag(String),
}

/// A manifest attached to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attached {
    /// What for.
    pub kind: AttachedKind,
    /// How it was found.
    pub listed: Listed,
    /// Digest.
    pub digest: String,
    /// What it says that it is.
    pub artifact_type: Option<String>,
    /// Media type.
    pub media_type: String,
    /// Bytes of the manifest itself.
    pub size: i64,
    /// Its annotations.
    pub annotations: BTreeMap<String, String>,
    /// Pages go on after the row of the last one; `None` for those found by a tag.
    pub after: Option<ManifestId>,
}

/// What is attached to `subject`, in the order it was pushed, after `after`, at most `limit`; the first page
/// (`ManifestId(0)`) also has what cosign's tags name, which may be three more.
///
/// Indexes: those of [`manifest::referrers`], `tags (repository_id, name)`.
///
/// # Errors
/// As the database's.
pub fn attached(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    (subject, now): (&Digest, Timestamp),
    after: ManifestId,
    limit: i64,
) -> Result<Vec<Attached>> {
    let tagged = if after.0 == 0 { by_tags(conn, repository, subject, now)? } else { Vec::new() };
    let referring = manifest::referrers(conn, repository, (subject, now), None, after, limit)?;
    // What names its subject and is tagged as well is shown once.
    let is_new = |tagged: &Attached| !referring.iter().any(|referrer| referrer.digest == tagged.digest);
    let mut all: Vec<Attached> = tagged.into_iter().filter(is_new).collect();
    all.extend(referring.into_iter().map(from_referrer));
    Ok(all)
}

fn from_referrer(referrer: Referrer) -> Attached {
    Attached {
        kind: AttachedKind::of(referrer.artifact_type.as_deref(), &referrer.annotations),
        listed: Listed::Subject,
        digest: referrer.digest,
        artifact_type: referrer.artifact_type,
        media_type: referrer.media_type,
        size: referrer.size,
        annotations: referrer.annotations,
        after: Some(referrer.id),
    }
}

/// Endings of cosign's tags and what they are for.
const COSIGN_TAGS: [(&str, AttachedKind); 3] =
    [("sig", AttachedKind::Signature), ("att", AttachedKind::Attestation), ("sbom", AttachedKind::Sbom)];

fn by_tags(conn: &mut Conn, repository: &Repository, subject: &Digest, now: Timestamp) -> Result<Vec<Attached>> {
    type Row = (String, String, String, i64, Option<String>, String);
    let names = COSIGN_TAGS.map(|(ending, _)| format!("{}.{ending}", subject.referrers_tag()));
    let rows: Vec<Row> = tags::table
        .inner_join(manifests::table.on(manifests::id.eq(tags::manifest_id)))
        .inner_join(
            repository_manifests::table.on(repository_manifests::manifest_id
                .eq(tags::manifest_id)
                .and(repository_manifests::repository_id.eq(tags::repository_id))),
        )
        .filter(tags::repository_id.eq(repository.id.0))
        .filter(tags::name.eq_any(names))
        .filter(tags::expires_at.is_null().or(tags::expires_at.gt(now.0)))
        .select((
            tags::name,
            manifests::digest,
            repository_manifests::media_type,
            fixed::<BigInt>("CAST(LENGTH(manifests.bytes) AS BIGINT)"),
            manifests::artifact_type,
            manifests::annotations,
        ))
        .order(tags::name)
        .load(conn)?;
    Ok(rows.into_iter().map(from_tag).collect())
}

fn from_tag(
    (tag, digest, media_type, size, artifact_type, annotations): (String, String, String, i64, Option<String>, String),
) -> Attached {
    let ending = tag.rsplit_once('.').map_or("", |(_, ending)| ending);
    let kind = COSIGN_TAGS.iter().find(|(known, _)| *known == ending).map_or(AttachedKind::Other, |(_, kind)| *kind);
    let annotations = serde_json::from_str(&annotations).unwrap_or_default();
    Attached { kind, listed: Listed::Tag(tag), digest, artifact_type, media_type, size, annotations, after: None }
}

impl AttachedKind {
    /// What a manifest of this artifact type and with these annotations is for.
    ///
    /// Sources: cosign's `SPEC.md` and bundle format, Notary Project's signature specification, IANA's registrations of
    /// SPDX, CycloneDX and in-toto.
    pub fn of(artifact_type: Option<&str>, annotations: &BTreeMap<String, String>) -> AttachedKind {
        let Some(artifact_type) = artifact_type else { return AttachedKind::Other };
        let lower = artifact_type.to_ascii_lowercase();
        if lower.starts_with("application/vnd.dev.sigstore.bundle") {
            return of_bundle(annotations);
        }
        let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
        if has(&["cosign.artifact.sig", "cosign.simplesigning", "cncf.notary.signature", "notary.v2.signature"]) {
            return AttachedKind::Signature;
        }
        if has(&["spdx", "cyclonedx", "syft", "cosign.artifact.sbom"]) {
            return AttachedKind::Sbom;
        }
        if has(&["in-toto", "cosign.artifact.att", "dsse", "slsa", "openvex", "csaf"]) {
            return AttachedKind::Attestation;
        }
        AttachedKind::Other
    }
}

/// Sigstore's bundles all have one type; what they hold is in the annotations.
fn of_bundle(annotations: &BTreeMap<String, String>) -> AttachedKind {
    let said = |key: &str| annotations.get(key).map_or("", String::as_str);
    let predicate = said("dev.sigstore.bundle.predicateType");
    match said("dev.sigstore.bundle.content") {
        "message-signature" => AttachedKind::Signature,
        _ if predicate.starts_with("https://sigstore.dev/cosign/sign/") => AttachedKind::Signature,
        _ if predicate.contains("spdx.dev") || predicate.contains("cyclonedx.org") => AttachedKind::Sbom,
        "dsse-envelope" => AttachedKind::Attestation,
        _ => AttachedKind::Signature,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(artifact_type: &str, annotations: &[(&str, &str)]) -> AttachedKind {
        let annotations = annotations.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect();
        AttachedKind::of(Some(artifact_type), &annotations)
    }

    #[test]
    fn types_in_use_are_told_apart() {
        let known = [
            ("application/vnd.dev.cosign.artifact.sig.v1+json", AttachedKind::Signature),
            ("application/vnd.cncf.notary.signature", AttachedKind::Signature),
            ("application/spdx+json", AttachedKind::Sbom),
            ("text/spdx", AttachedKind::Sbom),
            ("application/vnd.cyclonedx+json", AttachedKind::Sbom),
            ("application/vnd.dev.cosign.artifact.sbom.v1+json", AttachedKind::Sbom),
            ("application/vnd.in-toto+json", AttachedKind::Attestation),
            ("application/vnd.dev.cosign.artifact.att.v1+json", AttachedKind::Attestation),
            ("application/vnd.oci.image.config.v1+json", AttachedKind::Other),
            ("application/vnd.cncf.helm.config.v1+json", AttachedKind::Other),
        ];
        for (artifact_type, expected) in known {
            assert_eq!(kind(artifact_type, &[]), expected, "{artifact_type}");
        }
        assert_eq!(AttachedKind::of(None, &BTreeMap::new()), AttachedKind::Other);
    }

    #[test]
    fn a_bundle_is_what_its_annotations_say() {
        let bundle = "application/vnd.dev.sigstore.bundle.v0.3+json";
        let envelope = ("dev.sigstore.bundle.content", "dsse-envelope");
        let predicate = |of| [envelope, ("dev.sigstore.bundle.predicateType", of)];

        assert_eq!(kind(bundle, &predicate("https://sigstore.dev/cosign/sign/v1")), AttachedKind::Signature);
        assert_eq!(kind(bundle, &predicate("https://spdx.dev/Document")), AttachedKind::Sbom);
        assert_eq!(kind(bundle, &predicate("https://slsa.dev/provenance/v1")), AttachedKind::Attestation);
        assert_eq!(kind(bundle, &[("dev.sigstore.bundle.content", "message-signature")]), AttachedKind::Signature);
    }
}
