//! Targets behind TLS and credentials.

use crate::server::{Server, ok, response};
use crate::{Fixture, until};
use rcgen::generate_simple_self_signed;
use scrape::Health;
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::{ServerConfig, crypto};

#[tokio::test]
async fn a_target_with_tls_is_scraped_over_one_connection() {
    let own = generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(crypto::ring::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut served = JoinSet::new();
    served.spawn(async move {
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let (stream, _) = listener.accept().await.unwrap();
        let mut stream = acceptor.accept(stream).await.unwrap();
        for _ in 0..3 {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                stream.read_buf(&mut head).await.unwrap();
            }
            let page = ok("text/plain", b"a 1\n");
            stream.write_all(&page).await.unwrap();
        }
    });
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, own.cert.pem()).unwrap();
    let fixture = Fixture::new();
    let settings = format!(
        "  scheme: https\n  tls_config: {{ca_file: '{}'}}",
        ca.display()
    );
    fixture
        .apply(&[format!("localhost:{port}")], &settings)
        .await;
    let status = fixture.scraped(Health::Up).await;
    assert_eq!(status.url, format!("https://localhost:{port}/metrics"));
    // All three were asked for over the one connection that was accepted.
    served.join_next().await.unwrap().unwrap();
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn a_target_that_sends_scrapes_elsewhere_gives_no_credentials_away() {
    let other = Server::with_page("b 1\n").await;
    let to = format!("http://{}/metrics", other.address);
    let server = Server::start(move |_| response("302 Found", &[("Location", &to)], b"")).await;
    let fixture = Fixture::new();
    let settings = "  basic_auth: {username: u, password: p}";
    fixture
        .apply(std::slice::from_ref(&server.address), settings)
        .await;
    fixture.scraped(Health::Up).await;
    assert!(
        server
            .requests()
            .iter()
            .all(|head| head.contains("Authorization: Basic dTpw\r\n"))
    );
    assert!(
        other
            .requests()
            .iter()
            .all(|head| !head.contains("Authorization"))
    );
    fixture.manager.shutdown().await;
}

#[tokio::test]
async fn targets_of_a_file_come_and_go_and_others_are_not_disturbed() {
    let (one, two) = (
        Server::with_page("one 1\n").await,
        Server::with_page("two 1\n").await,
    );
    let folder = tempfile::tempdir().unwrap();
    let list = folder.path().join("t.yml");
    let write = |addresses: &[&str]| {
        let text = format!("- targets: {addresses:?}\n");
        let fresh = folder.path().join("fresh");
        std::fs::write(&fresh, text).unwrap();
        std::fs::rename(fresh, &list).unwrap();
    };
    write(&[&one.address]);
    let fixture = Fixture::new();
    let settings = format!("  file_sd_configs: [{{files: ['{}']}}]", list.display());
    fixture.apply(&[], &settings).await;
    until(|| Some(()).filter(|()| fixture.count("one").0 > 0)).await;
    write(&[&one.address, &two.address]);
    until(|| Some(()).filter(|()| fixture.count("two").0 > 0)).await;
    write(&[&two.address]);
    until(|| Some(()).filter(|()| fixture.count("one").1)).await;
    let (_, samples) = fixture.samples("two").remove(0);
    assert!(
        samples.iter().all(|(_, value)| *value == 1.0),
        "{samples:?}"
    );
    // The last marker is written before the target leaves the list.
    until(|| Some(()).filter(|()| fixture.manager.targets().len() == 1)).await;
    fixture.manager.shutdown().await;
}
