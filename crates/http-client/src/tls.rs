//! TLS towards servers.

use crate::error::{Error, Result};
use crate::pem;
use crate::stream::{Io, Stream};
use config::{Credential, TlsConfig, TlsVersion};
use parking_lot::Mutex;
use std::sync::Arc;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::client::danger::{
    HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier,
};
use tokio_rustls::rustls::crypto::{self, CryptoProvider};
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use tokio_rustls::rustls::version::{TLS12, TLS13};
use tokio_rustls::rustls::{
    self, ClientConfig, DigitallySignedStruct, SignatureScheme, SupportedProtocolVersion,
};

/// TLS towards servers, made anew when one of its files has other content.
#[derive(Debug)]
pub(crate) struct Tls {
    config: TlsConfig,
    made: Mutex<Option<(Files, Arc<ClientConfig>)>>,
}

/// What the files said that a client was made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Files {
    ca: Option<Vec<u8>>,
    cert: Option<Vec<u8>>,
    key: Option<Vec<u8>>,
}

impl Tls {
    pub(crate) fn new(config: &TlsConfig) -> Self {
        Self {
            config: config.clone(),
            made: Mutex::default(),
        }
    }

    /// Speaks TLS over `stream` with `host`.
    pub(crate) async fn connect(&self, stream: Stream, host: &str) -> Result<Box<dyn Io>> {
        let config = self.client()?;
        let wanted = match self.config.server_name.as_str() {
            "" => host,
            name => name,
        };
        let failed = |reason: String| Error::Connect {
            address: host.to_owned(),
            reason,
        };
        let name = ServerName::try_from(wanted.to_owned());
        let name = name.map_err(|_| failed(format!("`{wanted}` is no name of a server")))?;
        let connector = TlsConnector::from(config);
        let connected = match stream {
            Stream::Plain(stream) => {
                let stream = connector.connect(name, stream).await;
                stream.map(|stream| -> Box<dyn Io> { Box::new(stream) })
            }
            other @ Stream::Other(_) => {
                let stream = connector.connect(name, other.boxed()).await;
                stream.map(|stream| -> Box<dyn Io> { Box::new(stream) })
            }
        };
        connected.map_err(|error| failed(format!("tls: {error}")))
    }

    /// The client for what the files say now.
    pub(crate) fn client(&self) -> Result<Arc<ClientConfig>> {
        let files = self.files()?;
        let mut made = self.made.lock();
        if let Some((before, client)) = made.as_ref()
            && *before == files
        {
            return Ok(Arc::clone(client));
        }
        let client = Arc::new(self.make(&files)?);
        *made = Some((files, Arc::clone(&client)));
        Ok(client)
    }

    fn files(&self) -> Result<Files> {
        let config = &self.config;
        let of = |what, inline: &str, file: &Option<std::path::PathBuf>| match file {
            Some(path) => pem::read(what, path).map(Some),
            None if inline.is_empty() => Ok(None),
            None => Ok(Some(inline.as_bytes().to_vec())),
        };
        let key = match &config.key {
            Credential::None => None,
            Credential::Inline(secret) => Some(secret.expose().as_bytes().to_vec()),
            Credential::File(path) => Some(pem::read("key", path)?),
        };
        Ok(Files {
            ca: of("CA cert", &config.ca, &config.ca_file)?,
            cert: of("cert", &config.cert, &config.cert_file)?,
            key,
        })
    }

    fn make(&self, files: &Files) -> Result<ClientConfig> {
        let failed = |error: rustls::Error| Error::Tls {
            what: "TLS settings",
            reason: error.to_string(),
        };
        let provider = Arc::new(crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&versions(self.config.min_version, self.config.max_version)?)
            .map_err(failed)?;
        let builder = if self.config.insecure_skip_verify {
            let verifier = Arc::new(AnyCertificate(provider));
            builder
                .dangerous()
                .with_custom_certificate_verifier(verifier)
        } else {
            builder.with_root_certificates(pem::roots(files.ca.as_deref())?)
        };
        let mut client = match (&files.cert, &files.key) {
            (Some(cert), Some(key)) => builder
                .with_client_auth_cert(pem::certificates("cert", cert)?, pem::key(key)?)
                .map_err(failed)?,
            _ => builder.with_no_client_auth(),
        };
        client.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(client)
    }
}

/// The versions from `min` to `max`; those before 1.2 are never spoken.
fn versions(
    min: Option<TlsVersion>,
    max: Option<TlsVersion>,
) -> Result<Vec<&'static SupportedProtocolVersion>> {
    let all = [(TlsVersion::Tls12, &TLS12), (TlsVersion::Tls13, &TLS13)];
    let spoken: Vec<_> = all
        .into_iter()
        .filter(|(version, _)| min.is_none_or(|min| min <= *version))
        .filter(|(version, _)| max.is_none_or(|max| max >= *version))
        .map(|(_, version)| version)
        .collect();
    if spoken.is_empty() {
        return Err(Error::Tls {
            what: "max_version",
            reason: "TLS before 1.2 is not spoken".to_owned(),
        });
    }
    Ok(spoken)
}

/// Takes any certificate, because the configuration says so; signatures are still checked.
#[derive(Debug)]
struct AnyCertificate(Arc<CryptoProvider>);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        crypto::verify_tls12_signature(message, cert, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.0.signature_verification_algorithms;
        crypto::verify_tls13_signature(message, cert, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}
