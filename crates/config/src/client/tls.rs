//! TLS of a client.

use super::Credential;
use crate::context::Context;
use crate::error::Fault;
use crate::secret::HIDDEN;
use crate::yaml::{Fields, Node, Section, Value};
use std::path::PathBuf;

/// A version of TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TlsVersion {
    /// 1.0, which is read and never spoken.
    Tls10,
    /// 1.1, which is read and never spoken.
    Tls11,
    /// 1.2
    Tls12,
    /// 1.3
    Tls13,
}

impl TlsVersion {
    /// As in the file.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Tls10 => "TLS10",
            Self::Tls11 => "TLS11",
            Self::Tls12 => "TLS12",
            Self::Tls13 => "TLS13",
        }
    }

    pub(crate) fn take(fields: &mut Fields<'_>, name: &str) -> Result<Option<Self>, Fault> {
        let line = fields.line_of(name);
        let text: String = fields.or_default(name)?;
        let all = [Self::Tls10, Self::Tls11, Self::Tls12, Self::Tls13];
        match text.as_str() {
            "" => Ok(None),
            text => all
                .into_iter()
                .find(|version| version.as_str() == text)
                .map(Some)
                .ok_or_else(|| Fault::rule(line, format!("unknown TLS version: {text}"))),
        }
    }
}

/// Trust in the other side, and a certificate for it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TlsConfig {
    /// Certificates of authorities, as PEM.
    pub ca: String,
    /// File of such certificates.
    pub ca_file: Option<PathBuf>,
    /// Our own certificate, as PEM.
    pub cert: String,
    /// File of our certificate.
    pub cert_file: Option<PathBuf>,
    /// Its key.
    pub key: Credential,
    /// Name that the other side's certificate must have; the address's if empty.
    pub server_name: String,
    /// Whether any certificate of the other side will do.
    pub insecure_skip_verify: bool,
    /// Oldest version to speak.
    pub min_version: Option<TlsVersion>,
    /// Newest version to speak.
    pub max_version: Option<TlsVersion>,
}

impl TlsConfig {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let mut texts = |name: &str| fields.or_default::<String>(name);
        let (ca, cert, key) = (texts("ca")?, texts("cert")?, texts("key")?);
        let (ca_file, cert_file, key_file) =
            (texts("ca_file")?, texts("cert_file")?, texts("key_file")?);
        let server_name = texts("server_name")?;
        let line = node.line;
        for (inline, file, words) in [
            (
                &ca,
                &ca_file,
                "at most one of ca and ca_file must be configured",
            ),
            (
                &cert,
                &cert_file,
                "at most one of cert and cert_file must be configured",
            ),
            (
                &key,
                &key_file,
                "at most one of key and key_file must be configured",
            ),
        ] {
            if !inline.is_empty() && !file.is_empty() {
                return Err(Fault::rule(line, words));
            }
        }
        let (has_cert, has_key) = (
            !cert.is_empty() || !cert_file.is_empty(),
            !key.is_empty() || !key_file.is_empty(),
        );
        if has_cert && !has_key {
            let words = "exactly one of key or key_file must be configured when a client certificate is configured";
            return Err(Fault::rule(line, words));
        }
        if has_key && !has_cert {
            let words = "exactly one of cert or cert_file must be configured when a client key is configured";
            return Err(Fault::rule(line, words));
        }
        let path = |file: &str| {
            let file = context.resolve(file);
            Some(file)
                .filter(|file| !file.is_empty())
                .map(PathBuf::from)
        };
        let config = Self {
            ca,
            ca_file: path(&ca_file),
            cert,
            cert_file: path(&cert_file),
            key: Credential::of(key, &context.resolve(&key_file)),
            server_name,
            insecure_skip_verify: fields.or_default("insecure_skip_verify")?,
            min_version: TlsVersion::take(&mut fields, "min_version")?,
            max_version: TlsVersion::take(&mut fields, "max_version")?,
        };
        fields.finish()?;
        if let (Some(min), Some(max)) = (config.min_version, config.max_version)
            && min > max
        {
            let words = "tls_config.max_version must be greater than or equal to tls_config.min_version if both are specified";
            return Err(Fault::rule(line, words));
        }
        Ok(config)
    }

    /// Writes the section, unless it says nothing.
    pub(crate) fn write_into(&self, section: &mut Section) {
        if *self != Self::default() {
            section.put("tls_config", Value::Map(self.write()));
        }
    }

    fn write(&self) -> Section {
        let mut section = Section::default();
        section.some_text("ca", &self.ca);
        section.some_text("cert", &self.cert);
        if matches!(self.key, Credential::Inline(_)) {
            section.word("key", HIDDEN);
        }
        for (name, file) in [("ca_file", &self.ca_file), ("cert_file", &self.cert_file)] {
            if let Some(file) = file {
                section.text(name, &file.display().to_string());
            }
        }
        if matches!(self.key, Credential::File(_)) {
            self.key.write("key", &mut section);
        }
        section.some_text("server_name", &self.server_name);
        section.word("insecure_skip_verify", self.insecure_skip_verify);
        for (name, version) in [
            ("min_version", self.min_version),
            ("max_version", self.max_version),
        ] {
            if let Some(version) = version {
                section.word(name, version.as_str());
            }
        }
        section
    }
}
