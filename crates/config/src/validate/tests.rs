use super::*;
use crate::config::StorageConfig;

fn read(text: &str) -> Result<Config> {
    let lookup = |name: &str| (name == "REGION").then(|| "eu".to_owned());
    parse(text, Path::new("p.yml"), &lookup)
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    let error = read(text).unwrap_err().to_string();
    assert_eq!(error, format!("p.yml:{expected}"), "for {text}");
}

const FULL: &str = r#"
global:
  scrape_interval: 15s
  scrape_timeout: 5s
  evaluation_interval: 30s
  external_labels: {region: "${REGION}-1", cost: "$$5", gone: $UNSET, "dotted.name": x}
  body_size_limit: 15MB
  sample_limit: 1500
  label_limit: 30
  label_name_length_limit: 200
  label_value_length_limit: 300
  keep_dropped_targets: 10
runtime: {gogc: 75}
rule_files: []
alerting:
remote_write: []
scrape_configs:
  - job_name: one
    honor_labels: true
    honor_timestamps: false
    params: {module: [http_2xx], "a b": ["1", "no", ""]}
    scrape_protocols: [PrometheusProto, PrometheusText0.0.4]
    fallback_scrape_protocol: PrometheusText0.0.4
    static_configs:
      - targets: ['localhost:9090', "[::1]:9100"]
        labels: {env: "pro$d", "we ird": "x: y", empty: ""}
      - targets: [b:1]
    sample_limit: 7
    enable_compression: false
    relabel_configs:
      - {source_labels: [__address__, "a.b"], regex: '(.*):\d+', target_label: host}
      - {action: hashmod, modulus: 8, source_labels: [host], target_label: __tmp, separator: ""}
    metric_relabel_configs:
      - {action: LabelDrop, regex: "x|y: z"}
  - job_name: "true"
    scrape_interval: 2s
    metrics_path: /m
    scheme: http
    target_limit: 3
    follow_redirects: false
    extra_scrape_metrics: true
"#;

#[test]
fn file_gives_values_defaults_and_inheritance() {
    let config = read(FULL).unwrap();
    let global = &config.global;
    assert_eq!(global.scrape_interval, DurationMs::from_secs(15));
    let external = [("region", "eu-1"), ("cost", "$5"), ("dotted.name", "x")];
    assert_eq!(global.external_labels, Labels::from_pairs(external));
    assert_eq!(global.limits.body_size, 15 << 20);

    let one = &config.scrape_configs[0];
    assert_eq!(
        (
            one.scrape_interval.to_string(),
            one.scrape_timeout.to_string()
        ),
        ("15s".into(), "5s".into())
    );
    assert!(one.honor_labels && !one.honor_timestamps && !one.enable_compression);
    assert_eq!(one.scrape_protocols, [Protocol::PrometheusText004]);
    assert_eq!(
        one.fallback_scrape_protocol,
        Some(Protocol::PrometheusText004)
    );
    assert_eq!((one.limits.samples, one.limits.labels), (7, 30));
    assert_eq!(one.params[0].0, "a b");
    assert_eq!(
        one.static_configs[0].targets,
        ["localhost:9090", "[::1]:9100"]
    );
    assert_eq!(one.static_configs[0].labels.get("env"), Some("pro$d"));

    assert_eq!(
        (one.relabel_configs.len(), one.metric_relabel_configs.len()),
        (2, 1)
    );

    let two = &config.scrape_configs[1];
    assert_eq!(
        (two.job_name.as_str(), two.metrics_path.as_str()),
        ("true", "/m")
    );
    assert_eq!(two.scrape_timeout, DurationMs::from_secs(2));
    assert_eq!((two.limits.samples, two.limits.targets), (1500, 3));
    assert!(!two.follow_redirects && two.extra_scrape_metrics);
}

#[test]
fn rendered_configurations_read_back() {
    for config in [
        read(FULL).unwrap(),
        read("").unwrap(),
        Config::without_file("0.0.0.0:9090"),
    ] {
        let yaml = config.to_yaml();
        assert_eq!(read(&yaml).unwrap(), config, "{yaml}");
    }
}

#[test]
fn the_storage_section_gives_windows_retention_and_exemplars() {
    let text = "storage:\n  tsdb:\n    out_of_order_time_window: 30m\n    retention: {time: 5d, size: 10GB}\n  exemplars: {max_exemplars: 7}\n";
    let config = read(text).unwrap();
    let storage = &config.storage;
    assert_eq!(
        storage.out_of_order_time_window,
        Some(DurationMs::from_secs(1800))
    );
    assert_eq!(
        storage.retention_time,
        Some(DurationMs::from_secs(5 * 86_400))
    );
    assert_eq!(storage.retention_size, Some(10 << 30));
    assert_eq!(storage.max_exemplars, Some(7));
    assert_eq!(read(&config.to_yaml()).unwrap(), config);
    assert_eq!(
        read("storage: {tsdb: {}}").unwrap().storage,
        StorageConfig::default()
    );
}

#[test]
fn an_empty_file_is_all_defaults() {
    for text in ["", "# nothing\n", "global: {}\n", "scrape_configs:\n", "{}"] {
        let config = read(text).unwrap();
        assert_eq!(
            config,
            Config {
                global: Global::default(),
                storage: StorageConfig::default(),
                scrape_configs: vec![]
            },
            "{text}"
        );
    }
}

#[test]
fn without_a_file_the_server_scrapes_itself_and_its_machine() {
    for (address, target) in [
        ("0.0.0.0:9090", "localhost:9090"),
        ("[::]:1", "localhost:1"),
        ("10.0.0.1:7", "10.0.0.1:7"),
    ] {
        let config = Config::without_file(address);
        let jobs: Vec<_> = config
            .scrape_configs
            .iter()
            .map(|job| {
                (
                    job.job_name.as_str(),
                    job.metrics_path.as_str(),
                    job.scrape_interval,
                )
            })
            .collect();
        let every = DurationMs::from_secs(5);
        assert_eq!(
            jobs,
            [
                ("watchfire", "/metrics", every),
                ("node", "/metrics/node", every)
            ]
        );
        assert_eq!(config.scrape_configs[0].static_configs[0].targets, [target]);
    }
}

#[test]
fn faults_are_told_with_their_line() {
    let job = "scrape_configs:\n- job_name: a\n";
    let cases = [
        ("scrape_config: []", "1: field `scrape_config` not found"),
        (
            "global:\n  scrape_intervall: 1s",
            "2: field `scrape_intervall` not found",
        ),
        ("global: {}\nglobal: {}", "2: field `global` already set"),
        (
            "global:\n  scrape_interval: 1x",
            "2: not a valid duration string: `1x`",
        ),
        (
            "global:\n  scrape_interval: -5s",
            "2: not a valid duration string: `-5s`",
        ),
        (
            "global:\n  body_size_limit: 100",
            "2: not a size (such as `10MB`): `100`",
        ),
        (
            "global:\n  scrape_interval: 5s\n  scrape_timeout: 10s",
            "3: global scrape timeout greater than scrape interval",
        ),
        (
            "global:\n  external_labels: {'': x}",
            "2: `` is not a valid label name",
        ),
        (
            "scrape_configs:\n-\n",
            "2: empty or null scrape config section",
        ),
        (
            "scrape_configs:\n- metrics_path: /m",
            "2: job_name is empty",
        ),
        (
            "scrape_configs:\n- job_name: a\n- metrics_path: /m\n  job_name: a",
            "4: found multiple scrape configs with job name `a`",
        ),
        (
            "global:\n  metric_name_validation_scheme: legacy",
            "2: `metric_name_validation_scheme: legacy` is not supported yet",
        ),
    ];
    for (text, expected) in cases {
        check_error(text, expected);
    }
    for (text, expected) in [
        (
            "  scrape_interval: 5s\n  scrape_timeout: 6s",
            "4: scrape timeout greater than scrape interval for scrape config with job name `a`",
        ),
        (
            "  relabel_configs:\n  - action: hashmod\n    target_label: x",
            "4: relabel configuration for hashmod requires non-zero modulus",
        ),
        (
            "  relabel_configs:\n  - action: keep\n  -\n",
            "5: empty or null target relabeling rule in scrape config",
        ),
        (
            "  metric_relabel_configs:\n  - regexp: x",
            "4: field `regexp` not found",
        ),
        (
            "  scheme: ftp",
            "3: unknown scheme `ftp`, supported: http, https",
        ),
        (
            "  static_configs:\n  - targets: ['http://bad']",
            "4: `http://bad` is not a valid hostname",
        ),
        (
            "  static_configs:\n  -\n",
            "4: empty or null section in static_configs",
        ),
        (
            "  scrape_protocols: [X]",
            "3: unknown scrape protocol `X`, supported: OpenMetricsText1.0.0, OpenMetricsText0.0.1, PrometheusText1.0.0, PrometheusText0.0.4",
        ),
        (
            "  scrape_protocols: [PrometheusText0.0.4, PrometheusText0.0.4]",
            "3: duplicated protocol in scrape_protocols: `PrometheusText0.0.4`",
        ),
    ] {
        check_error(&format!("{job}{text}"), expected);
    }
}

#[test]
fn what_is_not_done_yet_is_refused_and_never_ignored() {
    for (text, expected) in [
        (
            "\nalerting:\n  alertmanagers: [{}]",
            "3: `alerting` is not supported yet",
        ),
        (
            "rule_files: [a.yml]",
            "1: `rule_files` is not supported yet",
        ),
        (
            "storage:\n  tsdb: {retention: {percentage: 80}}",
            "2: `retention percentage: 80` is not supported yet",
        ),
        (
            "scrape_configs:\n- job_name: a\n  scheme: https",
            "3: `scheme: https` is not supported yet",
        ),
        (
            "scrape_configs:\n- job_name: a\n  basic_auth: {}",
            "3: `basic_auth` is not supported yet",
        ),
        (
            "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{role: node}]",
            "3: `kubernetes_sd_configs` is not supported yet",
        ),
        (
            "scrape_configs:\n- job_name: a\n  scrape_native_histograms: true",
            "3: `scrape_native_histograms: true` is not supported yet",
        ),
        (
            "scrape_configs:\n- job_name: a\n  fallback_scrape_protocol: PrometheusProto",
            "3: `fallback_scrape_protocol: PrometheusProto` is not supported yet",
        ),
    ] {
        check_error(text, expected);
    }
}

#[test]
fn broken_yaml_is_told_with_its_line() {
    for (text, line) in [
        ("scrape_configs: [", 1),
        ("global:\n\t- x", 2),
        ("global: 5", 1),
        ("global:\n  sample_limit: x", 2),
    ] {
        match read(text).unwrap_err() {
            Error::Invalid {
                line: got,
                reason: Reason::Yaml { message },
                ..
            } => {
                assert!(
                    got == line && !message.is_empty(),
                    "{text}: {got} {message}"
                );
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let error = Config::load(Path::new("/nowhere/p.yml")).unwrap_err();
    assert!(error.to_string().starts_with("/nowhere/p.yml: "), "{error}");
}
