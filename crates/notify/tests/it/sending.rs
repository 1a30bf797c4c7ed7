use clock::SystemClock;
use config::Config;
use model::{Labels, TimestampMs};
use notify::{Manager, NotifyDeps};
use rules::{Notification, Notifier};
use selfmon::Registry;
use serde_json::Value;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// An Alertmanager: gives the path and the body of each request, and answers `status`.
async fn alertmanager(
    status: &'static str,
    tasks: &mut JoinSet<()>,
) -> (SocketAddr, mpsc::UnboundedReceiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (told, requests) = mpsc::unbounded_channel();
    tasks.spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            let mut chunk = [0; 4096];
            let (head, body) = loop {
                let read = stream.read(&mut chunk).await.unwrap();
                assert!(read > 0, "the request ends early");
                bytes.extend_from_slice(&chunk[..read]);
                let text = String::from_utf8_lossy(&bytes);
                let Some((head, body)) = text.split_once("\r\n\r\n") else {
                    continue;
                };
                let length = head
                    .lines()
                    .find_map(|line| line.strip_prefix("Content-Length: "));
                if body.len() == length.unwrap().parse::<usize>().unwrap() {
                    break (head.to_owned(), body.to_owned());
                }
            };
            assert!(
                head.contains("\r\nContent-Type: application/json"),
                "{head}"
            );
            let path = head.split(' ').nth(1).unwrap().to_owned();
            let _ = told.send((path, serde_json::from_str(&body).unwrap()));
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    (address, requests)
}

fn alert(name: &str, job: &str) -> Notification {
    Notification {
        labels: Labels::from_pairs([("alertname", name), ("job", job)]),
        annotations: vec![("summary".to_owned(), String::new())],
        starts_at: TimestampMs(1_000),
        ends_at: TimestampMs(61_000),
        generator_url: "http://h/graph".to_owned(),
    }
}

fn manager(config: &str) -> (Manager, Registry) {
    let config = Config::parse(config, Path::new("prometheus.yml")).unwrap();
    let registry = Registry::default();
    let manager = Manager::new(NotifyDeps::new(registry.clone(), Arc::new(SystemClock)));
    manager.apply(&config.alerting, &config.global.external_labels);
    (manager, registry)
}

/// The sum of a metric's points.
fn metric(registry: &Registry, name: &str) -> f64 {
    let families = registry.gather();
    let family = families.iter().find(|family| family.name == name);
    family.map_or(0.0, |family| {
        family.points.iter().map(|point| point.value).sum()
    })
}

#[tokio::test]
async fn alerts_get_external_labels_and_relabelling_and_go_to_every_alertmanager() {
    let mut tasks = JoinSet::new();
    let (one, mut first) = alertmanager("200 OK", &mut tasks).await;
    let (two, mut second) = alertmanager("200 OK", &mut tasks).await;
    let (manager, registry) = manager(&format!(
        "
global:
  external_labels: {{region: eu, job: ignored}}
alerting:
  alert_relabel_configs:
  - {{source_labels: [alertname], regex: Noise, action: drop}}
  alertmanagers:
  - path_prefix: /am/
    static_configs: [{{targets: ['{one}', 'dropped:9093']}}]
    relabel_configs: [{{source_labels: [__address__], regex: 'dropped.*', action: drop}}]
  - static_configs: [{{targets: ['{two}']}}]
    alert_relabel_configs: [{{target_label: region, replacement: us}}]
"
    ));
    let known = manager.alertmanagers();
    assert_eq!(
        known.active,
        [
            format!("http://{one}/am/api/v2/alerts"),
            format!("http://{two}/api/v2/alerts")
        ]
    );
    assert_eq!(known.dropped, ["http://dropped:9093/am/api/v2/alerts"]);
    manager.send(vec![alert("Down", "a"), alert("Noise", "a")]);
    let (path, body) = first.recv().await.unwrap();
    assert_eq!(path, "/am/api/v2/alerts");
    assert_eq!(body.as_array().unwrap().len(), 1);
    assert_eq!(
        body[0]["labels"],
        serde_json::json!({"alertname": "Down", "job": "a", "region": "eu"})
    );
    assert_eq!(body[0]["startsAt"], "1970-01-01T00:00:01.000Z");
    assert_eq!(body[0]["annotations"], serde_json::json!({"summary": ""}));
    let (_, body) = second.recv().await.unwrap();
    assert_eq!(body[0]["labels"]["region"], "us");
    manager.shutdown().await;
    assert_eq!(
        metric(&registry, "prometheus_notifications_sent_total"),
        2.0
    );
    assert_eq!(
        metric(&registry, "prometheus_notifications_errors_total"),
        0.0
    );
    assert_eq!(
        metric(
            &registry,
            "prometheus_notifications_alertmanagers_discovered"
        ),
        2.0
    );
}

#[tokio::test]
async fn many_alerts_go_in_batches_and_what_waits_is_sent_before_the_end() {
    let mut tasks = JoinSet::new();
    let (address, mut requests) = alertmanager("202 Accepted", &mut tasks).await;
    let (manager, _) = manager(&format!(
        "alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{address}']}}]}}]}}"
    ));
    manager.send((0..600).map(|n| alert("Down", &n.to_string())).collect());
    manager.shutdown().await;
    let mut sizes = Vec::new();
    while let Ok((_, body)) = requests.try_recv() {
        sizes.push(body.as_array().unwrap().len());
    }
    assert_eq!(sizes, [256, 256, 88]);
}

#[tokio::test]
async fn an_alertmanager_that_refuses_holds_up_no_other_and_is_counted() {
    let mut tasks = JoinSet::new();
    let (bad, mut refused) = alertmanager("500 Internal Server Error", &mut tasks).await;
    let (good, mut taken) = alertmanager("200 OK", &mut tasks).await;
    let (manager, registry) = manager(&format!(
        "alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{bad}', '{good}', '127.0.0.1:1']}}]}}]}}"
    ));
    manager.send(vec![alert("Down", "a")]);
    assert!(refused.recv().await.is_some() && taken.recv().await.is_some());
    manager.shutdown().await;
    assert_eq!(
        metric(&registry, "prometheus_notifications_sent_total"),
        3.0
    );
    assert_eq!(
        metric(&registry, "prometheus_notifications_errors_total"),
        2.0
    );
    assert_eq!(
        metric(&registry, "prometheus_notifications_dropped_total"),
        2.0
    );
}

#[tokio::test]
async fn alertmanagers_that_leave_the_configuration_get_nothing_more() {
    let mut tasks = JoinSet::new();
    let (address, mut requests) = alertmanager("200 OK", &mut tasks).await;
    let (manager, _) = manager(&format!(
        "alerting: {{alertmanagers: [{{static_configs: [{{targets: ['{address}']}}]}}]}}"
    ));
    manager.send(vec![alert("Down", "a")]);
    assert!(requests.recv().await.is_some());
    manager.apply(&config::Alerting::default(), &Labels::empty());
    assert_eq!(manager.alertmanagers(), notify::Alertmanagers::default());
    manager.send(vec![alert("Down", "b")]);
    manager.shutdown().await;
    assert!(requests.try_recv().is_err());
}
