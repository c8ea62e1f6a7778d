//! The sweeps, as a table.

use std::sync::Arc;
use std::time::Duration;

use domain::Result;
use domain::error::Causes;
use domain::sweep::{self, Board};
use futures_util::future::LocalBoxFuture;
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{
    count_events, expire_events, expire_sessions, expire_tags, expire_tokens, expire_uploads, purge_deleted,
    tell_exports, write_pulls,
};
use crate::web::services::Services;

/// A sweep.
struct Sweep {
    name: &'static str,
    every: Duration,
    /// Whether it runs once more when the process ends. Not what waits for other servers.
    at_the_end: bool,
    run: fn(Arc<Services>) -> LocalBoxFuture<'static, Result<i64>>,
}

const SWEEPS: [Sweep; 9] = [
    Sweep {
        name: "write_pulls",
        every: Duration::from_secs(1),
        at_the_end: true,
        run: |services| Box::pin(write_pulls::run(services)),
    },
    Sweep {
        name: "expire_uploads",
        every: Duration::from_secs(60),
        at_the_end: true,
        run: |services| Box::pin(expire_uploads::run(services)),
    },
    Sweep {
        name: "expire_tags",
        every: Duration::from_secs(10),
        at_the_end: true,
        run: |services| Box::pin(expire_tags::run(services)),
    },
    Sweep {
        name: "expire_tokens",
        every: Duration::from_secs(600),
        at_the_end: true,
        run: |services| Box::pin(expire_tokens::run(services)),
    },
    Sweep {
        name: "purge_deleted",
        every: Duration::from_secs(300),
        at_the_end: true,
        run: |services| Box::pin(purge_deleted::run(services)),
    },
    Sweep {
        name: "expire_sessions",
        every: Duration::from_secs(600),
        at_the_end: true,
        run: |services| Box::pin(expire_sessions::run(services)),
    },
    Sweep {
        name: "count_events",
        every: Duration::from_secs(60),
        at_the_end: true,
        run: |services| Box::pin(count_events::run(services)),
    },
    Sweep {
        name: "expire_events",
        every: Duration::from_secs(600),
        at_the_end: true,
        run: |services| Box::pin(expire_events::run(services)),
    },
    Sweep {
        name: "tell_exports",
        every: Duration::from_secs(5),
        at_the_end: false,
        run: |services| Box::pin(tell_exports::run(services)),
    },
];

/// The board of all sweeps, none of which ran yet.
pub fn board() -> Board {
    Board::new(SWEEPS.iter().map(|sweep| (sweep.name, sweep.every)))
}

/// The running sweeps.
pub struct Schedule {
    tasks: JoinSet<()>,
    stop: watch::Sender<bool>,
}

impl Schedule {
    /// Starts them on the current thread.
    pub fn start(services: &Arc<Services>) -> Schedule {
        let (stop, stopped) = watch::channel(false);
        let mut tasks = JoinSet::new();
        tasks.spawn_local(remember(services.clone()));
        for sweep in SWEEPS {
            tasks.spawn_local(repeat(sweep, services.clone(), stopped.clone()));
        }
        Schedule { tasks, stop }
    }

    /// Runs a last time what does so at the end, and ends.
    pub async fn finish(mut self) {
        let _ = self.stop.send(true);
        while self.tasks.join_next().await.is_some() {}
    }
}

async fn remember(services: Arc<Services>) {
    match services.db.read(sweep::saved).await {
        Ok(saved) => services.sweeps.remember(saved),
        Err(error) => tracing::warn!(error = %Causes(&error), "how the sweeps did before is not known"),
    }
}

async fn repeat(sweep: Sweep, services: Arc<Services>, mut stopped: watch::Receiver<bool>) {
    let wake = services.sweeps.wake(sweep.name);
    loop {
        let last = tokio::select! {
            () = tokio::time::sleep(sweep.every) => false,
            () = wake.notified() => false,
            _ = stopped.changed() => true,
        };
        if last && !sweep.at_the_end {
            return;
        }
        turn(&sweep, &services).await;
        if last {
            return;
        }
    }
}

async fn turn(sweep: &Sweep, services: &Arc<Services>) {
    services.sweeps.begins(sweep.name, services.clock.now());
    let outcome = (sweep.run)(services.clone()).await;
    if let Err(error) = &outcome {
        tracing::error!(sweep = sweep.name, error = %Causes(error), "a sweep failed; it will run again");
    }
    let outcome = outcome.map_err(|error| Causes(&error).to_string());
    let Some(turn) = services.sweeps.ended(sweep.name, services.clock.now(), outcome) else { return };
    if let Err(error) = services.db.write_relaxed(move |tx| sweep::save(tx, &turn)).await {
        tracing::warn!(sweep = sweep.name, error = %Causes(&error), "how the sweep did was not written down");
    }
}
