use crate::fixture::Fixture;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// Serves what `answer` holds; gives the address and the heads of requests.
async fn serve(answer: Arc<Mutex<String>>) -> (String, Arc<Mutex<Vec<String>>>, JoinSet<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heads = Arc::<Mutex<Vec<String>>>::default();
    let seen = Arc::clone(&heads);
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                if stream.read_buf(&mut head).await.unwrap() == 0 {
                    break;
                }
            }
            seen.lock().unwrap().push(String::from_utf8(head).unwrap());
            let text = answer.lock().unwrap().clone();
            stream.write_all(text.as_bytes()).await.unwrap();
        }
    });
    (address, heads, tasks)
}

fn answer(status: &str, content_type: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

#[tokio::test]
async fn lists_are_fetched_again_and_failures_keep_the_last_one() {
    let page = |targets: &str| answer("200 OK", "application/json; charset=utf-8", targets);
    let current = Arc::new(Mutex::new(page(
        r#"[{"targets": ["a:1"], "labels": {"x": "y"}}, {"targets": ["b:1"]}]"#,
    )));
    let (address, heads, _tasks) = serve(Arc::clone(&current)).await;
    let fixture = Fixture::new(Vec::new());
    fixture.apply(&format!(
        "  http_sd_configs: [{{url: 'http://{address}/sd?x=1', refresh_interval: 50ms, basic_auth: {{username: u, password: p}}, http_headers: {{X-Scope: {{values: [me]}}}}}}]"
    ));
    let a = format!(r#"{{__address__="a:1", __meta_url="http://{address}/sd?x=1", x="y"}}"#);
    let b = format!(r#"{{__address__="b:1", __meta_url="http://{address}/sd?x=1"}}"#);
    fixture.wait_for(&[&a, &b]).await;
    let head = heads.lock().unwrap()[0].clone();
    for line in [
        "GET /sd?x=1 HTTP/1.1\r\n",
        "Accept: application/json\r\n",
        "X-Prometheus-Refresh-Interval-Seconds: 0.05\r\n",
        "Authorization: Basic dTpw\r\n",
        "X-Scope: me\r\n",
    ] {
        assert!(head.contains(line), "{line} in {head}");
    }

    *current.lock().unwrap() = page(r#"[{"targets": ["a:1"], "labels": {"x": "y"}}]"#);
    fixture.wait_for(&[&a]).await;

    for broken in [
        answer("500 Oh", "application/json", "[]"),
        answer("200 OK", "text/html", "[]"),
        page("{"),
        page("[null]"),
    ] {
        let before = fixture.metric("prometheus_sd_http_failures_total");
        *current.lock().unwrap() = broken;
        let more = async {
            while fixture.metric("prometheus_sd_http_failures_total") < before + 2.0 {
                tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_mins(1), more)
            .await
            .unwrap();
        assert_eq!(fixture.targets(), std::slice::from_ref(&a));
    }
    assert!(fixture.metric("prometheus_sd_refresh_failures_total") >= 8.0);
    *current.lock().unwrap() = page("[]");
    fixture.wait_for(&[]).await;
}

#[tokio::test]
async fn equal_discoveries_are_shared_and_survive_a_reload() {
    let list = answer("200 OK", "application/json", r#"[{"targets": ["a:1"]}]"#);
    let (address, heads, _tasks) = serve(Arc::new(Mutex::new(list))).await;
    let fixture = Fixture::new(Vec::new());
    let settings =
        format!("  http_sd_configs: [{{url: 'http://{address}/', refresh_interval: 1h}}]");
    let two = format!("{settings}\n- job_name: k\n{settings}");
    fixture.apply(&two);
    let a = format!(r#"{{__address__="a:1", __meta_url="http://{address}/"}}"#);
    fixture.wait_for(&[&a]).await;
    assert_eq!(fixture.manager.groups("k"), fixture.manager.groups("j"));
    fixture.apply(&settings);
    assert_eq!(fixture.targets(), [a]);
    assert_eq!(
        heads.lock().unwrap().len(),
        1,
        "one request for two jobs and a reload"
    );
    fixture.apply("");
    assert!(fixture.targets().is_empty());
}
