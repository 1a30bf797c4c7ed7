//! Targets in a list that an HTTP server has.

use crate::error::{Error, Result};
use crate::group::TargetGroup;
use crate::manager::DiscoveryDeps;
use crate::refresh::Refresh;
use config::HttpDiscovery;
use http_client::{HttpClient, Request};
use selfmon::Counter;
use std::path::Path;

const URL_LABEL: &str = "__meta_url";
const USER_AGENT: &str = concat!("Watchfire/", env!("CARGO_PKG_VERSION"));

/// Fetches the list.
pub(crate) struct HttpRefresh {
    config: HttpDiscovery,
    client: HttpClient,
    failures: Counter,
    /// Groups of the last list that was read.
    groups: usize,
}

impl HttpRefresh {
    pub(crate) fn new(config: &HttpDiscovery, deps: &DiscoveryDeps) -> Self {
        Self {
            config: config.clone(),
            client: HttpClient::new(&config.client),
            failures: deps.registry.counter(
                "prometheus_sd_http_failures_total",
                "Lists of targets that could not be fetched over HTTP.",
                &[],
            ),
            groups: 0,
        }
    }

    async fn fetch(&self) -> Result<Vec<config::StaticConfig>> {
        let interval = self.config.refresh_interval;
        let lines = format!(
            "User-Agent: {USER_AGENT}\r\nAccept: application/json\r\n\
             X-Prometheus-Refresh-Interval-Seconds: {}\r\n",
            interval.as_seconds()
        );
        let url = self.config.url.parse().map_err(http_client::Error::from)?;
        let request = Request::get(url, interval.to_std()).with_headers(&lines);
        let answer = self.client.fetch(request).await?;
        if answer.status != 200 {
            let status = format!("{} {}", answer.status, answer.reason);
            return Err(Error::Status { status });
        }
        let content_type = answer.content_type.clone().unwrap_or_default();
        if !is_json(&content_type) {
            return Err(Error::ContentType { content_type });
        }
        let text = std::str::from_utf8(answer.body()).map_err(|_| Error::NotText)?;
        Ok(config::parse_target_groups(
            text,
            Path::new(&self.config.url),
        )?)
    }
}

impl Refresh for HttpRefresh {
    async fn refresh(&mut self) -> Result<Vec<TargetGroup>> {
        let fetched = self.fetch().await;
        if fetched.is_err() {
            self.failures.inc();
        }
        let list = fetched?;
        let url = self.config.url.as_str();
        let source = |index: usize| format!("{url}:{index}");
        let meta = Some((URL_LABEL, url));
        let mut groups: Vec<TargetGroup> = list
            .iter()
            .enumerate()
            .map(|(index, group)| TargetGroup::of_list(source(index), group, meta))
            .collect();
        groups.extend((list.len()..self.groups).map(|index| TargetGroup::none(source(index))));
        self.groups = list.len();
        Ok(groups)
    }
}

/// Whether a content type is JSON in UTF-8.
fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let is = parts
        .next()
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"));
    is && parts.filter(|part| !part.is_empty()).all(|part| {
        let part = part.to_ascii_lowercase().replace('"', "");
        part == "charset=utf-8"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_known_by_its_type() {
        for (content_type, expected) in [
            ("application/json", true),
            ("application/json; charset=utf-8", true),
            ("application/json;charset=\"UTF-8\"", true),
            ("application/json; charset=latin1", false),
            ("text/plain", false),
            ("", false),
        ] {
            assert_eq!(is_json(content_type), expected, "{content_type}");
        }
    }
}
