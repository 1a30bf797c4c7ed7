use crate::server::{Server, ok};
use crate::{client, get};

#[tokio::test]
async fn plain_requests_go_through_the_proxy_with_their_whole_address() {
    let proxy = Server::start(|_| ok("by proxy")).await;
    let client = client(&format!(
        "  proxy_url: 'http://u:p@127.0.0.1:{}'\n  proxy_connect_header: {{X-Proxy: [secret]}}",
        proxy.port
    ));
    let answer = get(&client, "http://target.invalid:9100/metrics?a=b")
        .await
        .unwrap();
    assert_eq!(answer.body(), b"by proxy");
    let head = proxy.heads().remove(0);
    assert!(
        head.starts_with(
            "GET http://target.invalid:9100/metrics?a=b HTTP/1.1\r\nHost: target.invalid:9100\r\n"
        ),
        "{head}"
    );
    assert!(
        head.contains("Proxy-Authorization: Basic dTpw\r\n")
            && head.contains("X-Proxy: secret\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn a_proxy_that_refuses_the_way_is_named() {
    let proxy =
        Server::start(|_| "HTTP/1.1 407 Who Are You\r\nContent-Length: 0\r\n\r\n".to_owned()).await;
    let client = client(&format!("  proxy_url: 'http://127.0.0.1:{}'", proxy.port));
    let error = get(&client, "https://target.invalid/")
        .await
        .unwrap_err()
        .to_string();
    assert!(error.ends_with(": 407 Who Are You"), "{error}");
    assert!(proxy.heads()[0].starts_with("CONNECT target.invalid:443 HTTP/1.1\r\n"));
}
