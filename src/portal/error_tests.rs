use super::*;
use crate::web::request_id::RequestId;
use actix_web::HttpMessage;
use actix_web::body::to_bytes;
use actix_web::test::TestRequest;

async fn text_of(response: HttpResponse) -> String {
    String::from_utf8(to_bytes(response.into_body()).await.unwrap().to_vec()).unwrap()
}

fn request() -> HttpRequest {
    let request = TestRequest::with_uri("/somewhere").to_http_request();
    request.extensions_mut().insert(RequestId("1f-7".into()));
    request
}

#[actix_web::test]
async fn what_went_wrong_inside_stays_inside() {
    for (error, status) in [
        (Error::internal("asking the database", "no such table: users"), 500),
        (Error::Unavailable { context: "asking the database", source: "disk is full".into() }, 503),
    ] {
        let response = answer(&request(), &error);
        assert_eq!(response.status().as_u16(), status);
        assert!(response.headers().contains_key("content-security-policy"));

        let page = text_of(response).await;
        assert!(page.contains("<code>1f-7</code>"), "{page}");
        assert!(!page.contains("database</") && !page.contains("no such table") && !page.contains("disk is full"));
    }
}

#[actix_web::test]
async fn an_unknown_address_is_repeated_as_text() {
    let request = TestRequest::with_uri("/%3Cb%3E/a&b").to_http_request();
    let response = not_found(request).await;

    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    let page = text_of(response).await;
    assert!(page.contains("/%3Cb%3E/a&#38;b</code>"), "{page}");
}

#[actix_web::test]
async fn programs_get_json() {
    let response = not_found(TestRequest::with_uri("/api/v1/nothing").to_http_request()).await;

    assert_eq!(response.status(), StatusCode::NOT_FOUND);
    assert_eq!(text_of(response).await, r#"{"message":"There is nothing at this address"}"#);
}

#[actix_web::test]
async fn who_asks_too_much_is_told_when_to_come_back() {
    let response = answer(&request(), &Error::Busy { retry_after: Duration::from_secs(7) });

    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(response.headers().get("retry-after").unwrap(), "7");
}

#[test]
fn a_wrong_value_is_told_at_its_field() {
    let refusal = refusal(&request(), &Error::invalid("password", "passwords have at least 8 characters"));

    let Refusal::AtField { field, message } = refusal else { panic!("a page") };
    assert_eq!((field, message.as_str()), ("password", "Passwords have at least 8 characters."));
}

#[actix_web::test]
async fn it_is_said_in_the_language_the_browser_asks_for() {
    let request = TestRequest::with_uri("/somewhere").insert_header(("accept-language", "de-AT, en;q=0.5"));
    let request = request.to_http_request();
    request.extensions_mut().insert(RequestId("1f-7".into()));

    let on = Thing::Repository("acme/web".into());
    let forbidden = Error::Forbidden { needed: "Admin", on, who: "carol".into(), has: "read" };
    let page = text_of(answer(&request, &forbidden)).await;
    assert!(page.contains("<html lang=\"de\"") && page.contains("<code>1f-7</code>"), "{page}");
    assert!(page.contains("Das dürfen Sie nicht") && page.contains("für Repository acme/web"), "{page}");
    assert!(page.contains("die Berechtigung Verwalten") && page.contains("carol hat Lesen"), "{page}");

    let missing = text_of(answer(&request, &Error::NotFound(Thing::User("dave".into())))).await;
    assert!(missing.contains("Benutzer dave gibt es nicht"), "{missing}");
    let Refusal::AtField { message, .. } = refusal(&request, &Error::AlreadyExists(Thing::Team("ops".into()))) else {
        panic!("a page")
    };
    assert_eq!(message, "Team ops gibt es schon.");
    assert!(text_of(no_method(request).await).await.contains("Diese Adresse funktioniert anders"));
}

#[actix_web::test]
async fn the_language_chosen_without_an_account_counts_more() {
    let request = TestRequest::with_uri("/somewhere").insert_header(("accept-language", "de"));
    let chosen = actix_web::cookie::Cookie::new(crate::portal::visit::LANGUAGE_COOKIE, "en");

    let page = text_of(not_found(request.cookie(chosen).to_http_request()).await).await;

    assert!(page.contains("<html lang=\"en\"") && page.contains("There is nothing at this address"), "{page}");
}

#[test]
fn names_of_things_are_those_of_the_domain_in_english() {
    let words = Text::new(super::super::text::Language::English);
    for thing in [
        Thing::Namespace("a".into()),
        Thing::Robot("a+b".into()),
        Thing::SecondFactor("a".into()),
        Thing::DefaultPermission("1".into()),
        Thing::Recovery,
        Thing::Registry,
    ] {
        assert_eq!(thing::named(words, &thing), thing.to_string());
    }
}
