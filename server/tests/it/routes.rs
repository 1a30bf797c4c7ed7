//! Every route of the API that scraping alone does not show: what is pushed, federated, deleted, told.
//!
//! One server answers all checks of a test, because each start of one takes time.

use crate::exporter::Exporter;
use crate::process::{Server, agent, encode, folder};
use clock::{Clock, SystemClock};
use remote::encode::{Series, WriteRequest};
use serde_json::{Value, json};

const FLAGS: [&str; 3] = [
    "--web.enable-remote-write-receiver",
    "--web.enable-admin-api",
    "--web.cors.origin=https://(.*)\\.example",
];

/// A server with pushed series, and the time of their newest samples in milliseconds.
fn pushed() -> (tempfile::TempDir, Server, i64) {
    let config = "global:\n  external_labels: {region: eu, job: outside}\n";
    let (folder, file) = folder(config);
    let server = Server::start_with(folder.path(), Some(&file), &FLAGS);
    let now = SystemClock.now().0 / 1000 * 1000 - 10_000;
    let series = |name: &'static str, code: &'static str| {
        Series::new([("__name__", name), ("code", code), ("job", "pushed")])
    };
    let request = WriteRequest::new()
        .series(
            series("requests_total", "200")
                .sample(now - 60_000, 1.0)
                .sample(now, 4.0)
                .exemplar(now, 0.5, [("trace_id", "abc")]),
        )
        .series(series("requests_total", "500").sample(now, 2.5))
        .series(
            series("ended", "1")
                .sample(now - 1000, 1.0)
                .sample(now, model::stale_nan()),
        )
        .series(series("old", "1").sample(now - 400_000, 1.0));
    server.push(&request);
    (folder, server, now)
}

fn seconds(millis: i64) -> String {
    (millis / 1000).to_string()
}

#[test]
fn pushed_series_are_queried_federated_described_and_deleted() {
    let (folder, server, now) = pushed();
    federates(&server, now);
    gives_exemplars(&server, now);
    tells_statistics(&server, now);
    tells_status(&server);
    negotiates(&server);
    formats_and_parses(&server);
    explains(&server, now);
    snapshots_and_deletes(&server, folder.path(), now);
}

fn federates(server: &Server, now: i64) {
    let (status, page) =
        server.get("/federate?match[]=requests_total&match[]=%7Bjob=%22pushed%22%7D");
    assert_eq!(status, 200, "{page}");
    assert_eq!(
        page,
        format!(
            "# TYPE requests_total untyped\n\
             requests_total{{code=\"200\",job=\"pushed\",region=\"eu\",instance=\"\"}} 4 {now}\n\
             requests_total{{code=\"500\",job=\"pushed\",region=\"eu\",instance=\"\"}} 2.5 {now}\n"
        ),
        "ended series and those older than the lookback are not federated"
    );
    assert_eq!(server.get("/federate"), (200, String::new()));
    let (status, error) = server.get("/federate?match[]=up(");
    assert_eq!(status, 400);
    assert!(error.starts_with("1:3: parse error: "), "{error}");
    let response = agent()
        .get(format!("{}/federate", server.url))
        .call()
        .unwrap();
    let kind = &response.headers()["content-type"];
    assert_eq!(kind, "text/plain; version=0.0.4; charset=utf-8");
}

fn gives_exemplars(server: &Server, now: i64) {
    let time = seconds(now);
    let around = format!("start={}&end={}", seconds(now - 1000), seconds(now + 1000));
    let query = encode("rate(requests_total[5m]) / other");
    let (_, body) = server.get(&format!("/api/v1/query_exemplars?query={query}&{around}"));
    assert_eq!(
        body,
        format!(
            r#"{{"status":"success","data":[{{"seriesLabels":{{"__name__":"requests_total","code":"200","job":"pushed"}},"exemplars":[{{"labels":{{"trace_id":"abc"}},"value":"0.5","timestamp":{time}}}]}}]}}"#
        )
    );
    let all = server.json("/api/v1/query_exemplars?query=requests_total");
    assert_eq!(
        all["data"].as_array().unwrap().len(),
        1,
        "without times all"
    );
    let other = server.json("/api/v1/query_exemplars?query=requests_total&end=5");
    assert_eq!(other["data"], json!([]));
    let nothing = server.get("/api/v1/query_exemplars?query=1");
    assert_eq!(nothing, (204, String::new()), "no selector, no data");
}

fn tells_statistics(server: &Server, now: i64) {
    let time = seconds(now);
    let path = format!("/api/v1/query?query=requests_total&time={time}&stats=all");
    let answer = server.json(&path);
    let stats = &answer["data"]["stats"];
    assert_eq!(stats["samples"]["totalQueryableSamples"], 2, "{answer}");
    assert!(stats["samples"]["peakSamples"].as_u64().unwrap() >= 2);
    for name in [
        "evalTotalTime",
        "resultSortTime",
        "queryPreparationTime",
        "innerEvalTime",
        "execQueueTime",
        "execTotalTime",
    ] {
        assert!(
            stats["timings"][name].as_f64().unwrap() >= 0.0,
            "{name}: {stats}"
        );
    }
    assert!(answer.get("warnings").is_none());
    let per_step = &stats["samples"]["totalQueryableSamplesPerStep"];
    assert_eq!(*per_step, json!([[now / 1000, 2]]), "{per_step}");
    let other = server.json(&path.replace("stats=all", "stats=yes"));
    assert!(
        other["warnings"][0]
            .as_str()
            .unwrap()
            .contains("deprecated")
    );
    let with = |more: &str| {
        let path = format!("/api/v1/query?query=old&time={time}{more}");
        server.json(&path)["data"]["result"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!((with(""), with("&lookback_delta=10m")), (0, 1));
    let limited = server.json(&format!(
        "/api/v1/query?query=requests_total&time={time}&limit=1"
    ));
    assert_eq!(limited["data"]["result"].as_array().unwrap().len(), 1);
    assert_eq!(
        limited["warnings"],
        json!(["results truncated due to limit"])
    );
    let noted = server.json(&format!("/api/v1/query?query=rate(old[1h])&time={time}"));
    assert!(noted["infos"].is_null(), "one sample is no rate: {noted}");
    let noted = server.json(&format!(
        "/api/v1/query?query=quantile(2,requests_total)&time={time}"
    ));
    let warning = noted["warnings"][0].as_str().unwrap();
    assert_eq!(
        warning,
        "PromQL warning: quantile value should be between 0 and 1, got 2 (1:10)"
    );
}

fn tells_status(server: &Server) {
    let data = |path: &str| server.json(&format!("/api/v1/status/{path}"))["data"].clone();
    let tsdb = data("tsdb");
    assert_eq!(tsdb["headStats"]["numSeries"], 4, "{tsdb}");
    let metrics = &tsdb["seriesCountByMetricName"];
    assert_eq!(metrics[0], json!({"name": "requests_total", "value": 2}));
    assert_eq!(
        data("tsdb?limit=1")["seriesCountByMetricName"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let pair = json!({"name": "job=pushed", "value": 4});
    assert!(
        tsdb["seriesCountByLabelValuePair"]
            .as_array()
            .unwrap()
            .contains(&pair),
        "{tsdb}"
    );
    assert_eq!(server.get("/api/v1/status/tsdb?limit=0").0, 400);
    assert_eq!(data("tsdb/blocks"), json!({"blocks": []}));
    let replay = data("walreplay");
    assert!(
        ["min", "max", "current"]
            .iter()
            .all(|name| replay[name].is_u64()),
        "{replay}"
    );
    let yaml = data("config")["yaml"].as_str().unwrap().to_owned();
    assert!(yaml.contains("region: eu"), "{yaml}");
    let flags = data("flags");
    assert_eq!(flags["web.cors.origin"], "https://(.*)\\.example");
    assert_eq!(flags["web.enable-admin-api"], "true");
    assert!(data("runtimeinfo")["startTime"].is_string());
    assert_eq!(server.get("/version").0, 200);
}

fn negotiates(server: &Server) {
    let url = format!("{}/api/v1/label/__name__/values", server.url);
    for encoding in ["gzip", "deflate", "zstd"] {
        let response = agent()
            .get(&url)
            .header("accept-encoding", encoding)
            .call()
            .unwrap();
        let got = response.headers().get("content-encoding");
        assert_eq!(got.map(|value| value.to_str().unwrap()), Some(encoding));
    }
    let status = |accept: &str| {
        let response = agent().get(&url).header("accept", accept).call().unwrap();
        response.status().as_u16()
    };
    assert_eq!(
        (status("text/html"), status("text/html, */*;q=0.1")),
        (406, 200)
    );
    let allowed = |origin: &str| {
        let response = agent().get(&url).header("origin", origin).call().unwrap();
        let value = response.headers().get("access-control-allow-origin");
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    let origin = "https://good.example";
    assert_eq!(allowed(origin).as_deref(), Some(origin));
    assert_eq!(allowed("https://bad.example.com"), None);
}

fn formats_and_parses(server: &Server) {
    let form = [("query", "sum(requests_total)by(code)")];
    let (_, body) = server.post("/api/v1/format_query", &form);
    assert_eq!(
        body,
        r#"{"status":"success","data":"sum by (code) (requests_total)"}"#
    );
    let (_, body) = server.post("/api/v1/parse_query", &form);
    let tree: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(tree["data"]["type"], "aggregation");
    assert_eq!(tree["data"]["grouping"], json!(["code"]));
    assert_eq!(tree["data"]["expr"]["name"], "requests_total");
    let (status, body) = server.post("/api/v1/parse_query", &[("query", "sum(")]);
    assert_eq!(status, 400);
    assert!(body.contains("parse error"), "{body}");
}

fn explains(server: &Server, now: i64) {
    let time = seconds(now);
    let form = [("query", "sum(requests_total) > 2"), ("time", &time)];
    let (status, body) = server.post("/api/watchfire/explain", &form);
    assert_eq!(status, 200, "{body}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    let (data, plan) = (&answer["data"], &answer["data"]["plan"]);
    assert_eq!(
        (&data["resultType"], &data["series"]),
        (&"vector".into(), &1.into()),
        "{body}"
    );
    assert_eq!(data["totalQueryableSamples"], 2, "{body}");
    assert_eq!(
        (&plan["kind"], &plan["seriesOut"]),
        (&"binary".into(), &1.into()),
        "{body}"
    );
    let sum = &plan["children"][0];
    assert_eq!(
        (&sum["kind"], &sum["text"]),
        (&"aggregate".into(), &"sum(requests_total)".into())
    );
    assert_eq!((&sum["start"], &sum["end"]), (&0.into(), &19.into()));
    assert!(sum["totalTime"].as_f64().unwrap() >= 0.0, "{body}");
    assert_eq!(sum["children"][0]["seriesOut"], 2, "{body}");
    let range = format!("query=requests_total&start={time}&end={time}&step=1");
    let ranged = server.json(&format!("/api/watchfire/explain?{range}"));
    assert_eq!(ranged["data"]["resultType"], "matrix", "{ranged}");
    let (status, body) = server.get("/api/watchfire/explain?query=up[5m]&start=1&end=2&step=1");
    assert_eq!(
        (status, body.contains("invalid expression type")),
        (400, true),
        "{body}"
    );
    let (status, body) = server.get("/api/watchfire/explain?query=sum(");
    assert_eq!(
        (status, body.contains("parse error")),
        (400, true),
        "{body}"
    );
}

fn snapshots_and_deletes(server: &Server, folder: &std::path::Path, now: i64) {
    let admin = |call: &str, form: &[(&str, &str)]| {
        server.post(&format!("/api/v1/admin/tsdb/{call}"), form)
    };
    let (status, body) = admin("snapshot", &[]);
    assert_eq!(status, 200, "{body}");
    let answer: Value = serde_json::from_str(&body).unwrap();
    let name = answer["data"]["name"].as_str().unwrap();
    assert!(folder.join("data/snapshots").join(name).is_dir(), "{name}");
    assert_eq!(admin("snapshot?skip_head=maybe", &[]).0, 400);
    let (status, body) = admin("delete_series", &[]);
    assert_eq!(
        (status, body.contains("no match[] parameter provided")),
        (400, true)
    );
    let deleted = admin(
        "delete_series",
        &[("match[]", "requests_total{code=\"500\"}")],
    );
    assert_eq!(deleted, (204, String::new()));
    assert_eq!(admin("clean_tombstones", &[]), (204, String::new()));
    let path = format!("/api/v1/query?query=requests_total&time={}", seconds(now));
    let left = server.json(&path)["data"]["result"].clone();
    assert_eq!(left.as_array().unwrap().len(), 1, "{left}");
    assert_eq!(left[0]["metric"]["code"], "200");
}

#[test]
fn what_is_off_is_refused_and_targets_describe_their_metrics() {
    let exporter =
        Exporter::serve("# HELP a_total Help.\n# TYPE a_total counter\na_total 1\nb 2\n");
    let (folder, file) = folder(&exporter.config());
    let server = Server::start(folder.path(), Some(&file));
    server.scraped();
    let (status, body) = server.post("/api/v1/admin/tsdb/clean_tombstones", &[]);
    assert_eq!(status, 500);
    assert!(
        body.contains("\"unavailable\"") && body.contains("admin APIs disabled"),
        "{body}"
    );
    let (status, body) = server.post("/api/v1/write", &[]);
    assert_eq!(status, 404);
    assert!(
        body.contains("--web.enable-remote-write-receiver"),
        "{body}"
    );
    let target = json!({"instance": exporter.address, "job": "test"});
    let told = json!({"target": target, "type": "counter", "help": "Help.", "unit": ""});
    let path = "/api/v1/targets/metadata?metric=a_total";
    assert_eq!(server.json(path)["data"], json!([told]));
    let path = "/api/v1/targets/metadata?match_target=%7Bjob=%22test%22%7D";
    let all = server.json(path)["data"].clone();
    assert_eq!(
        (&all[0]["metric"], &all[0]["target"]),
        (&json!("a_total"), &target)
    );
    for none in ["match_target=%7Bjob=%22x%22%7D", "metric=nope", "limit=0"] {
        let path = format!("/api/v1/targets/metadata?{none}");
        assert_eq!(server.json(&path)["data"], json!([]), "{none}");
    }
    let any = agent().get(format!("{}/api/v1/labels", server.url));
    let answer = any.header("origin", "http://x").call().unwrap();
    assert_eq!(answer.headers()["access-control-allow-origin"], "*");
}

#[test]
fn features_and_own_metrics_are_listed() {
    let (folder, file) = folder("");
    let flags = [
        "--enable-feature=promql-experimental-functions,concurrent-rule-eval",
        "--web.enable-lifecycle",
    ];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let features = server.json("/api/v1/features")["data"].clone();
    for (category, feature, is_on) in [
        ("api", "admin", false),
        ("api", "lifecycle", true),
        ("prometheus", "server_mode", true),
        ("promql", "anchored", false),
        ("promql_functions", "rate", true),
        ("promql_functions", "sort_by_label", true),
        ("promql_operators", "limitk", true),
        ("rules", "concurrent_rule_eval", true),
        ("service_discovery_providers", "dns", true),
        ("templating_functions", "humanize", true),
    ] {
        assert_eq!(features[category][feature], is_on, "{category} {feature}");
    }
    assert!(features["promql_functions"].as_object().unwrap().len() >= 90);
    let own = |pattern: &str| {
        let path = format!("/api/v1/status/self_metrics?metric_name_pattern={pattern}");
        server.json(&path)["data"].clone()
    };
    let found = own("prometheus_build_.*");
    assert_eq!(found[0]["name"], "prometheus_build_info");
    assert_eq!(found[0]["type"], "GAUGE");
    assert_eq!(found[0]["metric"][0]["gauge"]["value"].as_f64(), Some(1.0));
    assert_eq!(
        own("build_info"),
        serde_json::json!([]),
        "the whole name counts"
    );
    assert!(own("").as_array().unwrap().len() > 50);
    let wrong = "/api/v1/status/self_metrics?metric_name_pattern=(";
    assert_eq!(server.get(wrong).0, 400);
}
