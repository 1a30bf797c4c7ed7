//! Pictures of panels and dashboards, drawn by the real program.

use crate::dashboards::post;
use crate::process::{Server, agent};
use clock::{Clock, SystemClock};
use remote::encode::{Series, WriteRequest};
use serde_json::json;

/// Status, headers and body of a GET.
fn get(server: &Server, path: &str) -> (u16, Vec<(String, String)>, Vec<u8>) {
    let mut response = agent().get(format!("{}{path}", server.url)).call().unwrap();
    let headers = response.headers().iter().map(|(name, value)| {
        (
            name.as_str().to_owned(),
            value.to_str().unwrap_or_default().to_owned(),
        )
    });
    let headers = headers.collect();
    let body = response.body_mut().read_to_vec().unwrap();
    (response.status().as_u16(), headers, body)
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> &'a str {
    let found = headers.iter().find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value.as_str())
}

fn dashboard() -> serde_json::Value {
    json!({"uid": "pic", "title": "Pictures", "panels": [
        {"id": 1, "type": "timeseries", "title": "<script>alert('$host')</script>",
         "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
         "targets": [{"expr": "load{host=~\"$host\"}", "legendFormat": "{{host}} <b>"}]},
        {"id": 2, "type": "stat", "title": "Broken", "gridPos": {"x": 12, "y": 0, "w": 12, "h": 8},
         "targets": [{"expr": "sum("}]}],
        "templating": {"list": [{"name": "host", "type": "query", "multi": true, "includeAll": true,
            "query": "label_values(load, host)", "current": {"text": "All", "value": "$__all"}}]}})
}

#[test]
fn a_panel_is_drawn_as_svg_and_png() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(folder.path(), None, &["--web.enable-remote-write-receiver"]);
    let now = SystemClock.now().0;
    let mut request = WriteRequest::new();
    for (host, value) in [("one", 3.0), ("two", 7.0)] {
        let mut series = Series::new([("__name__", "load"), ("host", host)]);
        for n in (0..60_u8).rev() {
            series = series.sample(now - i64::from(n) * 15_000, value + f64::from(n));
        }
        request = request.series(series);
    }
    server.push(&request);

    let (status, _, saved) = post(
        &server,
        "/api/dashboards/db",
        "",
        &json!({"dashboard": dashboard()}),
    );
    assert_eq!(status, 200, "{saved}");

    let solo = "/render/d-solo/pic/pictures?panelId=1&from=now-15m&to=now&width=600&height=300";
    let (status, headers, body) = get(&server, &format!("{solo}&format=svg&tz=Europe%2FBerlin"));
    let svg = String::from_utf8(body).unwrap();
    assert_eq!(
        (status, header(&headers, "content-type")),
        (200, "image/svg+xml"),
        "{svg}"
    );
    assert!(header(&headers, "cache-control").contains("no-store"));
    assert!(header(&headers, "content-security-policy").contains("default-src 'none'"));
    assert_eq!(header(&headers, "x-content-type-options"), "nosniff");
    assert!(
        svg.contains("one &lt;b&gt;") && svg.contains("two &lt;b&gt;"),
        "{svg}"
    );
    assert!(!svg.contains("<script") && !svg.contains("<b>"), "{svg}");
    let (_, _, one) = get(&server, &format!("{solo}&format=svg&var-host=two"));
    let one = String::from_utf8(one).unwrap();
    assert!(
        !one.contains("one &lt;b&gt;") && one.contains("two &lt;b&gt;"),
        "{one}"
    );

    let (status, headers, png) = get(&server, &format!("{solo}&theme=light&scale=2"));
    assert_eq!(
        (status, header(&headers, "content-type")),
        (200, "image/png")
    );
    assert!(png.starts_with(b"\x89PNG\r\n\x1a\n"));
    let side = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    assert_eq!((side(16), side(20)), (1200, 600));
    assert!(
        png.len() > 5000,
        "{} bytes are no picture of lines and letters",
        png.len()
    );

    let (status, _, broken) = get(&server, "/render/d-solo/pic?panelId=2&format=svg");
    let broken = String::from_utf8(broken).unwrap();
    assert!(status == 200 && broken.contains("parse error"), "{broken}");
    let (status, _, whole) = get(&server, "/render/d/pic/pictures?width=1000&format=svg");
    let whole = String::from_utf8(whole).unwrap();
    assert!(
        status == 200 && whole.contains(">Pictures<") && whole.contains(">Broken<"),
        "{whole}"
    );

    for (path, status) in [
        ("/render/d-solo/pic/x?panelId=9", 404),
        ("/render/d-solo/none/x?panelId=1", 404),
        ("/render/d-solo/pic/x?panelId=1&width=100000", 400),
        ("/render/d-solo/pic/x", 400),
        ("/render/d-solo/pic/x?panelId=1&tz=../x", 400),
    ] {
        assert_eq!(get(&server, path).0, status, "{path}");
    }
}

#[test]
fn pictures_are_for_those_who_may_see_the_dashboard() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start_with(folder.path(), None, &["--auth.required"]);
    for path in ["/render/d-solo/pic/x?panelId=1", "/render/d/pic/x"] {
        assert_eq!(get(&server, path).0, 401, "{path}");
    }
}
