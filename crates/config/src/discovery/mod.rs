//! Where targets come from. A discovery is a file of its own here: its settings, how they are read and how
//! they are written back.

mod dns;
mod file;
mod http;
mod static_targets;

pub use dns::{DnsDiscovery, RecordType};
pub use file::FileDiscovery;
pub use http::HttpDiscovery;
pub(crate) use static_targets::check_addresses;
pub use static_targets::{StaticConfig, parse_target_groups};

use crate::context::Context;
use crate::error::{Fault, Reason};
use crate::yaml::{Fields, Kind, Node, Section, Value};

/// One entry of a `..._sd_configs` list.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DiscoveryConfig {
    /// Names that a DNS server knows.
    Dns(DnsDiscovery),
    /// Files that others write.
    File(FileDiscovery),
    /// A list that an HTTP server has.
    Http(Box<HttpDiscovery>),
}

/// All targets of a job or of an Alertmanager section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sources {
    pub(crate) static_configs: Vec<StaticConfig>,
    pub(crate) discoveries: Vec<DiscoveryConfig>,
}

/// What Prometheus discovers targets with, beside what is built in here.
const ELSEWHERE: [&str; 33] = [
    "aws",
    "azure",
    "consul",
    "digitalocean",
    "docker",
    "dockerswarm",
    "ec2",
    "ecs",
    "elasticache",
    "eureka",
    "gce",
    "hetzner",
    "ionos",
    "kubernetes",
    "kuma",
    "lightsail",
    "linode",
    "marathon",
    "msk",
    "nerve",
    "nomad",
    "oci",
    "openstack",
    "outscale",
    "ovhcloud",
    "puppetdb",
    "rds",
    "scaleway",
    "serverset",
    "stackit",
    "triton",
    "uyuni",
    "vultr",
];

impl DiscoveryConfig {
    /// The discovery's name, as in metrics.
    pub fn mechanism(&self) -> &'static str {
        match self {
            Self::Dns(_) => "dns",
            Self::File(_) => "file",
            Self::Http(_) => "http",
        }
    }

    fn write(&self) -> Section {
        match self {
            Self::Dns(dns) => dns.write(),
            Self::File(file) => file.write(),
            Self::Http(http) => http.write(),
        }
    }
}

impl Sources {
    /// Takes `static_configs` and all `..._sd_configs`.
    pub(crate) fn read(fields: &mut Fields<'_>, context: &Context<'_>) -> Result<Self, Fault> {
        let mut sources = Self::default();
        for name in ELSEWHERE {
            let field = format!("{name}_sd_configs");
            let line = fields.line_of(&field);
            let empty = |node: &Node| matches!(&node.kind, Kind::List(items) if items.is_empty());
            if fields.take(&field).is_some_and(|node| !empty(node)) {
                return Err(Fault::new(line, Reason::DiscoveryNotBuiltIn { field }));
            }
        }
        for node in fields.list("static_configs")? {
            sources
                .static_configs
                .push(StaticConfig::read(node, context)?);
        }
        let entries = |fields: &mut Fields<'_>, name: &str, what: &'static str| {
            let nodes: Vec<Node> = fields.list(name)?.to_vec();
            match nodes.iter().find(|node| node.is_null()) {
                Some(null) => Err(Fault::new(null.line, Reason::EmptyEntry { what })),
                None => Ok(nodes),
            }
        };
        let all = &mut sources.discoveries;
        for node in entries(fields, "dns_sd_configs", "section in dns_sd_configs")? {
            all.push(DiscoveryConfig::Dns(DnsDiscovery::read(&node)?));
        }
        for node in entries(fields, "file_sd_configs", "section in file_sd_configs")? {
            all.push(DiscoveryConfig::File(FileDiscovery::read(&node, context)?));
        }
        for node in entries(fields, "http_sd_configs", "section in http_sd_configs")? {
            all.push(DiscoveryConfig::Http(Box::new(HttpDiscovery::read(
                &node, context,
            )?)));
        }
        Ok(sources)
    }
}

/// Writes all of them. Ordering: by the name of the field.
pub(crate) fn write(
    static_configs: &[StaticConfig],
    discoveries: &[DiscoveryConfig],
    section: &mut Section,
) {
    for mechanism in ["dns", "file", "http"] {
        let entries = discoveries
            .iter()
            .filter(|discovery| discovery.mechanism() == mechanism)
            .map(|discovery| Value::Map(discovery.write()))
            .collect();
        section.some_list(&format!("{mechanism}_sd_configs"), entries);
    }
    let groups = static_configs.iter().map(|group| Value::Map(group.write()));
    section.some_list("static_configs", groups.collect());
}
