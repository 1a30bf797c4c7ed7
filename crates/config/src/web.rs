//! The file of `--web.config.file`: who may connect to this server, and how.

use crate::client::{Credential, TlsVersion};
use crate::context::Context;
use crate::error::{Error, Fault, Result};
use crate::secret::Secret;
use crate::yaml::{self, Fields, Node};
use std::path::{Path, PathBuf};

/// Who may connect to this server, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WebConfig {
    /// TLS; none for plain HTTP.
    pub tls: Option<WebTls>,
    /// Whether HTTP/2 may be spoken over TLS.
    pub http2: bool,
    /// Headers of every answer. Ordering: by name.
    pub headers: Vec<(String, String)>,
    /// Users and the bcrypt hashes of their passwords; anybody may connect if there is none. Ordering: by
    /// name.
    pub users: Vec<(String, Secret)>,
}

/// TLS of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebTls {
    /// Certificates of the server, as PEM; if empty, `cert_file` holds them.
    pub cert: String,
    /// File of its certificates.
    pub cert_file: Option<PathBuf>,
    /// Its key.
    pub key: Credential,
    /// Whether clients must have a certificate.
    pub client_auth: ClientAuth,
    /// Authorities of clients' certificates, as PEM; if empty, `client_ca_file` holds them.
    pub client_ca: String,
    /// File of those authorities.
    pub client_ca_file: Option<PathBuf>,
    /// Oldest version to speak.
    pub min_version: TlsVersion,
    /// Newest version to speak.
    pub max_version: TlsVersion,
}

/// Whether clients must have a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClientAuth {
    /// They are not asked for one.
    #[default]
    None,
    /// They are asked, and need not have one.
    Request,
    /// They must have one, of anybody.
    RequireAny,
    /// What they have must be of a known authority.
    VerifyIfGiven,
    /// They must have one of a known authority.
    RequireAndVerify,
}

const HEADERS: [&str; 5] = [
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "X-XSS-Protection",
];

impl WebConfig {
    /// Reads the file `path`.
    ///
    /// # Errors
    /// [`Error::Read`] if the file cannot be read, [`Error::Invalid`] with the line of the first fault.
    pub fn load(path: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(path).map_err(|reason| Error::Read {
            path: path.to_owned(),
            reason,
        })?;
        Self::parse(&text, path)
    }

    /// Reads `text`; relative paths in it are relative to the folder of `path`.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the line of the first fault.
    pub fn parse(text: &str, path: &Path) -> Result<Self> {
        let context = Context::new(path, &|_| None);
        let read = yaml::parse(text).and_then(|node| Self::read(&node, &context));
        read.map_err(|fault| Error::Invalid {
            path: path.to_owned(),
            line: fault.line,
            reason: fault.reason,
        })
    }

    fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "web.Config")?;
        let tls = fields.take("tls_server_config");
        let tls = tls.map(|node| WebTls::read(node, context)).transpose()?;
        let (mut http2, mut headers) = (true, Vec::new());
        if let Some(node) = fields.take("http_server_config") {
            let mut fields = Fields::of(node, "web.HTTPConfig")?;
            http2 = fields.or("http2", true)?;
            let line = fields.line_of("headers");
            headers = fields.or_default("headers")?;
            fields.finish()?;
            check_headers(&headers, line)?;
        }
        let line = fields.line_of("basic_auth_users");
        let users: Vec<(String, String)> = fields.or_default("basic_auth_users")?;
        fields.finish()?;
        for (user, hash) in &users {
            if !looks_like_bcrypt(hash) {
                let words = format!("the password of user {user:?} is no bcrypt hash");
                return Err(Fault::rule(line, words));
            }
        }
        let hide = |(user, hash): (String, String)| (user, Secret::new(hash));
        Ok(Self {
            tls: tls.flatten(),
            http2,
            headers,
            users: users.into_iter().map(hide).collect(),
        })
    }
}

fn check_headers(headers: &[(String, String)], line: u64) -> Result<(), Fault> {
    for (name, value) in headers {
        if !HEADERS.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            let words = format!("HTTP header {name:?} can not be configured");
            return Err(Fault::rule(line, words));
        }
        let allowed = match name.to_ascii_lowercase().as_str() {
            "x-frame-options" => {
                matches!(value.to_ascii_lowercase().as_str(), "deny" | "sameorigin")
            }
            "x-content-type-options" => value.eq_ignore_ascii_case("nosniff"),
            _ => !value.contains(['\r', '\n', '\0']),
        };
        if !allowed {
            let words = format!("invalid value for {name}. Got: {value:?}");
            return Err(Fault::rule(line, words));
        }
    }
    Ok(())
}

/// `$2y$10$` and 53 characters.
fn looks_like_bcrypt(hash: &str) -> bool {
    let parts: Vec<&str> = hash.split('$').collect();
    match parts.as_slice() {
        ["", "2a" | "2b" | "2x" | "2y", cost, rest] => {
            rest.len() == 53
                && cost
                    .parse::<u32>()
                    .is_ok_and(|cost| (4..=31).contains(&cost))
        }
        _ => false,
    }
}

impl WebTls {
    /// `None` where the section says nothing.
    fn read(node: &Node, context: &Context<'_>) -> Result<Option<Self>, Fault> {
        let mut fields = Fields::of(node, "web.TLSConfig")?;
        let line = node.line;
        let empty = fields.left().next().is_none();
        let mut text = |name: &str| fields.or_default::<String>(name);
        let (cert, key, client_ca) = (text("cert")?, text("key")?, text("client_ca")?);
        let (cert_file, key_file) = (text("cert_file")?, text("key_file")?);
        let client_ca_file = text("client_ca_file")?;
        let client_auth = match text("client_auth_type")?.as_str() {
            "" | "NoClientCert" => ClientAuth::None,
            "RequestClientCert" => ClientAuth::Request,
            "RequireAnyClientCert" | "RequireClientCert" => ClientAuth::RequireAny,
            "VerifyClientCertIfGiven" => ClientAuth::VerifyIfGiven,
            "RequireAndVerifyClientCert" => ClientAuth::RequireAndVerify,
            other => {
                let words = format!("invalid ClientAuth: {other}");
                return Err(Fault::rule(line, words));
            }
        };
        let at = fields.line_of("client_allowed_sans");
        if !fields
            .or_default::<Vec<String>>("client_allowed_sans")?
            .is_empty()
        {
            let words = "client_allowed_sans is not built in: every certificate of client_ca would be let in";
            return Err(Fault::rule(at, words));
        }
        let min = TlsVersion::take(&mut fields, "min_version")?.unwrap_or(TlsVersion::Tls12);
        let max = TlsVersion::take(&mut fields, "max_version")?.unwrap_or(TlsVersion::Tls13);
        // The ciphers and curves of the TLS library are all sound, and it chooses among them.
        for name in ["cipher_suites", "curve_preferences"] {
            let at = fields.line_of(name);
            if !fields.or_default::<Vec<String>>(name)?.is_empty() {
                context.no_effect(name, at);
            }
        }
        fields.or("prefer_server_cipher_suites", true)?;
        fields.finish()?;
        if empty {
            return Ok(None);
        }
        let has_ca = !client_ca.is_empty() || !client_ca_file.is_empty();
        let verifies = matches!(
            client_auth,
            ClientAuth::VerifyIfGiven | ClientAuth::RequireAndVerify
        );
        let words = if cert.is_empty() && cert_file.is_empty() {
            "missing one of cert or cert_file"
        } else if !cert.is_empty() && !cert_file.is_empty() {
            "at most one of cert and cert_file must be configured"
        } else if key.is_empty() && key_file.is_empty() {
            "missing one of key or key_file"
        } else if !key.is_empty() && !key_file.is_empty() {
            "at most one of key and key_file must be configured"
        } else if has_ca && client_auth == ClientAuth::None {
            "Client CA's have been configured without a Client Auth Policy"
        } else if verifies && !has_ca {
            "Client Auth Policy needs client_ca or client_ca_file"
        } else if min > max {
            "max_version must be greater than or equal to min_version"
        } else {
            ""
        };
        if !words.is_empty() {
            return Err(Fault::rule(line, words));
        }
        let path = |file: &str| {
            let file = context.resolve(file);
            Some(file)
                .filter(|file| !file.is_empty())
                .map(PathBuf::from)
        };
        Ok(Some(Self {
            cert,
            cert_file: path(&cert_file),
            key: Credential::of(key, &context.resolve(&key_file)),
            client_auth,
            client_ca,
            client_ca_file: path(&client_ca_file),
            min_version: min,
            max_version: max,
        }))
    }
}
