//! What a reload changes beside targets, and what it leaves when it fails.

use crate::exporter::Exporter;
use crate::process::{Server, encode, folder};
use crate::rules::data;
use std::path::Path;

const RECORD: &str = "  interval: 200ms\n  rules: [{record: made, expr: 'vector(1)'}]\n";

fn groups(server: &Server) -> Vec<String> {
    let groups = data(server, "/api/v1/rules")["groups"].clone();
    let names = groups.as_array().unwrap().iter();
    names
        .map(|group| group["name"].as_str().unwrap().to_owned())
        .collect()
}

fn reload(server: &Server) -> (u16, String) {
    server.post("/-/reload", &[])
}

const LIFECYCLE: [&str; 1] = ["--web.enable-lifecycle"];

#[test]
fn groups_come_and_go_and_a_bad_file_leaves_those_that_run() {
    let (folder, file) = folder("rule_files: ['r.yml']\n");
    let rules = folder.path().join("r.yml");
    std::fs::write(&rules, format!("groups:\n- name: one\n{RECORD}")).unwrap();
    let server = Server::start_with(folder.path(), Some(&file), &LIFECYCLE);
    let made = |server: &Server| server.query("made") != serde_json::json!([]);
    server.wait_for("the record", |server| made(server).then_some(()));

    let two = format!(
        "groups:\n- name: two\n  rules: [{{record: other, expr: '1'}}]\n- name: one\n{RECORD}"
    );
    std::fs::write(&rules, two).unwrap();
    assert_eq!(reload(&server).0, 200);
    assert_eq!(groups(&server), ["one", "two"]);

    std::fs::write(
        &rules,
        "groups:\n- name: bad\n  rules: [{record: x, expr: 'sum('}]\n",
    )
    .unwrap();
    let (status, words) = reload(&server);
    assert_eq!(status, 500);
    assert!(words.starts_with("failed to reload config: "), "{words}");
    assert!(
        words.contains("r.yml") && words.contains("could not parse expression"),
        "{words}"
    );
    assert_eq!(groups(&server), ["one", "two"]);
    assert_eq!(
        data(&server, "/api/v1/status/runtimeinfo")["reloadConfigSuccess"],
        false
    );
    let (_, page) = server.get("/metrics");
    assert!(page.contains("prometheus_config_last_reload_successful 0\n"));
    server.wait_for("the line of the log", |server| {
        let log = server.later_log();
        let line = log
            .lines()
            .find(|line| line.contains("configuration not reloaded"))?;
        (line.contains("level=ERROR") && line.contains("r.yml")).then_some(())
    });
    assert!(made(&server), "the old rules go on");

    std::fs::write(&rules, "groups: []\n").unwrap();
    assert_eq!(reload(&server).0, 200);
    assert_eq!(groups(&server), [""; 0]);
    server.wait_for("the end of the series", |server| {
        (!made(server)).then_some(())
    });
}

#[test]
fn external_labels_the_query_log_and_the_step_of_subqueries_change_with_a_reload() {
    let exporter = Exporter::serve("m 1\n");
    let config = |global: &str| {
        let jobs = exporter.config();
        jobs.replace("global:\n", &format!("global:\n{global}"))
    };
    let (folder, file) = folder(&config("  external_labels: {region: eu}\n"));
    let server = Server::start_with(folder.path(), Some(&file), &LIFECYCLE);
    let federated = |server: &Server| server.get("/federate?match[]=m").1;
    server.wait_for("the sample", |server| {
        federated(server).contains("region=\"eu\"").then_some(())
    });
    // At 1000 s, 10 minutes have 10 steps of a minute.
    let steps = |server: &Server| {
        let expression = encode("count_over_time(vector(1)[10m:])");
        let answer = server.json(&format!("/api/v1/query?query={expression}&time=1000"));
        answer["data"]["result"][0]["value"][1]
            .as_str()
            .unwrap()
            .to_owned()
    };
    assert_eq!(steps(&server), "10");

    let log = folder.path().join("queries.log");
    let changed = "  external_labels: {region: us}\n  evaluation_interval: 30s\n  query_log_file: queries.log\n";
    std::fs::write(&file, config(changed)).unwrap();
    assert_eq!(reload(&server).0, 200);
    assert!(federated(&server).contains("region=\"us\""));
    assert_eq!(steps(&server), "20");
    let lines = |path: &Path| std::fs::read_to_string(path).unwrap().lines().count();
    assert_eq!(lines(&log), 1);

    // The rest of a configuration is taken where a part cannot be; and told.
    let part = "  external_labels: {region: asia}\n  query_log_file: no/such/folder.log\n";
    std::fs::write(&file, config(part)).unwrap();
    let (status, words) = reload(&server);
    assert_eq!(status, 500);
    assert!(
        words.contains("one or more errors occurred while applying the new configuration"),
        "{words}"
    );
    assert!(words.contains("no/such/folder.log"), "{words}");
    assert!(federated(&server).contains("region=\"asia\""));
    assert_eq!(steps(&server), "10");
    assert_eq!(lines(&log), 2, "queries are logged as before");
}

#[test]
fn failed_scrapes_are_lines_of_their_file() {
    let text = "global: {scrape_interval: 250ms, scrape_failure_log_file: failed.log}\nscrape_configs:\n- job_name: gone\n  static_configs: [{targets: ['127.0.0.1:1']}]\n";
    let (folder, file) = folder(text);
    let server = Server::start(folder.path(), Some(&file));
    let line = server.wait_for("the line", |_| {
        let text = std::fs::read_to_string(folder.path().join("failed.log")).ok()?;
        text.lines().next().map(str::to_owned)
    });
    let line: serde_json::Value = serde_json::from_str(&line).unwrap();
    assert_eq!(line["job_name"], "gone");
    assert_eq!(line["target"], "http://127.0.0.1:1/metrics");
    assert!(line["msg"].as_str().unwrap().contains("refused"), "{line}");
}
