//! Answers to the letter.

use crate::exporter::Exporter;
use crate::process::{Server, folder, get};

const PAGE: &str = "# HELP requests_total Requests.\n# TYPE requests_total counter\nrequests_total{code=\"200\"} 5\nrequests_total{code=\"500\"} 0.25\n";

fn server() -> (tempfile::TempDir, Server, String) {
    let exporter = Exporter::serve(PAGE);
    let (folder, file) = folder(&exporter.config());
    let server = Server::start(folder.path(), Some(&file));
    server.scraped();
    (folder, server, exporter.address)
}

#[test]
fn queries_answer_in_prometheus_words() {
    let (_folder, server, address) = server();
    let (status, body) = server.get("/api/v1/query?query=1.5&time=1435781451.781");
    assert_eq!(status, 200);
    assert_eq!(
        body,
        r#"{"status":"success","data":{"resultType":"scalar","result":[1435781451.781,"1.5"]}}"#
    );
    let (_, body) = server.get("/api/v1/query?query=%22x%22&time=5");
    assert_eq!(
        body,
        r#"{"status":"success","data":{"resultType":"string","result":[5,"x"]}}"#
    );
    let (_, body) = server.get("/api/v1/query?query=nothing&time=5");
    assert_eq!(
        body,
        r#"{"status":"success","data":{"resultType":"vector","result":[]}}"#
    );
    let (_, body) = server.get("/api/v1/query_range?query=2*3&start=10&end=20.5&step=10");
    assert_eq!(
        body,
        r#"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[10,"6"],[20,"6"]]}]}}"#
    );
    let result = server.query("requests_total");
    let labels = serde_json::json!({
        "__name__": "requests_total", "code": "200", "instance": address, "job": "test"
    });
    assert_eq!(result[0]["metric"], labels);
    assert_eq!(result[0]["value"][1], "5");
    assert_eq!(result[1]["value"][1], "0.25");
    let sum = server.query("sum by (job) (requests_total)");
    assert_eq!(sum[0]["metric"], serde_json::json!({"job": "test"}));
    assert_eq!(sum[0]["value"][1], "5.25");
}

#[test]
fn wrong_requests_answer_400_and_say_what_is_wrong() {
    let (_folder, server, _) = server();
    for (path, message) in [
        (
            "query?query=sum(up",
            r#"invalid parameter "query": 1:7: parse error: "#,
        ),
        (
            "query?query=up%20%3D%3D%3D%20up",
            r#"invalid parameter "query": 1:6: parse error: "#,
        ),
        ("query", r#"invalid parameter "query": "#),
        (
            "query?query=up&time=abc",
            r#"invalid parameter "time": invalid time value for 'time': cannot parse "abc" to a valid timestamp"#,
        ),
        (
            "query_range?query=up&start=2&end=1&step=1",
            r#"invalid parameter "end": end timestamp must not be before start time"#,
        ),
        (
            "query_range?query=up&start=1&end=2&step=0",
            r#"invalid parameter "step": zero or negative query resolution"#,
        ),
        (
            "query_range?query=up&start=0&end=20000&step=1",
            "exceeded maximum resolution of 11,000 points per timeseries.",
        ),
        (
            "query_range?query=up[5m]&start=0&end=1&step=1",
            r#"invalid parameter "query": invalid expression type "range vector" for range query"#,
        ),
        ("series", "no match[] parameter provided"),
        ("series?match[]={job=~%22.*%22}", ""),
        ("labels?limit=-1", r#"invalid parameter "limit": "#),
        ("label/x/values?match[]=%7B", "1:2: parse error: "),
        (
            "series?match[]=%7B",
            r#"invalid parameter "match[]": 1:2: parse error: "#,
        ),
        (
            "labels?match[]=%7B%7D",
            "match[] must contain at least one non-empty matcher",
        ),
        (
            "query?query=up&lookback_delta=x",
            r#"error parsing lookback delta duration: cannot parse "x" to a valid duration"#,
        ),
        ("query_exemplars?query=up(", "1:4: parse error: "),
        (
            "query_exemplars?query=up&start=2&end=1",
            "end timestamp must not be before start timestamp",
        ),
        ("metadata?limit=x", "limit must be a number"),
        ("targets/metadata?limit=x", "limit must be a number"),
        (
            "targets/metadata?match_target=up(",
            r#"invalid parameter "match_target": "#,
        ),
    ] {
        let (status, body) = server.get(&format!("/api/v1/{path}"));
        assert_eq!(status, 400, "{path}: {body}");
        let answer: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert_eq!(answer["status"], "error", "{path}");
        assert_eq!(answer["errorType"], "bad_data", "{path}");
        let error = answer["error"].as_str().unwrap();
        assert!(error.starts_with(message), "{path}: {error}");
    }
    let (status, body) = server.get("/api/v1/nothing");
    assert_eq!((status, body.contains("not_found")), (404, true));
}

#[test]
fn label_questions_answer_from_what_was_scraped() {
    let (_folder, server, address) = server();
    let data = |path: &str| server.json(path)["data"].clone();
    let names = data("/api/v1/labels?match[]=requests_total");
    assert_eq!(
        names,
        serde_json::json!(["__name__", "code", "instance", "job"])
    );
    assert_eq!(
        data("/api/v1/label/code/values"),
        serde_json::json!(["200", "500"])
    );
    assert_eq!(
        data("/api/v1/label/instance/values"),
        serde_json::json!([address])
    );
    let series = data("/api/v1/series?match[]=requests_total%7Bcode%3D%22500%22%7D");
    assert_eq!(series.as_array().unwrap().len(), 1);
    assert_eq!(series[0]["code"], "500");
    let limited = server.json("/api/v1/label/code/values?limit=1");
    assert_eq!(limited["data"], serde_json::json!(["200"]));
    assert_eq!(
        limited["warnings"],
        serde_json::json!(["results truncated due to limit"])
    );
}

#[test]
fn status_health_and_metrics_are_there() {
    let (_folder, server, address) = server();
    assert_eq!(server.get("/-/healthy").0, 200);
    assert_eq!(server.get("/-/ready").0, 200);
    let build = server.json("/api/v1/status/buildinfo");
    assert_eq!(build["data"]["version"], env!("CARGO_PKG_VERSION"));
    let runtime = server.json("/api/v1/status/runtimeinfo");
    assert_eq!(runtime["data"]["storageRetention"], "15d");
    assert!(runtime["data"]["goroutineCount"].as_u64().unwrap() > 0);
    let (_, page) = server.get("/metrics");
    for name in [
        "prometheus_tsdb_head_series ",
        "process_resident_memory_bytes ",
        "prometheus_build_info{",
    ] {
        assert!(
            page.lines().any(|line| line.starts_with(name)),
            "{name} is not in\n{page}"
        );
    }
    let targets = server.json("/api/v1/targets");
    let target = &targets["data"]["activeTargets"][0];
    assert_eq!(
        target["labels"],
        serde_json::json!({"instance": address, "job": "test"})
    );
    assert_eq!(target["discoveredLabels"]["__address__"], address);
    assert_eq!(target["scrapeUrl"], format!("http://{address}/metrics"));
    assert_eq!(
        (&target["health"], &target["lastError"]),
        (&"up".into(), &"".into())
    );
    assert_eq!(
        (&target["scrapeInterval"], &target["scrapeTimeout"]),
        (&"250ms".into(), &"250ms".into())
    );
    assert_eq!(targets["data"]["droppedTargets"], serde_json::json!([]));
    assert_eq!(
        targets["data"]["droppedTargetCounts"],
        serde_json::json!({"test": 0})
    );
    let metadata = server.json("/api/v1/metadata?metric=requests_total");
    let told = serde_json::json!({"type": "counter", "help": "Requests.", "unit": ""});
    assert_eq!(
        metadata["data"],
        serde_json::json!({"requests_total": [told]})
    );
}

#[test]
fn without_configuration_the_server_scrapes_itself_and_this_machine() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start(folder.path(), None);
    let targets = server.scraped();
    let jobs: Vec<_> = targets
        .iter()
        .map(|target| target["scrapePool"].as_str().unwrap())
        .collect();
    assert_eq!(jobs, ["node", "watchfire"]);
    for target in &targets {
        assert_eq!(target["health"], "up", "{target}");
    }
    for metric in [
        "node_cpu_seconds_total",
        "node_memory_MemTotal_bytes",
        "node_load1",
        "node_filesystem_size_bytes",
        "node_network_receive_bytes_total",
        "node_disk_io_time_seconds_total",
        "prometheus_tsdb_head_series",
    ] {
        assert!(
            !server.query(metric).as_array().unwrap().is_empty(),
            "{metric}"
        );
    }
    assert_eq!(server.stop(), Some(0), "an orderly end");
}

#[test]
fn a_post_with_a_form_is_the_same_call() {
    let (_folder, server, _) = server();
    let mut response = ureq::post(format!("{}/api/v1/query", server.url))
        .send_form([("query", "vector(1)"), ("time", "7")])
        .unwrap();
    let body = response.body_mut().read_to_string().unwrap();
    assert_eq!(
        body,
        r#"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[7,"1"]}]}}"#
    );
}

#[test]
fn pages_answer_with_html_and_unknown_ones_with_404() {
    let (_folder, server, _) = server();
    let (status, page) = get(&format!("{}/graph", server.url));
    assert_eq!(status, 200);
    assert!(page.starts_with("<!DOCTYPE html>"), "{page}");
    let (status, page) = get(&format!("{}/no/such/page", server.url));
    assert_eq!(status, 404);
    assert!(page.contains("</html>"));
}
