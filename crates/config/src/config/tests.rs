use super::*;
use crate::{Auth, DiscoveryConfig, NameScheme, RecordType};
use exposition::Protocol;

fn lookup(name: &str) -> Option<String> {
    (name == "REGION").then(|| "eu".to_owned())
}

fn read(text: &str) -> Result<Config> {
    Config::parse_with(text, Path::new("p.yml"), &lookup)
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
  external_labels: {region: "${REGION}-1", cost: "5$$", gone: $UNSET, "dotted.name": x}
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
    let external = [("region", "eu-1"), ("cost", "5$"), ("dotted.name", "x")];
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
    assert_eq!(
        one.scrape_protocols.0,
        [Protocol::PrometheusProto, Protocol::PrometheusText004]
    );
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
    assert!(!two.client.follow_redirects && two.extra_scrape_metrics);
    assert_eq!(two.limits.kept_dropped_targets, 10);
}

/// Lines differ.
fn without_warnings(config: Config) -> Config {
    Config {
        warnings: Vec::new(),
        ..config
    }
}

#[test]
fn rendered_configurations_read_back() {
    for config in [
        read(FULL).unwrap(),
        read("").unwrap(),
        Config::without_file("0.0.0.0:9090"),
    ] {
        let yaml = config.to_yaml();
        let again = read(&yaml).unwrap();
        assert_eq!(without_warnings(again), without_warnings(config), "{yaml}");
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
        assert_eq!(config, Config::default(), "{text}");
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
    let cases = [
        (
            "scrape_config: []",
            "1: field scrape_config not found in type config.plain",
        ),
        (
            "global:\n  scrape_intervall: 1s",
            "2: field scrape_intervall not found in type config.plain",
        ),
        (
            "global: {}\nglobal: {}",
            "2: field global already set in type config.plain",
        ),
        (
            "global:\n  scrape_interval: 1x",
            "2: not a valid duration string: \"1x\"",
        ),
        (
            "global:\n  scrape_interval: -5s",
            "2: not a valid duration string: \"-5s\"",
        ),
        (
            "global:\n  body_size_limit: 100",
            "2: units: unknown unit  in 100",
        ),
        (
            "global:\n  sample_limit: -1",
            "2: cannot unmarshal !!int `-1` into uint",
        ),
        (
            "global:\n  scrape_interval: 5s\n  scrape_timeout: 10s",
            "3: global scrape timeout greater than scrape interval",
        ),
        (
            "global:\n  external_labels: {'': x}",
            "2: \"\" is not a valid label name",
        ),
        (
            "global:\n  metric_name_validation_scheme: legacy\n  external_labels: {a.b: x}",
            "3: \"a.b\" is not a valid label name",
        ),
        (
            "global:\n  metric_name_validation_scheme: best",
            "2: unrecognized ValidationScheme: \"best\"",
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
            "3: found multiple scrape configs with job name \"a\"",
        ),
        (
            "rule_files: ['a/*/b.yml']",
            "1: invalid rule file path \"a/*/b.yml\"",
        ),
        (
            "storage:\n  tsdb:\n    retention: {percentage: 101}",
            "3: 'storage.tsdb.retention.percentage' must be in the range [0, 100]",
        ),
        (
            "tracing: {client_type: http}",
            "1: tracing endpoint must be set",
        ),
        (
            "remote_write: [{name: a}]",
            "1: url for remote_write is empty",
        ),
        (
            "remote_write: [{url: 'http://a', headers: {Host: x}}]",
            "1: Host is a reserved header. It must not be changed",
        ),
        (
            "remote_write: [{url: 'http://a', queue_config: {capacity: 0}}]",
            "1: remote write queue capacity must be positive",
        ),
        (
            "otlp: {ignore_resource_attributes: [a]}",
            "1: 'ignore_resource_attributes' cannot be configured unless 'promote_all_resource_attributes' is true",
        ),
        (
            "alerting: {alertmanagers: [{api_version: v1}]}",
            "1: expected Alertmanager api version to be one of [v2] but got v1",
        ),
    ];
    for (text, expected) in cases {
        check_error(text, expected);
    }
}

#[test]
fn faults_of_a_job_are_told_with_their_line() {
    let job = "scrape_configs:\n- job_name: a\n";
    for (text, expected) in [
        (
            "  scrape_interval: 5s\n  scrape_timeout: 6s",
            "4: scrape timeout greater than scrape interval for scrape config with job name \"a\"",
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
            "4: field regexp not found in type relabel.plain",
        ),
        (
            "  scheme: ftp",
            "3: unsupported scheme: \"ftp\", supported: http, https",
        ),
        (
            "  static_configs:\n  - targets: ['http://bad']",
            "3: \"http://bad\" is not a valid hostname",
        ),
        (
            "  static_configs:\n  -\n",
            "4: empty or null section in static_configs",
        ),
        (
            "  scrape_protocols: [X]",
            "3: scrape_protocols: unknown scrape protocol X, supported: [OpenMetricsText0.0.1 OpenMetricsText1.0.0 PrometheusProto PrometheusText0.0.4 PrometheusText1.0.0] for scrape config with job name \"a\"",
        ),
        (
            "  scrape_protocols: [PrometheusText0.0.4, PrometheusText0.0.4]",
            "3: duplicated protocol in scrape_protocols, got [PrometheusText0.0.4 PrometheusText0.0.4] for scrape config with job name \"a\"",
        ),
        (
            "  basic_auth: {username: a}\n  bearer_token: x",
            "2: at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured",
        ),
        (
            "  basic_auth: {username: a}\n  authorization: {credentials: x}",
            "2: at most one of basic_auth, oauth2 & authorization must be configured",
        ),
        (
            "  oauth2: {client_id: a}",
            "3: oauth2 token_url must be configured",
        ),
        (
            "  tls_config: {cert_file: a}",
            "3: exactly one of key or key_file must be configured when a client certificate is configured",
        ),
        (
            "  tls_config: {min_version: TLS9}",
            "3: unknown TLS version: TLS9",
        ),
        (
            "  no_proxy: a",
            "2: if no_proxy is configured, proxy_url must also be configured",
        ),
        (
            "  http_headers: {Authorization: {values: [x]}}",
            "3: setting header \"Authorization\" is not allowed",
        ),
        (
            "  file_sd_configs: [{files: ['*/a.yml']}]",
            "3: path name \"*/a.yml\" is not valid for file discovery",
        ),
        (
            "  http_sd_configs: [{url: 'ftp://a'}]",
            "3: URL scheme must be 'http' or 'https'",
        ),
        (
            "  http_sd_configs: [{refresh_interval: 5s}]",
            "3: URL is missing",
        ),
        (
            "  dns_sd_configs: [{names: [a], type: A}]",
            "3: a port is required in DNS-SD configs for all record types except SRV",
        ),
        (
            "  metric_name_validation_scheme: legacy\n  metric_name_escaping_scheme: allow-utf-8",
            "2: utf8 metric names requested but validation scheme is not set to UTF8",
        ),
    ] {
        check_error(&format!("{job}{text}"), expected);
    }
}

#[test]
fn a_discovery_that_is_not_built_in_is_refused_and_others_are_named() {
    let text = "scrape_configs:\n- job_name: a\n  kubernetes_sd_configs: [{role: node}]";
    let error = read(text).unwrap_err().to_string();
    assert!(
        error.starts_with("p.yml:3: `kubernetes_sd_configs` is not built in"),
        "{error}"
    );
    assert!(error.contains("file_sd_configs"), "{error}");
    assert!(read("scrape_configs:\n- job_name: a\n  consul_sd_configs: []").is_ok());
}

#[test]
fn what_has_no_effect_is_a_warning_with_its_line() {
    let text = "global:\n  scrape_failure_log_file: q.log\ntracing: {endpoint: 'x:1'}\nalerting:\n  alertmanagers:\n  - sigv4: {region: r}";
    let warnings = read(text).unwrap().warnings;
    let told: Vec<_> = warnings
        .iter()
        .map(|warning| (warning.line, warning.field))
        .collect();
    assert_eq!(told, [(6, "sigv4"), (3, "tracing")]);
}

const FULL_FILE: &str = include_str!("../../testdata/full.yml");
const FULL_PRINTED: &str = include_str!("../../testdata/full.printed.yml");

/// `full.printed.yml` was compared line by line with what Prometheus 2.42 prints for `full.yml`; it differs
/// in the fields that newer versions have.
#[test]
fn the_whole_format_is_printed_as_prometheus_prints_it() {
    let config = read(FULL_FILE).unwrap();
    let printed = config.to_yaml();
    assert_eq!(printed, FULL_PRINTED);
    for secret in ["s3cret", "pass@", "hunter2"] {
        assert!(
            FULL_FILE.contains(secret) && !printed.contains(secret),
            "{secret}"
        );
        assert!(!format!("{config:?}").contains(secret), "{secret} in Debug");
    }
}

#[test]
fn clients_and_discoveries_are_read_whole() {
    let config = read(FULL_FILE).unwrap();
    let [one, two, three, four] = config.scrape_configs.as_slice() else {
        panic!("four jobs");
    };
    let Some(Auth::Basic(basic)) = &one.client.auth else {
        panic!("basic auth");
    };
    assert_eq!(basic.password.load().unwrap().unwrap().expose(), "hunter2");
    assert_eq!(one.scheme, crate::Scheme::Https);
    let kinds: Vec<_> = one
        .discoveries
        .iter()
        .map(DiscoveryConfig::mechanism)
        .collect();
    assert_eq!(kinds, ["dns", "dns", "file", "file", "http"]);
    let DiscoveryConfig::Dns(dns) = &one.discoveries[1] else {
        panic!("dns");
    };
    assert_eq!((dns.record_type, dns.port), (RecordType::A, 9100));
    let Some(Auth::OAuth2(oauth2)) = &two.client.auth else {
        panic!("oauth2");
    };
    assert!(oauth2.tls.insecure_skip_verify);
    assert_eq!(two.client.tls.server_name, "sn");
    assert!(!three.client.follow_redirects && !three.client.enable_http2);
    let Some(Auth::Header(header)) = &four.client.auth else {
        panic!("bearer token");
    };
    assert_eq!(header.kind, "Bearer");
    assert_eq!(config.remote_write[1].queue.max_shards, 3);
    assert_eq!(config.alerting.alertmanagers.len(), 2);
    assert_eq!(
        config.global.metric_name_validation_scheme,
        NameScheme::Utf8
    );
}

#[test]
fn further_files_add_jobs_once_and_their_paths_are_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    let main = folder.path().join("p.yml");
    let text = "scrape_config_files: ['more-*.yml']\nscrape_configs: [{job_name: a}]\n";
    write("p.yml", text);
    write(
        "more-2.yml",
        "scrape_configs: [{job_name: c, tls_config: {ca_file: ca.pem}}]",
    );
    write("more-1.yml", "scrape_configs: [{job_name: b}]");
    write("other.yml", "scrape_configs: [{job_name: z}]");
    let config = Config::load(&main).unwrap();
    let names: Vec<_> = config
        .scrape_configs
        .iter()
        .map(|job| job.job_name.as_str())
        .collect();
    assert_eq!(names, ["a", "b", "c"]);
    let ca = config.scrape_configs[2]
        .client
        .tls
        .ca_file
        .as_ref()
        .unwrap();
    assert_eq!(*ca, folder.path().join("ca.pem"));
    assert_eq!(config.own_scrape_configs, 1);
    assert!(!config.to_yaml().contains("job_name: b"));

    write("more-3.yml", "global: {}");
    let error = Config::load(&main).unwrap_err().to_string();
    assert!(
        error.ends_with("more-3.yml:1: field global not found in type config.ScrapeConfigs"),
        "{error}"
    );
    write("more-3.yml", "\nscrape_configs:\n- job_name: a");
    let error = Config::load(&main).unwrap_err().to_string();
    assert!(
        error.contains(
            "more-3.yml:3: found multiple scrape configs with job name \"a\", first found in"
        ),
        "{error}"
    );
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
                reason: reason @ (Reason::Yaml { .. } | Reason::WrongType { .. }),
                ..
            } => {
                let message = reason.to_string();
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
