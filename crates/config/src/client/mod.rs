//! How this server speaks to others over HTTP: the block that scrape configs, discoveries, Alertmanagers
//! and remote storages share.

mod auth;
mod headers;
mod oauth2;
mod proxy;
mod tls;

pub use auth::{Authorization, BasicAuth, Credential};
pub use headers::HttpHeader;
pub use oauth2::{GrantType, OAuth2};
pub use proxy::ProxyConfig;
pub use tls::{TlsConfig, TlsVersion};

use crate::context::Context;
use crate::error::Fault;
use crate::yaml::{Fields, Section, Value};

/// Settings of an HTTP client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpClientConfig {
    /// What requests prove who asks with.
    pub auth: Option<Auth>,
    /// Trust in the other side, and a certificate for it.
    pub tls: TlsConfig,
    /// Whether redirects are followed.
    pub follow_redirects: bool,
    /// Whether HTTP/2 may be spoken.
    pub enable_http2: bool,
    /// Whom requests go through.
    pub proxy: ProxyConfig,
    /// Further headers. Ordering: by name.
    pub headers: Vec<HttpHeader>,
}

/// What requests prove who asks with: one kind only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Auth {
    /// User and password.
    Basic(BasicAuth),
    /// A ready-made `Authorization` header.
    Header(Authorization),
    /// Tokens that are fetched.
    OAuth2(Box<OAuth2>),
}

impl Default for HttpClientConfig {
    fn default() -> Self {
        Self {
            auth: None,
            tls: TlsConfig::default(),
            follow_redirects: true,
            enable_http2: true,
            proxy: ProxyConfig::default(),
            headers: Vec::new(),
        }
    }
}

const ONE_AUTH: &str = "at most one of basic_auth, oauth2 & authorization must be configured";
const ONE_BEARER: &str = "at most one of bearer_token & bearer_token_file must be configured";
const BEARER_ALONE: &str =
    "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured";
const NOT_BOTH: &str = "authorization is not compatible with bearer_token & bearer_token_file";

impl HttpClientConfig {
    /// Takes the block's fields.
    pub(crate) fn read(
        fields: &mut Fields<'_>,
        context: &Context<'_>,
        http2: bool,
    ) -> Result<Self, Fault> {
        let line = fields.line;
        let basic = fields.take("basic_auth");
        let basic = basic
            .map(|node| BasicAuth::read(node, context))
            .transpose()?;
        let header = fields.take("authorization");
        let header = header
            .map(|node| Authorization::read(node, context))
            .transpose()?;
        let oauth2 = fields.take("oauth2");
        let oauth2 = oauth2.map(|node| OAuth2::read(node, context)).transpose()?;
        let bearer: String = fields.or_default("bearer_token")?;
        let bearer_file: String = fields.or_default("bearer_token_file")?;
        let has_bearer = !bearer.is_empty() || !bearer_file.is_empty();
        if !bearer.is_empty() && !bearer_file.is_empty() {
            return Err(Fault::rule(line, ONE_BEARER));
        }
        if has_bearer && (basic.is_some() || oauth2.is_some()) {
            return Err(Fault::rule(line, BEARER_ALONE));
        }
        if has_bearer && header.is_some() {
            return Err(Fault::rule(line, NOT_BOTH));
        }
        let bearer = has_bearer.then(|| Authorization {
            kind: "Bearer".to_owned(),
            credentials: Credential::of(bearer, &context.resolve(&bearer_file)),
        });
        let mut all = basic.map(Auth::Basic).into_iter().collect::<Vec<_>>();
        all.extend(header.or(bearer).map(Auth::Header));
        all.extend(oauth2.map(|oauth2| Auth::OAuth2(Box::new(oauth2))));
        if all.len() > 1 {
            return Err(Fault::rule(line, ONE_AUTH));
        }
        let tls = fields.take("tls_config");
        let tls = tls.map(|node| TlsConfig::read(node, context)).transpose()?;
        Ok(Self {
            auth: all.pop(),
            tls: tls.unwrap_or_default(),
            follow_redirects: fields.or("follow_redirects", true)?,
            enable_http2: fields.or("enable_http2", http2)?,
            proxy: ProxyConfig::read(fields)?,
            headers: headers::read(fields, context)?,
        })
    }

    /// The block's fields in Prometheus' order.
    pub(crate) fn write(&self) -> Section {
        let mut section = Section::default();
        match &self.auth {
            None => {}
            Some(Auth::Basic(basic)) => section.put("basic_auth", Value::Map(basic.write())),
            Some(Auth::Header(header)) => section.put("authorization", Value::Map(header.write())),
            Some(Auth::OAuth2(oauth2)) => section.put("oauth2", Value::Map(oauth2.write())),
        }
        self.tls.write_into(&mut section);
        section.word("follow_redirects", self.follow_redirects);
        section.word("enable_http2", self.enable_http2);
        section.inline(self.proxy.write());
        headers::write(&self.headers, &mut section);
        section
    }
}
