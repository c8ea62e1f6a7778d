//! What is asked twice is done once: the answer to the first is kept, sealed, and given again. What is kept is
//! [`domain::idempotency`]'s affair; here are the answers.

use actix_web::body::{BodySize, BoxBody, MessageBody, to_bytes};
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, HeaderMap, HeaderName, LOCATION};
use actix_web::{HttpResponse, web};
use domain::idempotency::{self, Claim, Claimed};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::services::Services;

/// Answers to what creates are small; a larger one is sent, but not kept.
const MAX_ANSWER: u64 = 1024 * 1024;

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    content_type: Option<String>,
    location: Option<String>,
    #[serde(default)]
    others: Vec<(String, String)>,
    body: String,
}

/// What becomes of a request.
pub enum Turn {
    /// It is to be done, and then to [`settle`].
    Yours,
    /// It was done; this was the answer.
    Done(HttpResponse),
    /// It is being done.
    InProgress,
    /// Something else was asked under this key.
    Another,
}

/// SHA-256 of a request: what it asks and how.
pub fn digest(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    digest.finalize().to_vec()
}

/// Claims a request's key.
///
/// # Errors
/// As the database's.
pub async fn take(services: &web::Data<Services>, claim: &Claim) -> domain::Result<Turn> {
    let (claim, vault, now) = (claim.clone(), services.vault.clone(), services.clock.now());
    let claimed = services.db.write(move |tx| idempotency::claim(tx, &vault, now, &claim)).await?;
    Ok(match claimed {
        Claimed::Yours => Turn::Yours,
        Claimed::Done(status, answer) => Turn::Done(given_again(status, &answer)),
        Claimed::InProgress => Turn::InProgress,
        Claimed::AnotherRequest => Turn::Another,
    })
}

/// What was answered, kept if it `is_done`; otherwise the key is free again.
///
/// # Errors
/// As what was answered.
pub async fn settle<B: MessageBody + 'static>(
    answer: Result<ServiceResponse<B>, actix_web::Error>,
    is_done: impl Fn(&ServiceResponse<B>) -> bool,
    services: &web::Data<Services>,
    claim: Claim,
    others: &[HeaderName],
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    match answer {
        Ok(response) if is_done(&response) => Ok(keep(response.map_into_boxed_body(), services, claim, others).await),
        other => {
            release(services, claim).await;
            other.map(ServiceResponse::map_into_boxed_body)
        }
    }
}

/// Frees the key: nothing was done under it.
async fn release(services: &web::Data<Services>, claim: Claim) {
    if let Err(error) = services.db.write(move |tx| idempotency::release(tx, &claim)).await {
        tracing::warn!(%error, "could not free a request's key; it frees itself after some minutes");
    }
}

/// The same answer, kept unless it is large: its body, what that is, where it leads and `others` of its headers.
async fn keep(
    response: ServiceResponse<BoxBody>,
    services: &web::Data<Services>,
    claim: Claim,
    others: &[HeaderName],
) -> ServiceResponse<BoxBody> {
    if !matches!(response.response().body().size(), BodySize::None | BodySize::Sized(0..=MAX_ANSWER)) {
        release(services, claim).await;
        return response;
    }
    let (request, response) = response.into_parts();
    let (response, body) = response.into_parts();
    let body = to_bytes(body).await.unwrap_or_default();
    let kept = Kept::of(response.headers(), others, &body);
    let (answer, status, vault) =
        (serde_json::to_string(&kept).unwrap_or_default(), response.status().as_u16(), services.vault.clone());
    let written = services.db.write(move |tx| idempotency::keep(tx, &vault, &claim, status, &answer)).await;
    if let Err(error) = written {
        tracing::warn!(%error, "could not keep the answer to a request");
    }
    ServiceResponse::new(request, response.set_body(body).map_into_boxed_body())
}

impl Kept {
    fn of(headers: &HeaderMap, others: &[HeaderName], body: &[u8]) -> Kept {
        let text = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_string);
        let all = |name: &HeaderName| {
            let values: Vec<(String, String)> = headers
                .get_all(name)
                .filter_map(|value| Some((name.to_string(), value.to_str().ok()?.to_string())))
                .collect();
            values
        };
        Kept {
            content_type: text(&CONTENT_TYPE),
            location: text(&LOCATION),
            others: others.iter().flat_map(all).collect(),
            body: String::from_utf8_lossy(body).into_owned(),
        }
    }
}

fn given_again(status: u16, answer: &str) -> HttpResponse {
    let mut response = HttpResponse::build(StatusCode::from_u16(status).unwrap_or(StatusCode::OK));
    let Ok(kept) = serde_json::from_str::<Kept>(answer) else { return response.finish() };
    for (name, value) in [(CONTENT_TYPE, kept.content_type), (LOCATION, kept.location)] {
        if let Some(value) = value {
            response.insert_header((name, value));
        }
    }
    for (name, value) in kept.others {
        response.append_header((name, value));
    }
    response.body(kept.body)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::SET_COOKIE;

    use super::*;

    #[test]
    fn parts_of_a_request_do_not_run_into_each_other() {
        assert_ne!(digest(&[b"ab", b"c"]), digest(&[b"a", b"bc"]));
        assert_eq!(digest(&[b"a"]), digest(&[b"a"]));
    }

    #[actix_web::test]
    async fn an_answer_is_given_again_as_it_was() {
        let mut first = HttpResponse::SeeOther();
        first.insert_header((LOCATION, "/there")).append_header((SET_COOKIE, "a=1")).append_header((SET_COOKIE, "b=2"));
        let first = first.body("<p>é</p>");
        let kept = Kept::of(first.headers(), &[SET_COOKIE], "<p>é</p>".as_bytes());

        let again = given_again(303, &serde_json::to_string(&kept).unwrap());
        assert_eq!(
            (again.status(), again.headers().get(LOCATION).unwrap().as_bytes()),
            (StatusCode::SEE_OTHER, &b"/there"[..])
        );
        assert_eq!(again.headers().get_all(SET_COOKIE).count(), 2);
        assert_eq!(to_bytes(again.into_body()).await.unwrap_or_default(), "<p>é</p>".as_bytes());
    }

    #[test]
    fn answers_of_the_version_before_are_understood() {
        let old = r#"{"content_type":"application/json","location":null,"body":"{}"}"#;
        assert_eq!(given_again(201, old).headers().get(CONTENT_TYPE).unwrap(), "application/json");
    }
}
