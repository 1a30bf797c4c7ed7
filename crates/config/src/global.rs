//! The `global` section.

use crate::context::{Context, NameScheme};
use crate::env;
use crate::error::{Fault, Reason};
use crate::limits::Limits;
use crate::protocols::Protocols;
use crate::yaml::{Fields, Node, Section};
use model::{DurationMs, Labels};

/// The `global` section.
#[derive(Debug, Clone, PartialEq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of the file, one field each"
)]
pub struct Global {
    /// Time between scrapes of a target.
    pub scrape_interval: DurationMs,
    /// When a scrape is given up. Bounds: at most the interval.
    pub scrape_timeout: DurationMs,
    /// Time between evaluations of a rule.
    pub evaluation_interval: DurationMs,
    /// How far before the time of evaluation rules look.
    pub rule_query_offset: DurationMs,
    /// File that queries are logged to; none if empty.
    pub query_log_file: String,
    /// File that failed scrapes are logged to; none if empty.
    pub scrape_failure_log_file: String,
    /// Labels for everything that leaves this server.
    pub external_labels: Labels,
    /// Formats to ask targets for; `None` where the file does not say.
    pub scrape_protocols: Option<Protocols>,
    /// Limits of scrapes.
    pub limits: Limits,
    /// How names of metrics and labels are judged.
    pub metric_name_validation_scheme: NameScheme,
    /// How targets are asked to escape names; empty where it follows from the scheme.
    pub metric_name_escaping_scheme: String,
    /// Whether native histograms are scraped.
    pub scrape_native_histograms: bool,
    /// Whether classic histograms become native ones with custom buckets.
    pub convert_classic_histograms_to_nhcb: bool,
    /// Whether classic histograms are scraped where there is a native one too.
    pub always_scrape_classic_histograms: bool,
    /// Whether scrapes report their timeout, sample limit and body size too.
    pub extra_scrape_metrics: bool,
}

impl Default for Global {
    fn default() -> Self {
        // Prometheus' defaults, docs/configuration.
        Self {
            scrape_interval: DurationMs::from_secs(60),
            scrape_timeout: DurationMs::from_secs(10),
            evaluation_interval: DurationMs::from_secs(60),
            rule_query_offset: DurationMs(0),
            query_log_file: String::new(),
            scrape_failure_log_file: String::new(),
            external_labels: Labels::empty(),
            scrape_protocols: None,
            limits: Limits::default(),
            metric_name_validation_scheme: NameScheme::Utf8,
            metric_name_escaping_scheme: "allow-utf-8".to_owned(),
            scrape_native_histograms: false,
            convert_classic_histograms_to_nhcb: false,
            always_scrape_classic_histograms: false,
            extra_scrape_metrics: false,
        }
    }
}

/// How targets can be asked to escape names.
const ESCAPINGS: [&str; 4] = ["allow-utf-8", "underscores", "dots", "values"];

/// Takes the scheme that names are judged by; `None` where the file does not say.
pub(crate) fn name_scheme(fields: &mut Fields<'_>) -> Result<Option<NameScheme>, Fault> {
    let name = "metric_name_validation_scheme";
    let line = fields.line_of(name);
    match fields.or_default::<String>(name)?.as_str() {
        "" => Ok(None),
        "utf8" => Ok(Some(NameScheme::Utf8)),
        "legacy" => Ok(Some(NameScheme::Legacy)),
        other => {
            let words = format!("unrecognized ValidationScheme: {other:?}");
            Err(Fault::rule(line, words))
        }
    }
}

/// Takes the way to escape names; empty where the file does not say.
pub(crate) fn escaping(fields: &mut Fields<'_>, whose: &str) -> Result<String, Fault> {
    let name = "metric_name_escaping_scheme";
    let line = fields.line_of(name);
    let text: String = fields.or_default(name)?;
    if text.is_empty() || ESCAPINGS.contains(&text.as_str()) {
        return Ok(text);
    }
    let words = format!(
        "unknown {whose} name escaping method specified, must be one of 'allow-utf-8', \
         'underscores', 'dots', or 'values', got {text:?}"
    );
    Err(Fault::rule(line, words))
}

impl Global {
    pub(crate) fn read(node: &Node, context: &mut Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        if fields.left().next().is_none() {
            return Ok(Self::default());
        }
        let names = name_scheme(&mut fields)?.unwrap_or_default();
        context.names = names;
        let defaults = Self::default();
        let non_zero = |given: DurationMs, usual: DurationMs| {
            if given.0 == 0 { usual } else { given }
        };
        let interval = fields.or_default("scrape_interval")?;
        let interval = non_zero(interval, defaults.scrape_interval);
        let line = fields.line_of("scrape_timeout");
        let timeout: DurationMs = fields.or_default("scrape_timeout")?;
        if timeout > interval {
            let words = "global scrape timeout greater than scrape interval";
            return Err(Fault::rule(line, words));
        }
        let evaluation = fields.or_default("evaluation_interval")?;
        let query_log: String = fields.or_default("query_log_file")?;
        let failure_log: String = fields.or_default("scrape_failure_log_file")?;
        let line = fields.line_of("scrape_protocols");
        let global = Self {
            scrape_interval: interval,
            scrape_timeout: non_zero(timeout, defaults.scrape_timeout.min(interval)),
            evaluation_interval: non_zero(evaluation, defaults.evaluation_interval),
            rule_query_offset: fields.or_default("rule_query_offset")?,
            query_log_file: context.resolve(&query_log),
            scrape_failure_log_file: context.resolve(&failure_log),
            external_labels: external_labels(&mut fields, context)?,
            scrape_protocols: Protocols::take(&mut fields)
                .map_err(|fault| for_whom(fault, line, "for global config"))?,
            limits: Limits::take(&mut fields)?,
            metric_name_validation_scheme: names,
            metric_name_escaping_scheme: escaping(&mut fields, "global")?,
            scrape_native_histograms: fields.or_default("scrape_native_histograms")?,
            convert_classic_histograms_to_nhcb: fields
                .or_default("convert_classic_histograms_to_nhcb")?,
            always_scrape_classic_histograms: fields
                .or_default("always_scrape_classic_histograms")?,
            extra_scrape_metrics: fields.or_default("extra_scrape_metrics")?,
        };
        fields.finish()?;
        Ok(global)
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        section.word("scrape_interval", self.scrape_interval);
        section.word("scrape_timeout", self.scrape_timeout);
        if let Some(protocols) = &self.scrape_protocols {
            protocols.write(&mut section);
        }
        section.word("evaluation_interval", self.evaluation_interval);
        section.word_unless("rule_query_offset", self.rule_query_offset, &DurationMs(0));
        section.some_text("query_log_file", &self.query_log_file);
        section.some_text("scrape_failure_log_file", &self.scrape_failure_log_file);
        section.some_pairs("external_labels", self.external_labels.iter());
        self.limits.write(&mut section);
        let names = self.metric_name_validation_scheme.as_str();
        section.word("metric_name_validation_scheme", names);
        section.some_text(
            "metric_name_escaping_scheme",
            &self.metric_name_escaping_scheme,
        );
        section.word("scrape_native_histograms", self.scrape_native_histograms);
        for (name, switch) in [
            (
                "convert_classic_histograms_to_nhcb",
                self.convert_classic_histograms_to_nhcb,
            ),
            (
                "always_scrape_classic_histograms",
                self.always_scrape_classic_histograms,
            ),
            ("extra_scrape_metrics", self.extra_scrape_metrics),
        ] {
            section.word_unless(name, switch, &false);
        }
        section
    }
}

/// Says whose list is at fault.
pub(crate) fn for_whom(fault: Fault, line: u64, whom: &str) -> Fault {
    match fault.reason {
        Reason::Rule { words } => Fault::rule(line, format!("{words} {whom}")),
        reason => Fault::new(fault.line, reason),
    }
}

fn external_labels(fields: &mut Fields<'_>, context: &Context<'_>) -> Result<Labels, Fault> {
    let line = fields.line_of("external_labels");
    let pairs: Vec<(String, String)> = fields.or_default("external_labels")?;
    let mut labels = Vec::new();
    for (name, value) in pairs {
        if !context.names.allows_label(&name) {
            return Err(Fault::new(line, Reason::BadLabelName { name }));
        }
        labels.push((name, env::expand(&value, context.lookup)));
    }
    Ok(Labels::from_pairs(labels))
}
