//! Rules of a running server: evaluated, stored, told to an Alertmanager, shown on the API.

use crate::exporter::Exporter;
use crate::process::{Server, encode, folder};
use crate::receiver::Receiver;
use clock::{Clock, SystemClock};
use serde_json::Value;
use std::path::Path;

const RULES: &str = "groups:
- name: levels
  interval: 200ms
  rules:
  - record: level:double
    expr: level * 2
    labels: {kind: made}
  - alert: High
    expr: level:double > 6
    labels: {severity: page}
    annotations: {summary: 'level {{ $value }} of {{ $labels.instance }} in {{ $externalLabels.region }}'}
";

/// What an answer of the API holds.
pub(crate) fn data(server: &Server, path: &str) -> Value {
    server.json(path)["data"].clone()
}

fn firing(server: &Server) -> Option<Value> {
    let alerts = data(server, "/api/v1/alerts")["alerts"].clone();
    let first = alerts.get(0)?.clone();
    (first["state"] == "firing").then_some(first)
}

#[test]
fn records_are_queryable_and_an_alert_fires_and_resolves() {
    let (exporter, receiver) = (Exporter::serve("level 5\n"), Receiver::start());
    let config = format!(
        "{}rule_files: ['r.yml']\nalerting:\n  alertmanagers:\n  - static_configs: [{{targets: ['{}']}}]\n",
        exporter
            .config()
            .replace("global:\n", "global:\n  external_labels: {region: eu}\n"),
        receiver.address
    );
    let (folder, file) = folder(&config);
    std::fs::write(folder.path().join("r.yml"), RULES).unwrap();
    let flags = ["--web.external-url=http://watch.example"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let shown = server.wait_for("the alert", firing);
    assert_eq!(shown["labels"]["alertname"], "High");
    assert_eq!(shown["labels"]["severity"], "page");
    assert_eq!(shown["value"], "1e+01");
    let summary = format!("level 10 of {} in eu", exporter.address);
    assert_eq!(shown["annotations"]["summary"], summary.as_str());
    let record = server.query("level:double");
    assert_eq!(record[0]["metric"]["kind"], "made");
    assert_eq!(record[0]["value"][1], "10");
    let stored = server.wait_for("the series of the alert", |server| {
        let stored = server.query("ALERTS{alertname=\"High\", alertstate=\"firing\"}");
        (stored[0]["value"][1] == "1").then_some(stored)
    });
    assert_eq!(
        stored[0]["metric"]["region"],
        Value::Null,
        "as Prometheus stores them"
    );

    let first = server.wait_for("the notification", |_| receiver.alerts().first().cloned());
    assert_eq!(first["labels"]["region"], "eu");
    assert_eq!(first["annotations"]["summary"], summary.as_str());
    let link = first["generatorURL"].as_str().unwrap();
    assert!(
        link.starts_with("http://watch.example/graph?g0.expr=level%3Adouble+%3E+6"),
        "{link}"
    );
    let urls = data(&server, "/api/v1/alertmanagers")["activeAlertmanagers"].clone();
    let url = format!("http://{}/api/v2/alerts", receiver.address);
    assert_eq!(urls[0]["url"], url.as_str());
    // It is told until when it holds, and that is not yet.
    let now = chrono::DateTime::from_timestamp_millis(SystemClock.now().0);
    let ends = |alert: &Value| alert["endsAt"].as_str().unwrap().parse().unwrap();
    assert!(ends(&first) > now.unwrap(), "{first}");

    exporter.set("level 1\n");
    let resolved = server.wait_for("the end", |_| {
        let last = receiver.alerts().pop()?;
        let ends: chrono::DateTime<chrono::Utc> = ends(&last);
        (ends < ends_first(&first)).then_some(last)
    });
    assert_eq!(resolved["startsAt"], first["startsAt"]);
    assert_eq!(
        data(&server, "/api/v1/alerts")["alerts"],
        serde_json::json!([])
    );
    server.wait_for("the end of the series", |server| {
        (server.query("ALERTS") == serde_json::json!([])).then_some(())
    });
    let group = data(&server, "/api/v1/rules")["groups"][0].clone();
    assert_eq!(group["rules"][0]["health"], "ok");
    assert_eq!(group["rules"][1]["state"], "inactive");
}

fn ends_first(alert: &Value) -> chrono::DateTime<chrono::Utc> {
    alert["endsAt"].as_str().unwrap().parse().unwrap()
}

#[test]
fn alerts_go_on_after_a_restart_where_they_were() {
    let (folder, file) = folder("rule_files: ['r.yml']\n");
    let rules = "groups:\n- name: g\n  interval: 200ms\n  rules:\n  - alert: On\n    expr: vector(1)\n    for: 1s\n";
    std::fs::write(folder.path().join("r.yml"), rules).unwrap();
    let flags = ["--rules.alert.for-grace-period=1s"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let before = server.wait_for("the alert", firing);
    // Its state is stored from the second evaluation on.
    server.wait_for("the state", |server| {
        (server.query("ALERTS_FOR_STATE") != serde_json::json!([])).then_some(())
    });
    server.kill();
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let second = |alert: &Value| {
        let at = alert["activeAt"].as_str().unwrap();
        at.get(..19).unwrap().to_owned()
    };
    server.wait_for("the alert that was there before", |server| {
        (second(&firing(server)?) == second(&before)).then_some(())
    });
}

const MANY: [(&str, &str); 2] = [
    (
        "a.yml",
        "groups:
- name: one
  interval: 1h
  limit: 7
  rules:
  - {record: r1, expr: 'sum by (a) (up)', labels: {team: x}}
  - {alert: A1, expr: 'up == 0', for: 5m, keep_firing_for: 1m, labels: {team: y}}
- name: two
  interval: 1h
  rules:
  - {alert: A2, expr: 'up == 0', labels: {team: x}}
",
    ),
    (
        "b.yml",
        "groups:
- name: one
  interval: 1h
  rules:
  - {record: r2, expr: 'vector(1)'}
",
    ),
];

/// A server with the rules of [`MANY`].
fn many(folder: &Path, file: &Path) -> Server {
    for (name, text) in MANY {
        std::fs::write(folder.join(name), text).unwrap();
    }
    Server::start(folder, Some(file))
}

/// `file/group: rule rule` for each group of an answer.
fn shown(folder: &Path, answer: &Value) -> Vec<String> {
    let groups = answer["groups"].as_array().unwrap();
    let one = |group: &Value| {
        let file = Path::new(group["file"].as_str().unwrap());
        let file = file
            .strip_prefix(folder)
            .unwrap_or(file)
            .display()
            .to_string();
        let rules: Vec<&str> = group["rules"]
            .as_array()
            .unwrap()
            .iter()
            .map(|rule| rule["name"].as_str().unwrap())
            .collect();
        format!(
            "{file}/{}: {}",
            group["name"].as_str().unwrap(),
            rules.join(" ")
        )
    };
    groups.iter().map(one).collect()
}

#[test]
fn rules_are_listed_by_type_name_group_file_and_labels() {
    // The pattern is not to take the configuration itself.
    let (folder, file) = folder("rule_files: ['[ab].yml']\n");
    let server = many(folder.path(), &file);
    let of = |query: &str| {
        shown(
            folder.path(),
            &data(&server, &format!("/api/v1/rules{query}")),
        )
    };
    assert_eq!(
        of(""),
        ["a.yml/one: r1 A1", "a.yml/two: A2", "b.yml/one: r2"]
    );
    assert_eq!(of("?type=record"), ["a.yml/one: r1", "b.yml/one: r2"]);
    assert_eq!(of("?type=alert"), ["a.yml/one: A1", "a.yml/two: A2"]);
    let path = data(&server, "/api/v1/rules")["groups"][2]["file"].clone();
    let path = encode(path.as_str().unwrap());
    assert_eq!(of(&format!("?file[]={path}")), ["b.yml/one: r2"]);
    assert_eq!(of("?rule_group[]=two&rule_group[]=none"), ["a.yml/two: A2"]);
    assert_eq!(
        of("?rule_name[]=A2&rule_name[]=r2"),
        ["a.yml/two: A2", "b.yml/one: r2"]
    );
    let x = encode("{team=\"x\"}");
    assert_eq!(
        of(&format!("?match[]={x}")),
        ["a.yml/one: r1", "a.yml/two: A2"]
    );
    let y = encode("{team=\"y\"}");
    let either = format!("?match[]={x}&match[]={y}&type=alert");
    assert_eq!(of(&either), ["a.yml/one: A1", "a.yml/two: A2"]);
    let both = encode("{team=\"x\", team=\"y\"}");
    assert_eq!(of(&format!("?match[]={both}")), [""; 0]);

    let all = data(&server, "/api/v1/rules");
    let group = &all["groups"][0];
    assert_eq!(group["interval"].as_f64(), Some(3600.0));
    assert_eq!(group["limit"], 7);
    assert_eq!(group["lastEvaluation"], "0001-01-01T00:00:00Z");
    let record = &group["rules"][0];
    assert_eq!(record["type"], "recording");
    assert_eq!(record["query"], "sum by (a) (up)");
    assert_eq!(record["health"], "unknown");
    let alerting = &group["rules"][1];
    assert_eq!(alerting["type"], "alerting");
    assert_eq!(alerting["state"], "unknown", "not evaluated yet");
    assert_eq!(alerting["duration"].as_f64(), Some(300.0));
    assert_eq!(alerting["keepFiringFor"].as_f64(), Some(60.0));
    assert_eq!(alerting["labels"]["team"], "y");

    for (query, words) in [
        (
            "?type=x",
            "invalid parameter \"type\": not supported value \"x\"",
        ),
        ("?exclude_alerts=x", "exclude_alerts"),
        ("?match[]=%7B", "match[]"),
        ("?group_limit=0", "group_limit needs to be greater than 0"),
        ("?group_limit=x", "group_limit needs to be a valid number"),
        ("?group_next_token=x", "group_limit needs to be present"),
        (
            "?group_limit=1&group_next_token=x",
            "invalid group_next_token",
        ),
    ] {
        let (status, body) = server.get(&format!("/api/v1/rules{query}"));
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(status, 400, "{query}: {body}");
        assert_eq!(answer["errorType"], "bad_data", "{query}");
        assert!(
            answer["error"].as_str().unwrap().contains(words),
            "{query}: {body}"
        );
    }
}

#[test]
fn long_lists_of_groups_come_in_pages() {
    let (folder, file) = folder("rule_files: ['[ab].yml']\n");
    let server = many(folder.path(), &file);
    let mut seen = Vec::new();
    let mut path = "/api/v1/rules?group_limit=2".to_owned();
    loop {
        let page = data(&server, &path);
        seen.push(shown(folder.path(), &page).join(", "));
        let Some(token) = page["groupNextToken"].as_str() else {
            break;
        };
        assert_eq!(token.len(), 64, "a SHA-256 in hexadecimal digits");
        path = format!("/api/v1/rules?group_limit=2&group_next_token={token}");
    }
    assert_eq!(seen, ["a.yml/one: r1 A1, a.yml/two: A2", "b.yml/one: r2"]);
    // Groups without a rule that is wanted do not count.
    let page = data(&server, "/api/v1/rules?group_limit=2&type=record");
    assert_eq!(page["groupNextToken"], Value::Null);
    assert_eq!(
        shown(folder.path(), &page),
        ["a.yml/one: r1", "b.yml/one: r2"]
    );
}

#[test]
fn alerts_are_left_out_of_rules_where_that_is_asked() {
    let (folder, file) = folder("rule_files: ['r.yml']\n");
    let rules = "groups:\n- name: g\n  interval: 200ms\n  rules:\n  - {alert: On, expr: 'vector(2)', for: 1h}\n";
    std::fs::write(folder.path().join("r.yml"), rules).unwrap();
    let server = Server::start(folder.path(), Some(&file));
    let rule = |query: &str| {
        data(&server, &format!("/api/v1/rules{query}"))["groups"][0]["rules"][0].clone()
    };
    let pending = server.wait_for("the alert", |_| {
        Some(rule("")).filter(|rule| rule["state"] == "pending")
    });
    assert_eq!(pending["alerts"][0]["state"], "pending");
    assert_eq!(pending["alerts"][0]["labels"]["alertname"], "On");
    assert_eq!(
        rule("?exclude_alerts=true")["alerts"],
        serde_json::json!([])
    );
    assert_eq!(rule("?exclude_alerts=true")["state"], "pending");
    let alerts = data(&server, "/api/v1/alerts")["alerts"].clone();
    assert_eq!(alerts[0]["value"], "2e+00");
}
