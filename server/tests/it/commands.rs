//! Subcommands: what they print and how they end.

use crate::process::{Server, folder, program};
use clock::{Clock, SystemClock};
use remote::encode::{Series, WriteRequest};
use std::path::Path;

/// Exit status, standard output, standard error.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = program()
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[test]
fn query_asks_a_server_and_prints_as_promtool_does() {
    let (folder, file) = folder("");
    let flags = ["--web.enable-remote-write-receiver"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let now = SystemClock.now().0 / 1000 - 60;
    let series = Series::new([("__name__", "m"), ("a", "x")]);
    let series = series
        .sample(now * 1000 - 10_000, 1.5)
        .sample(now * 1000, 2.0);
    server.push(&WriteRequest::new().series(series));
    let ok = |arguments: &[&str]| {
        let (status, out, error) = run(folder.path(), arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {out}{error}");
        out
    };
    let (url, time) = (server.url.as_str(), now.to_string());
    let at = format!("--time={time}");
    assert_eq!(
        ok(&["query", "instant", url, "m * 2", &at]),
        format!("{{a=\"x\"}} => 4 @[{now}]\n")
    );
    let json = ok(&["query", "instant", "-o", "json", url, "1", &at]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json.to_string().contains("\"1\""), "{json}");
    let start = format!("--start={}", now - 10);
    let end = format!("--end={time}");
    assert_eq!(
        ok(&["query", "range", url, "m", &start, &end, "--step=10s"]),
        format!("m{{a=\"x\"}} =>\n1.5 @[{}]\n2 @[{now}]\n", now - 10)
    );
    let found = ok(&["query", "series", url, "--match=m"]);
    assert!(
        found.contains("m{a=\"x\"}") || found.contains("__name__=\"m\""),
        "{found}"
    );
    assert_eq!(ok(&["query", "labels", url, "a"]).trim(), "x");
    let (status, _, error) = run(folder.path(), &["query", "instant", url, "sum("]);
    assert_eq!(status, Some(1));
    assert!(error.contains("parse error"), "{error}");
    let (status, _, _) = run(folder.path(), &["query", "nonsense"]);
    assert_eq!(status, Some(2));
}

#[test]
fn scripts_that_fail_end_with_status_1_and_say_what_was_expected() {
    let folder = tempfile::tempdir().unwrap();
    let good = "load 10s\n  m{a=\"x\"} 0+1x10\n\neval instant at 50s sum(m)\n  {} 5\n\neval range from 0 to 20s step 10s m\n  m{a=\"x\"} 0 1 2\n";
    std::fs::write(folder.path().join("good.test"), good).unwrap();
    std::fs::write(folder.path().join("bad.test"), good.replace("{} 5", "{} 6")).unwrap();
    let (status, out, _) = run(folder.path(), &["test", "promql", "good.test"]);
    assert_eq!(
        (status, out.lines().last()),
        (Some(0), Some("2 passed, 0 failed")),
        "{out}"
    );
    let (status, out, _) = run(folder.path(), &["test", "promql", "good.test", "bad.test"]);
    assert_eq!(
        (status, out.lines().last()),
        (Some(1), Some("3 passed, 1 failed")),
        "{out}"
    );
    assert!(out.contains("bad.test"), "{out}");
    let (status, _, error) = run(folder.path(), &["test", "promql", "none.test"]);
    assert_eq!((status, error.contains("none.test")), (Some(1), true));
}

#[test]
fn the_data_folder_is_listed_analysed_dumped_and_verified() {
    let (folder, file) = folder("");
    let flags = ["--web.enable-remote-write-receiver"];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    // All in the last whole block of two hours, which is sealed as soon as it is seen.
    let hours = 2 * 3_600_000;
    let start = SystemClock.now().0 / hours * hours - hours;
    let mut series = Series::new([("__name__", "m"), ("a", "x")]);
    for step in 0..100 {
        series = series.sample(start + 60_000 * step, step as f64);
    }
    server.push(&WriteRequest::new().series(series));
    let blocks = server.wait_for("a block", |server| {
        let blocks = server.json("/api/v1/status/tsdb/blocks")["data"]["blocks"].clone();
        (!blocks.as_array().unwrap().is_empty()).then_some(blocks)
    });
    assert_eq!(blocks[0]["stats"]["numSamples"], 100, "{blocks}");
    assert_eq!(blocks[0]["minTime"], start, "{blocks}");
    let block = blocks[0]["ulid"].as_str().unwrap();
    assert_eq!(server.stop(), Some(0));
    let ok = |arguments: &[&str]| {
        let (status, out, error) = run(folder.path(), arguments);
        assert_eq!(status, Some(0), "{arguments:?}: {out}{error}");
        out
    };
    let list = ok(&["tsdb", "list", "data"]);
    let lines: Vec<&str> = list.lines().collect();
    assert!(
        lines[0].starts_with("BLOCK ULID") && lines.len() == 2,
        "{list}"
    );
    assert!(lines[1].starts_with(block), "{list}");
    assert!(ok(&["tsdb", "list", "-r", "data"]).contains("MiB"));
    let analysis = ok(&["tsdb", "analyze", "data", block]);
    assert!(
        analysis.contains("Total Series: 1\n") && analysis.contains("Total Samples: 100\n"),
        "{analysis}"
    );
    let verified = ok(&["tsdb", "verify", "data"]);
    assert!(verified.contains("no damage") && verified.ends_with("1 blocks, 0 damaged\n"));
    let dump = ok(&["tsdb", "dump", "data", "--match=m"]);
    assert_eq!(dump.lines().count(), 100, "{dump}");
    let first = format!("{{__name__=\"m\", a=\"x\"}} 0 {start}");
    assert_eq!(dump.lines().next(), Some(first.as_str()));
    let (status, _, error) = run(folder.path(), &["tsdb", "list", "nowhere"]);
    assert_eq!((status, error.contains("nowhere")), (Some(1), true));
    // One flipped byte in the block's samples is found.
    let damaged = folder.path().join("data/blocks").join(block);
    flip_a_byte_of_the_largest_file(&damaged);
    let (status, out, _) = run(folder.path(), &["tsdb", "verify", "data"]);
    assert_eq!(
        (status, out.contains("1 damaged")),
        (Some(1), true),
        "{out}"
    );
}

fn flip_a_byte_of_the_largest_file(folder: &Path) {
    let files = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let largest = files
        .filter(|path| path.is_file())
        .max_by_key(|path| path.metadata().unwrap().len());
    let path = largest.unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&path, bytes).unwrap();
}

/// Runs with this standard input; exit status, standard output, standard error.
fn run_with(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    use std::io::Write;
    use std::process::Stdio;
    let mut child = program()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code(),
        text(output.stdout),
        text(output.stderr),
    )
}

const HARDLY_MEANT: &str = "# TYPE no_help_total counter\nno_help_total 1\n# HELP a_count h\n# TYPE a_count counter\na_count 1\n# HELP fooBar h\n# TYPE fooBar gauge\nfooBar{aB=\"1\",le=\"2\",quantile=\"1\"} 1\n# HELP a_milliseconds h\n# TYPE a_milliseconds gauge\na_milliseconds 1\n# HELP b_kilobits_total h\n# TYPE b_kilobits_total gauge\nb_kilobits_total 1\n# HELP c_bucket h\n# TYPE c_bucket gauge\nc_bucket 1\n# HELP d_ms h\n# TYPE d_ms gauge\nd_ms 1\n# HELP e_gauge_x h\n# TYPE e_gauge_x gauge\ne_gauge_x 1\n# HELP f:g h\n# TYPE f:g gauge\nf:g 1\nuntyped_total 1\n";
const WELL_MEANT: &str = "# HELP h x\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n# HELP long_name x\n# TYPE long_name gauge\nlong_name{a=\"1\"} 1\nlong_name{a=\"2\"} 1\nlong_name{a=\"3\"} 1\n# HELP aa x\n# TYPE aa gauge\naa 2\n";

#[test]
fn check_metrics_says_what_promtool_says() {
    let (status, out, error) = run_with(&["check", "metrics"], HARDLY_MEANT);
    assert_eq!((status, out.as_str()), (Some(3), ""));
    assert!(error.contains("no_help_total no help text\n"), "{error}");
    let (status, table, _) = run_with(&["check", "metrics", "--extended"], WELL_MEANT);
    assert_eq!(status, Some(0));
    assert!(
        table.contains("h            4              50.00%"),
        "{table}"
    );
    let (status, _, wrong) = run_with(&["check", "metrics"], "a{ 1\n");
    assert_eq!(status, Some(1));
    assert!(wrong.contains("line 1"), "{wrong}");
    let (status, _, _) = run_with(&["check", "metrics", "--lint=none"], WELL_MEANT);
    assert_eq!(status, Some(1), "nothing was asked for");
    if !crate::peers::is_installed("promtool") {
        return;
    }
    let promtool = |arguments: &str, input: &str| {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), input).unwrap();
        let output = std::process::Command::new("promtool")
            .args(arguments.split(' '))
            .stdin(std::fs::File::open(file.path()).unwrap())
            .output()
            .unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (
            output.status.code(),
            text(output.stdout),
            text(output.stderr),
        )
    };
    assert_eq!(promtool("check metrics", HARDLY_MEANT).2, error);
    assert_eq!(promtool("check metrics --extended", WELL_MEANT).1, table);
}

#[test]
fn check_healthy_and_ready_ask_a_server() {
    let (folder, file) = folder("");
    let server = Server::start(folder.path(), Some(&file));
    let url = format!("--url={}", server.url);
    for (what, words) in [("healthy", "is Healthy."), ("ready", "is Ready.")] {
        let (status, out, _) = run(folder.path(), &["check", what, &url]);
        assert_eq!(status, Some(0));
        assert!(
            out.starts_with("  SUCCESS: ") && out.contains(words),
            "{out}"
        );
    }
    drop(server);
    let (status, _, error) = run(folder.path(), &["check", "ready", &url]);
    assert_eq!(status, Some(1));
    assert!(error.starts_with("error: "), "{error}");
}

#[test]
fn a_command_line_of_prometheus_is_taken_as_it_is() {
    let (folder, file) = folder("");
    let flags = [
        "--web.console.templates=/etc/consoles",
        "--web.console.libraries",
        "/etc/console_libraries",
        "--no-storage.tsdb.wal-compression",
        "--no-web.enable-admin-api",
        "--web.max-connections=64",
    ];
    let server = Server::start_with(folder.path(), Some(&file), &flags);
    let flags = server.json("/api/v1/status/flags")["data"].clone();
    assert_eq!(flags["web.console.libraries"], "/etc/console_libraries");
    assert_eq!(flags["storage.tsdb.wal-compression"], "false");
    assert_eq!(flags["web.max-connections"], "64");
    assert_eq!(flags["web.read-timeout"], "5m");
    let told = "msg=\"flag has no effect\" flag=web.console.templates";
    assert!(server.log.contains(told), "{}", server.log);
    assert!(!server.log.contains("flag=web.max-connections"));
}

#[test]
fn check_config_tells_of_jobs_that_queries_will_lose_sight_of() {
    let (folder, _) = folder("scrape_configs: [{job_name: rare, scrape_interval: 10m}]\n");
    let check = |flags: &[&str]| {
        let all = [&["check", "config", "prometheus.yml"], flags].concat();
        let (status, _, error) = run(folder.path(), &all);
        (status, error.contains("job: rare, interval: 10m"))
    };
    assert_eq!(check(&[]), (Some(0), false));
    assert_eq!(check(&["--lint=all"]), (Some(0), true));
    let fatal = ["--lint=too-long-scrape-interval", "--lint-fatal"];
    assert_eq!(check(&fatal), (Some(3), true));
    let longer = [&fatal[..], &["--query.lookback-delta=20m"]].concat();
    assert_eq!(check(&longer), (Some(0), false));
}

#[test]
fn check_service_discovery_shows_labels_before_and_after_relabelling() {
    let folder = tempfile::tempdir().unwrap();
    let targets = r#"[{"targets": ["a:1", "b:2", "bad/x:3"], "labels": {"team": "x"}}]"#;
    std::fs::write(folder.path().join("targets.json"), targets).unwrap();
    let config = "scrape_configs:\n\
        - job_name: found\n  file_sd_configs: [{files: [targets.json]}]\n  \
          relabel_configs: [{source_labels: [__address__], regex: 'b:2', action: drop}]\n\
        - job_name: written\n  static_configs: [{targets: ['c:4']}]\n";
    std::fs::write(folder.path().join("w.yml"), config).unwrap();
    let check = |job: &str| {
        let line = ["check", "service-discovery", "w.yml", job];
        let (status, out, error) = run(folder.path(), &line);
        (status, out, error)
    };
    let (status, out, error) = check("found");
    assert_eq!(status, Some(0), "{error}");
    let found: serde_json::Value = serde_json::from_str(&out).unwrap();
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), 3, "{out}");
    assert_eq!(found[0]["discoveredLabels"]["__address__"], "a:1");
    let labels = serde_json::json!({"instance": "a:1", "job": "found", "team": "x"});
    assert_eq!(found[0]["labels"], labels);
    assert_eq!(found[1]["labels"], serde_json::json!({}), "dropped");
    assert_eq!(found[2]["error"], "`bad/x:3` is not a valid hostname");
    let (_, out, _) = check("written");
    assert!(out.contains("\"instance\": \"c:4\""), "{out}");
    let (status, _, error) = check("other");
    assert_eq!(status, Some(1));
    assert!(
        error.contains("found") && error.contains("written"),
        "{error}"
    );
}
