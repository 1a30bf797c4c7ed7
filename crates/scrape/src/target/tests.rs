use super::*;
use config::Config;
use std::path::Path;

fn job(extra: &str) -> ScrapeConfig {
    let text = format!("scrape_configs:\n- job_name: j\n  scrape_interval: 15s\n{extra}");
    Config::parse(&text, Path::new("p.yml"))
        .unwrap()
        .scrape_configs
        .remove(0)
}

fn settled(extra: &str, address: &str, labels: &[(&str, &str)]) -> Result<Settled, TargetError> {
    Target::settle(
        &job(extra),
        address,
        &Labels::from_pairs(labels.iter().copied()),
    )
}

fn target(extra: &str, address: &str, labels: &[(&str, &str)]) -> Result<Target, TargetError> {
    settled(extra, address, labels).map(|settled| match settled {
        Settled::Scraped(target) => target,
        Settled::Dropped(labels) => panic!("{labels} was dropped"),
    })
}

#[test]
fn relabelling_changes_the_address_and_drops_targets() {
    let rules = "  relabel_configs:
  - {source_labels: [__address__], regex: 'skip.*', action: drop}
  - {source_labels: [__address__], regex: '(.*)', replacement: 'proxy:${1}', target_label: __address__}
  - {source_labels: [env], target_label: __metrics_path__, replacement: '/$1/m'}
  - {source_labels: [env], target_label: stage}";
    let kept = target(rules, "9100", &[("env", "prod")]).unwrap();
    assert_eq!(kept.url.to_string(), "http://proxy:9100/prod/m");
    let labels = r#"{env="prod", instance="proxy:9100", job="j", stage="prod"}"#;
    assert_eq!(kept.labels.to_string(), labels);
    assert_eq!(kept.discovered.get("__address__"), Some("9100"));
    match settled(rules, "skip:1", &[("env", "prod")]) {
        Ok(Settled::Dropped(labels)) => assert_eq!(labels.get("__address__"), Some("skip:1")),
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_are_filled_in_and_internal_labels_hidden() {
    let target = target("", "host:9100", &[("env", "prod")]).unwrap();
    assert_eq!(
        target.discovered.to_string(),
        r#"{__address__="host:9100", __always_scrape_classic_histograms__="false", __convert_classic_histograms_to_nhcb__="false", __metrics_path__="/metrics", __scheme__="http", __scrape_interval__="15s", __scrape_native_histograms__="false", __scrape_timeout__="10s", env="prod", job="j"}"#
    );
    assert_eq!(
        target.labels.to_string(),
        r#"{env="prod", instance="host:9100", job="j"}"#
    );
    assert_eq!(target.url.to_string(), "http://host:9100/metrics");
    assert_eq!(
        (target.interval, target.timeout),
        (DurationMs(15_000), DurationMs(10_000))
    );
}

#[test]
fn labels_of_a_target_override_its_job() {
    let labels = [
        ("job", "other"),
        ("instance", "me"),
        ("__metrics_path__", "/m x"),
        ("__scrape_interval__", "2s"),
        ("__scrape_timeout__", "1s"),
        ("__param_module", "b&c"),
        ("__param_new", "1"),
    ];
    let target = target("  params: {module: [a, z], k: [v]}", "host", &labels).unwrap();
    assert_eq!(target.labels.to_string(), r#"{instance="me", job="other"}"#);
    assert_eq!(
        target.url.to_string(),
        "http://host/m%20x?k=v&module=b%26c&module=z&new=1"
    );
    assert_eq!(
        (target.interval, target.timeout),
        (DurationMs(2_000), DurationMs(1_000))
    );
    assert_eq!(target.pool, "j");
}

#[test]
fn impossible_targets_are_refused() {
    for (address, labels, error) in [
        ("", [("a", "b")], TargetError::NoAddress),
        ("a/b", [("a", "b")], TargetError::BadAddress("a/b".into())),
        ("a b", [("a", "b")], TargetError::BadAddress("a b".into())),
        (
            "a",
            [("__scheme__", "ftp")],
            TargetError::BadScheme("ftp".into()),
        ),
        (
            "a",
            [("__scrape_interval__", "0s")],
            TargetError::BadDuration("0s".into()),
        ),
        (
            "a",
            [("__scrape_timeout__", "16s")],
            TargetError::TimeoutAboveInterval {
                timeout: DurationMs(16_000),
                interval: DurationMs(15_000),
            },
        ),
    ] {
        assert_eq!(target("", address, &labels), Err(error));
    }
}
