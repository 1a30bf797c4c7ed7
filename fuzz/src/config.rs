//! The configuration file.

use crate::text;
use config::Config;
use std::path::Path;

/// The text of a configuration. What is written of it is the same configuration.
pub fn run(data: &[u8]) {
    let Some(text) = text(data) else {
        return;
    };
    let path = Path::new("fuzz.yml");
    if let Ok(config) = Config::parse(text, path) {
        let written = config.to_yaml();
        let again = Config::parse(&written, path);
        let again = again.unwrap_or_else(|error| panic!("{error} in what was written:\n{written}"));
        assert_eq!(again.to_yaml(), written);
    }
    let _ = config::parse_size(text);
}

/// Configurations with most fields.
pub fn seeds() -> Vec<Vec<u8>> {
    let whole = "global:\n  scrape_interval: 15s\n  scrape_timeout: 10s\n  evaluation_interval: 1m\n  external_labels: {zone: a}\n\
        scrape_configs:\n- job_name: node\n  honor_labels: true\n  metrics_path: /m\n  scheme: http\n  params: {a: [b]}\n  sample_limit: 5\n  \
        static_configs:\n  - targets: ['localhost:9100', \"[::1]:80\"]\n    labels: {x: 'y'}\n  relabel_configs:\n  - source_labels: [__address__, job]\n    \
        separator: ';'\n    regex: '(.*):(\\d+)'\n    target_label: host\n    replacement: '$1-${2}'\n    action: replace\n  - {action: labeldrop, regex: tmp_.*}\n  \
        metric_relabel_configs:\n  - {source_labels: [__name__], regex: go_.*, action: drop}\n";
    let small = "scrape_configs: [{job_name: a, static_configs: [{targets: ['b:1']}]}]\nstorage: {tsdb: {out_of_order_time_window: 30m, retention: {time: 5d, size: 10GB}}}\n";
    let anchors = "global: &g {scrape_interval: 5s}\nscrape_configs:\n- job_name: \"a\\u00e9\"\n  # comment\n  scrape_interval: 1m\n";
    [whole, small, anchors, "512MB", ""]
        .iter()
        .map(|text| text.as_bytes().to_vec())
        .collect()
}
