//! From flags to a running server, and down again.

use crate::backend::Backend;
use crate::cli::Cli;
use crate::exit::Failure;
use crate::lifecycle::{self, Lifecycle};
use crate::metadata_task::MetadataTask;
use crate::reload::Reloader;
use crate::stored_rules::StoredRules;
use crate::switch::Switch;
use crate::web::{Access, LimitedListener, Limits, Peer, TlsListener, with_peer};
use crate::wire::Engines;
use crate::{storage_watch, ui, wire};
use api::{Door, DoorOptions, GrafanaState, Provisioned, RuleFormState, RuleKeeper};
use metadata::Location;
use metadata::access::Policy;
use std::future::{Future, IntoFuture};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{Notify, oneshot, watch};
use tokio::task::JoinSet;

/// How long open connections may take to end after a signal.
const DRAIN: Duration = Duration::from_secs(5);
/// Shortest time between two looks at the files of the configuration.
const LEAST_WATCH: Duration = Duration::from_secs(1);

/// Runs until a signal says stop.
pub(crate) async fn run(cli: Cli) -> Result<(), Failure> {
    let prefix = cli.prefix().map_err(Failure::configuration)?;
    let listeners = listen(&cli).await?;
    let addresses: Vec<SocketAddr> = listeners.iter().map(|(_, address)| *address).collect();
    let Some(&address) = addresses.first() else {
        return Err(Failure::start(anyhow::anyhow!("no address to listen on")));
    };
    let access = cli.web_config.as_deref().map(Access::load).transpose();
    let access = access.map_err(Failure::configuration)?;
    let config = wire::config(&cli, address)?;
    let location = cli.metadata.location(&cli.storage_path)?;
    let stop = stop_signal()?;
    let hangup = signal(SignalKind::hangup()).map_err(Failure::start)?;

    let door = Arc::new(door(&cli, &addresses, access.as_ref()));

    // The port is open while the log is read back, so that whoever waits can see how far it is.
    let progress = tsdb::ReplayProgress::default();
    let status = progress.clone();
    let status = Arc::new(move || status.get());
    let starting = api::starting_router(status.clone()).merge(ui::starting_router(&status));
    let switch = Switch::new(starting);
    let (stopping, stopped) = watch::channel(false);
    let scheme = if access.as_ref().is_some_and(Access::has_tls) {
        "https"
    } else {
        "http"
    };
    let router = prefix.around(switch.router());
    let serving = serve_all(listeners, router, access, stopped);
    tokio::pin!(serving);
    let opening = wire::engines(&cli, config, address, progress, Arc::clone(&door));
    tokio::pin!(opening);
    let engines = tokio::select! {
        result = &mut serving => return result.map_err(Failure::start),
        engines = &mut opening => engines?,
    };
    let lifecycle = lifecycle_of(&cli, &engines);
    let quit: Arc<Notify> = Arc::clone(&lifecycle.quit);
    let provisioned = Provisioned::default();
    let keeper = StoredRules::new(Arc::clone(&engines.rules), Arc::clone(&door));
    let keeper = Arc::new(keeper);
    let files = cli.web.user_assets.clone();
    switch.set(routes(
        &engines,
        lifecycle,
        &door,
        &provisioned,
        &keeper,
        files,
    ));
    let mut reloading = JoinSet::new();
    reloading.spawn(reload_on_signal(engines.reloader.clone(), hangup));
    if watches(&cli) {
        let interval = cli.auto_reload_interval.to_std().max(LEAST_WATCH);
        reloading.spawn(engines.reloader.clone().watch(interval));
    }
    let help = "Whether the server answers requests.";
    let ready = engines.api.registry.gauge("prometheus_ready", help, &[]);
    reloading.spawn(storage_watch::watch(Arc::clone(&engines.api)));
    engines.api.readiness.set_ready();
    ready.set(1.0);
    tokio::pin!(stop);
    // Queries are answered while the metadata are opened, and where they cannot be.
    let (tried, first_try) = oneshot::channel();
    let metadata = metadata_task(
        &cli,
        location,
        &addresses,
        &engines,
        (&door, &provisioned, &keeper),
    );
    reloading.spawn(metadata.run(tried));
    let goes_on = tokio::select! {
        result = &mut serving => return result.map_err(Failure::start),
        _ = first_try => true,
        _ = &mut stop => false,
    };
    if goes_on {
        tell(&addresses, scheme, prefix.routes());
        tokio::select! {
            result = &mut serving => result.map_err(Failure::start)?,
            name = stop => tracing::info!(signal = name, "stopping"),
            () = quit.notified() => tracing::info!("asked to stop over HTTP"),
        }
    }
    reloading.shutdown().await;
    engines.api.readiness.set_stopping();
    ready.set(0.0);
    end(&engines).await;
    // The receiver may be gone already; then nothing is left to stop.
    let _ = stopping.send(true);
    if tokio::time::timeout(DRAIN, serving).await.is_err() {
        tracing::warn!(seconds = DRAIN.as_secs(), "connections still open are cut");
    }
    if let Some(metadata) = door.metadata() {
        metadata.close().await;
    }
    tracing::info!("stopped");
    Ok(())
}

fn lifecycle_of(cli: &Cli, engines: &Engines) -> Lifecycle {
    Lifecycle {
        enabled: cli.lifecycle,
        reloader: engines.reloader.clone(),
        quit: Arc::default(),
        quitting: Arc::<AtomicBool>::default(),
    }
}

/// Ends what runs by itself.
async fn end(engines: &Engines) {
    // Connections that stay open would hold up the end.
    engines.api.notifications.close();
    engines.rules.shutdown().await;
    engines.scrape.shutdown().await;
    // Last of those that store, so that it sends all of it.
    engines.sender.shutdown().await;
}

/// Who may come in, as the flags say.
fn door(cli: &Cli, addresses: &[SocketAddr], access: Option<&Access>) -> Door {
    Door::new(DoorOptions {
        policy: Policy {
            login_required: cli.metadata.login_required,
        },
        loopback: are_loopback(addresses),
        secure: access.is_some_and(Access::has_tls),
    })
}

/// Whether only this machine can connect.
fn are_loopback(addresses: &[SocketAddr]) -> bool {
    addresses.iter().all(|address| address.ip().is_loopback())
}

/// Tells where the server listens.
fn tell(addresses: &[SocketAddr], scheme: &str, below: impl std::fmt::Display) {
    for address in addresses {
        let address = format!("{scheme}://{address}{below}");
        tracing::info!(address, "listening");
    }
}

fn metadata_task(
    cli: &Cli,
    location: Location,
    addresses: &[SocketAddr],
    engines: &Engines,
    (door, provisioned, keeper): (&Arc<Door>, &Provisioned, &Arc<StoredRules>),
) -> MetadataTask {
    MetadataTask {
        location,
        needs_admin: !are_loopback(addresses) || cli.metadata.login_required,
        dashboards: cli.metadata.dashboards.clone(),
        data: cli.storage_path.clone(),
        door: Arc::clone(door),
        provisioned: provisioned.clone(),
        keeper: Arc::clone(keeper),
        notifications: engines.api.notifications.clone(),
    }
}

/// Listens on all addresses of the flags, and tells which they are: a port of 0 is any that is free.
async fn listen(cli: &Cli) -> Result<Vec<(LimitedListener, SocketAddr)>, Failure> {
    let limits = Limits::new(cli.web.max_connections, cli.web.read_timeout());
    let mut listeners = Vec::new();
    for address in &cli.listen_addresses {
        let listener = TcpListener::bind(address).await.map_err(|error| {
            let error = anyhow::Error::from(error);
            Failure::start(error.context(format!("cannot listen on {address}")))
        })?;
        let address = listener.local_addr().map_err(Failure::start)?;
        listeners.push((LimitedListener::new(listener, limits.clone()), address));
    }
    Ok(listeners)
}

/// Serves `router` on all addresses until `stopped` says so.
async fn serve_all(
    listeners: Vec<(LimitedListener, SocketAddr)>,
    router: axum::Router,
    access: Option<Access>,
    stopped: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let mut all = JoinSet::new();
    for (listener, address) in listeners {
        let mut stopped = stopped.clone();
        let stop = async move {
            // Also ends the server when its sender has gone.
            let _ = stopped.wait_for(|stop| *stop).await;
        };
        all.spawn(serve(
            listener,
            address,
            router.clone(),
            access.clone(),
            stop,
        ));
    }
    while let Some(result) = all.join_next().await {
        result.map_err(std::io::Error::other)??;
    }
    Ok(())
}

/// All routes of the server, with the door in front.
fn routes(
    engines: &Engines,
    lifecycle: Lifecycle,
    door: &Arc<Door>,
    provisioned: &Provisioned,
    keeper: &Arc<StoredRules>,
    files: Option<PathBuf>,
) -> axum::Router {
    let prometheus = api::router(Arc::clone(&engines.api));
    let grafana = api::grafana_router(Arc::new(GrafanaState {
        door: Arc::clone(door),
        clock: Arc::clone(&engines.api.clock),
        build: engines.api.build.clone(),
        prometheus: prometheus.clone(),
        provisioned: provisioned.clone(),
    }));
    let rules = api::rule_form_router(Arc::new(RuleFormState {
        api: Arc::clone(&engines.api),
        door: Arc::clone(door),
        keeper: Arc::clone(keeper) as Arc<dyn RuleKeeper>,
        writing: tokio::sync::Mutex::default(),
    }));
    let backend = Backend::new(prometheus.clone().merge(grafana.clone()));
    let pages = ui::router(Arc::new(backend))
        .merge(ui::user_assets(files))
        .merge(lifecycle::router(lifecycle));
    let all = prometheus.merge(grafana).merge(rules).merge(pages);
    api::protect(all, Arc::clone(door))
}

/// Serves `router` until `stop` ends.
fn serve(
    listener: LimitedListener,
    address: SocketAddr,
    router: axum::Router,
    access: Option<Access>,
    stop: impl Future<Output = ()> + Send + 'static,
) -> Pin<Box<dyn Future<Output = std::io::Result<()>> + Send>> {
    let router = match &access {
        Some(access) => access.guard(router),
        None => router,
    };
    if let Some(access) = access.filter(Access::has_tls) {
        let listener = TlsListener::new(listener, address, access);
        let service = with_peer(router).into_make_service_with_connect_info::<Peer>();
        let server = axum::serve(listener, service).with_graceful_shutdown(stop);
        Box::pin(server.into_future())
    } else {
        let service = with_peer(router).into_make_service_with_connect_info::<Peer>();
        let server = axum::serve(listener, service).with_graceful_shutdown(stop);
        Box::pin(server.into_future())
    }
}

/// Whether changes of files are looked for.
fn watches(cli: &Cli) -> bool {
    cli.auto_reload || cli.features.iter().any(|name| name == "auto-reload-config")
}

/// Reloads the configuration whenever SIGHUP comes.
async fn reload_on_signal(reloader: Reloader, mut hangup: Signal) {
    while hangup.recv().await.is_some() {
        // Told in the log and the metrics.
        let _ = reloader.reload().await;
    }
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
