//! A worker: pushes blobs in every way there is, manifests, and tags that move.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use reqwest::Method;
use reqwest::header::LOCATION;
use serde_json::json;

use super::REPOSITORIES;
use super::journal::{Asked, Document, Interrupted, Journal, Pointed};
use crate::client::{Answer, Client, INDEX, MANIFEST, digest_of, send};
use crate::image::{self, Piece};
use crate::randomness::Randomness;

const CHUNK: usize = 300_000;

pub struct Pusher {
    number: usize,
    client: Client,
    chance: Randomness,
    journal: Journal,
    pushed: usize,
}

/// Why a push came to nothing.
enum Failed {
    /// No answer: the server died.
    Unanswered,
    /// An answer that nothing explains.
    Surprised(String),
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Failed {
        if error.is_timeout() { Failed::Surprised("a request hung".into()) } else { Failed::Unanswered }
    }
}

impl Pusher {
    pub fn new(number: usize, client: Client, chance: Randomness) -> Pusher {
        Pusher { number, client, chance, journal: Journal::default(), pushed: 0 }
    }

    /// Pushes until told to stop; answers with what happened.
    pub async fn push_until(mut self, done: &AtomicBool) -> Journal {
        while !done.load(Ordering::Relaxed) {
            let repository = REPOSITORIES[self.chance.below(REPOSITORIES.len())];
            let has_blobs = self.journal.pieces_in(repository).len() > 2;
            let outcome = match self.chance.below(5) {
                0 | 1 if has_blobs => self.push_manifest(repository).await,
                2 if has_blobs && self.chance.one_in(3) => self.push_index(repository).await,
                _ => self.push_blob(repository).await,
            };
            match outcome {
                Ok(()) => {}
                Err(Failed::Unanswered) => tokio::time::sleep(Duration::from_millis(30)).await,
                Err(Failed::Surprised(what)) => self.journal.surprises.push(what),
            }
        }
        self.journal
    }

    async fn push_blob(&mut self, repository: &'static str) -> Result<(), Failed> {
        let bytes = self.content();
        let outcome = match self.chance.below(4) {
            0 => self.at_once(repository, &bytes).await,
            1 => self.in_two_requests(repository, &bytes).await,
            2 => self.in_chunks(repository, &bytes).await,
            _ => self.as_a_stream(repository, &bytes).await,
        };
        let what = Piece::of(&bytes);
        self.journal.blobs.push(Asked { repository, what, acknowledged: outcome.is_ok() });
        outcome
    }

    /// Bytes of many sizes; now and then what other workers push too.
    fn content(&mut self) -> Vec<u8> {
        if self.chance.one_in(6) {
            let shared = self.chance.below(40);
            return vec![shared as u8; shared * 20_011];
        }
        let size = match self.chance.below(10) {
            0 => 0,
            // Never one byte: the protocol cannot tell an upload of one byte from an empty one.
            1 => 2 + self.chance.below(3),
            2..=5 => self.chance.below(20_000),
            6..=7 => self.chance.below(600_000),
            8 => [512 * 1024 - 1, 512 * 1024, 512 * 1024 + 1, CHUNK, 2 * CHUNK][self.chance.below(5)],
            _ => self.chance.below(3 << 20),
        };
        self.chance.bytes(size)
    }

    async fn at_once(&mut self, repository: &'static str, bytes: &[u8]) -> Result<(), Failed> {
        expect(self.client.try_push_blob(repository, bytes).await?, 201).map(|_| ())
    }

    async fn in_two_requests(&mut self, repository: &'static str, bytes: &[u8]) -> Result<(), Failed> {
        let location = self.begin(repository).await?;
        let outcome = self.finish(&location, bytes, bytes.to_vec()).await;
        self.note_if_interrupted(outcome, repository, location, bytes)
    }

    async fn in_chunks(&mut self, repository: &'static str, bytes: &[u8]) -> Result<(), Failed> {
        let location = self.begin(repository).await?;
        let mut outcome = Ok(());
        for (number, chunk) in bytes.chunks(CHUNK).enumerate() {
            let start = number * CHUNK;
            let range = format!("{start}-{}", start + chunk.len() - 1);
            let request = self.client.request(Method::PATCH, &location).header("Content-Range", range);
            outcome = answered(send(request.body(chunk.to_vec())).await, 202).map(|_| ());
            if outcome.is_err() {
                break;
            }
        }
        if outcome.is_ok() {
            outcome = self.finish(&location, bytes, Vec::new()).await;
        }
        self.note_if_interrupted(outcome, repository, location, bytes)
    }

    /// As Docker does: one PATCH without a length, here with pauses so that a kill falls between its pieces.
    async fn as_a_stream(&mut self, repository: &'static str, bytes: &[u8]) -> Result<(), Failed> {
        let location = self.begin(repository).await?;
        let pieces: Vec<Bytes> = bytes.chunks(64 * 1024).map(Bytes::copy_from_slice).collect();
        let slowly = futures_util::stream::iter(pieces).then(|piece| async move {
            tokio::time::sleep(Duration::from_millis(2)).await;
            Ok::<_, std::io::Error>(piece)
        });
        let request = self.client.request(Method::PATCH, &location).body(reqwest::Body::wrap_stream(slowly));
        let mut outcome = answered(send(request).await, 202).map(|_| ());
        if outcome.is_ok() {
            outcome = self.finish(&location, bytes, Vec::new()).await;
        }
        self.note_if_interrupted(outcome, repository, location, bytes)
    }

    async fn begin(&self, repository: &str) -> Result<String, Failed> {
        let request = self.client.request(Method::POST, &format!("/v2/{repository}/blobs/uploads/"));
        Ok(expect(send(request).await?, 202)?.header(LOCATION.as_str()).to_string())
    }

    async fn finish(&self, location: &str, whole: &[u8], last: Vec<u8>) -> Result<(), Failed> {
        let path = format!("{location}?digest={}", digest_of(whole));
        answered(send(self.client.request(Method::PUT, &path).body(last)).await, 201).map(|_| ())
    }

    fn note_if_interrupted(
        &mut self,
        outcome: Result<(), Failed>,
        repository: &'static str,
        location: String,
        bytes: &[u8],
    ) -> Result<(), Failed> {
        if let Err(Failed::Unanswered) = outcome {
            self.journal.interrupted.push(Interrupted { repository, location, bytes: bytes.to_vec() });
        }
        outcome
    }

    async fn push_manifest(&mut self, repository: &'static str) -> Result<(), Failed> {
        let layers = 1 + self.chance.below(4);
        let note = self.note();
        let pieces = self.journal.pieces_in(repository);
        let some: Vec<Piece> = (0..=layers).map(|_| pieces[self.chance.below(pieces.len())].clone()).collect();
        let bytes = image::manifest(&some[0], &some[1..], &note);
        self.push_document(repository, MANIFEST, bytes).await
    }

    async fn push_index(&mut self, repository: &'static str) -> Result<(), Failed> {
        let note = self.note();
        let there = self.journal.manifests.iter().filter(|asked| asked.acknowledged && asked.repository == repository);
        let manifests = there.take(3).map(|asked| {
            let document = &asked.what;
            json!({ "mediaType": document.media_type, "digest": document.digest, "size": document.bytes.len() })
        });
        let index = json!({
            "schemaVersion": 2,
            "mediaType": INDEX,
            "manifests": manifests.collect::<Vec<_>>(),
            "annotations": { "note": note },
        });
        self.push_document(repository, INDEX, index.to_string().into_bytes()).await
    }

    fn note(&mut self) -> String {
        self.pushed += 1;
        format!("{}-{}", self.number, self.pushed)
    }

    /// Under its digest, or to one of the worker's tags, which moves.
    async fn push_document(
        &mut self,
        repository: &'static str,
        media_type: &'static str,
        bytes: Vec<u8>,
    ) -> Result<(), Failed> {
        let digest = digest_of(&bytes);
        let tag = (!self.chance.one_in(4)).then(|| format!("w{}-{}", self.number, self.chance.below(3)));
        let reference = tag.clone().unwrap_or_else(|| digest.clone());
        let outcome = answered(self.client.try_push_manifest(repository, &reference, media_type, &bytes).await, 201);
        let acknowledged = outcome.is_ok();
        if let Some(tag) = tag {
            let history = self.journal.tags.entry((repository, tag)).or_default();
            history.push(Pointed { digest: digest.clone(), acknowledged });
        }
        self.journal.manifests.push(Asked { repository, what: Document { digest, media_type, bytes }, acknowledged });
        outcome.map(|_| ())
    }
}

fn answered(answer: Result<Answer, reqwest::Error>, status: u16) -> Result<Answer, Failed> {
    expect(answer?, status)
}

fn expect(answer: Answer, status: u16) -> Result<Answer, Failed> {
    if answer.status == status {
        return Ok(answer);
    }
    Err(Failed::Surprised(format!("{} instead of {status}: {}", answer.status, answer.text())))
}
