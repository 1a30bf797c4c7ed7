//! The configuration changes while the server runs.

use crate::process::{Server, folder};
use serde_json::Value;
use std::process::Command;

const ONE: &str = "scrape_configs:\n- job_name: one\n  scrape_interval: 1s\n  static_configs: [{targets: ['127.0.0.1:1']}]\n  basic_auth: {username: u, password: hunter2}\n";

/// What an answer of the API holds.
fn data(server: &Server, path: &str) -> Value {
    server.json(path)["data"].clone()
}

fn pools(server: &Server) -> String {
    data(server, "/api/v1/scrape_pools")["scrapePools"].to_string()
}

fn metric(server: &Server, name: &str) -> f64 {
    let (_, page) = server.get("/metrics");
    let line = page.lines().find_map(|line| line.strip_prefix(name));
    line.unwrap().trim().parse().unwrap()
}

const SUCCESSFUL: &str = "prometheus_config_last_reload_successful ";

#[test]
fn a_reload_takes_the_new_file_and_a_broken_one_changes_nothing() {
    let (folder, file) = folder(ONE);
    let server = Server::start_with(folder.path(), Some(&file), &["--web.enable-lifecycle"]);
    assert_eq!(pools(&server), r#"["one"]"#);
    assert!(metric(&server, SUCCESSFUL) == 1.0);
    let yaml = data(&server, "/api/v1/status/config")["yaml"].to_string();
    assert!(
        yaml.contains("password: <secret>") && !yaml.contains("hunter2"),
        "{yaml}"
    );

    std::fs::write(&file, ONE.replace("job_name: one", "job_name: two")).unwrap();
    assert_eq!(server.post("/-/reload", &[]).0, 200);
    assert_eq!(pools(&server), r#"["two"]"#);
    let loaded = metric(
        &server,
        "prometheus_config_last_reload_success_timestamp_seconds ",
    );
    assert!(loaded > 1e9);

    std::fs::write(&file, "scrape_configs:\n- job_nam: x\n").unwrap();
    let (status, words) = server.post("/-/reload", &[]);
    assert_eq!(status, 500);
    assert!(
        words.starts_with("failed to reload config: ")
            && words.contains(":2: field job_nam not found"),
        "{words}"
    );
    assert_eq!(pools(&server), r#"["two"]"#);
    assert!(metric(&server, SUCCESSFUL) == 0.0);
    assert_eq!(
        data(&server, "/api/v1/status/runtimeinfo")["reloadConfigSuccess"],
        false
    );
    assert_eq!(server.get("/-/reload").0, 405);

    std::fs::write(&file, ONE).unwrap();
    let id = server.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-HUP", &id])
            .status()
            .unwrap()
            .success()
    );
    // It is told as done when all of it is.
    server.wait_for("the reload", |server| {
        (metric(server, SUCCESSFUL) == 1.0).then_some(())
    });
    assert_eq!(pools(&server), r#"["one"]"#);

    assert_eq!(
        server.post("/-/quit", &[]).1,
        "Requesting termination... Goodbye!"
    );
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn changed_files_are_seen_where_the_flag_asks() {
    let text = format!("scrape_config_files: ['more/*.yml']\n{ONE}");
    let (folder, file) = folder(&text);
    let flags = [
        "--enable-feature=auto-reload-config",
        "--config.auto-reload-interval=1s",
    ];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    assert_eq!(server.post("/-/reload", &[]).0, 403, "not without its flag");
    std::fs::create_dir(folder.path().join("more")).unwrap();
    let more = folder.path().join("more/a.yml");
    std::fs::write(more, "scrape_configs: [{job_name: more}]").unwrap();
    server.wait_for("the reload", |server| {
        (pools(server) == r#"["more","one"]"#).then_some(())
    });
}

#[test]
fn targets_of_files_come_and_go_and_those_dropped_are_listed() {
    let text = "scrape_configs:\n- job_name: f\n  file_sd_configs: [{files: ['t.json']}]\n  keep_dropped_targets: 1\n  relabel_configs: [{action: drop, source_labels: [drop], regex: 'yes'}, {target_label: a, replacement: b}]\n";
    let (folder, file) = folder(text);
    let list = folder.path().join("t.json");
    std::fs::write(
        &list,
        r#"[{"targets": ["127.0.0.1:1"]}, {"targets": ["x:1", "y:1"], "labels": {"drop": "yes"}}]"#,
    )
    .unwrap();
    let server = Server::start(folder.path(), Some(&file));
    let targets = server.wait_for("the targets", |server| {
        let found = data(server, "/api/v1/targets");
        (found["activeTargets"].as_array().unwrap().len() == 1).then_some(found)
    });
    let discovered = &targets["activeTargets"][0]["discoveredLabels"];
    assert!(
        discovered["__meta_filepath"]
            .as_str()
            .unwrap()
            .ends_with("/t.json")
    );
    assert_eq!(targets["droppedTargets"].as_array().unwrap().len(), 1);
    assert_eq!(targets["droppedTargetCounts"]["f"], 2);

    std::fs::write(&list, r#"[{"targets": ["127.0.0.1:2"]}]"#).unwrap();
    server.wait_for("the change", |server| {
        let found = data(server, "/api/v1/targets");
        let url = found["activeTargets"][0]["scrapeUrl"]
            .as_str()
            .unwrap_or("")
            .to_owned();
        (url == "http://127.0.0.1:2/metrics").then_some(())
    });

    let labels = crate::process::encode(r#"{"drop": "no"}"#);
    let steps = data(
        &server,
        &format!("/api/v1/targets/relabel_steps?scrapePool=f&labels={labels}"),
    );
    assert_eq!(steps["steps"][0]["rule"]["action"], "drop");
    assert_eq!(steps["steps"][1]["output"]["a"], "b");
    let labels = crate::process::encode(r#"{"drop": "yes"}"#);
    let steps = data(
        &server,
        &format!("/api/v1/targets/relabel_steps?scrapePool=f&labels={labels}"),
    );
    assert_eq!(steps["steps"][1]["keep"], false);
    assert_eq!(
        server
            .get("/api/v1/targets/relabel_steps?scrapePool=g&labels={}")
            .0,
        400
    );
    let pool = data(&server, "/api/v1/scrape_pools/config?scrapePool=f")["yaml"].to_string();
    assert!(pool.contains("file_sd_configs"), "{pool}");
}
