//! What is said about images: whether somebody signed them, listed what is in them, attested how they came to be.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::access::{Authorized, Read};
use crate::db::{Conn, prepared};
use crate::error::Result;
use crate::on_backend;
use crate::repository::Repository;

/// Artifact types, and cosign's words for its tags, that a repository shows at most for one page.
const LOOKED_AT: i64 = 10_000;

/// Digests whose tags are asked for at once: three names of each make a statement that is still kept.
const ASKED: usize = 42;

/// What there is about one manifest.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Referred {
    /// A signature.
    pub signature: bool,
    /// A list of what is in it.
    pub sbom: bool,
    /// Any other statement about it, such as where it was built.
    pub attestation: bool,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    subject: String,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
}

/// What the repository has about these manifests: by referrers, and by the tags that cosign gave signatures before there
/// were referrers. One statement, and one for each [`ASKED`] digests where there are such tags. Digests about which there
/// is nothing are left out. Whether a signature is good is another question.
///
/// Indexes: `repository_manifests_by_subject`, the primary key of `manifests`, `tags (repository_id, name)`.
///
/// # Errors
/// As the database's.
pub fn referred(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    digests: &[&str],
) -> Result<HashMap<String, Referred>> {
    let mut found: HashMap<String, Referred> = HashMap::new();
    if digests.is_empty() {
        return Ok(found);
    }
    let subjects: Vec<String> = digests.iter().map(|digest| digest.to_string()).collect();
    let question = prepared(
        "SELECT DISTINCT l.subject_digest AS subject, m.artifact_type AS kind FROM repository_manifests l \
           JOIN manifests m ON m.id = l.manifest_id WHERE l.repository_id = $1 AND l.subject_digest IN ($2) \
         UNION ALL SELECT '' AS subject, NULL AS kind WHERE \
           EXISTS (SELECT 1 FROM tags t WHERE t.repository_id = $1 AND t.name >= 'sha256-' AND t.name < 'sha256.') \
           OR EXISTS (SELECT 1 FROM tags t WHERE t.repository_id = $1 AND t.name >= 'sha512-' AND t.name < 'sha512.') \
         LIMIT $3",
    )
    .bind::<BigInt, _>(repository.id.0)
    .texts(&subjects)
    .bind::<BigInt, _>(LOOKED_AT);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    let (has_tags, rows): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.subject.is_empty());
    for row in rows {
        note(found.entry(row.subject).or_default(), row.kind.as_deref().unwrap_or_default());
    }
    if !has_tags.is_empty() {
        for some in digests.chunks(ASKED) {
            by_tags(conn, repository, some, &mut found)?;
        }
    }
    Ok(found)
}

/// By cosign's tags. Index: `tags (repository_id, name)`.
fn by_tags(
    conn: &mut Conn,
    repository: &Authorized<Repository, Read>,
    digests: &[&str],
    found: &mut HashMap<String, Referred>,
) -> Result<()> {
    let names = digests.iter().map(|digest| digest.replace(':', "-"));
    let names: Vec<String> =
        names.flat_map(|name| ["sig", "att", "sbom"].map(|word| format!("{name}.{word}"))).collect();
    let question =
        prepared("SELECT t.name AS subject, NULL AS kind FROM tags t WHERE t.repository_id = $1 AND t.name IN ($2)")
            .bind::<BigInt, _>(repository.id.0)
            .texts(&names);
    let rows: Vec<Row> = on_backend!(conn, c => question.load(c))?;
    for row in rows {
        if let Some((name, word)) = row.subject.rsplit_once('.') {
            note(found.entry(name.replacen('-', ":", 1)).or_default(), word);
        }
    }
    Ok(())
}

/// By the words that artifact types of signatures, SBOMs and attestations have in them: cosign's, Notary's, SPDX's,
/// CycloneDX's, in-toto's.
fn note(referred: &mut Referred, kind: &str) {
    let has = |word: &str| kind.contains(word);
    if kind == "sig" || has("signature") || has("artifact.sig") {
        referred.signature = true;
    } else if has("sbom") || has("spdx") || has("cyclonedx") || has("syft") {
        referred.sbom = true;
    } else if has("sigstore.bundle") {
        // A bundle holds a signature, over the image itself or over a statement about it.
        referred.signature = true;
    } else if kind == "att" || has("in-toto") || has("attestation") || has("dsse") || has("provenance") {
        referred.attestation = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_told_by_their_artifact_type() {
        let of = |kind: &str| {
            let mut referred = Referred::default();
            note(&mut referred, kind);
            (referred.signature, referred.sbom, referred.attestation)
        };

        for kind in ["sig", "application/vnd.cncf.notary.signature", "application/vnd.dev.cosign.artifact.sig.v1+json"]
        {
            assert_eq!(of(kind), (true, false, false), "{kind}");
        }
        for kind in ["sbom", "application/spdx+json", "application/vnd.cyclonedx+json"] {
            assert_eq!(of(kind), (false, true, false), "{kind}");
        }
        for kind in ["att", "application/vnd.in-toto+json"] {
            assert_eq!(of(kind), (false, false, true), "{kind}");
        }
        assert_eq!(of("application/vnd.example.notes"), (false, false, false));
    }
}
