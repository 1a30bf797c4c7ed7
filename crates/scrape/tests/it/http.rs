//! What targets are asked, and what becomes of their answers.

use crate::server::{Server, ok, response};
use crate::{Fixture, until};
use flate2::Compression;
use flate2::write::GzEncoder;
use scrape::Health;
use std::io::Write;
use std::ops::ControlFlow;
use tokio::net::TcpListener;

#[tokio::test]
async fn a_page_becomes_series_with_the_labels_of_its_target() {
    let server = Server::with_page("# HELP a Help.\n# TYPE a counter\na{x=\"1\"} 5\n").await;
    let fixture = Fixture::new();
    fixture
        .apply(
            std::slice::from_ref(&server.address),
            "  params: {module: [m]}",
        )
        .await;
    let before = fixture.manager.targets();
    assert_eq!(
        (before.len(), before[0].url.as_str()),
        (1, &*format!("http://{}/metrics?module=m", server.address))
    );
    let status = fixture.scraped(Health::Up).await;
    assert_eq!(
        (status.last_error.as_str(), status.pool.as_str()),
        ("", "j")
    );
    assert!(status.last_scrape.is_some() && status.last_scrape_duration > 0.0);

    let series = fixture.samples("a");
    let expected = format!(r#"a{{instance="{}", job="j", x="1"}}"#, server.address);
    assert_eq!(series[0].0.to_string(), expected);
    assert_eq!(series[0].1[0].1, 5.0);
    let mut said = Vec::new();
    fixture.manager.visit_metadata(|_, family, metadata| {
        said.push((family.to_owned(), metadata.help.clone()));
        ControlFlow::Continue(())
    });
    assert_eq!(said, [("a".to_owned(), "Help.".to_owned())]);
    fixture.manager.shutdown().await;

    let head = server.requests().remove(0).to_ascii_lowercase();
    for expected in [
        "get /metrics?module=m http/1.1\r\n",
        concat!("user-agent: watchfire/", env!("CARGO_PKG_VERSION"), "\r\n"),
        "accept-encoding: identity\r\n",
        "x-prometheus-scrape-timeout-seconds: 0.15\r\n",
        "accept: application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,",
        &format!("host: {}\r\n", server.address),
    ] {
        assert!(head.contains(expected), "{expected} is not in {head}");
    }
}

#[tokio::test]
async fn every_scrape_has_one_time_for_all_its_series() {
    let server = Server::with_page("a 1\n").await;
    let fixture = Fixture::new();
    fixture
        .apply(std::slice::from_ref(&server.address), "")
        .await;
    until(|| Some(()).filter(|()| fixture.count("a").0 >= 6)).await;
    fixture.manager.shutdown().await;
    let times: Vec<i64> = fixture.samples("a")[0]
        .1
        .iter()
        .map(|(time, _)| *time)
        .collect();
    assert!(times.windows(2).all(|pair| pair[0] < pair[1]), "{times:?}");
    let up: Vec<i64> = fixture.samples("up")[0]
        .1
        .iter()
        .map(|(time, _)| *time)
        .collect();
    assert_eq!(times, up);
    let interval = fixture.registry.gather();
    let interval = interval
        .iter()
        .find(|family| family.name == "prometheus_target_interval_length_seconds")
        .unwrap();
    assert_eq!(interval.points[0].labels.get("interval"), Some("150ms"));
}

#[tokio::test]
async fn compressed_pages_are_read() {
    let server = Server::start(|_| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(b"a 7\n").unwrap();
        let headers = [("Content-Type", "text/plain"), ("Content-Encoding", "gzip")];
        response("200 OK", &headers, &encoder.finish().unwrap())
    })
    .await;
    let fixture = Fixture::new();
    fixture
        .apply(std::slice::from_ref(&server.address), "")
        .await;
    fixture.scraped(Health::Up).await;
    assert_eq!(fixture.samples("a")[0].1[0].1, 7.0);
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn open_metrics_pages_are_read_and_must_be_whole() {
    let server = Server::start(|head| {
        let page: &[u8] = if head.contains("/whole") {
            b"a 1 12.5\n# EOF\n"
        } else {
            b"a 1\n"
        };
        ok(
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            page,
        )
    })
    .await;
    let fixture = Fixture::new();
    let targets = [server.address.clone()];
    fixture.apply(&targets, "  metrics_path: /whole").await;
    fixture.scraped(Health::Up).await;
    assert_eq!(fixture.samples("a")[0].1[0], (12_500, 1.0));
    fixture.apply(&targets, "  metrics_path: /half").await;
    let status = fixture.scraped(Health::Down).await;
    assert_eq!(status.last_error, "line 2: data does not end with `# EOF`");
    fixture.manager.shutdown().await;
}

/// Scrapes a server with this answer and gives the error of the target.
async fn error_of(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> String {
    let server = Server::start(answer).await;
    let fixture = Fixture::new();
    fixture
        .apply(std::slice::from_ref(&server.address), "")
        .await;
    let status = fixture.scraped(Health::Down).await;
    assert_eq!(fixture.samples("up")[0].1[0].1, 0.0);
    fixture.manager.shutdown().await;
    status.last_error.replace(&server.address, "HOST")
}

#[tokio::test]
async fn answers_that_are_no_page_are_errors() {
    let not_found = error_of(|_| response("404 Not Found", &[], b"")).await;
    assert_eq!(not_found, "server returned HTTP status 404 Not Found");
    let html = error_of(|_| ok("text/html", b"<p>")).await;
    assert!(
        html.starts_with("unsupported Content-Type `text/html`"),
        "{html}"
    );
    let noise = error_of(|_| b"noise\r\n\r\n".to_vec()).await;
    assert!(noise.starts_with("request to `HOST` failed: "), "{noise}");
    let page = error_of(|_| ok("text/plain", b"a 1\nb\n")).await;
    assert_eq!(
        page,
        "line 2: expected value after metric, got `end of line`"
    );
}

#[tokio::test]
async fn redirects_are_followed_within_reason() {
    let to = |location: &str| response("302 Found", &[("Location", location)], b"");
    let server = Server::start(move |head| match head.split(' ').nth(1) {
        Some("/metrics") => to("/moved"),
        Some("/loop") => to("loop"),
        Some("/strange") => to("ftp://host/metrics"),
        _ => ok("text/plain", b"a 1\n"),
    })
    .await;
    let fixture = Fixture::new();
    let targets = [server.address.clone()];
    fixture.apply(&targets, "").await;
    fixture.scraped(Health::Up).await;
    for (settings, error) in [
        ("  metrics_path: /loop", "stopped after 10 redirects"),
        (
            "  metrics_path: /strange",
            "only http and https are supported",
        ),
        (
            "  follow_redirects: false",
            "server returned HTTP status 302 Found",
        ),
    ] {
        fixture.apply(&targets, settings).await;
        let status = fixture
            .status(|status| status.last_error.contains(error))
            .await;
        assert_eq!(status.health, Health::Down);
    }
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn a_port_that_nobody_listens_on_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    drop(listener);
    let fixture = Fixture::new();
    fixture.apply(std::slice::from_ref(&address), "").await;
    let error = fixture.scraped(Health::Down).await.last_error;
    let expected = format!("cannot connect to `{address}`: Connection refused");
    assert!(error.starts_with(&expected), "{error}");
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn answers_that_never_end_time_out() {
    let server = Server::start(|_| {
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 99\r\n\r\na 1\n".to_vec()
    })
    .await;
    let fixture = Fixture::new();
    fixture
        .apply(
            std::slice::from_ref(&server.address),
            "  scrape_timeout: 20ms",
        )
        .await;
    let error = fixture.scraped(Health::Down).await.last_error;
    assert_eq!(
        error,
        "context deadline exceeded: no complete answer within 20ms"
    );
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn endless_bodies_are_cut_at_the_limit() {
    let server = Server::start(|_| ok("text/plain", &vec![b'\n'; 1 << 20])).await;
    let fixture = Fixture::new();
    fixture
        .apply(
            std::slice::from_ref(&server.address),
            "  body_size_limit: 64KB",
        )
        .await;
    let error = fixture.scraped(Health::Down).await.last_error;
    assert_eq!(error, "body size limit exceeded (limit: 65536 bytes)");
    fixture.manager.shutdown().await;
}
