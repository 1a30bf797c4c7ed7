//! Tokens that are fetched.

use super::{Credential, ProxyConfig, TlsConfig};
use crate::context::Context;
use crate::error::Fault;
use crate::url;
use crate::yaml::{Fields, Node, ReadNode, Section, Value};

/// How a token is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GrantType {
    /// With the client's secret.
    #[default]
    ClientCredentials,
    /// With a signed statement.
    JwtBearer,
}

const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const ALGORITHMS: [&str; 3] = ["RS256", "RS384", "RS512"];

/// Tokens that are fetched and sent as `Bearer`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OAuth2 {
    /// Who asks.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Credential,
    /// How the token is asked for.
    pub grant_type: GrantType,
    /// Key that signs the statement of a JWT grant.
    pub certificate_key: Credential,
    /// Name of that key.
    pub certificate_key_id: String,
    /// How it signs.
    pub signature_algorithm: String,
    /// Who issues the statement; the client if empty.
    pub iss: String,
    /// Whom it is for.
    pub audience: String,
    /// Further claims of it. Ordering: by name.
    pub claims: Vec<(String, String)>,
    /// What the token is for.
    pub scopes: Vec<String>,
    /// Where tokens are fetched.
    pub token_url: String,
    /// Further parameters of the request. Ordering: by name.
    pub endpoint_params: Vec<(String, String)>,
    /// TLS of that request.
    pub tls: TlsConfig,
    /// Proxy of that request.
    pub proxy: ProxyConfig,
}

impl OAuth2 {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let line = node.line;
        let client_id: String = fields.or_default("client_id")?;
        let secret: String = fields.or_default("client_secret")?;
        let secret_file: String = fields.or_default("client_secret_file")?;
        let key: String = fields.or_default("client_certificate_key")?;
        let key_file: String = fields.or_default("client_certificate_key_file")?;
        let grant_type = match fields.or_default::<String>("grant_type")?.as_str() {
            "" | "client_credentials" => GrantType::ClientCredentials,
            JWT_BEARER => GrantType::JwtBearer,
            _ => {
                let words = format!(
                    "unsupported oauth2 grant_type, must be client_credentials or {JWT_BEARER}"
                );
                return Err(Fault::rule(line, words));
            }
        };
        let signature_algorithm: String = fields.or_default("signature_algorithm")?;
        let token_url: String = fields.or_default("token_url")?;
        if client_id.is_empty() && grant_type == GrantType::ClientCredentials {
            return Err(Fault::rule(line, "oauth2 client_id must be configured"));
        }
        if !secret.is_empty() && !secret_file.is_empty() {
            let words = "at most one of oauth2 client_secret & client_secret_file must be configured using grant-type=client_credentials";
            return Err(Fault::rule(line, words));
        }
        if grant_type == GrantType::JwtBearer {
            if key.is_empty() && key_file.is_empty() {
                let words = "one of oauth2 client_certificate_key or client_certificate_key_file must be configured using grant-type=jwt-bearer";
                return Err(Fault::rule(line, words));
            }
            if !signature_algorithm.is_empty()
                && !ALGORITHMS.contains(&signature_algorithm.as_str())
            {
                let words = "valid signature algorithms are RS256, RS384 and RS512";
                return Err(Fault::rule(line, words));
            }
            context.no_effect("grant_type: jwt-bearer", line);
        }
        if token_url.is_empty() {
            return Err(Fault::rule(line, "oauth2 token_url must be configured"));
        }
        url::check(&token_url, line)?;
        let tls = fields.take("tls_config");
        let claims = fields.take("claims");
        let oauth2 = Self {
            client_id,
            client_secret: Credential::of(secret, &context.resolve(&secret_file)),
            grant_type,
            certificate_key: Credential::of(key, &context.resolve(&key_file)),
            certificate_key_id: fields.or_default("client_certificate_key_id")?,
            signature_algorithm,
            iss: fields.or_default("iss")?,
            audience: fields.or_default("audience")?,
            claims: claims.map(Vec::read).transpose()?.unwrap_or_default(),
            scopes: fields.or_default("scopes")?,
            token_url,
            endpoint_params: fields.or_default("endpoint_params")?,
            tls: tls
                .map(|node| TlsConfig::read(node, context))
                .transpose()?
                .unwrap_or_default(),
            proxy: ProxyConfig::read(&mut fields)?,
        };
        fields.finish()?;
        Ok(oauth2)
    }

    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        section.text("client_id", &self.client_id);
        self.client_secret.write("client_secret", &mut section);
        self.certificate_key
            .write("client_certificate_key", &mut section);
        section.some_text("client_certificate_key_id", &self.certificate_key_id);
        if self.grant_type == GrantType::JwtBearer {
            section.text("grant_type", JWT_BEARER);
        }
        section.some_text("signature_algorithm", &self.signature_algorithm);
        section.some_text("iss", &self.iss);
        section.some_text("audience", &self.audience);
        section.some_pairs("claims", pairs(&self.claims));
        section.some_texts("scopes", &self.scopes);
        section.put("token_url", Value::Text(url::redacted(&self.token_url)));
        section.some_pairs("endpoint_params", pairs(&self.endpoint_params));
        self.tls.write_into(&mut section);
        section.inline(self.proxy.write());
        section
    }
}

fn pairs(entries: &[(String, String)]) -> impl Iterator<Item = (&str, &str)> {
    entries
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
}
