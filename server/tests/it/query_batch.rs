//! `/api/watchfire/query_batch`: many queries in one request.

use crate::process::{Server, agent, folder};
use api_types::{BatchAnswer, BatchFrame, FrameReader, QueryData, SamplePair};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;

const PATH: &str = "/api/watchfire/query_batch";

fn send(server: &Server, body: &Value) -> (u16, Vec<u8>) {
    let request = agent().post(format!("{}{PATH}", server.url));
    let mut response = request.send(body.to_string()).unwrap();
    let status = response.status().as_u16();
    (status, response.body_mut().read_to_vec().unwrap())
}

/// The frames of a batch, by the place of their first query.
fn frames(server: &Server, queries: &Value) -> Vec<BatchFrame> {
    let (status, body) = send(server, &json!({ "queries": queries }));
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    let mut reader = FrameReader::default();
    reader.push(&body);
    let mut frames: Vec<BatchFrame> = std::iter::from_fn(|| reader.next_frame()).collect();
    frames.sort_by_key(|frame| frame.queries[0]);
    frames
}

fn envelope(frame: &BatchFrame) -> Value {
    match &frame.answer {
        BatchAnswer::Json(text) => serde_json::from_str(text).unwrap(),
        other => panic!("no envelope: {other:?}"),
    }
}

/// How often a text was evaluated.
fn count(server: &Server, text: &str) -> u64 {
    let all = server.json("/api/watchfire/queries?sort=recent");
    let profiles = all["data"]["profiles"].as_array().unwrap();
    let found = profiles.iter().find(|profile| profile["query"] == text);
    found.map_or(0, |profile| profile["count"].as_u64().unwrap())
}

/// An expression that takes long, and differs from those of other numbers.
fn slow(number: usize) -> String {
    let part = |n| format!("quantile_over_time(0.{n:02}, sin(vector(time() + {number}))[5m:1s])");
    (0..100).map(part).collect::<Vec<_>>().join(" + ")
}

#[test]
fn each_query_has_its_answer_and_equal_ones_run_once() {
    let (folder, file) = folder("");
    let server = Server::start(folder.path(), Some(&file));
    let range = |expr: &str| json!({"expr": expr, "from": 60_000, "to": 120_500, "step": 15_000});
    let once = "vector(time()) * 2 + 0.25";
    let asked = json!([
        range(once),
        {"expr": "label_replace(vector(1), \"a\", \"b\", \"\", \"\")", "to": 90_500},
        range("sum("),
        range(once),
        range("\"text\""),
        {"expr": "1", "from": 2, "to": 1, "step": 1},
        {"expr": "1", "from": 1, "to": 2, "step": 0},
        {"expr": "7", "to": 1500},
        range(once),
    ]);
    let frames = frames(&server, &asked);
    let places: Vec<_> = frames.iter().map(|frame| frame.queries.clone()).collect();
    let wanted: [&[usize]; 7] = [&[0, 3, 8], &[1], &[2], &[4], &[5], &[6], &[7]];
    assert_eq!(places, wanted);
    assert_eq!(count(&server, once), 1, "asked three times, run once");

    let BatchAnswer::Matrix(matrix) = &frames[0].answer else {
        panic!("no matrix: {:?}", frames[0]);
    };
    assert_eq!(matrix.series.len(), 1);
    let times = [60_000.0, 75_000.0, 90_000.0, 105_000.0, 120_000.0];
    assert_eq!(matrix.series[0].times, times);
    let values: Vec<f64> = times.iter().map(|time| time / 500.0 + 0.25).collect();
    assert_eq!(matrix.series[0].values, values);

    // The same as the calls of their own answer.
    let own = server.json(
        "/api/v1/query?query=label_replace(vector(1),%22a%22,%22b%22,%22%22,%22%22)&time=90.5",
    );
    assert_eq!(envelope(&frames[1]), own);
    let own = server.json("/api/v1/query_range?query=sum(&start=60&end=120.5&step=15");
    assert_eq!(envelope(&frames[2]), own);
    let own = server.json("/api/v1/query_range?query=%22text%22&start=60&end=120.5&step=15");
    assert_eq!(envelope(&frames[3]), own);
    let own = server.json("/api/v1/query_range?query=1&start=0.002&end=0.001&step=1");
    assert_eq!(envelope(&frames[4]), own);
    let own = server.json("/api/v1/query_range?query=1&start=0.001&end=0.002&step=0");
    assert_eq!(envelope(&frames[5]), own);
    let data = envelope(&frames[6])["data"].clone();
    let data: QueryData = serde_json::from_value(data).unwrap();
    let lone = SamplePair {
        time: 1.5,
        value: 7.0,
    };
    assert_eq!(data, QueryData::Scalar(lone));
}

#[test]
fn what_is_no_batch_is_refused() {
    let (folder, file) = folder("");
    let server = Server::start(folder.path(), Some(&file));
    let many: Vec<Value> = (0..201).map(|n| json!({"expr": "1", "to": n})).collect();
    for body in [
        json!({"queries": []}),
        json!({ "queries": many }),
        json!({"queries": [{"expr": 1, "to": 1}]}),
        json!({"queries": [{"expr": "1"}]}),
        json!([]),
    ] {
        let (status, answer) = send(&server, &body);
        assert_eq!(status, 400);
        let answer: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(answer["errorType"], "bad_data", "{answer}");
    }
    assert_eq!(server.get(PATH).0, 405);
}

#[test]
fn a_batch_leaves_seats_to_others_and_goes_with_its_connection() {
    let (folder, file) = folder("");
    let flags = ["--query.max-concurrency=2"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let queries: Vec<Value> = (0..4)
        .map(|n| json!({"expr": slow(n), "from": 0, "to": 11_000_000, "step": 1000}))
        .collect();
    let body = json!({ "queries": queries }).to_string();
    let address = server.url.strip_prefix("http://").unwrap().to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    write!(
        stream,
        "POST {PATH} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    // The head comes before the first answer.
    let mut head = [0; 15];
    stream.read_exact(&mut head).unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    let running = |server: &Server| {
        let all = server.json("/api/watchfire/queries");
        all["data"]["running"].as_array().unwrap().clone()
    };
    let first = server.wait_for("a query of the batch", |server| {
        let running = running(server);
        running.iter().find(|one| one["waiting"] == false).cloned()
    });
    assert_eq!(first["path"], PATH);
    // One of two seats, and nobody of the batch waits for the other.
    assert_eq!(running(&server).len(), 1);
    assert_eq!(server.query("vector(1)")[0]["value"][1], "1");
    drop(stream);
    server.wait_for("the batch to end", |server| {
        running(server).is_empty().then_some(())
    });
    // What had not begun never began.
    assert_eq!(count(&server, &slow(3)), 0);
}

#[test]
fn whoever_may_not_query_gets_no_batch() {
    let (folder, _) = folder("");
    let server = Server::start_with(folder.path(), None, &["--auth.required"]);
    let body = json!({"queries": [{"expr": "1", "to": 1}]});
    assert_eq!(send(&server, &body).0, 401);
    assert_eq!(server.post("/api/v1/query", &[("query", "1")]).0, 401);
}
