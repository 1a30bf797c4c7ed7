use crate::server::{Server, ok, redirect};
use crate::{client, get};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn authorization(head: &str) -> Option<&str> {
    head.lines()
        .find_map(|line| line.strip_prefix("Authorization: "))
}

#[tokio::test]
async fn files_of_passwords_and_tokens_are_read_with_every_request() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    std::fs::write(&path, "one\n").unwrap();
    let server = Server::start(|_| ok("")).await;
    let url = format!("http://127.0.0.1:{}/", server.port);
    let shown = path.display();
    let basic = client(&format!(
        "  basic_auth: {{username: u, password_file: '{shown}'}}"
    ));
    let bearer = client(&format!(
        "  authorization: {{type: Token, credentials_file: '{shown}'}}"
    ));
    assert!(!basic.has_fixed_headers() && !bearer.has_fixed_headers());
    get(&basic, &url).await.unwrap();
    get(&bearer, &url).await.unwrap();
    std::fs::write(&path, "two").unwrap();
    get(&bearer, &url).await.unwrap();
    let heads = server.heads();
    let sent: Vec<_> = heads
        .iter()
        .map(|head| authorization(head).unwrap())
        .collect();
    assert_eq!(sent, ["Basic dTpvbmU=", "Token one", "Token two"]);
    std::fs::remove_file(&path).unwrap();
    let error = get(&bearer, &url).await.unwrap_err().to_string();
    assert!(
        error.starts_with("unable to read authorization credentials file"),
        "{error}"
    );
}

#[tokio::test]
async fn redirects_to_another_host_carry_no_credentials() {
    let other = Server::start(|head| {
        if head.starts_with("GET /back") {
            redirect(&format!(
                "http://127.0.0.1:{}/c",
                head.split("port=")
                    .nth(1)
                    .unwrap()
                    .split(' ')
                    .next()
                    .unwrap()
            ))
        } else {
            ok("elsewhere")
        }
    })
    .await;
    let other_port = other.port;
    let server = Server::start(move |head| {
        if head.starts_with("GET /a ") {
            redirect("/b")
        } else if head.starts_with("GET /b ") {
            let own = head
                .split("Host: 127.0.0.1:")
                .nth(1)
                .unwrap()
                .lines()
                .next()
                .unwrap();
            redirect(&format!("http://127.0.0.1:{other_port}/back?port={own}"))
        } else {
            ok("home")
        }
    })
    .await;
    let client = client("  bearer_token: hunter2\n  http_headers: {X-Key: {secrets: [s3cret]}}");
    let answer = get(&client, &format!("http://127.0.0.1:{}/a", server.port))
        .await
        .unwrap();
    assert_eq!(answer.body(), b"home");
    let heads = server.heads();
    let own: Vec<bool> = heads
        .iter()
        .map(|head| authorization(head).is_some())
        .collect();
    // Not any more after it was elsewhere: who is there may have chosen the way.
    assert_eq!(own, [true, true, false]);
    let heads = other.heads();
    assert!(
        heads
            .iter()
            .all(|head| !head.contains("hunter2") && !head.contains("s3cret")),
        "{heads:?}"
    );
}

#[tokio::test]
async fn tokens_are_fetched_once_and_kept() {
    let fetched = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&fetched);
    let tokens = Server::start(move |_| {
        let number = count.fetch_add(1, Ordering::SeqCst);
        ok(&format!(
            r#"{{"access_token": "token{number}", "token_type": "bearer", "expires_in": 3600}}"#
        ))
    })
    .await;
    let server = Server::start(|_| ok("")).await;
    let client = client(&format!(
        "  oauth2: {{client_id: 'me:x', client_secret: s, token_url: 'http://127.0.0.1:{}/token', scopes: [a, b], endpoint_params: {{audience: 'x y'}}}}",
        tokens.port
    ));
    let url = format!("http://127.0.0.1:{}/", server.port);
    let (one, two) = tokio::join!(get(&client, &url), get(&client, &url));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(fetched.load(Ordering::SeqCst), 1);
    assert!(
        server
            .heads()
            .iter()
            .all(|head| authorization(head) == Some("Bearer token0"))
    );
    let asked = tokens.heads().remove(0);
    assert!(asked.starts_with("POST /token HTTP/1.1\r\n"), "{asked}");
    assert_eq!(authorization(&asked), Some("Basic bWUlM0F4OnM="));
    assert!(
        asked.ends_with("\r\n\r\ngrant_type=client_credentials&scope=a+b&audience=x+y"),
        "{asked}"
    );
}

#[tokio::test]
async fn a_token_server_that_refuses_is_told_without_its_words() {
    let tokens = Server::start(|_| {
        "HTTP/1.1 401 Unauthorized\r\nContent-Length: 6\r\n\r\nsecret".to_owned()
    })
    .await;
    let client = client(&format!(
        "  oauth2: {{client_id: c, client_secret: s, token_url: 'http://127.0.0.1:{}/'}}",
        tokens.port
    ));
    let error = get(&client, "http://127.0.0.1:1/").await.unwrap_err();
    assert_eq!(error.to_string(), "cannot fetch token: 401 Unauthorized");
}
