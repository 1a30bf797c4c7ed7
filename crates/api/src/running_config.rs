//! What the configuration that runs says to clients; it may change while the server runs.

use crate::config_state::warnings;
use api_types::{ConfigWarning, RemotePeer};
use config::Config;
use model::{Labels, TimestampMs};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

/// The configuration that runs. Clones share it.
#[derive(Debug, Clone)]
pub struct RunningConfig(Arc<RwLock<Shown>>);

#[derive(Debug)]
struct Shown {
    yaml: String,
    external_labels: Labels,
    loaded: TimestampMs,
    file: String,
    warnings: Vec<ConfigWarning>,
    writes: Vec<RemotePeer>,
    reads: Vec<RemotePeer>,
    /// What the last load that changed something changed, as a diff.
    changed: String,
    /// Why and when the last attempt to load another one failed.
    failure: Option<(String, TimestampMs)>,
}

impl Shown {
    fn new(config: &Config, file: Option<&Path>, loaded: TimestampMs) -> Self {
        let peer = |name: &str, url: &str| RemotePeer {
            name: name.to_owned(),
            url: without_secrets(url),
        };
        Self {
            yaml: config.to_yaml(),
            external_labels: config.global.external_labels.clone(),
            loaded,
            file: file.map_or_else(String::new, |file| file.display().to_string()),
            warnings: warnings(config),
            writes: config
                .remote_write
                .iter()
                .map(|one| peer(&one.name, &one.url))
                .collect(),
            reads: config
                .remote_read
                .iter()
                .map(|one| peer(&one.name, &one.url))
                .collect(),
            changed: String::new(),
            failure: None,
        }
    }
}

/// How a configuration differs from another, as a unified diff; empty where it does not.
pub(crate) fn diff(before: &str, after: &str) -> String {
    rules::unified_diff(before, after, "before", "after")
}

/// An address without the user and password that may stand in it.
fn without_secrets(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

impl RunningConfig {
    /// The configuration `config` of `file`, loaded at `loaded`.
    pub fn new(config: &Config, file: Option<&Path>, loaded: TimestampMs) -> Self {
        Self(Arc::new(RwLock::new(Shown::new(config, file, loaded))))
    }

    /// Another one runs from now on.
    pub fn set(&self, config: &Config, file: Option<&Path>, loaded: TimestampMs) {
        let mut next = Shown::new(config, file, loaded);
        let mut shown = self.0.write().unwrap_or_else(PoisonError::into_inner);
        next.changed = if next.yaml == shown.yaml {
            std::mem::take(&mut shown.changed)
        } else {
            diff(&shown.yaml, &next.yaml)
        };
        *shown = next;
    }

    /// An attempt to load another one failed at `at` with `error`.
    pub fn set_failed(&self, error: &str, at: TimestampMs) {
        let mut shown = self.0.write().unwrap_or_else(PoisonError::into_inner);
        shown.failure = Some((error.to_owned(), at));
    }

    /// As YAML, secrets hidden.
    pub fn yaml(&self) -> String {
        self.read(|shown| shown.yaml.clone())
    }

    /// What the last load that changed something changed, as a unified diff; empty where none did.
    pub fn changed(&self) -> String {
        self.read(|shown| shown.changed.clone())
    }

    /// Labels for everything that leaves this server.
    pub fn external_labels(&self) -> Labels {
        self.read(|shown| shown.external_labels.clone())
    }

    /// When it was loaded.
    pub fn loaded(&self) -> TimestampMs {
        self.read(|shown| shown.loaded)
    }

    /// Whether the last attempt to load one worked.
    pub fn is_successful(&self) -> bool {
        self.read(|shown| shown.failure.is_none())
    }

    /// Why and when the last attempt to load one failed; `None` where it worked.
    pub fn failure(&self) -> Option<(String, TimestampMs)> {
        self.read(|shown| shown.failure.clone())
    }

    /// The file; empty for a server without one.
    pub fn file(&self) -> String {
        self.read(|shown| shown.file.clone())
    }

    /// What stands in it and has no effect.
    pub fn warnings(&self) -> Vec<ConfigWarning> {
        self.read(|shown| shown.warnings.clone())
    }

    /// Where it says that samples are sent to, and read from.
    pub fn peers(&self) -> (Vec<RemotePeer>, Vec<RemotePeer>) {
        self.read(|shown| (shown.writes.clone(), shown.reads.clone()))
    }

    fn read<T>(&self, read: impl FnOnce(&Shown) -> T) -> T {
        read(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_load_changed_stays_until_another_changes_something() {
        let parsed = |text: &str| Config::parse(text, Path::new("prometheus.yml")).unwrap();
        let first = parsed("global: {scrape_interval: 15s}");
        let second = parsed("global: {scrape_interval: 30s}");
        let running = RunningConfig::new(&first, None, TimestampMs(0));
        assert_eq!(running.changed(), "");
        running.set(&second, None, TimestampMs(1));
        let changed = running.changed();
        assert!(
            changed.contains("-  scrape_interval: 15s\n+  scrape_interval: 30s\n"),
            "{changed}"
        );
        running.set(&second, None, TimestampMs(2));
        assert_eq!(running.changed(), changed);
    }

    #[test]
    fn passwords_in_addresses_are_not_shown() {
        assert_eq!(
            without_secrets("https://user:secret@host:9/push@x"),
            "https://host:9/push@x"
        );
        assert_eq!(without_secrets("http://host"), "http://host");
    }
}
