//! The calls that pages are made of: `/api/watchfire/*` and notifications.

use crate::process::{Server, agent, encode, folder};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;

const CONFIG: &str = "
remote_write: [{url: 'http://user:hunter2@127.0.0.1:1/push', name: away}]
scrape_configs:
- job_name: kept
  static_configs:
  - {targets: ['127.0.0.1:1', '127.0.0.1:2', '127.0.0.1:3'], labels: {env: prod}}
  - {targets: ['127.0.0.1:4'], labels: {env: dev}}
  relabel_configs: [{source_labels: [env], regex: dev, action: drop}]
- job_name: empty
";

fn data(server: &Server, path: &str) -> Value {
    server.json(path)["data"].clone()
}

#[test]
fn lists_are_chosen_and_cut_by_the_server() {
    let (folder, file) = folder(CONFIG);
    let server = Server::start(folder.path(), Some(&file));
    let list = data(&server, "/api/watchfire/targets?per_page=2&page=2");
    assert_eq!(list["targets"].as_array().unwrap().len(), 1);
    assert_eq!(
        list["paging"],
        json!({ "page": 2, "pages": 2, "matched": 3, "total": 3 })
    );
    let names: Vec<&Value> = list["pools"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| &p["name"])
        .collect();
    assert_eq!(names, ["empty", "kept"], "pools without targets too");
    let found = data(&server, "/api/watchfire/targets?search=127.0.0.1%3A2%20ENV");
    assert_eq!(found["targets"][0]["labels"]["instance"], "127.0.0.1:2");
    let none = data(&server, "/api/watchfire/targets?pool=empty");
    assert_eq!(none["paging"]["matched"], 0);
    let dropped = data(&server, "/api/watchfire/discovery?state=dropped");
    assert_eq!(dropped["targets"].as_array().unwrap().len(), 1);
    assert_eq!(dropped["targets"][0]["discovered"]["env"], "dev");
    assert!(dropped["targets"][0].get("labels").is_none());
    let (status, body) = server.get("/api/watchfire/targets?page=0");
    assert_eq!(status, 400);
    assert!(body.contains("not a positive number"), "{body}");
}

#[test]
fn a_query_that_runs_is_told_and_cancelled() {
    let (folder, file) = folder("");
    let server = Server::start(folder.path(), Some(&file));
    let part = |n| format!("quantile_over_time(0.{n:02}, sin(vector(time()))[5m:1s])");
    let parts: Vec<String> = (0..100).map(part).collect();
    let path = format!(
        "/api/v1/query_range?query={}&start=0&end=11000&step=1",
        encode(&parts.join(" + "))
    );
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
    let id = server.wait_for("the query to run", |server| {
        let all = data(server, "/api/watchfire/queries");
        let running = all["running"].as_array().unwrap();
        let seated = running.iter().find(|one| one["waiting"] == false);
        seated.map(|one| {
            assert_eq!((&one["range"], &one["step"]), (&json!(11000), &json!(1)));
            assert_eq!(one["path"], "/api/v1/query_range");
            one["id"].as_u64().unwrap()
        })
    });
    let cancel = |id: u64| {
        let url = format!("{}/api/watchfire/queries/{id}", server.url);
        agent().delete(url).call().unwrap().status().as_u16()
    };
    assert_eq!(cancel(id), 200);
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    assert!(line.contains(" 499 "), "{line}");
    assert_eq!(cancel(id), 404, "it has ended");
    let all = data(&server, "/api/watchfire/queries?sort=recent");
    assert_eq!(all["running"], json!([]));
    assert_eq!(all["profiles"][0]["errors"], 1);
    assert!(
        all["profiles"][0]["last_error"]
            .as_str()
            .unwrap()
            .contains("canceled")
    );
    assert_eq!(server.get("/api/watchfire/queries?sort=x").0, 400);
}

#[test]
fn a_reload_that_fails_is_a_notification_until_one_works() {
    let (folder, file) = folder(CONFIG);
    let server = Server::start_with(folder.path(), Some(&file), &["--web.enable-lifecycle"]);
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "GET /api/v1/notifications/live HTTP/1.1\r\nhost: {address}\r\n\r\n"
    )
    .unwrap();
    let mut events = BufReader::new(stream).lines().map_while(Result::ok);
    assert!(events.any(|line| line.contains("text/event-stream")));
    assert_eq!(data(&server, "/api/v1/notifications"), json!([]));

    std::fs::write(&file, "nonsense: true\n").unwrap();
    assert_eq!(server.post("/-/reload", &[]).0, 500);
    let told = data(&server, "/api/v1/notifications");
    assert_eq!(told[0]["active"], true);
    assert!(
        told[0]["text"]
            .as_str()
            .unwrap()
            .contains("reload of the configuration failed")
    );
    assert!(events.any(|line| line.starts_with("data: ") && line.contains("\"active\":true")));
    let config = data(&server, "/api/watchfire/config");
    assert_eq!(config["successful"], false);
    assert!(
        config["error"].as_str().unwrap().contains("nonsense"),
        "{config}"
    );
    assert!(config["yaml"].as_str().unwrap().contains("job_name: kept"));

    std::fs::write(&file, CONFIG).unwrap();
    assert_eq!(server.post("/-/reload", &[]).0, 200);
    assert!(events.any(|line| line.contains("\"active\":false")));
    assert_eq!(data(&server, "/api/v1/notifications"), json!([]));
    assert_eq!(data(&server, "/api/watchfire/config")["successful"], true);
    // A listener does not hold up the end.
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn remote_write_is_told_without_secrets_and_configurations_are_checked() {
    let (folder, file) = folder(CONFIG);
    let server = Server::start(folder.path(), Some(&file));
    let remote = data(&server, "/api/watchfire/remote");
    assert_eq!(
        remote["writes"],
        json!([{
            "name": "away", "url": "http://127.0.0.1:1/push",
            "sent": 0, "failed": 0, "pending": 0, "behind": 0,
        }])
    );
    assert_eq!(remote["receives"], false);
    let (status, body) = server.post(
        "/api/watchfire/config/check",
        &[("yaml", "rule_file: []\n")],
    );
    let check: Value = serde_json::from_str(&body).unwrap();
    assert_eq!((status, &check["data"]["line"]), (200, &json!(1)));
    assert_eq!(server.post("/api/watchfire/config/check", &[]).0, 400);
}

#[test]
fn rules_are_listed_with_the_groups_that_fire_first() {
    let (folder, file) = folder("rule_files: [rules.yml]\nglobal: {evaluation_interval: 1s}\n");
    let rules = "
groups:
- name: a
  rules: [{record: x, expr: vector(1)}, {alert: Quiet, expr: vector(0) > 1}]
- name: b
  rules: [{alert: Loud, expr: vector(1)}]
";
    std::fs::write(folder.path().join("rules.yml"), rules).unwrap();
    let server = Server::start(folder.path(), Some(&file));
    let list = server.wait_for("an alert", |server| {
        let list = data(server, "/api/watchfire/rules?type=alert&sort=state");
        (list["states"]["firing"] == 1 && list["states"]["inactive"] == 1).then_some(list)
    });
    assert_eq!(list["groups"][0]["name"], "b");
    assert_eq!(list["groups"][0]["rules"][0]["firing"], 1);
    let record = data(&server, "/api/watchfire/rules?type=record");
    assert_eq!(record["groups"][0]["rules"].as_array().unwrap().len(), 1);
}
