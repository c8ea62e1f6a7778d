//! `pierhead serve`: the server from start to graceful stop.

use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::{Server, ServerHandle};
use actix_web::middleware::from_fn;
use actix_web::{App, HttpServer, web};
use anyhow::{Context, Result};
use domain::account;

use super::{logging, say, tls};
use crate::jobs::Schedule;
use crate::settings::{Loaded, Settings};
use crate::web::health::{self, Readiness};
use crate::web::observe::observe;
use crate::web::request_id::RequestIds;
use crate::web::services::Services;
use crate::{api, app, portal, registry};

/// Large enough that a big blob goes out in few calls; measured against 32 and 64 KiB.
const WRITE_BUFFER: usize = 256 * 1024;
/// Longer than the idle time of usual load balancers, so that they close connections and not we.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

pub(super) fn run(loaded: Loaded) -> Result<()> {
    logging::start(&loaded.settings.log)?;
    if let Some(file) = &loaded.file {
        tracing::info!(file = %file.display(), "read settings");
    }
    actix_web::rt::System::new().block_on(serve(loaded.settings))
}

async fn serve(settings: Settings) -> Result<()> {
    let services = app::build(settings).await?;
    let settings = &services.settings;
    let data = web::Data::from(services.clone());
    let ids = web::Data::new(RequestIds::new(&*services.entropy));
    let readiness = web::Data::new(Readiness::default());
    let workers = settings.server.workers.unwrap_or_else(|| std::thread::available_parallelism().map_or(2, Into::into));
    let server = HttpServer::new(move || {
        App::new()
            .app_data(data.clone())
            .app_data(ids.clone())
            .app_data(readiness.clone())
            .wrap(from_fn(observe))
            .configure(registry::routes)
            .configure(health::routes)
            .configure(api::routes)
            .configure(portal::routes)
            .default_service(web::to(portal::not_found))
    })
    .workers(workers)
    .keep_alive(KEEP_ALIVE)
    .client_request_timeout(settings.server.request_timeout)
    .h1_write_buffer_size(WRITE_BUFFER)
    .shutdown_timeout(settings.server.shutdown_grace.as_secs())
    .disable_signals();

    let listen = settings.server.listen;
    let server = match &settings.tls {
        Some(files) => {
            let (config, current) = tls::configure(files)?;
            actix_web::rt::spawn(tls::follow(files.clone(), current));
            server.bind_rustls_0_23(listen, config)
        }
        None => server.bind(listen),
    };
    let server = server.with_context(|| format!("listening on {listen}: is another program using it?"))?.run();
    let metrics = metrics_server(&services)?;
    greet(&services).await?;
    let sweeps = Schedule::start(&services);
    actix_web::rt::spawn(stop_on_signal(server.handle(), metrics.as_ref().map(Server::handle)));
    if let Some(metrics) = metrics {
        actix_web::rt::spawn(metrics);
    }
    server.await.context("serving")?;
    sweeps.finish().await;
    tracing::info!("stopped");
    Ok(())
}

/// `/metrics` on a listener of its own, for a network that only operators reach.
fn metrics_server(services: &Arc<Services>) -> Result<Option<Server>> {
    let Some(listen) = services.settings.metrics.listen else { return Ok(None) };
    let data = web::Data::from(services.clone());
    let page = |services: web::Data<Services>| async move { health::metrics_page(&services) };
    let server = HttpServer::new(move || App::new().app_data(data.clone()).route("/metrics", web::get().to(page)))
        .workers(1)
        .disable_signals()
        .bind(listen)
        .with_context(|| format!("listening on {listen} for metrics"))?;
    Ok(Some(server.run()))
}

/// Says where to go, and what is left to do.
async fn greet(services: &Services) -> Result<()> {
    let url = services.settings.external_url();
    let url = url.as_str().trim_end_matches('/');
    tracing::info!(url, listen = %services.settings.server.listen, version = env!("CARGO_PKG_VERSION"), "serving");
    if services.db.read(account::any).await? {
        say(format_args!("Pierhead is at {url}"));
        return Ok(());
    }
    let token = services.setup.renew(&*services.entropy);
    say(format_args!("Pierhead is at {url} and waits to be set up."));
    say(format_args!("Create the first administrator: {url}/setup?token={token}"));
    Ok(())
}

/// Lets requests in flight finish, uploads included, for as long as `server.shutdown_grace`; a second signal ends at once.
async fn stop_on_signal(server: ServerHandle, metrics: Option<ServerHandle>) {
    wait_for_signal().await;
    tracing::info!("stopping: finishing the requests in flight");
    actix_web::rt::spawn(async {
        wait_for_signal().await;
        tracing::warn!("stopping at once");
        std::process::exit(130);
    });
    if let Some(metrics) = metrics {
        metrics.stop(false).await;
    }
    server.stop(true).await;
}

async fn wait_for_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (interrupt, terminate) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate()));
    let (Ok(mut interrupt), Ok(mut terminate)) = (interrupt, terminate) else {
        // Without signal handlers the default action ends the process.
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
}
