//! The real program on PostgreSQL.

use crate::cluster::{Cluster, binaries, start};
use crate::dashboards::post;
use crate::process::{Server, agent, folder};
use serde_json::{Value, json};
use std::io::{BufRead, Write};

/// A server of PostgreSQL for one test; `None`, with a word about it, where it is not installed.
fn cluster() -> Option<Cluster> {
    let Some(binaries) = binaries() else {
        let required = std::env::var_os("WATCHFIRE_REQUIRE_POSTGRES").is_some();
        assert!(!required, "PostgreSQL is required and not installed");
        println!("skipped: PostgreSQL is not installed");
        return None;
    };
    Some(start(&binaries))
}

/// Stops or starts it, and waits until that is done.
#[expect(clippy::used_underscore_binding, reason = "read by this test alone")]
fn tell(cluster: &Cluster, word: &str) {
    let mut supervisor = cluster._supervisor.lock().unwrap();
    let stdin = supervisor.stdin.as_mut().unwrap();
    writeln!(stdin, "{word}").unwrap();
    stdin.flush().unwrap();
    let mut said = String::new();
    cluster._words.lock().unwrap().read_line(&mut said).unwrap();
    assert_eq!(said.trim(), word);
}

fn flag(cluster: &Cluster) -> String {
    let socket = &cluster.socket;
    format!("--metadata.url=postgres://watchfire@localhost/postgres?host={socket}")
}

fn document(title: &str, version: u64) -> Value {
    json!({"uid": "kept", "title": title, "panels": [], "version": version})
}

fn get_with(server: &Server, path: &str, cookie: &str) -> (u16, Value) {
    let request = agent().get(format!("{}{path}", server.url));
    let mut response = request.header("cookie", cookie).call().unwrap();
    let text = response.body_mut().read_to_string().unwrap();
    let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
    (response.status().as_u16(), json)
}

#[test]
fn dashboards_versions_and_logins_are_kept_by_postgresql() {
    let Some(cluster) = cluster() else { return };
    let folder = tempfile::tempdir().unwrap();
    let flag = flag(&cluster);
    let flags = [flag.as_str(), "--auth.required"];
    let server = Server::start_with(folder.path(), None, &flags);
    assert!(!folder.path().join("data/metadata.db").exists());
    let (_, rest) = server.log.split_once("password=").unwrap();
    let password = rest.split_whitespace().next().unwrap().trim_matches('"');
    let words = json!({"user": "admin", "password": password});
    let (status, cookie, body) = post(&server, "/login", "", &words);
    assert_eq!(status, 200, "{body}");
    for (title, version) in [("First", 0), ("Second", 1)] {
        let body = json!({"message": title, "dashboard": document(title, version)});
        let (status, _, saved) = post(&server, "/api/dashboards/db", &cookie, &body);
        assert_eq!(
            (status, &saved["version"]),
            (200, &json!(version + 1)),
            "{saved}"
        );
    }
    let stale = json!({"dashboard": document("Third", 1)});
    assert_eq!(post(&server, "/api/dashboards/db", &cookie, &stale).0, 412);
    // A server that is killed and one that stops lose nothing.
    server.kill();
    let server = Server::start_with(folder.path(), None, &flags);
    assert!(!server.log.contains("password="), "{}", server.log);
    let (status, versions) = get_with(&server, "/api/dashboards/uid/kept/versions", &cookie);
    assert_eq!(status, 200, "sessions outlive a kill: {versions}");
    assert_eq!(
        versions["versions"].as_array().unwrap().len(),
        2,
        "{versions}"
    );
    let (status, _, restored) = post(
        &server,
        "/api/dashboards/uid/kept/restore",
        &cookie,
        &json!({"version": 1}),
    );
    assert_eq!(
        (status, &restored["version"]),
        (200, &json!(3)),
        "{restored}"
    );
    assert_eq!(server.stop(), Some(0));
    let server = Server::start_with(folder.path(), None, &flags);
    let (_, found) = get_with(&server, "/api/dashboards/uid/kept", &cookie);
    assert_eq!(found["dashboard"]["title"], "First");
    assert_eq!(found["meta"]["version"], 3);
    assert_eq!(server.stop(), Some(0));
}

#[test]
fn while_postgresql_is_away_the_server_goes_on_without_it() {
    let Some(cluster) = cluster() else { return };
    let rules =
        "groups:\n- name: g\n  interval: 1s\n  rules:\n  - alert: Always\n    expr: vector(1)\n";
    let (folder, file) = folder("rule_files: [rules.yml]\n");
    std::fs::write(folder.path().join("rules.yml"), rules).unwrap();
    let flag = flag(&cluster);
    tell(&cluster, "stop");
    // Not there at the start.
    let server = Server::start_with(folder.path(), Some(&file), &[&flag]);
    assert!(
        server.log.contains("see that PostgreSQL runs"),
        "{}",
        server.log
    );
    assert_eq!(server.get("/-/ready").0, 200);
    server.wait_for("an alert of a file", |server| {
        let alerts = server.json("/api/v1/alerts");
        (alerts["data"]["alerts"][0]["state"] == "firing").then_some(())
    });
    assert_eq!(server.get("/api/dashboards/uid/kept").0, 503);
    tell(&cluster, "start");
    server.wait_for("PostgreSQL", |server| {
        (server.get("/api/health").0 == 200).then_some(())
    });
    let body = json!({"dashboard": document("Kept", 0)});
    assert_eq!(post(&server, "/api/dashboards/db", "", &body).0, 200);
    // Lost later.
    tell(&cluster, "stop");
    let notice = |server: &Server| {
        let notices = server.json("/api/v1/notifications")["data"].to_string();
        notices.contains("cannot be reached")
    };
    server.wait_for("the notice", |server| notice(server).then_some(()));
    assert_eq!(server.get("/api/dashboards/uid/kept").0, 503);
    assert_eq!(server.get("/-/ready").0, 200);
    assert_eq!(server.get("/graph").0, 200);
    assert_eq!(server.query("vector(2)")[0]["value"][1], "2");
    tell(&cluster, "start");
    server.wait_for("the dashboard", |server| {
        (server.get("/api/dashboards/uid/kept").0 == 200).then_some(())
    });
    server.wait_for("the end of the notice", |server| {
        (!notice(server)).then_some(())
    });
    assert_eq!(server.stop(), Some(0));
}
