//! Tokens of OAuth 2, fetched when they are needed and kept as long as they hold.
//!
//! Source: RFC 6749, sections 4.4 (client credentials) and 5.1 (the answer).

use crate::client::{HttpClient, Request};
use crate::credentials::load;
use crate::error::{Error, Result};
use crate::route::basic_auth;
use config::{GrantType, HttpClientConfig, OAuth2, Secret};
use form_urlencoded::{Serializer, byte_serialize};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long a request for a token may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// A token is fetched anew this long before it ends.
const MARGIN: Duration = Duration::from_secs(10);
/// How long a token holds that does not say.
const USUAL: Duration = Duration::from_hours(1);

/// Tokens of one section of the configuration.
#[derive(Debug)]
pub(crate) struct TokenSource {
    config: OAuth2,
    client: HttpClient,
    token: Mutex<Option<Token>>,
}

#[derive(Debug, Clone)]
struct Token {
    text: Secret,
    /// The secret that it was fetched with: another one needs another token.
    client_secret: Secret,
    until: Instant,
}

impl TokenSource {
    pub(crate) fn new(config: &OAuth2) -> Self {
        let client = HttpClient::new(&HttpClientConfig {
            tls: config.tls.clone(),
            proxy: config.proxy.clone(),
            ..HttpClientConfig::default()
        });
        Self {
            config: config.clone(),
            client,
            token: Mutex::default(),
        }
    }

    /// A token that holds. Those who ask at the same time wait for one answer.
    pub(crate) async fn token(&self) -> Result<Secret> {
        let client_secret = load(&self.config.client_secret, "client secret")?;
        let mut kept = self.token.lock().await;
        let holds =
            |token: &&Token| token.client_secret == client_secret && Instant::now() < token.until;
        if let Some(token) = kept.as_ref().filter(holds) {
            return Ok(token.text.clone());
        }
        let (text, length) = self.fetch(&client_secret).await?;
        *kept = Some(Token {
            text: text.clone(),
            client_secret,
            until: Instant::now() + length.saturating_sub(MARGIN),
        });
        Ok(text)
    }

    fn form(&self) -> String {
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "client_credentials");
        if !self.config.scopes.is_empty() {
            form.append_pair("scope", &self.config.scopes.join(" "));
        }
        form.extend_pairs(&self.config.endpoint_params);
        form.finish()
    }

    async fn fetch(&self, client_secret: &Secret) -> Result<(Secret, Duration)> {
        let failed = |reason: String| Error::Token { reason };
        if self.config.grant_type != GrantType::ClientCredentials {
            return Err(failed("grant type jwt-bearer is not built in".to_owned()));
        }
        let url = self.config.token_url.parse()?;
        let escape = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let auth = basic_auth(
            &escape(&self.config.client_id),
            &escape(client_secret.expose()),
        );
        let lines = format!(
            "Authorization: {auth}\r\nContent-Type: application/x-www-form-urlencoded\r\nAccept: application/json\r\n"
        );
        let request = Request::post(url, PATIENCE, self.form().into_bytes()).with_headers(&lines);
        // The answer may hold a token, so it is not shown.
        let answer = Box::pin(self.client.fetch(request)).await?;
        if !(200..300).contains(&answer.status) {
            return Err(failed(format!("{} {}", answer.status, answer.reason)));
        }
        let body: serde_json::Value =
            serde_json::from_slice(answer.body()).map_err(|error| failed(error.to_string()))?;
        let text = body.get("access_token").and_then(serde_json::Value::as_str);
        let text = text.ok_or_else(|| failed("server response missing access_token".to_owned()))?;
        let seconds = body.get("expires_in").and_then(serde_json::Value::as_u64);
        let length = seconds.map_or(USUAL, Duration::from_secs);
        Ok((Secret::new(text), length))
    }
}
