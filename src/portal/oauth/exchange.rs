//! A code for a token: applications ask, not browsers.
//!
//! Source: RFC 6749, sections 4.1.3, 5.1 and 5.2.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::access::ApiScope;
use domain::oauth::{self, Exchange, ExchangeError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::super::error;
use crate::web::authenticate::{self, Presented};
use crate::web::origin;
use crate::web::services::Services;

/// The form as sent.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    grant_type: String,
    client_id: Option<String>,
    client_secret: Option<String>,
    #[serde(default)]
    code: String,
    #[serde(default)]
    redirect_uri: String,
    code_verifier: Option<String>,
}

/// `POST /oauth/access_token`
pub async fn exchange(
    request: HttpRequest,
    services: web::Data<Services>,
    form: Result<web::Form<Asked>, actix_web::Error>,
) -> HttpResponse {
    let Ok(web::Form(asked)) = form else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request", "Send the parameters once each, as a form");
    };
    if asked.grant_type != "authorization_code" {
        let message = "grant_type is authorization_code";
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", message);
    }
    let (client_id, client_secret) = match authenticate::presented(&request) {
        Ok(Presented::Basic(client, secret)) => (client, secret),
        _ => (asked.client_id.unwrap_or_default(), asked.client_secret.unwrap_or_default()),
    };
    let (code, redirect_uri, code_verifier) = (asked.code, asked.redirect_uri, asked.code_verifier);
    let asked = Exchange { client_id, client_secret, code, redirect_uri, code_verifier };
    let (entropy, now, from) = (services.entropy.clone(), services.clock.now(), origin::of(&request, &services));
    let exchanged = services.db.write(move |tx| oauth::exchange(tx, &*entropy, now, &from, &asked)).await;
    match exchanged {
        Ok(Ok(issued)) => answer(
            StatusCode::OK,
            json!({
                "access_token": issued.secret,
                "token_type": "Bearer",
                "expires_in": issued.lifetime.as_secs(),
                "scope": ApiScope::list(&issued.scopes),
            }),
        ),
        Ok(Err(ExchangeError::InvalidClient)) => {
            let message = "The client id is unknown or its secret is wrong";
            refused(StatusCode::UNAUTHORIZED, "invalid_client", message)
        }
        Ok(Err(ExchangeError::InvalidGrant)) => {
            let message = "The code is unknown, was used, is over, or was meant for another client or address";
            refused(StatusCode::BAD_REQUEST, "invalid_grant", message)
        }
        Err(error) => error::answer(&request, &error),
    }
}

fn refused(status: StatusCode, error: &str, description: &str) -> HttpResponse {
    answer(status, json!({ "error": error, "error_description": description }))
}

fn answer(status: StatusCode, body: Value) -> HttpResponse {
    HttpResponse::build(status)
        .insert_header(("Cache-Control", "no-store"))
        .insert_header(("Pragma", "no-cache"))
        .json(body)
}
