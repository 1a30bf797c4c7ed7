//! Real neighbours, where they are installed: Prometheus' own client, and its machine exporter.

use crate::exporter::{Exporter, config_for};
use crate::process::{Server, folder, get};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::process::{Command, Stdio};

/// Whether `program` can be run; says so where it cannot.
pub(crate) fn is_installed(program: &str) -> bool {
    let found = Command::new(program)
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if found.is_err() {
        eprintln!("skipped: {program} is not installed");
    }
    found.is_ok()
}

#[test]
fn promtool_reads_instant_and_range_queries() {
    if !is_installed("promtool") {
        return;
    }
    let exporter = Exporter::serve("metric{a=\"b\"} 1.5\n");
    let (folder, file) = folder(&exporter.config());
    let server = Server::start(folder.path(), Some(&file));
    server.scraped();
    let promtool = |arguments: &[&str]| {
        let output = Command::new("promtool").args(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let up = promtool(&["query", "instant", &server.url, "up"]);
    let address = &exporter.address;
    assert!(
        up.starts_with(&format!(
            "up{{instance=\"{address}\", job=\"test\"}} => 1 @["
        )),
        "{up}"
    );
    let range = promtool(&["query", "range", "--step=1s", &server.url, "metric"]);
    assert!(
        range.contains("metric{a=\"b\"") && range.contains("1.5 @["),
        "{range}"
    );
    let names = promtool(&["query", "labels", &server.url, "a"]);
    assert_eq!(names.trim(), "b");
    let series = promtool(&["query", "series", "--match=metric", &server.url]);
    assert!(series.contains("__name__=\"metric\", a=\"b\""), "{series}");
}

/// Series and values of a page in text format, as PromQL writes them.
fn series_of(page: &str) -> BTreeMap<String, f64> {
    let lines = page
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines
        .map(|line| {
            let (series, value) = line.rsplit_once(' ').unwrap();
            (series.to_owned(), value.parse().unwrap())
        })
        .collect()
}

#[test]
fn every_series_of_a_real_machine_exporter_is_queryable_with_its_value() {
    if !is_installed("prometheus-node-exporter") {
        return;
    }
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let address = format!("127.0.0.1:{port}");
    let mut exporter = Command::new("prometheus-node-exporter")
        .arg(format!("--web.listen-address={address}"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (folder, file) = folder(&config_for(&address));
    let server = Server::start(folder.path(), Some(&file));
    server.wait_for("the exporter", |server| {
        (server.query("up").get(0)?["value"][1] == "1").then_some(())
    });
    // The page is served once more to a relay, so that both sides see the very same bytes.
    let (_, page) = get(&format!("http://{address}/metrics"));
    exporter.kill().unwrap();
    exporter.wait().unwrap();
    drop(server);
    let relay = Exporter::serve(&page);
    std::fs::write(&file, relay.config()).unwrap();
    let server = Server::start(folder.path(), Some(&file));
    let target = server.scraped().remove(0);
    assert_eq!(target["health"], "up", "{target}");

    let expected = series_of(&page);
    assert!(expected.len() > 300, "a real page");
    let instance = format!("instance=\"{}\"", relay.address);
    let found = server.query(&format!("{{{instance}, __name__!~\"up|scrape_.*\"}}"));
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), expected.len());
    let mut found: BTreeMap<String, f64> = found
        .iter()
        .map(|element| {
            (
                identity(&element["metric"]),
                element["value"][1].as_str().unwrap().parse().unwrap(),
            )
        })
        .collect();
    for (series, value) in expected {
        let name = sorted(&series);
        let got = found
            .remove(&name)
            .unwrap_or_else(|| panic!("{name} is not queryable"));
        assert!(
            got.to_bits() == value.to_bits() || (got.is_nan() && value.is_nan()),
            "{name}: {got}, not {value}"
        );
    }
}

/// Name and labels of a result, target labels left out, as one text; values as on the page.
fn identity(metric: &serde_json::Value) -> String {
    let pairs = metric.as_object().unwrap().iter();
    let labels: BTreeMap<String, String> = pairs
        .filter(|(name, _)| !matches!(name.as_str(), "job" | "instance"))
        .map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()))
        .collect();
    format!("{labels:?}")
}

/// The same text for a series as the page writes it.
fn sorted(series: &str) -> String {
    let (name, rest) = series.split_once('{').unwrap_or((series, ""));
    let mut labels = BTreeMap::from([("__name__".to_owned(), name.to_owned())]);
    let mut rest = rest.trim_end_matches('}');
    while let Some((label, after)) = rest.split_once("=\"") {
        let end = (0..after.len())
            .find(|at| after.as_bytes()[*at] == b'"' && !after[..*at].ends_with('\\'))
            .unwrap();
        let value = after[..end]
            .replace("\\\"", "\"")
            .replace("\\n", "\n")
            .replace("\\\\", "\\");
        // A summary's and a histogram's bounds are written as floats.
        let value = match (label, value.parse::<f64>()) {
            ("quantile" | "le", Ok(bound)) if bound.fract() == 0.0 && bound.is_finite() => {
                format!("{bound:.1}")
            }
            _ => value,
        };
        if !value.is_empty() {
            labels.insert(label.to_owned(), value);
        }
        rest = after[end + 1..].trim_start_matches(',');
    }
    format!("{labels:?}")
}
