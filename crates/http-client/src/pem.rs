//! Certificates and keys as PEM.

use crate::error::{Error, Result};
use std::path::{Path, PathBuf};
use tokio_rustls::rustls::RootCertStore;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Where systems keep the certificates of authorities.
const SYSTEM_FILES: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

pub(crate) fn read(what: &'static str, path: &Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|source| Error::File {
        what,
        path: path.display().to_string(),
        source,
    })
}

fn bad(what: &'static str, reason: &dyn std::fmt::Display) -> Error {
    let reason = reason.to_string();
    Error::Tls { what, reason }
}

/// The certificates of a text: at least one.
pub(crate) fn certificates(what: &'static str, pem: &[u8]) -> Result<Vec<CertificateDer<'static>>> {
    let all: Vec<_> = CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| bad(what, &error))?;
    if all.is_empty() {
        return Err(bad(what, &"no certificate in it"));
    }
    Ok(all)
}

/// The first key of a text.
pub(crate) fn key(pem: &[u8]) -> Result<PrivateKeyDer<'static>> {
    PrivateKeyDer::from_pem_slice(pem).map_err(|error| bad("key", &error))
}

/// Authorities: those of `pem`, or the system's.
pub(crate) fn roots(pem: Option<&[u8]>) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    if let Some(pem) = pem {
        for certificate in certificates("CA cert", pem)? {
            roots
                .add(certificate)
                .map_err(|error| bad("CA cert", &error))?;
        }
        return Ok(roots);
    }
    let named = std::env::var_os("SSL_CERT_FILE").map(PathBuf::from);
    let usual = SYSTEM_FILES.iter().map(PathBuf::from);
    let text = named
        .into_iter()
        .chain(usual)
        .find_map(|path| std::fs::read(path).ok());
    let all = text.map(|text| certificates("CA cert", &text)).transpose();
    // A certificate of the system that is not understood is nobody's trouble but of those it vouches for.
    roots.add_parsable_certificates(all.ok().flatten().unwrap_or_default());
    Ok(roots)
}
