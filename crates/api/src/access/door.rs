//! From what a request shows to who sent it.

use super::Sender;
use super::basic::basic_credentials;
use super::refusal::Refusal;
use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use metadata::access::{Policy, Principal};
use metadata::{Authenticator, Credentials, Identified, Metadata, Secret, UserQuery};
use std::net::{IpAddr, SocketAddr};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

/// What the flags say about who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DoorOptions {
    /// What holds for the whole server.
    pub policy: Policy,
    /// Whether the server listens on a loopback address only.
    pub loopback: bool,
    /// Whether it speaks TLS.
    pub secure: bool,
}

/// Put on requests that showed a user of the file of `--web.config.file`, before they come here.
///
/// Whoever writes that file has the machine, so its users count as somebody at the machine itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebUser(pub String);

/// Finds out who sends requests. The metadata may come later than the first request.
#[derive(Debug)]
pub struct Door {
    metadata: OnceLock<Metadata>,
    /// Whether they could not be opened.
    missing: AtomicBool,
    options: DoorOptions,
    /// Whether the log says already why a login is asked for that nobody has.
    explained: AtomicBool,
}

/// A sender, with what its answer must carry.
pub(super) struct Known {
    pub(super) sender: Sender,
    /// The token that takes the place of the session's.
    pub(super) replacement: Option<Secret>,
    /// Whether the session of the cookie is over.
    pub(super) stale_cookie: bool,
    /// How it said who it is.
    pub(super) by: By,
}

/// How a sender said who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    /// By what browsers never send by themselves to another site.
    Token,
    /// By a cookie.
    Cookie,
    /// By a password in a header, which browsers remember.
    Password,
    /// By nothing.
    Nothing,
    /// By something that is no one's.
    Wrong,
}

impl Known {
    /// Nobody who said anything.
    pub(super) fn nobody(address: String) -> Self {
        Self {
            sender: Sender::anonymous(address),
            replacement: None,
            stale_cookie: false,
            by: By::Nothing,
        }
    }
}

impl Door {
    /// A door that knows nobody until it has the metadata.
    pub fn new(options: DoorOptions) -> Self {
        Self {
            metadata: OnceLock::new(),
            missing: AtomicBool::new(false),
            options,
            explained: AtomicBool::new(false),
        }
    }

    /// Gives it the metadata; the first ones stay.
    pub fn open(&self, metadata: Metadata) {
        let _ = self.metadata.set(metadata);
    }

    /// Says that the metadata could not be opened; until they are, whoever asks for them is told so.
    pub fn tell_missing(&self) {
        self.missing.store(true, Ordering::Relaxed);
    }

    /// Whether the metadata could not be opened so far.
    pub(crate) fn is_missing(&self) -> bool {
        self.missing.load(Ordering::Relaxed)
    }

    /// The metadata, once they are there.
    pub fn metadata(&self) -> Option<&Metadata> {
        self.metadata.get()
    }

    /// What holds for the whole server.
    pub fn policy(&self) -> Policy {
        self.options.policy
    }

    /// The name of the session's cookie. Behind TLS its prefix keeps others from setting it.
    pub(super) fn cookie_name(&self) -> &'static str {
        if self.options.secure {
            "__Host-watchfire_session"
        } else {
            "watchfire_session"
        }
    }

    /// The header that gives a browser its token; an empty one takes it away.
    pub(super) fn set_cookie(&self, token: &str) -> String {
        // The session itself ends earlier if it is not used.
        let age = if token.is_empty() { 0 } else { 30 * 86_400 };
        let secure = if self.options.secure { "; Secure" } else { "" };
        let name = self.cookie_name();
        format!("{name}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}")
    }

    /// The token of the session's cookie.
    pub(super) fn session_token(&self, headers: &HeaderMap) -> Option<Secret> {
        let wanted = self.cookie_name();
        let all = headers.get_all(header::COOKIE).iter();
        all.filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, token)| *name == wanted && !token.is_empty())
            .map(|(_, token)| Secret::new(token))
    }

    /// Finds out who sent a request.
    pub(super) async fn identify(&self, request: &Parts) -> Result<Known, Refusal> {
        let headers = &request.headers;
        let address = address(request);
        let web_user = request.extensions.get::<WebUser>().is_some();
        let (credentials, by) = match self.credentials(headers, web_user) {
            Some((credentials, by)) => (Some(credentials), by),
            None => (None, By::Nothing),
        };
        let mut stale_cookie = false;
        if let Some(credentials) = credentials {
            let metadata = self.metadata().ok_or(if self.is_missing() {
                Refusal::Unreachable
            } else {
                Refusal::Starting
            })?;
            let found = metadata.authenticate(&credentials, &address).await;
            match found.map_err(Refusal::from)? {
                Some(Identified {
                    principal,
                    session,
                    replacement,
                }) => {
                    let sender = Sender {
                        principal,
                        session,
                        address,
                    };
                    return Ok(Known {
                        sender,
                        replacement,
                        stale_cookie,
                        by,
                    });
                }
                // A session that is over is no wrong word; a browser cannot help to send it.
                None if by == By::Cookie => stale_cookie = true,
                None => {
                    return Ok(Known {
                        sender: Sender::anonymous(address),
                        replacement: None,
                        stale_cookie,
                        by: By::Wrong,
                    });
                }
            }
        }
        let principal = if web_user || self.is_local(headers) {
            Principal::Local
        } else {
            Principal::Anonymous
        };
        Ok(Known {
            sender: Sender {
                principal,
                session: None,
                address,
            },
            replacement: None,
            stale_cookie,
            by: By::Nothing,
        })
    }

    fn credentials(&self, headers: &HeaderMap, web_user: bool) -> Option<(Credentials, By)> {
        let header = headers.get(header::AUTHORIZATION);
        let header = header.and_then(|value| value.to_str().ok());
        if let Some((kind, rest)) = header.and_then(|value| value.trim().split_once(' ')) {
            if kind.eq_ignore_ascii_case("bearer") {
                return Some((Credentials::Token(Secret::new(rest.trim())), By::Token));
            }
            // That of a user of the web configuration is not for us.
            if kind.eq_ignore_ascii_case("basic") && !web_user {
                let (login, password) = basic_credentials(headers).unwrap_or_default();
                // A service account's token, where a client knows of passwords only.
                if login == "api_key" {
                    return Some((Credentials::Token(Secret::new(password)), By::Password));
                }
                let password = Secret::new(password);
                return Some((Credentials::Password { login, password }, By::Password));
            }
        }
        let token = self.session_token(headers)?;
        Some((Credentials::Session(token), By::Cookie))
    }

    /// Whether a request without a word of who sent it comes from somebody at the machine itself.
    fn is_local(&self, headers: &HeaderMap) -> bool {
        self.options.loopback && !self.options.policy.login_required && is_from_here(headers)
    }

    /// A refusal, in the words that help: somebody who would need no login at the machine itself, but comes
    /// through a proxy or by another name, and there is nobody whom they could log in as.
    pub(super) async fn explained(&self, refusal: Refusal, headers: &HeaderMap, by: By) -> Refusal {
        let may_be = refusal == Refusal::LoginNeeded && by == By::Nothing;
        if may_be && !is_from_here(headers) && self.has_nobody().await {
            if !self.explained.swap(true, Ordering::Relaxed) {
                tracing::warn!("{BEHIND_A_PROXY}");
            }
            return Refusal::BehindAProxy;
        }
        refusal
    }

    /// Whether nobody can log in: on loopback without `--auth.required` no first user is made.
    pub(super) async fn has_nobody(&self) -> bool {
        if !self.options.loopback || self.options.policy.login_required {
            return false;
        }
        let Some(metadata) = self.metadata() else {
            return false;
        };
        let one = UserQuery {
            limit: 1,
            ..UserQuery::default()
        };
        let found = metadata.users().list(&one).await;
        found.is_ok_and(|users| users.is_empty())
    }
}

/// What is said, and logged once, where changes come through a proxy to a server without logins.
pub(super) const BEHIND_A_PROXY: &str = "This change came through a proxy, or by a name that is not this \
    machine's, so it takes a login, and this server has none. Start it with --auth.required: it then makes \
    an administrator and prints the password once.";

/// Whether a request that reached a loopback address was sent on this machine, by its own name.
///
/// A page of another site whose name leads to this machine (DNS rebinding) shows its name in `Host`, and what
/// a proxy hands on comes from elsewhere.
fn is_from_here(headers: &HeaderMap) -> bool {
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    !forwarded.iter().any(|name| headers.contains_key(*name))
        && headers.get(header::HOST).is_none_or(|host| {
            let host = host.to_str().unwrap_or_default();
            is_loopback(host_name(host))
        })
}

/// The address of the peer, without port.
fn address(request: &Parts) -> String {
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>();
    peer.map_or_else(String::new, |ConnectInfo(peer)| {
        peer.ip().to_canonical().to_string()
    })
}

/// A host without its port.
fn host_name(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split_once(']').map_or(rest, |(name, _)| name);
    }
    host.split_once(':').map_or(host, |(name, _)| name)
}

fn is_loopback(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name.eq_ignore_ascii_case("localhost")
        || name
            .parse::<IpAddr>()
            .is_ok_and(|address| address.to_canonical().is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in [
            "localhost:9090",
            "LOCALHOST",
            "127.0.0.1:9090",
            "127.8.8.8",
            "[::1]:9090",
            "[::ffff:127.0.0.1]:1",
        ] {
            assert!(is_loopback(host_name(host)), "{host}");
        }
        for host in [
            "",
            "evil.example:9090",
            "localhost.evil.example",
            "10.0.0.1",
            "[2001:db8::1]:9090",
            "127.0.0.1.evil.example",
        ] {
            assert!(!is_loopback(host_name(host)), "{host}");
        }
    }

    #[test]
    fn cookies_are_hidden_from_scripts_and_from_other_sites() {
        let door = |secure| {
            Door::new(DoorOptions {
                secure,
                ..DoorOptions::default()
            })
        };
        assert_eq!(
            door(false).set_cookie("t"),
            "watchfire_session=t; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax"
        );
        let cookie = door(true).set_cookie("");
        assert!(cookie.starts_with("__Host-watchfire_session=; Path=/; Max-Age=0;"));
        assert!(cookie.ends_with("; Secure"), "{cookie}");
    }
}
