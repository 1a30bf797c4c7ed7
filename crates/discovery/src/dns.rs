//! Targets that a DNS server knows.

use crate::error::{Error, Result};
use crate::group::{ADDRESS, TargetGroup};
use crate::manager::DiscoveryDeps;
use crate::refresh::Refresh;
use config::{DnsDiscovery, RecordType};
use hickory_resolver::config::{NameServerConfig, ResolverConfig};
use hickory_resolver::name_server::TokioConnectionProvider;
use hickory_resolver::proto::xfer::Protocol;
use hickory_resolver::{ResolveError, TokioResolver};
use model::Labels;
use selfmon::Counter;
use std::net::SocketAddr;

/// Asks for the names of one section.
pub(crate) struct DnsRefresh {
    config: DnsDiscovery,
    servers: Vec<SocketAddr>,
    lookups: Counter,
    failures: Counter,
}

/// One record: the host, and its port where it has one.
struct Record {
    host: String,
    port: Option<u16>,
}

impl DnsRefresh {
    pub(crate) fn new(config: &DnsDiscovery, deps: &DiscoveryDeps) -> Self {
        let counter = |name: &str, help: &str| deps.registry.counter(name, help, &[]);
        Self {
            config: config.clone(),
            servers: deps.dns_servers.clone(),
            lookups: counter(
                "prometheus_sd_dns_lookups_total",
                "Names that were asked for.",
            ),
            failures: counter(
                "prometheus_sd_dns_lookup_failures_total",
                "Names that no answer came for.",
            ),
        }
    }

    /// A resolver for what the system says now, without memory of earlier answers.
    fn resolver(&self) -> Result<TokioResolver, ResolveError> {
        let mut builder = if self.servers.is_empty() {
            TokioResolver::builder_tokio()?
        } else {
            let mut config = ResolverConfig::new();
            for server in &self.servers {
                for protocol in [Protocol::Udp, Protocol::Tcp] {
                    config.add_name_server(NameServerConfig::new(*server, protocol));
                }
            }
            TokioResolver::builder_with_config(config, TokioConnectionProvider::default())
        };
        builder.options_mut().cache_size = 0;
        Ok(builder.build())
    }

    async fn lookup(
        &self,
        resolver: &TokioResolver,
        name: &str,
    ) -> Result<Vec<Record>, ResolveError> {
        let host = |host: String| Record { host, port: None };
        Ok(match self.config.record_type {
            RecordType::Srv => {
                let answer = resolver.srv_lookup(name).await?;
                let record = |srv: &hickory_resolver::proto::rr::rdata::SRV| Record {
                    host: srv.target().to_string(),
                    port: Some(srv.port()),
                };
                answer.iter().map(record).collect()
            }
            RecordType::A => {
                let answer = resolver.ipv4_lookup(name).await?;
                answer
                    .iter()
                    .map(|address| host(address.0.to_string()))
                    .collect()
            }
            RecordType::Aaaa => {
                let answer = resolver.ipv6_lookup(name).await?;
                answer
                    .iter()
                    .map(|address| host(address.0.to_string()))
                    .collect()
            }
            RecordType::Mx => {
                let answer = resolver.mx_lookup(name).await?;
                answer
                    .iter()
                    .map(|mx| host(mx.exchange().to_string()))
                    .collect()
            }
            RecordType::Ns => {
                let answer = resolver.ns_lookup(name).await?;
                answer.iter().map(|ns| host(ns.0.to_string())).collect()
            }
        })
    }

    fn target(&self, name: &str, record: &Record) -> Labels {
        let (host, port) = (
            record.host.as_str(),
            record.port.unwrap_or(self.config.port),
        );
        let bare = host.trim_end_matches('.');
        let address = if bare.contains(':') {
            format!("[{bare}]:{port}")
        } else {
            format!("{bare}:{port}")
        };
        let port = port.to_string();
        let mut labels = vec![(ADDRESS, address.as_str()), ("__meta_dns_name", name)];
        match self.config.record_type {
            RecordType::Srv => {
                labels.push(("__meta_dns_srv_record_target", host));
                labels.push(("__meta_dns_srv_record_port", &port));
            }
            RecordType::Mx => labels.push(("__meta_dns_mx_record_target", host)),
            RecordType::Ns => labels.push(("__meta_dns_ns_record_target", host)),
            RecordType::A | RecordType::Aaaa => {}
        }
        Labels::from_pairs(labels)
    }
}

impl Refresh for DnsRefresh {
    async fn refresh(&mut self) -> Result<Vec<TargetGroup>> {
        let failed = |name: &str, error: &ResolveError| Error::Dns {
            name: name.to_owned(),
            reason: error.to_string(),
        };
        let resolver = self.resolver().map_err(|error| failed("", &error))?;
        let mut groups = Vec::new();
        let mut first = None;
        for name in &self.config.names {
            self.lookups.inc();
            let records = match self.lookup(&resolver, name).await {
                Ok(records) => records,
                // That there is none is an answer too.
                Err(error) if error.is_nx_domain() || error.is_no_records_found() => Vec::new(),
                Err(error) => {
                    self.failures.inc();
                    first = first.or_else(|| Some(failed(name, &error)));
                    continue;
                }
            };
            groups.push(TargetGroup {
                source: name.clone(),
                targets: records
                    .iter()
                    .map(|record| self.target(name, record))
                    .collect(),
                labels: Labels::empty(),
            });
        }
        match first {
            Some(error) if groups.is_empty() => Err(error),
            Some(error) => {
                tracing::error!(%error, "error refreshing DNS targets");
                Ok(groups)
            }
            None => Ok(groups),
        }
    }
}
