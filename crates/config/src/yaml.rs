//! The configuration as YAML.

use crate::config::{Config, Limits, ScrapeConfig, StorageConfig};
use crate::size;
use exposition::Protocol;
use model::{Labels, quote_label_value};
use relabel::Rule;
use std::fmt::Display;

pub(crate) fn render(config: &Config) -> String {
    let mut page = Page::default();
    let global = &config.global;
    page.line(0, "global:");
    page.field(1, "scrape_interval", global.scrape_interval);
    page.field(1, "scrape_timeout", global.scrape_timeout);
    page.protocols(1, &global.scrape_protocols);
    page.field(1, "evaluation_interval", global.evaluation_interval);
    page.labels(
        1,
        "external_labels",
        &global.external_labels,
        escape_variables,
    );
    page.limits(1, &global.limits);
    page.field(1, "extra_scrape_metrics", global.extra_scrape_metrics);
    page.storage(&config.storage);
    if !config.scrape_configs.is_empty() {
        page.line(0, "scrape_configs:");
    }
    for job in &config.scrape_configs {
        page.job(job);
    }
    page.text
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn line(&mut self, depth: usize, line: &str) {
        self.text.push_str(&"  ".repeat(depth));
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn field(&mut self, depth: usize, name: &str, value: impl Display) {
        self.line(depth, &format!("{name}: {value}"));
    }

    fn protocols(&mut self, depth: usize, protocols: &[Protocol]) {
        self.line(depth, "scrape_protocols:");
        for protocol in protocols {
            self.line(depth, &format!("- {protocol}"));
        }
    }

    fn labels(&mut self, depth: usize, name: &str, labels: &Labels, write: fn(&str) -> String) {
        if labels.is_empty() {
            return;
        }
        self.line(depth, &format!("{name}:"));
        for (name, value) in labels.iter() {
            self.field(depth + 1, &scalar(name), scalar(&write(value)));
        }
    }

    fn limits(&mut self, depth: usize, limits: &Limits) {
        if limits.body_size > 0 {
            self.field(depth, "body_size_limit", size::format(limits.body_size));
        }
        for (name, limit) in [
            ("sample_limit", limits.samples),
            ("label_limit", limits.labels),
            ("label_name_length_limit", limits.label_name_length),
            ("label_value_length_limit", limits.label_value_length),
            ("target_limit", limits.targets),
        ] {
            if limit > 0 {
                self.field(depth, name, limit);
            }
        }
    }

    fn storage(&mut self, storage: &StorageConfig) {
        if *storage == StorageConfig::default() {
            return;
        }
        self.line(0, "storage:");
        self.line(1, "tsdb:");
        if let Some(window) = storage.out_of_order_time_window {
            self.field(2, "out_of_order_time_window", window);
        }
        self.line(2, "retention:");
        if let Some(time) = storage.retention_time {
            self.field(3, "time", time);
        }
        if let Some(bytes) = storage.retention_size {
            self.field(3, "size", size::format(bytes));
        }
        if let Some(max) = storage.max_exemplars {
            self.line(1, "exemplars:");
            self.field(2, "max_exemplars", max);
        }
    }

    fn job(&mut self, job: &ScrapeConfig) {
        self.line(0, &format!("- job_name: {}", scalar(&job.job_name)));
        self.field(1, "honor_labels", job.honor_labels);
        self.field(1, "honor_timestamps", job.honor_timestamps);
        self.field(
            1,
            "track_timestamps_staleness",
            job.track_timestamps_staleness,
        );
        if !job.params.is_empty() {
            self.line(1, "params:");
        }
        for (name, values) in &job.params {
            self.line(2, &format!("{}:", scalar(name)));
            for value in values {
                self.line(2, &format!("- {}", scalar(value)));
            }
        }
        self.field(1, "scrape_interval", job.scrape_interval);
        self.field(1, "scrape_timeout", job.scrape_timeout);
        self.protocols(1, &job.scrape_protocols);
        if let Some(fallback) = job.fallback_scrape_protocol {
            self.field(1, "fallback_scrape_protocol", fallback);
        }
        self.field(1, "extra_scrape_metrics", job.extra_scrape_metrics);
        self.limits(1, &job.limits);
        self.field(1, "metrics_path", scalar(&job.metrics_path));
        self.field(1, "scheme", job.scheme.as_str());
        self.field(1, "enable_compression", job.enable_compression);
        self.field(1, "follow_redirects", job.follow_redirects);
        self.rules("relabel_configs", &job.relabel_configs);
        self.rules("metric_relabel_configs", &job.metric_relabel_configs);
        if !job.static_configs.is_empty() {
            self.line(1, "static_configs:");
        }
        for group in &job.static_configs {
            self.line(1, "- targets:");
            for target in &group.targets {
                self.line(2, &format!("- {}", scalar(target)));
            }
            self.labels(2, "labels", &group.labels, str::to_owned);
        }
    }

    fn rules(&mut self, name: &str, rules: &[Rule]) {
        if !rules.is_empty() {
            self.line(1, &format!("{name}:"));
        }
        for fields in rules.iter().map(Rule::to_fields) {
            let sources: Vec<String> = fields
                .source_labels
                .iter()
                .map(|label| scalar(label))
                .collect();
            self.line(1, &format!("- source_labels: [{}]", sources.join(", ")));
            for (name, value) in [
                ("separator", fields.separator),
                ("regex", fields.regex),
                ("target_label", fields.target_label),
                ("replacement", fields.replacement),
                ("action", fields.action),
            ] {
                if let Some(value) = value {
                    self.field(2, name, scalar(&value));
                }
            }
            if let Some(modulus) = fields.modulus {
                self.field(2, "modulus", modulus);
            }
        }
    }
}

/// Alone, a dollar sign would begin the name of a variable.
fn escape_variables(text: &str) -> String {
    text.replace('$', "$$")
}

/// A text as YAML reads it back: plain where that is safe, else in double quotes.
fn scalar(text: &str) -> String {
    let is_safe = |c: char| c.is_ascii_alphanumeric() || "_./-".contains(c);
    let begins_as_word = text.starts_with(|c: char| c.is_ascii_alphabetic() || "_/".contains(c));
    let means_something = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"]
        .contains(&text.to_ascii_lowercase().as_str());
    // `host:9090` is plain too: a colon only ends a key before a blank.
    let colons_inside = !text.ends_with(':');
    let plain = text.chars().all(|c| is_safe(c) || c == ':');
    if begins_as_word && plain && colons_inside && !means_something {
        text.to_owned()
    } else {
        quote_label_value(text)
    }
}
