//! What requests prove who asks with.

use crate::error::{Error, Result};
use crate::oauth2::TokenSource;
use crate::route::basic_auth;
use config::{Auth, BasicAuth, Credential, HttpClientConfig, HttpHeader, Secret};
use std::fmt::Write;

/// What requests prove who asks with, and further headers.
#[derive(Debug)]
pub(crate) struct Credentials {
    auth: Option<Kind>,
    headers: Vec<HttpHeader>,
}

#[derive(Debug)]
enum Kind {
    Basic(BasicAuth),
    Header(config::Authorization),
    OAuth2(Box<TokenSource>),
}

impl Credentials {
    pub(crate) fn new(config: &HttpClientConfig) -> Self {
        let auth = config.auth.as_ref().map(|auth| match auth {
            Auth::Basic(basic) => Kind::Basic(basic.clone()),
            Auth::Header(header) => Kind::Header(header.clone()),
            Auth::OAuth2(oauth2) => Kind::OAuth2(Box::new(TokenSource::new(oauth2))),
        });
        Self {
            auth,
            headers: config.headers.clone(),
        }
    }

    /// Whether the lines are the same for every request.
    pub(crate) fn are_fixed(&self) -> bool {
        let fixed = |credential: &Credential| !matches!(credential, Credential::File(_));
        let auth = match &self.auth {
            None => true,
            Some(Kind::Basic(basic)) => fixed(&basic.password) && basic.username_file.is_none(),
            Some(Kind::Header(header)) => fixed(&header.credentials),
            Some(Kind::OAuth2(_)) => false,
        };
        auth && self
            .headers
            .iter()
            .all(|header| header.secrets.iter().all(fixed))
    }

    /// The header lines of a request, each with its end.
    pub(crate) async fn lines(&self) -> Result<String> {
        let mut lines = String::new();
        let authorization = match &self.auth {
            None => None,
            Some(Kind::Basic(basic)) => {
                let user = match &basic.username_file {
                    Some(path) => load(&Credential::File(path.clone()), "username")?,
                    None => Secret::new(basic.username.clone()),
                };
                let password = load(&basic.password, "password")?;
                Some(basic_auth(user.expose(), password.expose()))
            }
            Some(Kind::Header(header)) => {
                let credentials = load(&header.credentials, "authorization credentials")?;
                Some(format!("{} {}", header.kind, credentials.expose()))
            }
            Some(Kind::OAuth2(source)) => {
                Some(format!("Bearer {}", source.token().await?.expose()))
            }
        };
        if let Some(value) = authorization {
            push(&mut lines, "Authorization", &value)?;
        }
        for header in &self.headers {
            for value in &header.values {
                push(&mut lines, &header.name, value)?;
            }
            for secret in &header.secrets {
                push(&mut lines, &header.name, load(secret, "header")?.expose())?;
            }
        }
        Ok(lines)
    }
}

fn push(lines: &mut String, name: &str, value: &str) -> Result<()> {
    if value.contains(['\r', '\n', '\0']) {
        let header = name.to_owned();
        return Err(Error::BadHeader { header });
    }
    // Writing to a string does not fail.
    let _ = write!(lines, "{name}: {value}\r\n");
    Ok(())
}

/// The secret now; empty where there is none.
pub(crate) fn load(credential: &Credential, what: &'static str) -> Result<Secret> {
    let loaded = credential.load().map_err(|source| Error::File {
        what,
        path: match credential {
            Credential::File(path) => path.display().to_string(),
            _ => String::new(),
        },
        source,
    })?;
    Ok(loaded.unwrap_or_default())
}
