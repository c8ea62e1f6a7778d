//! Letting an application act for somebody: OAuth's addresses, where Quay has them.
//!
//! `/oauth/authorize` shows what an application asks for; its form goes to `/oauth/authorizeapp` or `/oauth/denyapp`, which
//! send the browser back to the application with a token (implicit flow) or a code. `/oauth/access_token` exchanges the
//! code. An application whose tokens people copy by hand names `/oauth/localapp` as its address.
//!
//! Invariant: a browser is sent to another site only by [`Asking`], which exists only for the application's own address.

mod asking;
mod consent;
mod exchange;
mod localapp;

use actix_web::web;

use self::asking::Asking;
use super::{error, read, urls};

/// Every address.
pub fn routes(config: &mut web::ServiceConfig) {
    let posted = |to: actix_web::Route, at: &str| {
        web::resource(at.to_string()).route(to).default_service(web::to(error::no_method))
    };
    config
        .service(
            web::resource(urls::OAUTH_AUTHORIZE)
                .route(read().to(consent::show))
                .default_service(web::to(error::no_method)),
        )
        .service(posted(web::post().to(consent::grant), urls::OAUTH_AUTHORIZE_APP))
        .service(posted(web::post().to(consent::deny), urls::OAUTH_DENY_APP))
        .service(posted(web::post().to(exchange::exchange), urls::OAUTH_ACCESS_TOKEN))
        .service(
            web::resource(urls::OAUTH_LOCAL_APP)
                .route(read().to(localapp::show))
                .default_service(web::to(error::no_method)),
        );
}
