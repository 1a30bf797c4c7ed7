//! Wire structs to [`Config`]: defaults, inheritance from `global`, and every rule about values.

mod storage;

use crate::config::{Config, Global, Limits, Scheme, ScrapeConfig, StaticConfig};
use crate::env::{self, Lookup};
use crate::wire::{self, KNOWN_ELSEWHERE, Presence, Section};
use crate::{Error, Reason, Result, size};
use exposition::Protocol;
use model::{DurationMs, Labels};
use relabel::{Rule, RuleFields};
use serde_saphyr::{Location, Spanned};
use std::collections::HashSet;
use std::path::Path;

/// Name of the one scrape protocol of Prometheus that is not read here.
const PROTOBUF: &str = "PrometheusProto";

pub(crate) fn parse(text: &str, path: &Path, lookup: Lookup<'_>) -> Result<Config> {
    let file = serde_saphyr::from_str::<Option<wire::File>>(text)
        .map_err(|error| yaml_error(&error, path))?
        .unwrap_or_default();
    let validator = Validator { lookup };
    validator.config(file).map_err(|fault| Error::Invalid {
        path: path.to_owned(),
        line: fault.line,
        reason: fault.reason,
    })
}

fn yaml_error(error: &serde_saphyr::Error, path: &Path) -> Error {
    use serde_saphyr::Error as Yaml;
    let inner = error.without_snippet();
    let line = inner.location().map_or(0, |location| location.line());
    let reason = match inner {
        Yaml::SerdeUnknownField { field, .. } if KNOWN_ELSEWHERE.contains(&field.as_str()) => {
            Reason::NotSupported {
                what: field.clone(),
            }
        }
        Yaml::SerdeUnknownField { field, .. } => Reason::UnknownField {
            field: field.clone(),
        },
        Yaml::DuplicateMappingKey {
            key: Some(field), ..
        } => Reason::RepeatedField {
            field: field.clone(),
        },
        other => Reason::Yaml {
            message: first_line(&other.to_string()),
        },
    };
    Error::Invalid {
        path: path.to_owned(),
        line,
        reason,
    }
}

/// The YAML reader's messages go on with the place, which we say ourselves.
fn first_line(message: &str) -> String {
    let line = message.lines().next().unwrap_or("");
    let line = line.split(" at line ").next().unwrap_or(line);
    line.trim_start_matches("error: ").to_owned()
}

/// Something wrong at one line.
struct Fault {
    line: u64,
    reason: Reason,
}

fn fault(place: Location, reason: Reason) -> Fault {
    Fault {
        line: place.line(),
        reason,
    }
}

struct Validator<'a> {
    lookup: Lookup<'a>,
}

impl Validator<'_> {
    fn config(&self, file: wire::File) -> Result<Config, Fault> {
        for (what, section) in [
            ("alerting", &file.alerting),
            ("rule_files", &file.rule_files),
            ("scrape_config_files", &file.scrape_config_files),
            ("tracing", &file.tracing),
            ("remote_write", &file.remote_write),
            ("remote_read", &file.remote_read),
            ("otlp", &file.otlp),
        ] {
            refuse_section(what, section)?;
        }
        let global = self.global(file.global.unwrap_or_default())?;
        let storage = storage::storage(file.storage.unwrap_or_default())?;
        let mut names = HashSet::new();
        let mut scrape_configs = Vec::new();
        for entry in file.scrape_configs.unwrap_or_default() {
            let place = entry.referenced;
            let empty = Reason::EmptyEntry {
                what: "scrape config section",
            };
            let wire = entry.value.ok_or_else(|| fault(place, empty))?;
            let name_place = wire.job_name.as_ref().map_or(place, |name| name.referenced);
            let config = scrape_config(wire, place, &global)?;
            if !names.insert(config.job_name.clone()) {
                let job = config.job_name;
                return Err(fault(name_place, Reason::RepeatedJob { job }));
            }
            scrape_configs.push(config);
        }
        Ok(Config {
            global,
            storage,
            scrape_configs,
        })
    }

    fn global(&self, wire: wire::Global) -> Result<Global, Fault> {
        refuse_text(
            "scrape_failure_log_file",
            wire.scrape_failure_log_file.as_ref(),
        )?;
        refuse_text("query_log_file", wire.query_log_file.as_ref())?;
        refuse_names(
            wire.metric_name_validation_scheme.as_ref(),
            wire.metric_name_escaping_scheme.as_ref(),
        )?;
        refuse_histograms(
            wire.scrape_native_histograms.as_ref(),
            wire.convert_classic_histograms_to_nhcb.as_ref(),
        )?;
        if let Some(offset) = duration(wire.rule_query_offset.as_ref())?.filter(|d| d.0 != 0) {
            let what = format!("rule_query_offset: {offset}");
            let place = wire.rule_query_offset.as_ref().map(|text| text.referenced);
            return Err(fault(
                place.unwrap_or(Location::UNKNOWN),
                Reason::NotSupported { what },
            ));
        }
        let defaults = Global::default();
        let non_zero = |given: Option<DurationMs>| given.filter(|given| given.0 != 0);
        let scrape_interval =
            non_zero(duration(wire.scrape_interval.as_ref())?).unwrap_or(defaults.scrape_interval);
        let scrape_timeout = match non_zero(duration(wire.scrape_timeout.as_ref())?) {
            Some(timeout) if timeout > scrape_interval => {
                let place = wire.scrape_timeout.as_ref().map(|text| text.referenced);
                let reason = Reason::TimeoutAboveInterval { job: None };
                return Err(fault(place.unwrap_or(Location::UNKNOWN), reason));
            }
            Some(timeout) => timeout,
            None => defaults.scrape_timeout.min(scrape_interval),
        };
        let mut external = Vec::new();
        if let Some(labels) = wire.external_labels {
            for (name, value) in &labels.value {
                check_label_name(name, labels.referenced)?;
                external.push((name.clone(), env::expand(value, self.lookup)));
            }
        }
        Ok(Global {
            scrape_interval,
            scrape_timeout,
            evaluation_interval: non_zero(duration(wire.evaluation_interval.as_ref())?)
                .unwrap_or(defaults.evaluation_interval),
            external_labels: Labels::from_pairs(external),
            scrape_protocols: protocols(wire.scrape_protocols)?
                .unwrap_or(defaults.scrape_protocols),
            limits: Limits {
                body_size: body_size(wire.body_size_limit.as_ref())?,
                samples: wire.sample_limit,
                labels: wire.label_limit,
                label_name_length: wire.label_name_length_limit,
                label_value_length: wire.label_value_length_limit,
                targets: wire.target_limit,
            },
            extra_scrape_metrics: wire.extra_scrape_metrics,
        })
    }
}

fn scrape_config(
    wire: wire::Scrape,
    place: Location,
    global: &Global,
) -> Result<ScrapeConfig, Fault> {
    refuse_text(
        "scrape_failure_log_file",
        wire.scrape_failure_log_file.as_ref(),
    )?;
    refuse_names(
        wire.metric_name_validation_scheme.as_ref(),
        wire.metric_name_escaping_scheme.as_ref(),
    )?;
    refuse_histograms(
        wire.scrape_native_histograms.as_ref(),
        wire.convert_classic_histograms_to_nhcb.as_ref(),
    )?;
    let job_name = wire
        .job_name
        .map(|name| name.value)
        .filter(|name| !name.is_empty());
    let job_name = job_name.ok_or_else(|| fault(place, Reason::NoJobName))?;
    let (scrape_interval, scrape_timeout) = timing(
        wire.scrape_interval.as_ref(),
        wire.scrape_timeout.as_ref(),
        &job_name,
        global,
    )?;
    let defaults = ScrapeConfig::new(job_name, global);
    let inherit = |own: u64, global: u64| if own == 0 { global } else { own };
    let mut static_configs = Vec::new();
    for group in wire.static_configs.unwrap_or_default() {
        static_configs.push(static_config(group)?);
    }
    Ok(ScrapeConfig {
        scrape_interval,
        scrape_timeout,
        metrics_path: wire.metrics_path.unwrap_or(defaults.metrics_path),
        scheme: scheme(wire.scheme.as_ref())?,
        params: wire.params.unwrap_or_default().into_iter().collect(),
        honor_labels: wire.honor_labels,
        honor_timestamps: wire.honor_timestamps.unwrap_or(defaults.honor_timestamps),
        track_timestamps_staleness: wire.track_timestamps_staleness,
        enable_compression: wire
            .enable_compression
            .unwrap_or(defaults.enable_compression),
        follow_redirects: wire.follow_redirects.unwrap_or(defaults.follow_redirects),
        extra_scrape_metrics: wire
            .extra_scrape_metrics
            .unwrap_or(defaults.extra_scrape_metrics),
        scrape_protocols: protocols(wire.scrape_protocols)?.unwrap_or(defaults.scrape_protocols),
        fallback_scrape_protocol: wire
            .fallback_scrape_protocol
            .map(|name| {
                protocol(&name)?.ok_or_else(|| {
                    let what = format!("fallback_scrape_protocol: {PROTOBUF}");
                    fault(name.referenced, Reason::NotSupported { what })
                })
            })
            .transpose()?,
        limits: Limits {
            body_size: inherit(
                body_size(wire.body_size_limit.as_ref())?,
                global.limits.body_size,
            ),
            samples: inherit(wire.sample_limit, global.limits.samples),
            labels: inherit(wire.label_limit, global.limits.labels),
            label_name_length: inherit(
                wire.label_name_length_limit,
                global.limits.label_name_length,
            ),
            label_value_length: inherit(
                wire.label_value_length_limit,
                global.limits.label_value_length,
            ),
            targets: inherit(wire.target_limit, global.limits.targets),
        },
        static_configs,
        relabel_configs: rules(
            wire.relabel_configs,
            "target relabeling rule in scrape config",
        )?,
        metric_relabel_configs: rules(
            wire.metric_relabel_configs,
            "metric relabeling rule in scrape config",
        )?,
        job_name: defaults.job_name,
    })
}

/// Interval and timeout of a job: its own, or the global ones; a timeout that nobody set for this job
/// gives way to a shorter interval.
fn timing(
    interval: Option<&Spanned<String>>,
    timeout: Option<&Spanned<String>>,
    job: &str,
    global: &Global,
) -> Result<(DurationMs, DurationMs), Fault> {
    let own_interval = duration(interval)?.filter(|given| given.0 != 0);
    let scrape_interval = own_interval.unwrap_or(global.scrape_interval);
    let scrape_timeout = match duration(timeout)?.filter(|given| given.0 != 0) {
        Some(own) if own > scrape_interval => {
            let place = timeout.map_or(Location::UNKNOWN, |text| text.referenced);
            let job = Some(job.to_owned());
            return Err(fault(place, Reason::TimeoutAboveInterval { job }));
        }
        Some(own) => own,
        None => global.scrape_timeout.min(scrape_interval),
    };
    Ok((scrape_interval, scrape_timeout))
}

fn static_config(group: Spanned<Option<wire::StaticGroup>>) -> Result<StaticConfig, Fault> {
    let empty = Reason::EmptyEntry {
        what: "section in static_configs",
    };
    let wire = group.value.ok_or_else(|| fault(group.referenced, empty))?;
    let mut targets = Vec::new();
    for target in wire.targets.unwrap_or_default() {
        if target.value.is_empty() || target.value.contains('/') {
            let reason = Reason::BadTarget {
                target: target.value,
            };
            return Err(fault(target.referenced, reason));
        }
        targets.push(target.value);
    }
    let mut pairs = Vec::new();
    if let Some(labels) = wire.labels {
        for (name, value) in labels.value {
            check_label_name(&name, labels.referenced)?;
            pairs.push((name, value.unwrap_or_default()));
        }
    }
    Ok(StaticConfig {
        targets,
        labels: Labels::from_pairs(pairs),
    })
}

/// The rules of a list; `what` names an entry for messages.
fn rules(
    entries: Option<Vec<Spanned<Option<wire::Relabel>>>>,
    what: &'static str,
) -> Result<Vec<Rule>, Fault> {
    let mut rules = Vec::new();
    for entry in entries.unwrap_or_default() {
        let place = entry.referenced;
        let wire = entry
            .value
            .ok_or_else(|| fault(place, Reason::EmptyEntry { what }))?;
        let rule = Rule::new(RuleFields {
            source_labels: wire.source_labels.unwrap_or_default(),
            separator: wire.separator,
            regex: wire.regex,
            modulus: wire.modulus,
            target_label: wire.target_label,
            replacement: wire.replacement,
            action: wire.action,
        });
        rules.push(rule.map_err(|error| fault(place, Reason::Relabel(error)))?);
    }
    Ok(rules)
}

/// Any UTF-8 text is a label name, but the empty one.
fn check_label_name(name: &str, place: Location) -> Result<(), Fault> {
    if name.is_empty() {
        return Err(fault(
            place,
            Reason::BadLabelName {
                name: name.to_owned(),
            },
        ));
    }
    Ok(())
}

fn duration(text: Option<&Spanned<String>>) -> Result<Option<DurationMs>, Fault> {
    let Some(text) = text else { return Ok(None) };
    let parsed = text.value.parse().map_err(|source| {
        fault(
            text.referenced,
            Reason::Duration {
                text: text.value.clone(),
                source,
            },
        )
    })?;
    Ok(Some(parsed))
}

fn body_size(text: Option<&Spanned<String>>) -> Result<u64, Fault> {
    let Some(text) = text else { return Ok(0) };
    size::parse(&text.value).ok_or_else(|| {
        fault(
            text.referenced,
            Reason::Size {
                text: text.value.clone(),
            },
        )
    })
}

fn scheme(text: Option<&Spanned<String>>) -> Result<Scheme, Fault> {
    let Some(text) = text else {
        return Ok(Scheme::Http);
    };
    let reason = match text.value.as_str() {
        "http" => return Ok(Scheme::Http),
        "https" => Reason::NotSupported {
            what: "scheme: https".to_owned(),
        },
        other => Reason::UnknownScheme {
            scheme: other.to_owned(),
        },
    };
    Err(fault(text.referenced, reason))
}

/// The protocols of a list that are read here; nothing if the list does not say anything.
fn protocols(names: Option<Vec<Spanned<String>>>) -> Result<Option<Vec<Protocol>>, Fault> {
    let mut seen = HashSet::new();
    let mut protocols = Vec::new();
    for name in names.unwrap_or_default() {
        protocols.extend(protocol(&name)?);
        if !seen.insert(name.value.clone()) {
            return Err(fault(
                name.referenced,
                Reason::RepeatedProtocol { name: name.value },
            ));
        }
    }
    Ok(Some(protocols).filter(|protocols| !protocols.is_empty()))
}

/// The protocol of a name; nothing for the one that targets are never asked for.
fn protocol(name: &Spanned<String>) -> Result<Option<Protocol>, Fault> {
    if name.value == PROTOBUF {
        return Ok(None);
    }
    Protocol::from_name(&name.value).map(Some).ok_or_else(|| {
        let supported = Protocol::ALL.map(Protocol::as_str).join(", ");
        let name_text = name.value.clone();
        fault(
            name.referenced,
            Reason::UnknownProtocol {
                name: name_text,
                supported,
            },
        )
    })
}

fn refuse_section(what: &str, section: &Section) -> Result<(), Fault> {
    match section {
        Some(section) if section.value == Presence::Filled => Err(fault(
            section.referenced,
            Reason::NotSupported {
                what: what.to_owned(),
            },
        )),
        _ => Ok(()),
    }
}

fn refuse_text(what: &str, text: Option<&Spanned<String>>) -> Result<(), Fault> {
    match text {
        Some(text) if !text.value.is_empty() => Err(fault(
            text.referenced,
            Reason::NotSupported {
                what: what.to_owned(),
            },
        )),
        _ => Ok(()),
    }
}

/// Names are UTF-8 and never escaped here: only the settings that say so pass.
fn refuse_names(
    validation: Option<&Spanned<String>>,
    escaping: Option<&Spanned<String>>,
) -> Result<(), Fault> {
    for (field, text, only) in [
        ("metric_name_validation_scheme", validation, "utf8"),
        ("metric_name_escaping_scheme", escaping, "allow-utf-8"),
    ] {
        if let Some(text) = text.filter(|text| !text.value.is_empty() && text.value != only) {
            let what = format!("{field}: {}", text.value);
            return Err(fault(text.referenced, Reason::NotSupported { what }));
        }
    }
    Ok(())
}

fn refuse_histograms(
    native: Option<&Spanned<bool>>,
    converted: Option<&Spanned<bool>>,
) -> Result<(), Fault> {
    for (field, switch) in [
        ("scrape_native_histograms", native),
        ("convert_classic_histograms_to_nhcb", converted),
    ] {
        if let Some(switch) = switch.filter(|switch| switch.value) {
            let what = format!("{field}: true");
            return Err(fault(switch.referenced, Reason::NotSupported { what }));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
