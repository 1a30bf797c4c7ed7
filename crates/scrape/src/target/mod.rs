//! One target: what is asked, how often, and which labels its series get.

use crate::schedule::fnv1a;
use config::ScrapeConfig;
use form_urlencoded::Serializer;
use http::Uri;
use model::{DurationMs, Labels, LabelsBuilder};
use relabel::{Verdict, apply};

const ADDRESS: &str = "__address__";
const SCHEME: &str = "__scheme__";
const METRICS_PATH: &str = "__metrics_path__";
const INTERVAL: &str = "__scrape_interval__";
const TIMEOUT: &str = "__scrape_timeout__";
/// Socket of this machine that a target is reached over instead of its address.
const SOCKET: &str = "__unix_socket__";
/// Ordering: as in [`HistogramSwitches::of`].
const HISTOGRAM_SWITCHES: [&str; 3] = [
    "__always_scrape_classic_histograms__",
    "__convert_classic_histograms_to_nhcb__",
    "__scrape_native_histograms__",
];
const PARAM_PREFIX: &str = "__param_";

/// A target after its labels were settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Job.
    pub(crate) pool: String,
    /// Labels as they were written and filled in.
    pub(crate) discovered: Labels,
    /// Labels of its series.
    pub(crate) labels: Labels,
    /// Address of the page.
    pub(crate) url: Uri,
    /// Socket that it is reached over instead.
    pub(crate) socket: Option<String>,
    /// Time between scrapes.
    pub(crate) interval: DurationMs,
    /// When a scrape is given up.
    pub(crate) timeout: DurationMs,
    /// What is made of histograms.
    pub(crate) histograms: HistogramSwitches,
}

/// What is made of histograms: as the job says, unless a label of the target says otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct HistogramSwitches {
    /// Whether classic ones are stored beside what stands in their place.
    pub(crate) keeps_classic: bool,
    /// Whether classic ones become native ones with custom buckets.
    pub(crate) converts: bool,
    /// Whether native ones are scraped.
    pub(crate) native: bool,
}

impl HistogramSwitches {
    fn of(labels: &LabelsBuilder) -> Result<Self, TargetError> {
        let [mut keeps_classic, mut converts, mut native] = [false; 3];
        let places = [&mut keeps_classic, &mut converts, &mut native];
        for (label, place) in HISTOGRAM_SWITCHES.into_iter().zip(places) {
            *place = switch(label, labels.get(label).unwrap_or(""))?;
        }
        Ok(Self {
            keeps_classic,
            converts,
            native,
        })
    }
}

/// Go's boolean words; a label that relabelling took away is off.
fn switch(label: &'static str, value: &str) -> Result<bool, TargetError> {
    match value {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(TargetError::BadSwitch {
            label,
            value: value.to_owned(),
        }),
    }
}

/// What became of an entry of a configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Settled {
    /// A target.
    Scraped(Target),
    /// Relabelling dropped the target of these labels.
    Dropped(Labels),
}

/// Why an entry of a configuration is no target.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TargetError {
    #[error("no address")]
    NoAddress,
    #[error("`{0}` is not a valid hostname")]
    BadAddress(String),
    #[error("scheme `{0}` is not supported")]
    BadScheme(String),
    #[error("`{value}` of label `{label}` is neither true nor false")]
    BadSwitch { label: &'static str, value: String },
    #[error("`{0}` is no scrape interval or timeout")]
    BadDuration(String),
    #[error("scrape timeout cannot be greater than scrape interval (`{timeout}` > `{interval}`)")]
    TimeoutAboveInterval {
        timeout: DurationMs,
        interval: DurationMs,
    },
}

impl Target {
    /// The target at `address` with these labels.
    pub(crate) fn settle(
        config: &ScrapeConfig,
        address: &str,
        labels: &Labels,
    ) -> Result<Settled, TargetError> {
        let mut builder = labels.to_builder();
        builder.set(ADDRESS, address);
        Self::settle_labels(config, builder)
    }

    /// The target with these labels, as they were discovered.
    pub(crate) fn settle_labels(
        config: &ScrapeConfig,
        mut builder: LabelsBuilder,
    ) -> Result<Settled, TargetError> {
        let mut default = |name: &str, value: &str| {
            if builder.get(name).is_none() {
                builder.set(name, value);
            }
        };
        default("job", &config.job_name);
        default(SCHEME, config.scheme.as_str());
        default(METRICS_PATH, &config.metrics_path);
        default(INTERVAL, &config.scrape_interval.to_string());
        default(TIMEOUT, &config.scrape_timeout.to_string());
        let switches = [
            config.always_scrape_classic_histograms,
            config.convert_classic_histograms_to_nhcb,
            config.scrape_native_histograms,
        ];
        for (name, switch) in HISTOGRAM_SWITCHES.into_iter().zip(switches) {
            default(name, if switch { "true" } else { "false" });
        }
        for (name, values) in &config.params {
            default(
                &format!("{PARAM_PREFIX}{name}"),
                values.first().map_or("", String::as_str),
            );
        }
        let discovered = builder.build();
        match apply(&config.relabel_configs, &mut builder) {
            Verdict::Keep => Self::of_labels(config, discovered, &builder).map(Settled::Scraped),
            Verdict::Drop => Ok(Settled::Dropped(discovered)),
        }
    }

    fn of_labels(
        config: &ScrapeConfig,
        discovered: Labels,
        builder: &LabelsBuilder,
    ) -> Result<Self, TargetError> {
        let of = |name: &str| builder.get(name).unwrap_or("");
        let socket = Some(of(SOCKET)).filter(|path| !path.is_empty());
        let address = match (of(ADDRESS), socket) {
            ("", Some(_)) => "localhost",
            (address, _) => address,
        };
        if address.is_empty() {
            return Err(TargetError::NoAddress);
        }
        if address.contains('/') {
            return Err(TargetError::BadAddress(address.to_owned()));
        }
        let scheme = of(SCHEME);
        if !matches!(scheme, "http" | "https") {
            return Err(TargetError::BadScheme(scheme.to_owned()));
        }
        let histograms = HistogramSwitches::of(builder)?;
        let (interval, timeout) = (duration(of(INTERVAL))?, duration(of(TIMEOUT))?);
        if timeout > interval {
            return Err(TargetError::TimeoutAboveInterval { timeout, interval });
        }
        let path = path_and_query(of(METRICS_PATH), config, builder);
        let url = format!("{scheme}://{address}{path}").parse();
        let url = url.map_err(|_| TargetError::BadAddress(address.to_owned()))?;
        let mut labels = builder
            .build()
            .filtered(|name| !name.starts_with("__"))
            .to_builder();
        if labels.get("instance").is_none() {
            labels.set("instance", address);
        }
        let pool = config.job_name.clone();
        Ok(Self {
            pool,
            discovered,
            labels: labels.build(),
            url,
            socket: socket.map(str::to_owned),
            interval,
            timeout,
            histograms,
        })
    }

    /// Places the target on its time grid.
    pub(crate) fn hash(&self) -> u64 {
        fnv1a(&[&self.labels.to_string(), &self.url.to_string()])
    }
}

fn duration(text: &str) -> Result<DurationMs, TargetError> {
    text.parse::<DurationMs>()
        .ok()
        .filter(|duration| duration.0 > 0)
        .ok_or_else(|| TargetError::BadDuration(text.to_owned()))
}

/// The path with the parameters of the job; a `__param_` label replaces the first value of its name.
fn path_and_query(path: &str, config: &ScrapeConfig, builder: &LabelsBuilder) -> String {
    let mut out = String::new();
    if !path.starts_with('/') {
        out.push('/');
    }
    push_path(&mut out, path);
    let mut params = config.params.clone();
    for (name, value) in builder.iter() {
        let Some(name) = name.strip_prefix(PARAM_PREFIX) else {
            continue;
        };
        let values = params
            .iter_mut()
            .find(|(have, _)| have == name)
            .map(|(_, values)| values);
        match values.map(|values| values.first_mut()) {
            Some(Some(first)) => value.clone_into(first),
            Some(None) => {}
            None => params.push((name.to_owned(), vec![value.to_owned()])),
        }
    }
    params.sort();
    let mut query = Serializer::new(String::new());
    for (name, values) in &params {
        query.extend_pairs(values.iter().map(|value| (name, value)));
    }
    let query = query.finish();
    if !query.is_empty() {
        out.push('?');
        out.push_str(&query);
    }
    out
}

/// Escapes what a URL's path cannot hold.
fn push_path(out: &mut String, path: &str) {
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~!$&'()*+,;=:@%".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
            let digits = [byte >> 4, byte & 15]
                .map(digit)
                .map(|digit| digit.to_ascii_uppercase());
            out.push('%');
            out.extend(digits);
        }
    }
}

#[cfg(test)]
mod tests;
