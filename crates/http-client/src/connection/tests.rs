use super::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;

/// What a client reads when the other side sends `pieces`, one by one, and then closes if `closes`.
async fn read(pieces: &[&str], limit: u64) -> Result<(Answer, String), String> {
    let mut buffer = Vec::new();
    read_into(&mut buffer, pieces, limit).await
}

/// The same, into this buffer.
async fn read_into(
    buffer: &mut Vec<u8>,
    pieces: &[&str],
    limit: u64,
) -> Result<(Answer, String), String> {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let pieces: Vec<String> = pieces.iter().map(|piece| (*piece).to_owned()).collect();
    let mut tasks = JoinSet::new();
    tasks.spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut request = [0; 4];
        stream.read_exact(&mut request).await.unwrap();
        for piece in pieces {
            if stream.write_all(piece.as_bytes()).await.is_err() {
                return;
            }
            tokio::task::yield_now().await;
        }
        let _ = stream.shutdown().await;
    });
    let patience = Duration::from_secs(10);
    let url = format!("http://127.0.0.1:{port}/").parse().unwrap();
    let client = crate::HttpClient::new(&config::HttpClientConfig::default());
    let mut connection = client.connect(&client.route(&url), patience).await.unwrap();
    match connection.ask(b"GET ", buffer, limit, Bodies::OnlyOk).await {
        Ok(answer) => {
            let body = String::from_utf8(buffer[answer.body_at..].to_vec()).unwrap();
            Ok((answer, body))
        }
        Err(Fault::TooLarge) => Err("too large".to_owned()),
        Err(Fault::Closed) => Err("closed".to_owned()),
        Err(Fault::Broken(reason)) => Err(reason),
    }
}

#[track_caller]
fn check(found: Result<(Answer, String), String>, body: &str, keeps: bool) {
    let (answer, found) = found.unwrap();
    assert_eq!((found.as_str(), answer.keeps), (body, keeps));
}

#[tokio::test]
async fn bodies_end_where_their_length_says() {
    let answer = read(
        &[
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Le",
            "ngth: 7\r\n\r\na 1",
            "\nb ",
        ],
        99,
    );
    let error = answer.await.unwrap_err();
    assert_eq!(
        error,
        "the connection was closed before the answer was complete"
    );
    let whole = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nContent-Encoding: gzip\r\n\r\na 1\n";
    let (answer, body) = read(&[whole], 99).await.unwrap();
    assert_eq!((body.as_str(), answer.keeps), ("a 1\n", true));
    assert_eq!(answer.content_encoding.as_deref(), Some("gzip"));
    check(
        read(&[whole, "more"], 99).await.map(|(mut answer, body)| {
            // Whether the rest is seen depends on when it comes.
            answer.keeps = true;
            (answer, body)
        }),
        "a 1\n",
        true,
    );
    check(
        read(&["HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"], 99).await,
        "",
        true,
    );
}

#[tokio::test]
async fn what_stands_between_chunks_takes_no_memory() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunk = format!("1;{}\r\nx\r\n", "y".repeat(1_000));
    let mut pieces = vec![head];
    let many = chunk.repeat(1_000);
    pieces.extend([many.as_str(); 4]);
    pieces.push("0\r\n\r\n");
    let mut buffer = Vec::new();
    let (_, body) = read_into(&mut buffer, &pieces, 10_000).await.unwrap();
    assert_eq!(body, "x".repeat(4_000));
    assert!(buffer.capacity() < 2 << 20, "{}", buffer.capacity());
}

#[tokio::test]
async fn chunks_are_put_together() {
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let chunks = "4\r\na 1\n\r\n05;x=y\r\nb 22\n\r\n0\r\n";
    let whole = format!("{head}{chunks}\r\n");
    check(read(&[&whole], 99).await, "a 1\nb 22\n", true);
    let bytes: Vec<&str> = whole.split_inclusive(|_: char| true).collect();
    check(read(&bytes, 99).await, "a 1\nb 22\n", true);
    let trailer = format!("{head}{chunks}X: y\r\n\r\n");
    check(read(&[&trailer], 99).await, "a 1\nb 22\n", true);
    for (rest, expected) in [
        ("4\r\na 1\nb\r\n", "a chunk is longer than it says"),
        ("x\r\n", "a chunk has no valid size"),
        ("-1\r\n", "a chunk has no valid size"),
        ("\r\n", "a chunk has no valid size"),
        (
            "4\r\na 1\n\r\n",
            "the connection was closed before the answer was complete",
        ),
        (
            "4\r\na 1\n\r\n0\r\n",
            "the connection was closed before the answer was complete",
        ),
        ("ffffffffffffffff\r\n", "too large"),
        ("32\r\n", "too large"),
    ] {
        let page = format!("{head}{rest}");
        assert_eq!(read(&[&page], 50).await.unwrap_err(), expected, "{rest:?}");
    }
}

#[tokio::test]
async fn bodies_without_a_length_end_with_the_connection() {
    let plain = "HTTP/1.1 200 OK\r\n\r\na 1\n";
    check(read(&[plain, "b 2\n"], 99).await, "a 1\nb 2\n", false);
    assert_eq!(read(&[plain], 4).await.unwrap_err(), "too large");
    let old = "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx";
    check(read(&[old], 99).await, "x", false);
    let kept = "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx";
    check(read(&[kept], 99).await, "x", true);
    let close = "HTTP/1.1 200 OK\r\nConnection: x, close\r\nContent-Length: 1\r\n\r\nx";
    check(read(&[close], 99).await, "x", false);
}

#[tokio::test]
async fn heads_are_read_with_care() {
    let interim =
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    check(read(&[interim], 99).await, "x", true);
    let (moved, _) = read(&["HTTP/1.1 302 Found\r\nLocation: /x\r\n\r\n"], 99)
        .await
        .unwrap();
    assert_eq!((moved.status, moved.reason.as_str()), (302, "Found"));
    assert_eq!(
        (moved.location.as_deref(), moved.keeps),
        (Some("/x"), false)
    );
    for (answer, expected) in [
        ("", "closed"),
        (
            "HTTP/1.1 200",
            "the connection was closed before the answer was complete",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            "the answer has two lengths",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: +1\r\n\r\nx",
            "the answer has no valid length",
        ),
        ("HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n", "too large"),
    ] {
        assert_eq!(
            read(&[answer], 50).await.unwrap_err(),
            expected,
            "{answer:?}"
        );
    }
    let noise = read(&["noise\r\n\r\n"], 50).await.unwrap_err();
    assert!(noise.starts_with("the answer is no HTTP: "), "{noise}");
    let endless = "x".repeat(MAX_HEAD + 2);
    let endless = format!("HTTP/1.1 200 OK\r\nA: {endless}");
    assert_eq!(
        read(&[&endless], 50).await.unwrap_err(),
        "the head of the answer is too long"
    );
    let both = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n1\r\nx\r\n0\r\n\r\n";
    check(read(&[both], 50).await, "x", true);
}
