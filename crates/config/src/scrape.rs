//! One entry of `scrape_configs`.

use crate::client::HttpClientConfig;
use crate::context::{Context, NameScheme};
use crate::discovery::{self, DiscoveryConfig, Sources, StaticConfig};
use crate::error::{Fault, Reason};
use crate::global::{Global, escaping, for_whom, name_scheme};
use crate::limits::Limits;
use crate::protocols::{self, Protocols};
use crate::relabelling;
use crate::yaml::{Fields, Node, Section, Value};
use exposition::Protocol;
use model::DurationMs;
use relabel::Rule;

/// How a target is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP over TLS.
    Https,
}

impl Scheme {
    /// As in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        let line = fields.line_of("scheme");
        match fields.or_default::<String>("scheme")?.as_str() {
            "" | "http" => Ok(Self::Http),
            "https" => Ok(Self::Https),
            other => {
                let words = format!("unsupported scheme: {other:?}, supported: http, https");
                Err(Fault::rule(line, words))
            }
        }
    }
}

/// One job: where its targets are and how they are scraped.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of the file, one field each"
)]
pub struct ScrapeConfig {
    /// Name, unique.
    pub job_name: String,
    /// Time between scrapes of a target.
    pub scrape_interval: DurationMs,
    /// When a scrape is given up. Bounds: at most the interval.
    pub scrape_timeout: DurationMs,
    /// Path of the metrics page.
    pub metrics_path: String,
    /// How targets are spoken to.
    pub scheme: Scheme,
    /// Query parameters. Ordering: by name.
    pub params: Vec<(String, Vec<String>)>,
    /// Whether a scraped label wins over a target's label of the same name.
    pub honor_labels: bool,
    /// Whether timestamps of the page are kept.
    pub honor_timestamps: bool,
    /// Whether series with timestamps of their own end when they vanish from the page.
    pub track_timestamps_staleness: bool,
    /// Whether targets may compress their answer.
    pub enable_compression: bool,
    /// Whether scrapes report their timeout, sample limit and body size too.
    pub extra_scrape_metrics: bool,
    /// Formats to ask for.
    pub scrape_protocols: Protocols,
    /// How pages are read whose content type does not tell.
    pub fallback_scrape_protocol: Option<Protocol>,
    /// Whether native histograms are scraped.
    pub scrape_native_histograms: bool,
    /// Whether classic histograms are scraped where there is a native one too.
    pub always_scrape_classic_histograms: bool,
    /// Whether classic histograms become native ones with custom buckets.
    pub convert_classic_histograms_to_nhcb: bool,
    /// Buckets of a native histogram; 0 for no limit.
    pub native_histogram_bucket_limit: u64,
    /// Least growth from one bucket to the next; 0 for any.
    pub native_histogram_min_bucket_factor: f64,
    /// File that failed scrapes are logged to; none if empty.
    pub scrape_failure_log_file: String,
    /// How names of metrics and labels are judged.
    pub metric_name_validation_scheme: NameScheme,
    /// How targets are asked to escape names.
    pub metric_name_escaping_scheme: String,
    /// Limits of one scrape.
    pub limits: Limits,
    /// How targets are reached.
    pub client: HttpClientConfig,
    /// Targets that are written down.
    pub static_configs: Vec<StaticConfig>,
    /// Where further targets come from.
    pub discoveries: Vec<DiscoveryConfig>,
    /// What makes targets of the labels that were discovered. Ordering: of application.
    pub relabel_configs: Vec<Rule>,
    /// What changes the labels of scraped series. Ordering: of application.
    pub metric_relabel_configs: Vec<Rule>,
}

impl ScrapeConfig {
    /// The job `job_name` with the defaults of `global` and no targets.
    pub fn new(job_name: impl Into<String>, global: &Global) -> Self {
        Self {
            job_name: job_name.into(),
            scrape_interval: global.scrape_interval,
            scrape_timeout: global.scrape_timeout,
            metrics_path: "/metrics".to_owned(),
            scheme: Scheme::Http,
            params: Vec::new(),
            honor_labels: false,
            honor_timestamps: true,
            track_timestamps_staleness: false,
            enable_compression: true,
            extra_scrape_metrics: global.extra_scrape_metrics,
            scrape_protocols: global
                .scrape_protocols
                .clone()
                .unwrap_or_else(|| Protocols::usual(global.scrape_native_histograms)),
            fallback_scrape_protocol: None,
            scrape_native_histograms: global.scrape_native_histograms,
            always_scrape_classic_histograms: global.always_scrape_classic_histograms,
            convert_classic_histograms_to_nhcb: global.convert_classic_histograms_to_nhcb,
            native_histogram_bucket_limit: 0,
            native_histogram_min_bucket_factor: 0.0,
            scrape_failure_log_file: global.scrape_failure_log_file.clone(),
            metric_name_validation_scheme: global.metric_name_validation_scheme,
            metric_name_escaping_scheme: "allow-utf-8".to_owned(),
            limits: global.limits,
            client: HttpClientConfig::default(),
            static_configs: Vec::new(),
            discoveries: Vec::new(),
            relabel_configs: Vec::new(),
            metric_relabel_configs: Vec::new(),
        }
    }

    pub(crate) fn read(node: &Node, global: &Global, context: &Context<'_>) -> Result<Self, Fault> {
        if node.is_null() {
            let what = "scrape config section";
            return Err(Fault::new(node.line, Reason::EmptyEntry { what }));
        }
        let mut fields = Fields::of(node, "config.ScrapeConfig")?;
        let job: String = fields.or_default("job_name")?;
        let whom = format!("for scrape config with job name {job:?}");
        let mut config = Self::new(job, global);
        config.timing(&mut fields, global)?;
        config.formats(&mut fields, global, &whom)?;
        config.names(&mut fields, global)?;
        let failure_log: String = fields.or_default("scrape_failure_log_file")?;
        if !failure_log.is_empty() {
            config.scrape_failure_log_file = context.resolve(&failure_log);
        }
        let names = config.metric_name_validation_scheme;
        let targets_line = fields.line_of("static_configs");
        let sources = Sources::read(&mut fields, context)?;
        let target_rules = "target relabeling rule in scrape config";
        let series_rules = "metric relabeling rule in scrape config";
        let config = Self {
            metrics_path: fields.or("metrics_path", config.metrics_path)?,
            scheme: Scheme::take(&mut fields)?,
            params: fields.or_default("params")?,
            honor_labels: fields.or_default("honor_labels")?,
            honor_timestamps: fields.or("honor_timestamps", true)?,
            track_timestamps_staleness: fields.or_default("track_timestamps_staleness")?,
            enable_compression: fields.or("enable_compression", true)?,
            extra_scrape_metrics: fields.or("extra_scrape_metrics", config.extra_scrape_metrics)?,
            limits: Limits::take(&mut fields)?.or(global.limits),
            client: HttpClientConfig::read(&mut fields, context, true)?,
            static_configs: sources.static_configs,
            discoveries: sources.discoveries,
            relabel_configs: relabelling::read(
                &mut fields,
                "relabel_configs",
                target_rules,
                names,
            )?,
            metric_relabel_configs: relabelling::read(
                &mut fields,
                "metric_relabel_configs",
                series_rules,
                names,
            )?,
            ..config
        };
        fields.finish()?;
        // Only now: a name that is misspelt is told as what it is.
        if config.job_name.is_empty() {
            return Err(Fault::rule(node.line, "job_name is empty"));
        }
        if config.relabel_configs.is_empty() {
            discovery::check_addresses(&config.static_configs, targets_line)?;
        }
        Ok(config)
    }

    /// Interval and timeout: its own, or the global ones; a timeout that nobody set for this job gives way
    /// to a shorter interval.
    fn timing(&mut self, fields: &mut Fields<'_>, global: &Global) -> Result<(), Fault> {
        let interval: DurationMs = fields.or_default("scrape_interval")?;
        if interval.0 != 0 {
            self.scrape_interval = interval;
        }
        let line = fields.line_of("scrape_timeout");
        let timeout: DurationMs = fields.or_default("scrape_timeout")?;
        if timeout > self.scrape_interval {
            let words = format!(
                "scrape timeout greater than scrape interval for scrape config with job name {:?}",
                self.job_name
            );
            return Err(Fault::rule(line, words));
        }
        self.scrape_timeout = match timeout.0 {
            0 => global.scrape_timeout.min(self.scrape_interval),
            _ => timeout,
        };
        Ok(())
    }

    fn formats(
        &mut self,
        fields: &mut Fields<'_>,
        global: &Global,
        whom: &str,
    ) -> Result<(), Fault> {
        self.scrape_native_histograms =
            fields.or("scrape_native_histograms", self.scrape_native_histograms)?;
        self.always_scrape_classic_histograms = fields.or(
            "always_scrape_classic_histograms",
            self.always_scrape_classic_histograms,
        )?;
        self.convert_classic_histograms_to_nhcb = fields.or(
            "convert_classic_histograms_to_nhcb",
            self.convert_classic_histograms_to_nhcb,
        )?;
        self.native_histogram_bucket_limit = fields.or_default("native_histogram_bucket_limit")?;
        self.native_histogram_min_bucket_factor =
            fields.or_default("native_histogram_min_bucket_factor")?;
        let line = fields.line_of("scrape_protocols");
        let own = Protocols::take(fields).map_err(|fault| for_whom(fault, line, whom))?;
        self.scrape_protocols = own
            .or_else(|| global.scrape_protocols.clone())
            .unwrap_or_else(|| Protocols::usual(self.scrape_native_histograms));
        let line = fields.line_of("fallback_scrape_protocol");
        let fallback: String = fields.or_default("fallback_scrape_protocol")?;
        if !fallback.is_empty() {
            let known = protocols::known(&fallback).map_err(|words| {
                Fault::rule(
                    line,
                    format!("invalid fallback_scrape_protocol {whom}: {words}"),
                )
            })?;
            self.fallback_scrape_protocol = Some(known);
        }
        Ok(())
    }

    /// How names are judged and escaped: what is not said for this job follows from what is.
    fn names(&mut self, fields: &mut Fields<'_>, global: &Global) -> Result<(), Fault> {
        let line = fields.line;
        let own_scheme = name_scheme(fields)?;
        self.metric_name_validation_scheme =
            own_scheme.unwrap_or(global.metric_name_validation_scheme);
        let usual = |scheme: NameScheme| match scheme {
            NameScheme::Utf8 => "allow-utf-8".to_owned(),
            NameScheme::Legacy => "underscores".to_owned(),
        };
        let own = escaping(fields, "scrape config")?;
        let of_global = Some(&global.metric_name_escaping_scheme)
            .filter(|text| !text.is_empty())
            .cloned()
            .unwrap_or_else(|| usual(global.metric_name_validation_scheme));
        self.metric_name_escaping_scheme = match (own.is_empty(), own_scheme) {
            (false, _) => own,
            (true, None) => of_global,
            (true, Some(scheme)) => usual(scheme),
        };
        if self.metric_name_escaping_scheme == "allow-utf-8"
            && self.metric_name_validation_scheme == NameScheme::Legacy
        {
            let words = "utf8 metric names requested but validation scheme is not set to UTF8";
            return Err(Fault::rule(line, words));
        }
        Ok(())
    }

    /// The job alone as YAML, secrets hidden.
    pub fn to_yaml(&self) -> String {
        self.write().render()
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        section.text("job_name", &self.job_name);
        section.word_unless("honor_labels", self.honor_labels, &false);
        section.word("honor_timestamps", self.honor_timestamps);
        section.word(
            "track_timestamps_staleness",
            self.track_timestamps_staleness,
        );
        let mut params = Section::default();
        for (name, values) in &self.params {
            let values = values.iter().cloned().map(Value::Text).collect();
            params.put(name, Value::List(values));
        }
        section.some_section("params", params);
        section.word("scrape_interval", self.scrape_interval);
        section.word("scrape_timeout", self.scrape_timeout);
        self.scrape_protocols.write(&mut section);
        let fallback = self.fallback_scrape_protocol.map_or("", Protocol::as_str);
        section.some_text("fallback_scrape_protocol", fallback);
        for (name, switch) in [
            ("scrape_native_histograms", self.scrape_native_histograms),
            (
                "always_scrape_classic_histograms",
                self.always_scrape_classic_histograms,
            ),
            (
                "convert_classic_histograms_to_nhcb",
                self.convert_classic_histograms_to_nhcb,
            ),
        ] {
            section.word(name, switch);
        }
        section.some_text("scrape_failure_log_file", &self.scrape_failure_log_file);
        section.some_text("metrics_path", &self.metrics_path);
        section.text("scheme", self.scheme.as_str());
        section.word("enable_compression", self.enable_compression);
        self.limits.write_most(&mut section);
        let buckets = self.native_histogram_bucket_limit;
        section.word_unless("native_histogram_bucket_limit", buckets, &0);
        let factor = self.native_histogram_min_bucket_factor;
        section.word_unless("native_histogram_min_bucket_factor", factor, &0.0);
        let dropped = self.limits.kept_dropped_targets;
        section.word_unless("keep_dropped_targets", dropped, &0);
        let names = self.metric_name_validation_scheme.as_str();
        section.word("metric_name_validation_scheme", names);
        section.text(
            "metric_name_escaping_scheme",
            &self.metric_name_escaping_scheme,
        );
        section.word("extra_scrape_metrics", self.extra_scrape_metrics);
        section.inline(self.client.write());
        relabelling::write("relabel_configs", &self.relabel_configs, &mut section);
        relabelling::write(
            "metric_relabel_configs",
            &self.metric_relabel_configs,
            &mut section,
        );
        discovery::write(&self.static_configs, &self.discoveries, &mut section);
        section
    }
}
