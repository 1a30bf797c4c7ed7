//! A manager for the jobs of a configuration, and waiting for what it finds.

use clock::SystemClock;
use config::Config;
use discovery::{DiscoveryDeps, Manager, Sources};
use selfmon::Registry;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

pub(crate) struct Fixture {
    pub(crate) manager: Manager,
    pub(crate) registry: Registry,
}

impl Fixture {
    pub(crate) fn new(dns_servers: Vec<SocketAddr>) -> Self {
        let registry = Registry::default();
        let deps = DiscoveryDeps {
            dns_servers,
            ..DiscoveryDeps::new("scrape", registry.clone(), Arc::new(SystemClock))
        };
        let manager = Manager::new(deps);
        Self { manager, registry }
    }

    /// Discovers for the one job `j` with these lines.
    pub(crate) fn apply(&self, lines: &str) {
        let text = format!("scrape_configs:\n- job_name: j\n{lines}\n");
        let config = Config::parse(&text, Path::new("p.yml")).unwrap();
        self.manager
            .apply(config.scrape_configs.iter().map(Sources::of_job).collect());
    }

    /// All targets of the job with the labels of their group, sorted.
    pub(crate) fn targets(&self) -> Vec<String> {
        let mut all = Vec::new();
        for group in self.manager.groups("j") {
            for target in &group.targets {
                let mut labels = group.labels.to_builder();
                for (name, value) in target.iter() {
                    labels.set(name, value);
                }
                all.push(labels.build().to_string());
            }
        }
        all.sort();
        all
    }

    /// Waits for changes until the targets are these; a minute without is a failure.
    pub(crate) async fn wait_for(&self, expected: &[&str]) {
        let watch = async {
            while self.targets() != expected {
                self.manager.changed().await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_mins(1), watch).await;
        assert!(
            waited.is_ok(),
            "{:#?} instead of {expected:#?}",
            self.targets()
        );
    }

    /// The value of a metric; the sum over its labels.
    pub(crate) fn metric(&self, name: &str) -> f64 {
        let families = self.registry.gather();
        let family = families.iter().find(|family| family.name == name);
        family.map_or(0.0, |family| {
            family.points.iter().map(|point| point.value).sum()
        })
    }
}
