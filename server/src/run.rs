//! From flags to a running server, and down again.

use crate::cli::Cli;
use crate::exit::Failure;
use crate::switch::Switch;
use crate::{ui, wire};
use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

/// How long open connections may take to end after a signal.
const DRAIN: Duration = Duration::from_secs(5);

/// Runs until a signal says stop.
pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    let address = cli.listen_address;
    let listener = TcpListener::bind(address).await.map_err(|error| {
        let error = anyhow::Error::from(error);
        Failure::start(error.context(format!("cannot listen on {address}")))
    })?;
    let address = listener.local_addr().map_err(Failure::start)?;
    let config = wire::config(&cli, address)?;
    let stop = stop_signal()?;

    // The port is open while the log is read back, so that whoever waits can see how far it is.
    let progress = tsdb::ReplayProgress::default();
    let status = progress.clone();
    let switch = Switch::new(api::starting_router(Arc::new(move || status.get())));
    let (stopping, mut stopped) = watch::channel(false);
    let server = axum::serve(listener, switch.router()).with_graceful_shutdown(async move {
        // Also ends the server when this function has gone.
        let _ = stopped.wait_for(|stop| *stop).await;
    });
    let serving = server.into_future();
    tokio::pin!(serving);
    let opening = wire::engines(&cli, config, progress);
    tokio::pin!(opening);
    let engines = tokio::select! {
        result = &mut serving => return result.map_err(Failure::start),
        engines = &mut opening => engines?,
    };
    switch
        .set(api::router(Arc::clone(&engines.api)).merge(ui::router(Arc::clone(&engines.backend))));
    engines.api.readiness.set_ready();
    tracing::info!(address = format!("http://{address}"), "listening");
    tokio::select! {
        result = &mut serving => result.map_err(Failure::start)?,
        name = stop => tracing::info!(signal = name, "stopping"),
    }
    engines.api.readiness.set_stopping();
    engines.scrape.shutdown().await;
    // The receiver may be gone already; then nothing is left to stop.
    let _ = stopping.send(true);
    if tokio::time::timeout(DRAIN, serving).await.is_err() {
        tracing::warn!(seconds = DRAIN.as_secs(), "connections still open are cut");
    }
    tracing::info!("stopped");
    Ok(())
}

/// Ends with the name of the signal that came.
fn stop_signal() -> Result<impl Future<Output = &'static str>, Failure> {
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::start)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::start)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        }
    })
}
