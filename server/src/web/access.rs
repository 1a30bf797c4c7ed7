//! Who may connect.

use super::tls::server_config;
use api::{WebUser, basic_credentials};
use axum::Router;
use axum::extract::{Request, State as Shares};
use axum::http::header::WWW_AUTHENTICATE;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use config::{Secret, WebConfig};
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use tokio_rustls::rustls::ServerConfig;

/// Pairs of user and password that are known to be right: checking one takes a tenth of a second.
const REMEMBERED: usize = 100;
/// What the password of a user that there is not is compared with, so that an answer takes as long.
const NOBODY: &str = "$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi";

/// The web configuration as it is now. Clones share it.
#[derive(Clone)]
pub(crate) struct Access(Arc<Shared>);

struct Shared {
    path: PathBuf,
    state: Mutex<State>,
    known: Mutex<HashSet<(String, Secret, String)>>,
}

struct State {
    /// When each file was changed that the state was made of.
    stamps: Vec<(PathBuf, Option<SystemTime>)>,
    config: Arc<WebConfig>,
    tls: Option<Arc<ServerConfig>>,
}

impl State {
    fn load(path: &Path) -> anyhow::Result<Self> {
        let config = WebConfig::load(path)?;
        let tls = config.tls.as_ref().map(server_config).transpose()?;
        let mut files = vec![path.to_owned()];
        if let Some(tls) = &config.tls {
            files.extend(tls.cert_file.clone());
            files.extend(tls.client_ca_file.clone());
            if let config::Credential::File(path) = &tls.key {
                files.push(path.clone());
            }
        }
        Ok(Self {
            stamps: files
                .into_iter()
                .map(|file| {
                    let changed = stamp(&file);
                    (file, changed)
                })
                .collect(),
            config: Arc::new(config),
            tls,
        })
    }
}

fn stamp(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok()
}

impl Access {
    /// Reads the file.
    ///
    /// # Errors
    /// It, or a file that it names, cannot be read or is wrong.
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        Ok(Self(Arc::new(Shared {
            state: Mutex::new(State::load(path)?),
            path: path.to_owned(),
            known: Mutex::default(),
        })))
    }

    /// Whether the server speaks TLS; that does not change while it runs.
    pub(crate) fn has_tls(&self) -> bool {
        self.current().1.is_some()
    }

    /// The settings of a new connection.
    pub(super) fn tls(&self) -> Option<Arc<ServerConfig>> {
        self.current().1
    }

    /// What the files say now; what they said before where they are broken.
    fn current(&self) -> (Arc<WebConfig>, Option<Arc<ServerConfig>>) {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.stamps.iter().any(|(path, then)| stamp(path) != *then) {
            match State::load(&self.0.path) {
                // TLS is neither begun nor ended while the server runs.
                Ok(fresh) if fresh.tls.is_some() == state.tls.is_some() => *state = fresh,
                Ok(_) => tracing::error!(
                    "TLS of the web configuration file begins or ends with a restart only"
                ),
                Err(error) => {
                    tracing::error!(
                        error = format!("{error:#}"),
                        "web configuration file not usable, the old one stays"
                    );
                    for (path, then) in &mut state.stamps {
                        *then = stamp(path);
                    }
                }
            }
        }
        (Arc::clone(&state.config), state.tls.clone())
    }

    /// Lets only users through, tells the router who they are, and adds the headers.
    pub(crate) fn guard(&self, router: Router) -> Router {
        router.layer(axum::middleware::from_fn_with_state(self.clone(), guard))
    }

    async fn is_user(&self, config: &WebConfig, headers: &HeaderMap) -> bool {
        let Some((user, password)) = basic_credentials(headers) else {
            return false;
        };
        let hash = config.users.iter().find(|(name, _)| *name == user);
        let (exists, hash) = (hash.is_some(), hash.map(|(_, hash)| hash.clone()));
        let hash = hash.unwrap_or_else(|| Secret::new(NOBODY));
        let key = (user, hash, password);
        let known = || self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if exists && known().contains(&key) {
            return true;
        }
        let (hash, password) = (key.1.clone(), key.2.clone());
        let verified = tokio::task::spawn_blocking(move || {
            bcrypt::verify(password, hash.expose()).unwrap_or(false)
        });
        let right = verified.await.unwrap_or(false) && exists;
        if right {
            let mut known = known();
            if known.len() >= REMEMBERED {
                known.clear();
            }
            known.insert(key);
        }
        right
    }
}

async fn guard(Shares(access): Shares<Access>, request: Request, next: Next) -> Response {
    let (config, _) = access.current();
    let (mut head, body) = request.into_parts();
    let allowed = config.users.is_empty() || access.is_user(&config, &head.headers).await;
    if allowed
        && !config.users.is_empty()
        && let Some((user, _)) = basic_credentials(&head.headers)
    {
        head.extensions.insert(WebUser(user));
    }
    let request = Request::from_parts(head, body);
    let mut response = if allowed {
        next.run(request).await
    } else {
        let challenge = [(WWW_AUTHENTICATE, HeaderValue::from_static("Basic"))];
        (StatusCode::UNAUTHORIZED, challenge, "Unauthorized\n").into_response()
    };
    for (name, value) in &config.headers {
        let name = HeaderName::from_bytes(name.as_bytes());
        if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_nobody_is_a_hash() {
        assert!(bcrypt::verify("x", NOBODY).is_ok());
    }
}
