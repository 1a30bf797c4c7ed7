//! Requests to real servers: TLS, proxies, credentials, redirects.

#[cfg(test)]
mod credentials;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod server;
#[cfg(test)]
mod tls;

use config::{Config, HttpClientConfig};
use http_client::{Error, HttpClient, Request, Response};
use std::path::Path;
use std::time::Duration;

/// A client with these lines of a scrape config.
#[cfg(test)]
fn client(lines: &str) -> HttpClient {
    let text = format!("scrape_configs:\n- job_name: j\n{lines}\n");
    let config = Config::parse(&text, Path::new("p.yml")).unwrap();
    let config: HttpClientConfig = config.scrape_configs.into_iter().next().unwrap().client;
    HttpClient::new(&config)
}

#[cfg(test)]
async fn get(client: &HttpClient, url: &str) -> Result<Response, Error> {
    let request = Request::get(url.parse().unwrap(), Duration::from_secs(20));
    client.fetch(request).await
}
