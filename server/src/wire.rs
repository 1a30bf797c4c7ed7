//! Opens the engines and puts them together.

use crate::cli::{Cli, WalSync};
use crate::exit::Failure;
use crate::reload::{self, Components, Reloader, warn_of};
use crate::rule_tasks::RuleTasks;
use api::{
    ActiveQueries, ApiState, CorsOrigins, Door, FederationMetrics, HttpMetrics, Notifications,
    QueryBook, QueryGate, QueryLog, QueryMetrics, Readiness, RunningConfig, RuntimeFacts,
};
use api_types::BuildInfo;
use clock::{Clock, SystemClock};
use config::Config;
use model::{DurationMs, Labels, MetricFamily, MetricKind, TimestampMs};
use promql::EngineOptions;
use remote::Receiver;
use rules::SharedEngine;
use scrape::{Manager, ScrapeDeps};
use selfmon::Registry;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use storage::Appender;
use tsdb::{Db, Options, ReplayProgress, SyncPolicy};
use vfs::Disk;

/// The parts that the server holds on to.
pub(crate) struct Engines {
    pub(crate) api: Arc<ApiState>,
    pub(crate) scrape: Arc<Manager>,
    pub(crate) reloader: Reloader,
    pub(crate) rules: Arc<RuleTasks>,
    pub(crate) sender: Arc<remote_send::Manager>,
}

/// The file that is read when no flag names one.
const USUAL_FILE: &str = "prometheus.yml";

/// Reads the configuration: the file of the flag, else the usual file if it is there, else the built-in
/// one for a server that listens on `address`.
pub(crate) fn config(cli: &Cli, address: SocketAddr) -> Result<Config, Failure> {
    let Some(file) = config_path(cli) else {
        tracing::info!("no configuration file: scraping this server and this machine");
        let mut config = Config::without_file(&own_address(address));
        let prefix = cli.prefix().map_err(Failure::configuration)?;
        for job in &mut config.scrape_configs {
            job.metrics_path.insert_str(0, prefix.routes());
        }
        return Ok(config);
    };
    let config = Config::load(&file).map_err(Failure::configuration)?;
    let jobs = config.scrape_configs.len();
    tracing::info!(file = %file.display(), jobs, "configuration loaded");
    Ok(config)
}

/// The configuration file: that of the flag, else the usual one if it is there.
fn config_path(cli: &Cli) -> Option<PathBuf> {
    let usual = Path::new(USUAL_FILE);
    let usual = || usual.is_file().then(|| usual.to_owned());
    cli.config_file.clone().or_else(usual)
}

/// The address under which the server reaches itself.
fn own_address(listening: SocketAddr) -> String {
    if listening.ip().is_unspecified() || listening.ip().is_loopback() {
        format!("localhost:{}", listening.port())
    } else {
        listening.to_string()
    }
}

/// Opens everything.
pub(crate) async fn engines(
    cli: &Cli,
    config: Config,
    address: SocketAddr,
    progress: ReplayProgress,
    door: Arc<Door>,
) -> Result<Engines, Failure> {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let start_time = clock.now();
    let cors = CorsOrigins::new(&cli.cors_origin).map_err(Failure::configuration)?;
    let options = storage_options(cli, &config);
    let retention = retention_text(&options);
    let db = open_storage(options, progress.clone(), &clock).await?;
    let registry = registry(&db);
    let scrape = Arc::new(Manager::new(ScrapeDeps {
        appender: db.clone(),
        clock: Arc::clone(&clock),
        registry: registry.clone(),
        max_series_per_target: cli.max_series_per_target,
        stores_starts: has_feature(cli, "created-timestamp-zero-ingestion"),
    }));
    let facts = facts(&db, start_time, retention);
    let sender = Arc::new(remote_send::Manager::new(remote_send::SendDeps {
        db: db.clone(),
        registry: registry.clone(),
        clock: Arc::clone(&clock),
        positions: cli.send_positions(),
        flush_deadline: cli.remote.flush_deadline(),
    }));
    let node = node::Collector::new(node::Paths::default(), Arc::clone(&clock));
    let receiver = cli.remote.receiver.then(|| {
        let appender: Arc<dyn Appender> = db.clone();
        let clock = Arc::clone(&clock);
        let options = cli.remote.receiver_options();
        Arc::new(Receiver::new(appender, clock, &registry, options))
    });
    let file = config_path(cli);
    let running = RunningConfig::new(&config, file.as_deref(), clock.now());
    let notifications = Notifications::new(cli.web.max_subscribers);
    let engine = SharedEngine::new(engine_options(cli, &config));
    let query_log = QueryLog::new(&registry);
    reload::set_query_log(&query_log, &config).map_err(Failure::configuration)?;
    let rules = rule_tasks(cli, &db, &engine, &clock, &registry, address);
    let rule_files = rules.load(&config).map_err(Failure::configuration)?;
    let components = Components {
        running: running.clone(),
        notifications: notifications.clone(),
        scrape: Arc::clone(&scrape),
        rules: Arc::clone(&rules),
        engine: engine.clone(),
        query_log: query_log.clone(),
        sender: Arc::clone(&sender),
        clock: Arc::clone(&clock),
    };
    let reload_registry = registry.clone();
    let api = Arc::new(ApiState {
        door,
        storage: db.clone(),
        admin: db,
        admin_enabled: cli.admin_api,
        replay: Box::new(move || progress.get()),
        receiver,
        engine: engine.clone(),
        gate: QueryGate::new(
            cli.query_max_concurrency,
            active_queries(cli),
            Arc::clone(&clock),
        ),
        book: QueryBook::new(cli.query_max_concurrency, start_time),
        notifications: notifications.clone(),
        query_log: query_log.clone(),
        queries: QueryMetrics::new(&registry, cli.query_max_concurrency),
        query_timeout: cli.query_timeout,
        parse_options: parse_options(&cli.features),
        federation: FederationMetrics::new(&registry),
        cors,
        scrape: Arc::clone(&scrape),
        rules: Arc::clone(&rules.manager),
        notify: rules.notify(),
        http: HttpMetrics::new(&registry),
        registry,
        node: Box::new(move || node.collect()),
        clock,
        readiness: Readiness::default(),
        build: build_info(),
        runtime: facts,
        config: running,
        flags: cli.flags(),
    });
    warn_of(&config, None);
    let external_labels = &config.global.external_labels;
    sender.apply(&config.remote_write, external_labels).await;
    scrape.apply(&config).await;
    rules.apply(rule_files, &config).await;
    let reloader = Reloader::new(file, config, components, &reload_registry);
    Ok(Engines {
        api,
        scrape,
        reloader,
        rules,
        sender,
    })
}

fn has_feature(cli: &Cli, name: &str) -> bool {
    cli.features.iter().any(|feature| feature == name)
}

fn facts(db: &Db, start_time: TimestampMs, storage_retention: String) -> RuntimeFacts {
    let folder = std::env::current_dir().unwrap_or_default();
    RuntimeFacts {
        start_time,
        working_directory: folder.display().to_string(),
        hostname: hostname(),
        worker_threads: tokio::runtime::Handle::current().metrics().num_workers() as u64,
        corruptions: db.replay_report().corruptions,
        storage_retention,
    }
}

/// Rules without any group yet, and the way of their alerts.
fn rule_tasks(
    cli: &Cli,
    db: &Arc<Db>,
    engine: &SharedEngine,
    clock: &Arc<dyn Clock>,
    registry: &Registry,
    address: SocketAddr,
) -> Arc<RuleTasks> {
    let notify = Arc::new(notify::Manager::new(notify::NotifyDeps {
        queue_capacity: cli.rules.queue_capacity,
        batch_size: cli.rules.batch_size,
        drains: cli.rules.drains,
        ..notify::NotifyDeps::new(registry.clone(), Arc::clone(clock))
    }));
    let deps = rules::RuleDeps {
        storage: db.clone(),
        appender: db.clone(),
        engine: engine.clone(),
        parse_options: parse_options(&cli.features),
        query_timeout: Duration::from_millis(cli.query_timeout.0.unsigned_abs()),
        notifier: Arc::clone(&notify) as Arc<dyn rules::Notifier>,
        clock: Arc::clone(clock),
        registry: registry.clone(),
    };
    Arc::new(RuleTasks::new(
        Arc::new(rules::Manager::new(deps)),
        notify,
        Arc::clone(clock),
        parse_options(&cli.features),
        cli.rules.options(&own_address(address), &cli.features),
    ))
}

/// What the flags say, and the configuration where it says something else.
fn storage_options(cli: &Cli, config: &Config) -> Options {
    let file = &config.storage;
    let or_none = |limit: usize| if limit == 0 { usize::MAX } else { limit };
    let size = file.retention_size.unwrap_or(cli.retention_size);
    // A limit of size in the file replaces the usual limit of time, as the flag does.
    let time = match (file.retention_time, file.retention_size) {
        (Some(time), _) => time,
        (None, Some(1..)) => DurationMs(0),
        (None, _) => cli.retention(),
    };
    Options {
        retention: time,
        retention_size: size,
        sync: match cli.wal_sync {
            WalSync::Interval => SyncPolicy::EverySecond,
            WalSync::Always => SyncPolicy::Always,
            WalSync::Never => SyncPolicy::Never,
        },
        max_series: or_none(cli.max_series),
        max_series_per_metric: or_none(cli.max_series_per_metric),
        min_block_duration: cli.min_block_duration,
        max_block_duration: cli.max_block_duration,
        out_of_order_window: file
            .out_of_order_time_window
            .unwrap_or(cli.out_of_order_window),
        max_exemplars: file.max_exemplars.unwrap_or(cli.max_exemplars),
        held_segment: remote_send::held_segment(&cli.send_positions()),
        ..Options::new(&cli.storage_path)
    }
}

/// What is kept, as `15d or 10GB`.
fn retention_text(options: &Options) -> String {
    let time = Some(options.retention).filter(|time| time.0 > 0);
    let size = Some(options.retention_size).filter(|size| *size > 0);
    let time = time.map(|time| time.to_string());
    let size = size.map(config::format_size);
    let both: Vec<String> = time.into_iter().chain(size).collect();
    both.join(" or ")
}

async fn open_storage(
    options: Options,
    progress: ReplayProgress,
    clock: &Arc<dyn Clock>,
) -> Result<Arc<Db>, Failure> {
    let clock = Arc::clone(clock);
    let opening = tokio::task::spawn_blocking(move || {
        Db::open_with_progress(options, Arc::new(Disk), clock, &progress)
    });
    let db = opening
        .await
        .map_err(Failure::start)?
        .map_err(Failure::storage)?;
    let report = db.replay_report();
    tracing::info!(
        series = db.series_count(),
        samples = db.samples(),
        segments = report.segments,
        "write-ahead log read"
    );
    if report.corruptions > 0 {
        tracing::warn!(
            corruptions = report.corruptions,
            lost_frames = report.lost_frames,
            "corrupted places in the write-ahead log were skipped"
        );
    }
    Ok(Arc::new(db))
}

/// The note of queries that run; tells those that ran when the server ended last.
fn active_queries(cli: &Cli) -> Option<ActiveQueries> {
    let slots = cli.query_max_concurrency.max(1);
    match ActiveQueries::open(&cli.storage_path, slots) {
        Ok((active, unfinished)) => {
            if !unfinished.is_empty() {
                let queries = format!("[{}]", unfinished.join(","));
                tracing::warn!(queries, "queries that did not finish in the last run");
            }
            Some(active)
        }
        // Queries run without it.
        Err(error) => {
            tracing::error!(%error, "running queries are not noted");
            None
        }
    }
}

fn registry(db: &Arc<Db>) -> Registry {
    let registry = Registry::default();
    registry.collect(selfmon::process_families);
    // Weak: the registry is held by what the database's owner waits for.
    let db = Arc::downgrade(db);
    registry.collect(move || db.upgrade().map(|db| db.metrics()).unwrap_or_default());
    registry.collect(build_families);
    registry
}

fn engine_options(cli: &Cli, config: &Config) -> EngineOptions {
    let bytes = |size: u64| match usize::try_from(size) {
        Ok(0) | Err(_) => usize::MAX,
        Ok(size) => size,
    };
    let has = |feature: &str| cli.features.iter().any(|name| name == feature);
    EngineOptions {
        lookback_delta: cli.lookback_delta,
        max_samples: cli.query_max_samples,
        max_query_bytes: bytes(cli.query_max_memory),
        max_total_bytes: bytes(cli.query_max_total_memory),
        default_subquery_step: config.global.evaluation_interval,
        delayed_name_removal: has("promql-delayed-name-removal"),
        use_start_timestamps: has("use-start-timestamps"),
        type_and_unit_labels: has("type-and-unit-labels"),
        ..EngineOptions::default()
    }
}

/// What of PromQL the feature names switch on; unknown names only get a warning, as in Prometheus.
pub(crate) fn parse_options(features: &[String]) -> promql_syntax::ParseOptions {
    let mut options = promql_syntax::ParseOptions::default();
    for name in features {
        match name.as_str() {
            "promql-experimental-functions" => options.experimental_functions = true,
            "promql-extended-range-selectors" => options.extended_range_selectors = true,
            "promql-binop-fill-modifiers" => options.fill_modifiers = true,
            "auto-reload-config"
            | "created-timestamp-zero-ingestion"
            | "concurrent-rule-eval"
            | "promql-delayed-name-removal"
            | "use-start-timestamps"
            | "type-and-unit-labels" => {}
            name => tracing::warn!(option = name, "unknown option for --enable-feature"),
        }
    }
    options
}

fn build_info() -> BuildInfo {
    BuildInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        revision: option_env!("WATCHFIRE_REVISION")
            .unwrap_or_default()
            .to_owned(),
        branch: option_env!("WATCHFIRE_BRANCH")
            .unwrap_or_default()
            .to_owned(),
        build_user: String::new(),
        build_date: option_env!("WATCHFIRE_BUILD_DATE")
            .unwrap_or_default()
            .to_owned(),
        go_version: String::new(),
    }
}

/// `prometheus_build_info` too: dashboards join on it.
fn build_families() -> Vec<MetricFamily> {
    let build = build_info();
    let labels = Labels::from_pairs([
        ("version", build.version.as_str()),
        ("revision", build.revision.as_str()),
        ("branch", build.branch.as_str()),
    ]);
    ["prometheus_build_info", "watchfire_build_info"]
        .map(|name| {
            let help = "Constant 1, labelled with what was built.";
            let mut family = MetricFamily::new(name, MetricKind::Gauge, help);
            family.push(labels.clone(), 1.0);
            family
        })
        .into()
}

fn hostname() -> String {
    let name = rustix::system::uname();
    name.nodename().to_string_lossy().into_owned()
}
