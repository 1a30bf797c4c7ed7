use crate::server::{Server, ok};
use crate::{client, get};
use rcgen::{CertifiedKey, KeyPair, generate_simple_self_signed};
use std::path::Path;
use std::sync::Arc;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig, crypto};

fn made(name: &str) -> CertifiedKey<KeyPair> {
    generate_simple_self_signed(vec![name.to_owned()]).unwrap()
}

fn server_config(
    own: &CertifiedKey<KeyPair>,
    client: Option<&CertifiedKey<KeyPair>>,
) -> ServerConfig {
    let provider = Arc::new(crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match client {
        None => builder.with_no_client_auth(),
        Some(client) => {
            let mut roots = RootCertStore::empty();
            roots.add(client.cert.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    builder
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap()
}

fn write(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.display().to_string()
}

#[tokio::test]
async fn certificates_are_verified_unless_the_configuration_says_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let own = made("localhost");
    let ca = write(folder.path(), "ca.pem", &own.cert.pem());
    let server = Server::with_tls(Some(server_config(&own, None)), |_| ok("safe")).await;
    let by_name = format!("https://localhost:{}/", server.port);
    let by_number = format!("https://127.0.0.1:{}/", server.port);
    let cases = [
        (format!("  tls_config: {{ca_file: '{ca}'}}"), &by_name, true),
        (
            format!("  tls_config: {{ca_file: '{ca}'}}"),
            &by_number,
            false,
        ),
        (
            format!("  tls_config: {{ca_file: '{ca}', server_name: localhost}}"),
            &by_number,
            true,
        ),
        (
            format!("  tls_config: {{ca_file: '{ca}', min_version: TLS13}}"),
            &by_name,
            true,
        ),
        (String::new(), &by_name, false),
        (
            "  tls_config: {insecure_skip_verify: true}".to_owned(),
            &by_number,
            true,
        ),
        (
            "  tls_config: {ca_file: /nowhere/ca.pem}".to_owned(),
            &by_name,
            false,
        ),
        (
            "  tls_config: {max_version: TLS11}".to_owned(),
            &by_name,
            false,
        ),
    ];
    for (lines, url, works) in cases {
        let answer = get(&client(&lines), url).await;
        assert_eq!(answer.is_ok(), works, "{lines} {url} {:?}", answer.err());
    }
}

#[tokio::test]
async fn a_client_shows_its_certificate_and_sees_a_new_one_without_a_reload() {
    let folder = tempfile::tempdir().unwrap();
    let (own, right, wrong) = (made("localhost"), made("me"), made("me"));
    let ca = write(folder.path(), "ca.pem", &own.cert.pem());
    let cert = write(folder.path(), "cert.pem", &wrong.cert.pem());
    let key = write(folder.path(), "key.pem", &wrong.signing_key.serialize_pem());
    let server = Server::with_tls(Some(server_config(&own, Some(&right))), |_| ok("known")).await;
    let url = format!("https://localhost:{}/", server.port);
    let client = client(&format!(
        "  tls_config: {{ca_file: '{ca}', cert_file: '{cert}', key_file: '{key}'}}"
    ));
    assert!(client.check().is_ok());
    assert!(get(&client, &url).await.is_err());
    write(folder.path(), "cert.pem", &right.cert.pem());
    write(folder.path(), "key.pem", &right.signing_key.serialize_pem());
    assert_eq!(get(&client, &url).await.unwrap().body(), b"known");
}
