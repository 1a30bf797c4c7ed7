//! Sending by remote write: two real servers, of which one goes away for a while.

use crate::process::{Server, encode, folder};
use clock::{Clock, SystemClock};
use model::{Histogram, Span};
use remote::encode::{Series, WriteRequest};
use std::path::Path;
use tempfile::TempDir;

const RECEIVES: &str = "--web.enable-remote-write-receiver";

/// A receiver that can be started again at the same address.
struct Receiver {
    folder: TempDir,
    port: u16,
}

impl Receiver {
    fn new() -> (Self, Server) {
        let folder = tempfile::tempdir().unwrap();
        let (port, server) = {
            std::fs::write(folder.path().join("r.yml"), "").unwrap();
            let server = start(folder.path(), "r.yml", &[]);
            let (_, port) = server.url.rsplit_once(':').unwrap();
            (port.parse().unwrap(), server)
        };
        (Self { folder, port }, server)
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}/api/v1/write", self.port)
    }

    /// Listens at the old address too.
    fn again(&self) -> Server {
        let old = format!("--web.listen-address=127.0.0.1:{}", self.port);
        start(self.folder.path(), "r.yml", &[&old])
    }
}

fn start(folder: &Path, file: &str, flags: &[&str]) -> Server {
    let flags = [&[RECEIVES], flags].concat();
    Server::start_with(folder, Some(&folder.join(file)), &flags)
}

/// A server that sends what it stores to `url`; `more` are further lines of the section.
fn sender(url: &str, more: &str) -> (TempDir, Server) {
    let config = config(url, more);
    let (folder, _) = folder(&config);
    let server = start(folder.path(), "prometheus.yml", &[]);
    (folder, server)
}

fn config(url: &str, more: &str) -> String {
    format!(
        "global: {{external_labels: {{region: eu, job: outside}}}}\n\
         remote_write:\n- url: {url}\n  name: far\n  \
         queue_config: {{batch_send_deadline: 50ms, max_backoff: 100ms}}\n{more}"
    )
}

/// Seconds since the epoch, some time ago.
fn past() -> i64 {
    SystemClock.now().0 / 1000 - 1000
}

fn push(server: &Server, times: std::ops::Range<i64>) {
    for time in times {
        let one = Series::new([("__name__", "m"), ("job", "pushed")]);
        let other = Series::new([("__name__", "unwanted"), ("job", "pushed")]);
        let request = WriteRequest::new()
            .series(one.sample(time * 1000, time as f64))
            .series(other.sample(time * 1000, 1.0));
        server.push(&request);
    }
}

/// Samples of `m` that a server has.
fn count(server: &Server) -> i64 {
    let result = server.query("count_over_time(m{region=\"eu\",job=\"pushed\"}[2h])");
    let value = result[0]["value"][1].as_str();
    value.map_or(0, |value| value.parse().unwrap())
}

fn arrives(server: &Server, wanted: i64) {
    server.wait_for(&format!("{wanted} samples"), |server| {
        (count(server) == wanted).then_some(())
    });
}

/// A number of the server's own metrics page, of the receiver that is sent to.
fn metric(server: &Server, name: &str) -> f64 {
    let (_, page) = server.get("/metrics");
    let start = format!("prometheus_remote_storage_{name}{{");
    let lines = page.lines().filter(|line| line.starts_with(&start));
    let values = lines.filter_map(|line| line.rsplit(' ').next());
    values.map(|value| value.parse::<f64>().unwrap()).sum()
}

const DROPS: &str =
    "  write_relabel_configs: [{source_labels: [__name__], regex: unwanted, action: drop}]\n";

#[test]
fn nothing_is_lost_while_the_receiver_is_away() {
    let (place, receiver) = Receiver::new();
    let (_folder, sender) = sender(&place.url(), DROPS);
    let start = past();
    push(&sender, start..start + 3);
    arrives(&receiver, 3);
    assert_eq!(receiver.query("unwanted"), serde_json::json!([]));
    receiver.kill();
    push(&sender, start + 3..start + 40);
    sender.wait_for("a try in vain", |sender| {
        (metric(sender, "samples_retried_total") > 0.0).then_some(())
    });
    let receiver = place.again();
    arrives(&receiver, 40);
    let newest = receiver.query("last_over_time(m[2h])");
    assert_eq!(newest[0]["value"][1], (start + 39).to_string());
    assert_eq!(metric(&sender, "samples_failed_total"), 0.0);
    sender.wait_for("an empty queue", |sender| {
        (metric(sender, "samples_pending") == 0.0).then_some(())
    });
    assert_eq!(metric(&sender, "samples_total"), 40.0);
    assert_eq!(
        metric(&sender, "samples_dropped_total"),
        40.0,
        "by relabelling"
    );
    let remote = sender.json("/api/watchfire/remote");
    let write = &remote["data"]["writes"][0];
    assert_eq!(
        (&write["name"], &write["sent"]),
        (&"far".into(), &40.into()),
        "{remote}"
    );
    assert_eq!(
        (&write["pending"], &write["failed"]),
        (&0.into(), &0.into())
    );
}

#[test]
fn a_sender_that_was_killed_goes_on_where_it_was() {
    let (place, receiver) = Receiver::new();
    let (folder, sender) = sender(&place.url(), DROPS);
    let start = past();
    push(&sender, start..start + 5);
    arrives(&receiver, 5);
    let positions = folder.path().join("data/remote_write.json");
    sender.wait_for("the place in the log", |sender| {
        let text = std::fs::read_to_string(&positions).unwrap_or_default();
        let sent = metric(sender, "samples_total") == 5.0;
        (sent && text.contains("far")).then_some(())
    });
    receiver.kill();
    push(&sender, start + 5..start + 10);
    sender.kill();
    let sender = self::start(folder.path(), "prometheus.yml", &[]);
    push(&sender, start + 10..start + 12);
    // With nobody to send to it ends at once, and keeps its place.
    assert_eq!(sender.stop(), Some(0));
    let _sender = self::start(folder.path(), "prometheus.yml", &[]);
    let receiver = place.again();
    arrives(&receiver, 12);
}

#[test]
fn what_is_refused_is_counted_and_does_not_stop_the_rest() {
    let (folder, file) = folder("");
    let deaf = Server::start(folder.path(), Some(&file));
    let (_folder, sender) = sender(&format!("{}/api/v1/write", deaf.url), "");
    let start = past();
    push(&sender, start..start + 3);
    sender.wait_for("refusals", |sender| {
        (metric(sender, "samples_failed_total") == 6.0).then_some(())
    });
    assert_eq!(metric(&sender, "samples_retried_total"), 0.0);
}

#[test]
fn histograms_and_exemplars_go_with_version_2_and_a_reload_keeps_the_place() {
    let (place, receiver) = Receiver::new();
    let v2 = "  protobuf_message: io.prometheus.write.v2.Request\n  send_exemplars: true\n";
    let (folder, sender) = sender(&place.url(), v2);
    let start = past();
    let histogram = Histogram {
        count: 3.0,
        sum: 4.5,
        positive_spans: vec![Span {
            offset: 0,
            length: 1,
        }],
        positive_buckets: vec![3.0],
        ..Histogram::default()
    };
    let exemplar = Series::new([("__name__", "m"), ("job", "pushed")])
        .sample(start * 1000, 1.0)
        .exemplar(start * 1000, 1.0, [("trace_id", "abc")]);
    let native = Series::new([("__name__", "native"), ("job", "pushed")]);
    let request = WriteRequest::new()
        .series(exemplar)
        .series(native.integer_histogram(start * 1000, histogram));
    sender.push(&request);
    receiver.wait_for("the exemplar", |receiver| {
        let body = receiver
            .get("/api/v1/query_exemplars?query=m&start=0&end=99999999999")
            .1;
        body.contains("abc").then_some(())
    });
    let query = format!("/api/v1/query?query={}&time={start}", encode("native"));
    receiver.wait_for("the histogram", |receiver| {
        let answer = receiver.json(&query);
        let result = &answer["data"]["result"][0];
        (result["histogram"][1]["count"] == "3").then_some(())
    });
    let other = config(&place.url(), "  remote_timeout: 9s\n");
    std::fs::write(folder.path().join("prometheus.yml"), other).unwrap();
    let status = std::process::Command::new("kill")
        .args(["-HUP", &sender.id().to_string()])
        .status();
    assert!(status.unwrap().success());
    sender.wait_for("the reload", |sender| {
        let config = sender.json("/api/v1/status/config");
        let yaml = config["data"]["yaml"].as_str().unwrap();
        yaml.contains("remote_timeout: 9s").then_some(())
    });
    push(&sender, start + 1..start + 5);
    arrives(&receiver, 5);
    assert_eq!(metric(&sender, "samples_failed_total"), 0.0);
}
