//! The HTTP server: which doors it has and how patient it is.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use rustls::ServerConfig;

use crate::web::assets;
use crate::web::health::{self, Readiness};
use crate::web::observe::observe;
use crate::web::request_id::RequestIds;
use crate::web::services::Services;
use crate::{api, portal, registry};

/// Large enough that a big blob goes out in few calls; measured against 32 and 64 KiB.
const WRITE_BUFFER: usize = 256 * 1024;
/// Longer than the idle time of usual load balancers, so that they close connections and not we.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Starts serving on a listener, with TLS if a configuration is given. The caller handles signals.
///
/// # Errors
/// If the listener cannot be used.
pub fn start(services: &Arc<Services>, listener: TcpListener, tls: Option<ServerConfig>) -> std::io::Result<Server> {
    let settings = &services.settings.server;
    let workers = settings.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, Into::into));
    let data = web::Data::from(services.clone());
    let ids = web::Data::new(RequestIds::new(&*services.entropy));
    let readiness = web::Data::new(Readiness::default());
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .app_data(ids.clone())
            .app_data(readiness.clone())
            .wrap(from_fn(observe))
            .configure(registry::routes)
            .configure(health::routes)
            .configure(api::routes)
            .configure(assets::routes)
            .configure(portal::routes)
            .default_service(web::to(portal::not_found))
    })
    .workers(workers)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(settings.request_timeout)
    .h1_write_buffer_size(WRITE_BUFFER)
    .shutdown_timeout(settings.shutdown_grace.as_secs())
    .disable_signals();
    Ok(match tls {
        Some(config) => server.listen_rustls_0_23(listener, config)?,
        None => server.listen(listener)?,
    }
    .run())
}

/// Starts serving `/metrics` and nothing else: for a network that only operators reach.
///
/// # Errors
/// As [`start`].
pub fn start_metrics(services: &Arc<Services>, listener: TcpListener) -> std::io::Result<Server> {
    let data = web::Data::from(services.clone());
    let page = |services: web::Data<Services>| async move { health::metrics_page(&services) };
    let server = HttpServer::new(move || App::new().app_data(data.clone()).route("/metrics", web::get().to(page)))
        .workers(1)
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}
