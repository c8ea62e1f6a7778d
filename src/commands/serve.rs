//! `pierhead serve`: the server from start to graceful stop.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::{Server, ServerHandle};
use anyhow::{Context, Result};
use domain::account;

use super::{logging, say, tls};
use crate::jobs::Schedule;
use crate::portal::urls;
use crate::settings::{Loaded, Settings};
use crate::web::assets;
use crate::web::services::Services;
use crate::{app, server};

pub(super) fn run(loaded: Loaded) -> Result<()> {
    logging::start(&loaded.settings.log)?;
    if let Some(file) = &loaded.file {
        tracing::info!(file = %file.display(), "read settings");
    }
    actix_web::rt::System::new().block_on(serve(loaded.settings))
}

async fn serve(settings: Settings) -> Result<()> {
    // Before anything is made or migrated: a second start by mistake should change nothing.
    let (listener, metrics_listener) = (bind(settings.server.listen)?, settings.metrics.listen.map(bind).transpose()?);
    let services = app::build(settings).await?;
    let settings = &services.settings;
    let tls = settings.tls.as_ref().map(tls::configure).transpose()?;
    if let (Some((_, current)), Some(files)) = (&tls, &settings.tls) {
        actix_web::rt::spawn(tls::follow(files.clone(), current.clone()));
    }
    assets::warm_up();
    let server = server::start(&services, listener, tls.map(|(config, _)| config))?;
    let metrics = metrics_listener.map(|listener| server::start_metrics(&services, listener)).transpose()?;
    greet(&services).await?;
    let sweeps = Schedule::start(&services);
    actix_web::rt::spawn(stop_on_signal(services.clone(), server.handle(), metrics.as_ref().map(Server::handle)));
    if let Some(metrics) = metrics {
        actix_web::rt::spawn(metrics);
    }
    server.await.context("serving")?;
    services.layer_files.stop();
    sweeps.finish().await;
    services.db.fold_log(&app::database_location(&services.settings))?;
    tracing::info!("stopped");
    Ok(())
}

fn bind(listen: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(listen).with_context(|| format!("listening on {listen}")).map_err(|error| {
        let kind = error.root_cause().downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        error.context(match kind {
            Some(ErrorKind::AddrInUse) => "the port is in use; stop the other program or set `listen` to another port",
            Some(ErrorKind::AddrNotAvailable) => "this machine has no such address; 0.0.0.0 stands for all it has",
            Some(ErrorKind::PermissionDenied) => {
                "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE); use a higher one"
            }
            _ => "the server cannot listen",
        })
    })
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
    say(format_args!("Create the first administrator: {url}{}", urls::setup_with(&token)));
    Ok(())
}

/// Lets requests in flight finish, uploads included, for as long as `server.shutdown_grace`; a second signal ends at once.
async fn stop_on_signal(services: Arc<Services>, server: ServerHandle, metrics: Option<ServerHandle>) {
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
    services.news.end();
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
