//! Queries while they run: noted, logged, bounded, stopped.

use crate::process::{Server, encode, folder};
use serde_json::Value;
use std::io::Write;
use std::net::TcpStream;

/// The path of a range query of many parts, which takes many seconds unless something stops it.
fn slow() -> String {
    let part = |n| format!("quantile_over_time(0.{n:02}, sin(vector(time()))[5m:1s])");
    let parts: Vec<String> = (0..100).map(part).collect();
    format!(
        "/api/v1/query_range?query={}&start=0&end=11000&step=1",
        encode(&parts.join(" + "))
    )
}

/// Sends a request and does not wait for its answer.
fn send(server: &Server, path: &str) -> TcpStream {
    let address = server.url.strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").unwrap();
    stream
}

/// A number of the server's own metrics page.
fn metric(server: &Server, name: &str) -> f64 {
    let (_, page) = server.get("/metrics");
    let line = page.lines().find_map(|line| line.strip_prefix(name));
    let value = line.unwrap_or_else(|| panic!("{name} is not in\n{page}"));
    value.trim().parse().unwrap()
}

fn running(server: &Server) -> f64 {
    metric(server, "prometheus_engine_queries ")
}

#[test]
fn a_query_ends_when_its_client_goes_away() {
    let (folder, file) = folder("");
    let server = Server::start(folder.path(), Some(&file));
    let stream = send(&server, &slow());
    server.wait_for("the query to run", |server| {
        (running(server) == 1.0).then_some(())
    });
    drop(stream);
    server.wait_for("the query to end", |server| {
        (running(server) == 0.0).then_some(())
    });
    assert_eq!(
        server.query("vector(1)")[0]["value"][1],
        "1",
        "the server goes on"
    );
}

#[test]
fn a_query_that_ran_at_a_crash_is_told_at_the_next_start() {
    let (folder, file) = folder("");
    let server = Server::start(folder.path(), Some(&file));
    assert!(!server.log.contains("did not finish"), "{}", server.log);
    let _stream = send(&server, &slow());
    let path = folder.path().join("data/queries.active");
    server.wait_for("the note", |_| {
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(bytes.len(), 20_001, "a slot for each of 20 queries");
        let text = String::from_utf8_lossy(&bytes).into_owned();
        text.contains("quantile_over_time").then_some(())
    });
    server.kill();
    let server = Server::start(folder.path(), Some(&file));
    let warning = server
        .log
        .lines()
        .find(|line| line.contains("did not finish"));
    let warning = warning.unwrap_or_else(|| panic!("no warning in\n{}", server.log));
    assert!(
        warning.contains("level=WARN") && warning.contains("quantile_over_time"),
        "{warning}"
    );
    let bytes = std::fs::read(&path).unwrap();
    assert!(
        bytes[1..].iter().all(|byte| *byte == 0),
        "the next run begins empty"
    );
}

#[test]
fn queries_wait_for_a_seat_and_no_longer_than_their_timeout() {
    let (folder, file) = folder("");
    let flags = [
        "--query.max-concurrency=1",
        "--query.timeout=20s",
        "--query.max-samples=2000000",
    ];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    assert_eq!(
        metric(&server, "prometheus_engine_queries_concurrent_max "),
        1.0
    );
    let (status, body) = server.get(&format!("{}&timeout=100ms", slow()));
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, &answer["errorType"]),
        (503, &"timeout".into()),
        "{body}"
    );
    assert_eq!(answer["error"], "query timed out in expression evaluation");
    let stream = send(&server, &slow());
    server.wait_for("the query to run", |server| {
        (running(server) == 1.0).then_some(())
    });
    let (status, body) = server.get("/api/v1/query?query=1&timeout=100ms");
    let answer: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(
        (status, &answer["errorType"]),
        (503, &"timeout".into()),
        "{body}"
    );
    assert_eq!(answer["error"], "query timed out in query queue");
    drop(stream);
    assert_eq!(
        server.get("/api/v1/query?query=1").0,
        200,
        "the seat is free again"
    );
    let many = encode("count_over_time(vector(1)[10h:10ms])");
    let (status, body) = server.get(&format!("/api/v1/query?query={many}"));
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("too many samples"), "{body}");
}

#[test]
fn every_query_is_a_line_of_the_query_log() {
    let (folder, file) = folder("global:\n  query_log_file: queries.log\n");
    let log = folder.path().join("queries.log");
    let server = Server::start(folder.path(), Some(&file));
    assert_eq!(metric(&server, "prometheus_engine_query_log_enabled "), 1.0);
    server.query("vector(1)");
    let range = "/api/v1/query_range?query=vector(2)&start=7&end=11.5&step=1.5";
    assert_eq!(server.get(range).0, 200);
    let bad = encode("label_replace(vector(1), \"a\", \"b\", \"c\", \"(\")");
    assert_eq!(server.get(&format!("/api/v1/query?query={bad}")).0, 422);
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 3, "{text}");
    assert_eq!(lines[0]["params"]["query"], "vector(1)");
    assert_eq!(lines[0]["params"]["start"], lines[0]["params"]["end"]);
    let params = serde_json::json!({
        "query": "vector(2)", "step": 1,
        "start": "1970-01-01T00:00:07.000Z", "end": "1970-01-01T00:00:11.500Z",
    });
    assert_eq!(lines[1]["params"], params);
    let request = serde_json::json!({
        "clientIP": "127.0.0.1", "method": "GET", "path": "/api/v1/query_range",
    });
    assert_eq!(lines[1]["httpRequest"], request);
    assert!(
        lines[1]["stats"]["timings"]["evalTotalTime"].is_f64(),
        "{text}"
    );
    let error = lines[2]["error"].as_str().unwrap();
    assert!(error.starts_with("invalid regular expression"), "{error}");
}
