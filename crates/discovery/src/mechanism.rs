//! Settings to discoveries: the one place that names them all.

use crate::discoverer::Discoverer;
use crate::dns::DnsRefresh;
use crate::file::FileDiscoverer;
use crate::http::HttpRefresh;
use crate::manager::DiscoveryDeps;
use crate::metrics::RefreshMetrics;
use crate::refresh::Periodic;
use config::DiscoveryConfig;

/// The discovery with these settings; `owner` is the job that it was begun for.
pub(crate) fn discoverer(
    settings: &DiscoveryConfig,
    deps: &DiscoveryDeps,
    owner: &str,
) -> Option<Box<dyn Discoverer>> {
    let metrics = RefreshMetrics::new(&deps.registry, settings.mechanism(), owner);
    let discoverer: Box<dyn Discoverer> = match settings {
        DiscoveryConfig::File(file) => Box::new(FileDiscoverer::new(file, &deps.registry)),
        DiscoveryConfig::Http(http) => Box::new(Periodic {
            refresh: HttpRefresh::new(http, deps),
            interval: http.refresh_interval.to_std(),
            metrics,
        }),
        DiscoveryConfig::Dns(dns) => Box::new(Periodic {
            refresh: DnsRefresh::new(dns, deps),
            interval: dns.refresh_interval.to_std(),
            metrics,
        }),
        _ => return None,
    };
    Some(discoverer)
}
