//! Flags: Prometheus' names, so that unit files written for it keep working.

use crate::commands::Command;
use crate::metadata::MetadataFlags;
use crate::remote_flags::RemoteFlags;
use crate::rule_flags::RuleFlags;
use crate::web::Prefix;
use crate::web_flags::WebFlags;
use clap::{Args, CommandFactory, Parser, ValueEnum};
use model::DurationMs;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::PathBuf;

/// Monitoring in one binary: scrapes, stores, queries and shows.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "watchfire",
    version,
    about,
    args_conflicts_with_subcommands = true
)]
pub(crate) struct Cli {
    /// What to do instead of serving.
    #[command(subcommand)]
    pub(crate) command: Option<Command>,

    /// Configuration file in Prometheus' format. Without it, and without a prometheus.yml in the working
    /// directory, the server scrapes itself and this machine.
    #[arg(long = "config.file", value_name = "FILE")]
    pub(crate) config_file: Option<PathBuf>,

    /// Reads the configuration again when one of its files changed.
    #[arg(long = "config.auto-reload")]
    pub(crate) auto_reload: bool,

    /// How often it is looked for changes.
    #[arg(long = "config.auto-reload-interval", value_name = "DURATION", default_value = "30s", value_parser = duration)]
    pub(crate) auto_reload_interval: DurationMs,

    /// File with TLS, users and headers of this server.
    #[arg(long = "web.config.file", value_name = "FILE")]
    pub(crate) web_config: Option<PathBuf>,

    /// Lets clients reload the configuration by /-/reload and stop the server by /-/quit.
    #[arg(long = "web.enable-lifecycle")]
    pub(crate) lifecycle: bool,

    /// Address to listen on; may be given more than once. `:9090` and `0.0.0.0:9090` mean all addresses of
    /// this machine.
    #[arg(long = "web.listen-address", value_name = "ADDRESS", default_value = "127.0.0.1:9090", value_parser = listen_address)]
    pub(crate) listen_addresses: Vec<SocketAddr>,

    /// Folder for samples.
    #[arg(
        long = "storage.tsdb.path",
        value_name = "FOLDER",
        default_value = "data/"
    )]
    pub(crate) storage_path: PathBuf,

    /// How long samples are kept; 0 means without limit. 15d if there is no limit of size either.
    #[arg(long = "storage.tsdb.retention.time", value_name = "DURATION", value_parser = retention)]
    retention_time: Option<DurationMs>,

    /// How much the data folder may hold, as 10GB; 0 means without limit. What of time and size is
    /// reached first counts.
    #[arg(long = "storage.tsdb.retention.size", value_name = "SIZE", default_value = "0", value_parser = size)]
    pub(crate) retention_size: u64,

    /// Length of the smallest blocks.
    #[arg(long = "storage.tsdb.min-block-duration", value_name = "DURATION", default_value = "2h", value_parser = duration)]
    pub(crate) min_block_duration: DurationMs,

    /// Length of the largest blocks; 0 means a tenth of the retention, at most 31 days.
    #[arg(long = "storage.tsdb.max-block-duration", value_name = "DURATION", default_value = "0s", value_parser = retention)]
    pub(crate) max_block_duration: DurationMs,

    /// How far back samples may come out of order. 0 means that only newer samples are taken.
    #[arg(long = "storage.tsdb.out-of-order-time-window", value_name = "DURATION", default_value = "0s", value_parser = retention)]
    pub(crate) out_of_order_window: DurationMs,

    /// Exemplars that are kept; 0 switches them off.
    #[arg(
        long = "storage.exemplars.max-exemplars",
        value_name = "N",
        default_value_t = 100_000
    )]
    pub(crate) max_exemplars: usize,

    /// When the write-ahead log is forced to the disk. What was stored survives the death of the process
    /// in any case; this bounds what a power cut can take.
    #[arg(
        long = "storage.tsdb.wal-sync",
        value_name = "WHEN",
        default_value = "interval"
    )]
    pub(crate) wal_sync: WalSync,

    /// New series beyond this many are refused while known ones keep flowing; 0 means no limit.
    #[arg(
        long = "storage.tsdb.max-series",
        value_name = "N",
        default_value_t = 0
    )]
    pub(crate) max_series: usize,

    /// As max-series, for the series of one metric name.
    #[arg(
        long = "storage.tsdb.max-series-per-metric",
        value_name = "N",
        default_value_t = 0
    )]
    pub(crate) max_series_per_metric: usize,

    /// As max-series, for the series of one target.
    #[arg(
        long = "scrape.max-series-per-target",
        value_name = "N",
        default_value_t = 0
    )]
    pub(crate) max_series_per_target: usize,

    /// Lets clients delete series and take snapshots by /api/v1/admin.
    #[arg(long = "web.enable-admin-api")]
    pub(crate) admin_api: bool,

    /// Regular expression of the origins whose pages may read answers of the API.
    #[arg(long = "web.cors.origin", value_name = "REGEX", default_value = ".*")]
    pub(crate) cors_origin: String,

    /// How far back a query looks for a sample.
    #[arg(long = "query.lookback-delta", value_name = "DURATION", default_value = "5m", value_parser = duration)]
    pub(crate) lookback_delta: DurationMs,

    /// Longest time a query may take.
    #[arg(long = "query.timeout", value_name = "DURATION", default_value = "2m", value_parser = duration)]
    pub(crate) query_timeout: DurationMs,

    /// Queries that run at once; others wait.
    #[arg(long = "query.max-concurrency", value_name = "N", default_value_t = 20)]
    pub(crate) query_max_concurrency: usize,

    /// Most samples that one query may hold at once.
    #[arg(
        long = "query.max-samples",
        value_name = "N",
        default_value_t = 50_000_000
    )]
    pub(crate) query_max_samples: usize,

    /// Most memory that one query may hold at once; 0 means no limit.
    #[arg(long = "query.max-memory", value_name = "SIZE", default_value = "1GB", value_parser = size)]
    pub(crate) query_max_memory: u64,

    /// Most memory that all running queries may hold at once; 0 means no limit.
    #[arg(long = "query.max-total-memory", value_name = "SIZE", default_value = "2GB", value_parser = size)]
    pub(crate) query_max_total_memory: u64,

    /// Features to switch on, by Prometheus' names, separated by commas.
    #[arg(long = "enable-feature", value_name = "NAMES", value_delimiter = ',')]
    pub(crate) features: Vec<String>,

    /// Flags that were given and have no effect, with their values.
    #[arg(skip)]
    pub(crate) ignored: Vec<(&'static str, String)>,

    #[command(flatten)]
    pub(crate) rules: RuleFlags,

    #[command(flatten)]
    pub(crate) metadata: MetadataFlags,

    #[command(flatten)]
    pub(crate) web: WebFlags,

    #[command(flatten)]
    pub(crate) remote: RemoteFlags,

    #[command(flatten)]
    pub(crate) log: LogFlags,
}

/// What is logged, and how.
#[derive(Debug, Clone, Args)]
pub(crate) struct LogFlags {
    /// Least severe messages to log.
    #[arg(long = "log.level", value_name = "LEVEL", default_value = "info")]
    pub(crate) level: LogLevel,

    /// Form of log lines.
    #[arg(long = "log.format", value_name = "FORMAT", default_value = "logfmt")]
    pub(crate) format: LogFormat,
}

/// Severities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
}

/// Forms of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    Logfmt,
    Json,
}

/// When the write-ahead log is forced to the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WalSync {
    /// At least once per second.
    Interval,
    /// With every append.
    Always,
    /// When the operating system likes.
    Never,
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    let whole = match text.strip_prefix(':') {
        Some(port) => format!("0.0.0.0:{port}"),
        None => text.replacen("localhost:", "127.0.0.1:", 1),
    };
    whole
        .parse()
        .map_err(|_| format!("`{text}` is no address with port, such as 127.0.0.1:9090"))
}

pub(crate) fn duration(text: &str) -> Result<DurationMs, String> {
    match text.parse::<DurationMs>() {
        Ok(duration) if duration.0 > 0 => Ok(duration),
        Ok(_) => Err("must be longer than zero".to_owned()),
        Err(error) => Err(format!("{error}; write it as 15d, 2h or 30s")),
    }
}

pub(crate) fn retention(text: &str) -> Result<DurationMs, String> {
    if text == "0" {
        return Ok(DurationMs(0));
    }
    text.parse::<DurationMs>()
        .map_err(|error| format!("{error}; write it as 15d, 2h or 30s"))
}

/// Reads `512MB` and the like; as in Prometheus a unit counts by 1,024.
fn size(text: &str) -> Result<u64, String> {
    config::parse_size(text)
        .ok_or_else(|| format!("`{text}` is no size; write it as 512MB or 10GB"))
}

impl Cli {
    /// Names of the flags that are on or off.
    pub(crate) fn switches() -> Vec<String> {
        let is_switch =
            |argument: &&clap::Arg| matches!(argument.get_action(), clap::ArgAction::SetTrue);
        let command = Self::command();
        let switches = command.get_arguments().filter(is_switch);
        let names = switches.filter_map(clap::Arg::get_long);
        names.map(str::to_owned).collect()
    }

    /// Where all addresses of the server are.
    ///
    /// # Errors
    /// The external address is none.
    pub(crate) fn prefix(&self) -> anyhow::Result<Prefix> {
        let url = self.rules.external_url.as_deref().unwrap_or_default();
        let title = self.web.page_title.as_deref().unwrap_or_default();
        Prefix::new(url, self.web.route_prefix.as_deref(), title)
    }

    /// The file that says how far remote write has come.
    pub(crate) fn send_positions(&self) -> PathBuf {
        self.storage_path.join("remote_write.json")
    }

    /// How long samples are kept; zero means without limit.
    pub(crate) fn retention(&self) -> DurationMs {
        let usual = if self.retention_size > 0 { 0 } else { 15 };
        self.retention_time
            .unwrap_or(DurationMs::from_secs(usual * 86_400))
    }

    /// All flags with their values, for the API and the page that shows them.
    pub(crate) fn flags(&self) -> BTreeMap<String, String> {
        let word = |value: &dyn std::fmt::Debug| format!("{value:?}").to_lowercase();
        let path = |path: &PathBuf| path.display().to_string();
        let addresses: Vec<String> = self
            .listen_addresses
            .iter()
            .map(ToString::to_string)
            .collect();
        let prefix = self.prefix().unwrap_or_default();
        let file = self.config_file.as_ref().map_or_else(String::new, path);
        let mut flags: BTreeMap<String, String> = [
            ("config.file", file),
            ("config.auto-reload", self.auto_reload.to_string()),
            (
                "config.auto-reload-interval",
                self.auto_reload_interval.to_string(),
            ),
            (
                "web.config.file",
                self.web_config.as_ref().map_or_else(String::new, path),
            ),
            ("web.enable-lifecycle", self.lifecycle.to_string()),
            ("web.listen-address", addresses.join(",")),
            ("storage.tsdb.path", path(&self.storage_path)),
            ("storage.tsdb.retention.time", self.retention().to_string()),
            (
                "storage.tsdb.retention.size",
                config::format_size(self.retention_size),
            ),
            (
                "storage.tsdb.min-block-duration",
                self.min_block_duration.to_string(),
            ),
            (
                "storage.tsdb.max-block-duration",
                self.max_block_duration.to_string(),
            ),
            (
                "storage.tsdb.out-of-order-time-window",
                self.out_of_order_window.to_string(),
            ),
            (
                "storage.exemplars.max-exemplars",
                self.max_exemplars.to_string(),
            ),
            ("storage.tsdb.wal-sync", word(&self.wal_sync)),
            ("storage.tsdb.max-series", self.max_series.to_string()),
            (
                "storage.tsdb.max-series-per-metric",
                self.max_series_per_metric.to_string(),
            ),
            (
                "scrape.max-series-per-target",
                self.max_series_per_target.to_string(),
            ),
            ("web.enable-admin-api", self.admin_api.to_string()),
            ("web.cors.origin", self.cors_origin.clone()),
            ("query.lookback-delta", self.lookback_delta.to_string()),
            ("query.timeout", self.query_timeout.to_string()),
            (
                "query.max-concurrency",
                self.query_max_concurrency.to_string(),
            ),
            ("query.max-samples", self.query_max_samples.to_string()),
            (
                "query.max-memory",
                config::format_size(self.query_max_memory),
            ),
            (
                "query.max-total-memory",
                config::format_size(self.query_max_total_memory),
            ),
            ("enable-feature", self.features.join(",")),
            ("log.level", word(&self.log.level)),
            ("log.format", word(&self.log.format)),
        ]
        .into_iter()
        .chain(self.rules.named())
        .chain(self.metadata.named())
        .chain(self.web.named(prefix.routes()))
        .chain(self.remote.named())
        .map(|(name, value)| (name.to_owned(), value))
        .chain(crate::ignored_flags::named(&self.ignored))
        .collect();
        // A flag that is added and forgotten above still shows, with its default.
        for argument in Self::command().get_arguments() {
            if let Some(name) = argument
                .get_long()
                .filter(|name| !matches!(*name, "help" | "version"))
            {
                flags.entry(name.to_owned()).or_default();
            }
        }
        flags
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_are_well_formed_and_all_are_told_with_values() {
        Cli::command().debug_assert();
        let cli = Cli::parse_from(["watchfire"]);
        let flags = cli.flags();
        assert_eq!(flags["query.lookback-delta"], "5m");
        assert_eq!(flags["storage.tsdb.wal-sync"], "interval");
        let empty: Vec<_> = flags
            .iter()
            .filter(|(_, value)| value.is_empty())
            .map(|(name, _)| name)
            .collect();
        assert_eq!(
            empty,
            [
                "config.file",
                "dashboards.path",
                "enable-feature",
                "metadata.url",
                "storage.tsdb.delay-compact-file.path",
                "web.config.file",
                "web.external-url",
                "web.user-assets"
            ],
            "every other flag has a default"
        );
    }

    #[test]
    fn a_limit_of_size_replaces_the_usual_limit_of_time() {
        let retention =
            |flags: &[&str]| Cli::parse_from([&["watchfire"], flags].concat()).retention();
        let days = |n: i64| DurationMs::from_secs(n * 86_400);
        assert_eq!(retention(&[]), days(15));
        let by_size = "--storage.tsdb.retention.size=10GB";
        assert_eq!(retention(&[by_size]), days(0));
        let by_time = "--storage.tsdb.retention.time=5d";
        assert_eq!(retention(&[by_size, by_time]), days(5));
        assert!(Cli::try_parse_from(["watchfire", "--storage.tsdb.retention.size=7XB"]).is_err());
    }

    #[test]
    fn addresses_are_read_as_prometheus_reads_them() {
        for (text, address) in [
            (":9090", "0.0.0.0:9090"),
            ("localhost:80", "127.0.0.1:80"),
            ("[::1]:9090", "[::1]:9090"),
        ] {
            assert_eq!(listen_address(text).unwrap().to_string(), address);
        }
        assert!(
            listen_address("nonsense")
                .unwrap_err()
                .contains("`nonsense`")
        );
    }
}
