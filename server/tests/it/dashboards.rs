//! Dashboards and logins of the real program.

use crate::process::{Server, agent, folder, program};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;

/// Status, cookie and body of a POST of JSON.
pub(crate) fn post(
    server: &Server,
    path: &str,
    cookie: &str,
    body: &Value,
) -> (u16, String, Value) {
    let mut request = agent()
        .post(format!("{}{path}", server.url))
        .header("content-type", "application/json")
        .header("x-requested-with", "test");
    if !cookie.is_empty() {
        request = request.header("cookie", cookie);
    }
    let mut response = request.send(body.to_string()).unwrap();
    let status = response.status().as_u16();
    let cookie = response.headers().get("set-cookie");
    let cookie = cookie.map(|cookie| {
        cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    });
    let text = response.body_mut().read_to_string().unwrap();
    let json = serde_json::from_str(&text).unwrap_or(Value::String(text));
    (status, cookie.unwrap_or_default(), json)
}

/// Status and body of a request with any method, redirects not followed.
fn raw(server: &Server, method: &str, path: &str) -> (u16, String) {
    let host = server.url.strip_prefix("http://").unwrap();
    let mut connection = TcpStream::connect(host).unwrap();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{{}}"
    );
    connection.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
    (status, answer)
}

fn get_with(server: &Server, path: &str, cookie: &str) -> u16 {
    let request = agent().get(format!("{}{path}", server.url));
    request
        .header("cookie", cookie)
        .call()
        .unwrap()
        .status()
        .as_u16()
}

#[test]
fn dashboard_saved_over_http_is_there_after_a_restart_and_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), None);
    assert!(
        !server.log.contains("password"),
        "nobody needs a login here:\n{}",
        server.log
    );
    let body = json!({"message": "made", "dashboard":
        {"uid": "kept", "title": "Kept", "panels": [], "unknown": {"key": [1, null]}}});
    let (status, _, saved) = post(&server, "/api/dashboards/db", "", &body);
    assert_eq!((status, &saved["version"]), (200, &json!(1)), "{saved}");
    assert_eq!(server.stop(), Some(0));
    assert!(folder.path().join("data/metadata.db").is_file());
    let server = Server::start(folder.path(), None);
    let found = server.json("/api/dashboards/uid/kept");
    assert_eq!(found["dashboard"]["unknown"], json!({"key": [1, null]}));
    assert_eq!(found["meta"]["createdBy"], "local");
    let (status, _, _) = post(
        &server,
        "/api/dashboards/db",
        "",
        &json!({"dashboard": {"uid": "kept", "title": "Changed", "version": 1}}),
    );
    assert_eq!(status, 200);
    server.kill();
    let server = Server::start(folder.path(), None);
    assert_eq!(
        server.json("/api/dashboards/uid/kept")["dashboard"]["title"],
        "Changed"
    );
    let proxied = server.json("/api/datasources/proxy/uid/watchfire/api/v1/query?query=1%2B1");
    assert_eq!(proxied["data"]["result"][1], "2", "{proxied}");
    let panel = json!({"from": "now-5m", "to": "now", "queries": [
        {"refId": "A", "expr": "vector(3)", "instant": true, "datasource": {"uid": "watchfire"}},
        {"refId": "B", "expr": "sum(", "datasource": {"uid": "watchfire"}}]});
    let (status, _, frames) = post(&server, "/api/ds/query", "", &panel);
    assert_eq!(status, 200, "{frames}");
    let first = &frames["results"]["A"]["frames"][0];
    assert_eq!(first["data"]["values"][1], json!([3.0]), "{frames}");
    let error = frames["results"]["B"]["error"].as_str().unwrap();
    assert!(error.contains("parse error"), "{frames}");
    let values = server.json("/api/datasources/uid/watchfire/resources/api/v1/label/job/values");
    assert_eq!(values["status"], "success", "{values}");
}

#[test]
fn every_line_of_the_table_is_a_route_of_the_running_server() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), None);
    for (methods, route, _) in api::TABLE {
        let path: Vec<&str> = route
            .split('/')
            .map(|part| match part {
                "{*path}" => "api/v1/nothing",
                part if part.starts_with('{') => "7",
                part => part,
            })
            .collect();
        let path = path.join("/");
        for method in methods.split(' ') {
            // Those would end the server, wait for a body of protobuf or never end.
            let is_special = ["/-/quit", "/api/v1/write", "/api/v1/notifications/live"];
            if is_special.contains(route) {
                continue;
            }
            let (status, body) = raw(&server, method, &path);
            assert!(
                !body.contains("There is no such page")
                    && !body.contains("nobody may use this address"),
                "{method} {path}: {status} {body}"
            );
            assert_ne!(status, 405, "{method} {path}: {body}");
        }
    }
    // What is on the pages is allowed too.
    for path in ["/graph", "/targets", "/favicon.svg", "/nowhere"] {
        let (status, body) = server.get(path);
        assert!(matches!(status, 200 | 404), "{path} {status} {body}");
    }
}

#[test]
fn with_auth_required_the_first_administrator_logs_in_with_the_password_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(folder.path(), None, &["--auth.required"]);
    let (_, rest) = server
        .log
        .split_once("password=")
        .expect("the password of the first start");
    let password: String = rest
        .chars()
        .take_while(|letter| !letter.is_whitespace())
        .collect();
    let password = password.trim_matches('"');
    assert_eq!(server.get("/-/healthy").0, 200);
    for path in [
        "/api/v1/query?query=1",
        "/metrics",
        "/api/search",
        "/federate",
        "/api/v1/status/config",
    ] {
        assert_eq!(server.get(path).0, 401, "{path}");
    }
    let words = json!({"user": "admin", "password": password});
    let (status, cookie, body) = post(&server, "/login", "", &words);
    assert_eq!(status, 200, "{body}");
    assert_eq!(get_with(&server, "/api/v1/query?query=1", &cookie), 200);
    assert_eq!(get_with(&server, "/metrics", &cookie), 200);
    let body = json!({"dashboard": {"title": "By admin", "panels": []}});
    assert_eq!(post(&server, "/api/dashboards/db", &cookie, &body).0, 200);
    assert_eq!(post(&server, "/api/dashboards/db", "", &body).0, 401);
    let flags = get_with(&server, "/api/v1/status/flags", &cookie);
    assert_eq!(flags, 200);
    server.stop();
    let server = Server::start_with(folder.path(), None, &["--auth.required"]);
    assert!(
        !server.log.contains("password="),
        "told once:\n{}",
        server.log
    );
    assert_eq!(
        get_with(&server, "/api/user", &cookie),
        200,
        "sessions outlive a restart"
    );
}

#[test]
fn metadata_at_an_address_that_is_none_end_the_start() {
    let folder = tempfile::tempdir().unwrap();
    for url in ["mysql://u:canary@h/d", "postgres://u:canary@h:port/d"] {
        let mut child = program()
            .current_dir(folder.path())
            .args([
                "--web.listen-address=127.0.0.1:0",
                &format!("--metadata.url={url}"),
            ])
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = String::new();
        child
            .stderr
            .take()
            .unwrap()
            .read_to_string(&mut log)
            .unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(2), "{log}");
        assert!(
            log.contains("metadata.url") && !log.contains("canary"),
            "{log}"
        );
    }
}

#[test]
fn metadata_that_cannot_be_opened_leave_everything_else_and_are_opened_when_they_can_be() {
    let (folder, file) = folder("scrape_configs:\n- job_name: itself\n  scrape_interval: 1s\n");
    let blocked = folder.path().join("blocked");
    std::fs::write(&blocked, "").unwrap();
    let flags = ["--metadata.url=sqlite:blocked/metadata.db"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    assert!(
        server.log.contains("see that the folder is writable"),
        "{}",
        server.log
    );
    assert_eq!(server.get("/-/ready").0, 200);
    let up = server.wait_for("an answer", |server| {
        let found = server.query("vector(1)");
        (found != json!([])).then_some(found)
    });
    assert_eq!(up[0]["value"][1], "1");
    assert_eq!(server.get("/graph").0, 200);
    let (status, body) = server.get("/api/dashboards/uid/kept");
    assert_eq!(status, 503, "{body}");
    assert!(body.contains("cannot be reached"), "{body}");
    let notices = server.json("/api/v1/notifications")["data"].to_string();
    assert!(notices.contains("cannot be reached"), "{notices}");
    assert_eq!(server.get("/api/health").0, 503);
    std::fs::remove_file(&blocked).unwrap();
    server.wait_for("the metadata", |server| {
        (server.get("/api/health").0 == 200).then_some(())
    });
    let body = json!({"dashboard": {"uid": "late", "title": "Late", "panels": []}});
    assert_eq!(post(&server, "/api/dashboards/db", "", &body).0, 200);
    let notices = server.json("/api/v1/notifications")["data"].to_string();
    assert!(!notices.contains("cannot be reached"), "{notices}");
    assert_eq!(server.stop(), Some(0));
}
