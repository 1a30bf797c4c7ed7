//! The whole configuration after validation: no default is left open.

use crate::alerting::Alerting;
use crate::context::{Context, Warning};
use crate::error::{Error, Fault, Reason, Result};
use crate::global::Global;
use crate::otlp::OtlpConfig;
use crate::remote_read::RemoteReadConfig;
use crate::remote_write::RemoteWriteConfig;
use crate::scrape::ScrapeConfig;
use crate::storage::StorageConfig;
use crate::tracing::TracingConfig;
use crate::yaml::{self, Fields, Node, Section, Value};
use crate::{StaticConfig, env, glob};
use model::{DurationMs, Labels};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The whole configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// Defaults of the scrape configs, and what concerns the server as a whole.
    pub global: Global,
    /// The target of Go's garbage collector: kept for those who ask, without effect here.
    pub gogc: i64,
    /// Where alerts go.
    pub alerting: Alerting,
    /// Paths of rule files, with wildcards.
    pub rule_files: Vec<String>,
    /// Paths of files with further scrape configs, with wildcards.
    pub scrape_config_files: Vec<String>,
    /// Jobs, those of other files last. Ordering: as in the files; names are unique.
    pub scrape_configs: Vec<ScrapeConfig>,
    /// How many of the jobs stand in the file itself.
    pub own_scrape_configs: usize,
    /// What the file says about storage.
    pub storage: StorageConfig,
    /// Where traces go.
    pub tracing: Option<TracingConfig>,
    /// Where samples are sent.
    pub remote_write: Vec<RemoteWriteConfig>,
    /// Where samples of others are read.
    pub remote_read: Vec<RemoteReadConfig>,
    /// How metrics of OpenTelemetry become series.
    pub otlp: OtlpConfig,
    /// What stands in the files and has no effect. Ordering: as found.
    pub warnings: Vec<Warning>,
}

const USUAL_GOGC: i64 = 75;

impl Default for Config {
    fn default() -> Self {
        Self {
            global: Global::default(),
            gogc: USUAL_GOGC,
            alerting: Alerting::default(),
            rule_files: Vec::new(),
            scrape_config_files: Vec::new(),
            scrape_configs: Vec::new(),
            own_scrape_configs: 0,
            storage: StorageConfig::default(),
            tracing: None,
            remote_write: Vec::new(),
            remote_read: Vec::new(),
            otlp: OtlpConfig::default(),
            warnings: Vec::new(),
        }
    }
}

impl Config {
    /// Reads the configuration `text`; relative paths in it are relative to the folder of `path`. Reads the
    /// files with further scrape configs too.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the line of the first fault, [`Error::Read`] for one of the further files.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        Self::parse_with(text, path, &|name| std::env::var(name).ok())
    }

    pub(crate) fn parse_with(text: &str, path: &Path, lookup: env::Lookup<'_>) -> Result<Self> {
        let mut context = Context::new(path, lookup);
        let read = yaml::parse(text).and_then(|node| Self::read(&node, &mut context));
        let mut config = read.map_err(|fault| at(path, fault))?;
        config.warnings = context.warnings.take();
        config.own_scrape_configs = config.scrape_configs.len();
        config.further_files(lookup)?;
        Ok(config)
    }

    /// Reads the configuration file `path`.
    ///
    /// # Errors
    /// [`Error::Read`] if the file cannot be read, else as [`parse`](Self::parse).
    pub fn load(path: &Path) -> Result<Self> {
        Self::parse(&read_file(path)?, path)
    }

    fn read(node: &Node, context: &mut Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let mut config = Self::default();
        if let Some(node) = fields.take("global") {
            config.global = Global::read(node, context)?;
        }
        if let Some(node) = fields.take("runtime") {
            let mut fields = Fields::of(node, "config.RuntimeConfig")?;
            config.gogc = match fields.or_default("gogc")? {
                0 => USUAL_GOGC,
                gogc => gogc,
            };
            fields.finish()?;
        }
        config.rule_files = patterns(&mut fields, "rule_files", "rule", context)?;
        config.scrape_config_files =
            patterns(&mut fields, "scrape_config_files", "scrape config", context)?;
        config.scrape_configs = jobs(&mut fields, &config.global, context, &mut HashSet::new())?;
        if let Some(node) = fields.take("alerting") {
            config.alerting = Alerting::read(node, context)?;
        }
        if let Some(node) = fields.take("storage") {
            config.storage = StorageConfig::read(node, context)?;
        }
        let tracing = fields.take("tracing");
        config.tracing = tracing
            .map(|node| TracingConfig::read(node, context))
            .transpose()?;
        let mut names = HashSet::new();
        for node in fields.list("remote_write")? {
            let remote = RemoteWriteConfig::read(node, context)?;
            once(&mut names, &remote.name, "remote write", node.line)?;
            config.remote_write.push(remote);
        }
        names.clear();
        for node in fields.list("remote_read")? {
            let remote = RemoteReadConfig::read(node, context)?;
            once(&mut names, &remote.name, "remote read", node.line)?;
            config.remote_read.push(remote);
        }
        if let Some(node) = fields.take("otlp") {
            config.otlp = OtlpConfig::read(node, context)?;
        }
        fields.finish()?;
        Ok(config)
    }

    /// Reads the files of `scrape_config_files`.
    fn further_files(&mut self, lookup: env::Lookup<'_>) -> Result<()> {
        let mut names: HashSet<String> = self
            .scrape_configs
            .iter()
            .map(|job| job.job_name.clone())
            .collect();
        for path in self.scrape_config_paths()? {
            let text = read_file(&path)?;
            let mut context = Context::new(&path, lookup);
            context.names = self.global.metric_name_validation_scheme;
            let mut read = |node: &Node| {
                let mut fields = Fields::of(node, "config.ScrapeConfigs")?;
                let jobs = jobs(&mut fields, &self.global, &context, &mut names)?;
                fields.finish()?;
                Ok(jobs)
            };
            let jobs = yaml::parse(&text).and_then(|node| read(&node));
            let jobs = jobs.map_err(|fault| at(&path, fault))?;
            self.scrape_configs.extend(jobs);
            self.warnings.extend(context.warnings.take());
        }
        Ok(())
    }

    /// The files that `scrape_config_files` names now. Ordering: of the patterns, then by name.
    ///
    /// # Errors
    /// [`Error::Read`] for a folder that cannot be read.
    pub fn scrape_config_paths(&self) -> Result<Vec<PathBuf>> {
        expand(&self.scrape_config_files)
    }

    /// The files that `rule_files` names now. Ordering: of the patterns, then by name.
    ///
    /// # Errors
    /// [`Error::Read`] for a folder that cannot be read.
    pub fn rule_paths(&self) -> Result<Vec<PathBuf>> {
        expand(&self.rule_files)
    }

    /// The configuration where there is no file: the server that listens on `listen_address` scrapes its
    /// own metrics (job `watchfire`) and those of its machine (job `node`, `/metrics/node`) every 5
    /// seconds.
    pub fn without_file(listen_address: &str) -> Self {
        let interval = DurationMs::from_secs(5);
        let global = Global {
            scrape_interval: interval,
            scrape_timeout: interval,
            ..Global::default()
        };
        let job = |name: &str, metrics_path: &str| ScrapeConfig {
            metrics_path: metrics_path.to_owned(),
            static_configs: vec![StaticConfig {
                targets: vec![reachable(listen_address)],
                labels: Labels::empty(),
            }],
            ..ScrapeConfig::new(name, &global)
        };
        let scrape_configs = vec![job("watchfire", "/metrics"), job("node", "/metrics/node")];
        Self {
            global,
            own_scrape_configs: scrape_configs.len(),
            scrape_configs,
            ..Self::default()
        }
    }

    /// The configuration as Prometheus shows its own: every default written out, no secret shown, jobs of
    /// other files not among them. Without secrets it reads back to the same configuration.
    pub fn to_yaml(&self) -> String {
        let mut section = Section::default();
        section.put("global", Value::Map(self.global.write()));
        let mut runtime = Section::default();
        runtime.word("gogc", self.gogc);
        section.put("runtime", Value::Map(runtime));
        section.some_section("alerting", self.alerting.write());
        section.some_texts("rule_files", &self.rule_files);
        section.some_texts("scrape_config_files", &self.scrape_config_files);
        let own = self.scrape_configs.iter().take(self.own_scrape_configs);
        let own = own.map(|job| Value::Map(job.write()));
        section.some_list("scrape_configs", own.collect());
        section.some_section("storage", self.storage.write());
        if let Some(tracing) = &self.tracing {
            section.put("tracing", Value::Map(tracing.write()));
        }
        let writes = self
            .remote_write
            .iter()
            .map(|remote| Value::Map(remote.write()));
        section.some_list("remote_write", writes.collect());
        let reads = self
            .remote_read
            .iter()
            .map(|remote| Value::Map(remote.write()));
        section.some_list("remote_read", reads.collect());
        section.some_section("otlp", self.otlp.write());
        section.render()
    }
}

fn read_file(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|reason| Error::Read {
        path: path.to_owned(),
        reason,
    })
}

fn at(path: &Path, fault: Fault) -> Error {
    Error::Invalid {
        path: path.to_owned(),
        line: fault.line,
        reason: fault.reason,
    }
}

fn expand(patterns: &[String]) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for pattern in patterns {
        let found = glob(pattern).map_err(|reason| Error::Read {
            path: PathBuf::from(pattern),
            reason,
        })?;
        paths.extend(found);
    }
    Ok(paths)
}

/// Takes a list of paths with wildcards in their last part only.
fn patterns(
    fields: &mut Fields<'_>,
    name: &str,
    what: &str,
    context: &Context<'_>,
) -> Result<Vec<String>, Fault> {
    let line = fields.line_of(name);
    let patterns: Vec<String> = fields.or_default(name)?;
    let allowed = |pattern: &String| {
        let star = pattern.split_once('*');
        star.is_none_or(|(_, after)| !after.contains('/'))
    };
    match patterns.iter().find(|pattern| !allowed(pattern)) {
        Some(pattern) => {
            let words = format!("invalid {what} file path {pattern:?}");
            Err(Fault::rule(line, words))
        }
        None => Ok(patterns
            .iter()
            .map(|pattern| context.resolve(pattern))
            .collect()),
    }
}

/// Takes `scrape_configs`; `names` are those that are taken.
fn jobs(
    fields: &mut Fields<'_>,
    global: &Global,
    context: &Context<'_>,
    names: &mut HashSet<String>,
) -> Result<Vec<ScrapeConfig>, Fault> {
    let before: HashSet<String> = names.clone();
    let mut jobs = Vec::new();
    for node in fields.list("scrape_configs")? {
        let job = ScrapeConfig::read(node, global, context)?;
        if !names.insert(job.job_name.clone()) {
            let reason = Reason::RepeatedName {
                kind: "scrape",
                in_other_file: before.contains(&job.job_name),
                name: job.job_name,
            };
            return Err(Fault::new(node.line, reason));
        }
        jobs.push(job);
    }
    Ok(jobs)
}

/// Whether a name, if there is one, is not taken yet.
fn once(
    names: &mut HashSet<String>,
    name: &str,
    kind: &'static str,
    line: u64,
) -> Result<(), Fault> {
    if name.is_empty() || names.insert(name.to_owned()) {
        return Ok(());
    }
    let (name, in_other_file) = (name.to_owned(), false);
    Err(Fault::new(
        line,
        Reason::RepeatedName {
            kind,
            name,
            in_other_file,
        },
    ))
}

/// An address to connect to for one to listen on: `0.0.0.0:9090` is everywhere, `localhost:9090` here.
fn reachable(listen_address: &str) -> String {
    match listen_address.rsplit_once(':') {
        Some(("" | "0.0.0.0" | "[::]", port)) => format!("localhost:{port}"),
        _ => listen_address.to_owned(),
    }
}

#[cfg(test)]
mod tests;
