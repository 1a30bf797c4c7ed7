//! Flags of the server's addresses, connections and pages.

use crate::cli::retention;
use clap::Args;
use model::DurationMs;
use std::path::PathBuf;
use std::time::Duration;

/// How clients reach the server.
#[derive(Debug, Clone, Args)]
pub(crate) struct WebFlags {
    /// What the paths of all addresses begin with. The path of web.external-url, if not given.
    #[arg(long = "web.route-prefix", value_name = "PATH")]
    pub(crate) route_prefix: Option<String>,

    /// Connections at once; further ones wait. 0 means no limit.
    #[arg(long = "web.max-connections", value_name = "N", default_value_t = 512)]
    pub(crate) max_connections: usize,

    /// How long a request may take to come in, and a connection to be idle. 0 means no limit.
    #[arg(long = "web.read-timeout", value_name = "DURATION", default_value = "5m", value_parser = retention)]
    read_timeout: DurationMs,

    /// How the titles of pages end; `Watchfire` if not given.
    #[arg(long = "web.page-title", value_name = "TEXT")]
    pub(crate) page_title: Option<String>,

    /// Folder of files that are served below /user.
    #[arg(long = "web.user-assets", value_name = "FOLDER")]
    pub(crate) user_assets: Option<PathBuf>,

    /// Clients that may listen to notifications at once.
    #[arg(
        long = "web.max-notifications-subscribers",
        value_name = "N",
        default_value_t = 16
    )]
    pub(crate) max_subscribers: usize,
}

impl WebFlags {
    /// How long a request may take to come in; `None` means without limit.
    pub(crate) fn read_timeout(&self) -> Option<Duration> {
        Some(self.read_timeout.to_std()).filter(|time| !time.is_zero())
    }

    /// Names and values of the flags; `prefix` is what routes really begin with.
    pub(crate) fn named(&self, prefix: &str) -> [(&'static str, String); 6] {
        let path = |path: &PathBuf| path.display().to_string();
        let prefix = if prefix.is_empty() { "/" } else { prefix };
        [
            ("web.route-prefix", prefix.to_owned()),
            ("web.max-connections", self.max_connections.to_string()),
            ("web.read-timeout", self.read_timeout.to_string()),
            (
                "web.page-title",
                self.page_title
                    .clone()
                    .unwrap_or_else(|| "Watchfire".to_owned()),
            ),
            (
                "web.user-assets",
                self.user_assets.as_ref().map_or_else(String::new, path),
            ),
            (
                "web.max-notifications-subscribers",
                self.max_subscribers.to_string(),
            ),
        ]
    }
}
