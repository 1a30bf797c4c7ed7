//! HTTP/1.1 over TCP, TLS and proxies, with the settings of the configuration.
//!
//! Deliberately not here: HTTP/2, a pool of connections (whoever asks often keeps its [`Connection`]),
//! reading of bodies in pieces.
//!
//! ```no_run
//! use config::HttpClientConfig;
//! use http_client::{HttpClient, Request};
//! use std::time::Duration;
//!
//! # async fn example() -> Result<(), http_client::Error> {
//! let client = HttpClient::new(&HttpClientConfig::default());
//! let request = Request::get("http://localhost:9090/-/healthy".parse()?, Duration::from_secs(10));
//! let response = client.fetch(request).await?;
//! assert_eq!(response.status, 200);
//! # Ok(())
//! # }
//! ```
//!
//! Data in: an [`HttpClientConfig`](config::HttpClientConfig) and a [`Request`] → out: a [`Response`] as a
//! whole, or step by step: a [`Route`], a [`Connection`], the lines of the head and an [`Answer`].
//!
//! Files with certificates, keys, passwords and tokens are read when they are needed, so that a change is
//! seen without a reload. Credentials go to the host that was asked for and to no other, however redirects
//! go.
//!
//! Source: RFC 9110, 9112; Prometheus' `common/config` for what the settings mean.

mod client;
mod connection;
mod credentials;
mod error;
mod oauth2;
mod pem;
mod proxy;
mod redirect;
mod route;
mod stream;
mod tls;

pub use client::{HttpClient, Request, Response};
pub use connection::{Answer, Bodies, Connection, Fault};
pub use error::{Error, Result};
pub use redirect::resolve as resolve_redirect;
pub use route::Route;
