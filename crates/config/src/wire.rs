//! The file as it is written: structs that mirror the YAML, everything optional, nothing judged.

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_saphyr::Spanned;
use std::collections::BTreeMap;
use std::fmt;

/// A text and its place.
pub(crate) type Text = Option<Spanned<String>>;
/// A section that we only look whether it is there.
pub(crate) type Section = Option<Spanned<Presence>>;

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    pub(crate) global: Option<Global>,
    pub(crate) scrape_configs: Option<Vec<Spanned<Option<Scrape>>>>,
    /// Tunes Go's memory management: nothing to do here, so any content is fine.
    #[serde(rename = "runtime")]
    pub(crate) _runtime: Option<IgnoredAny>,
    pub(crate) alerting: Section,
    pub(crate) rule_files: Section,
    pub(crate) scrape_config_files: Section,
    pub(crate) storage: Option<Storage>,
    pub(crate) tracing: Section,
    pub(crate) remote_write: Section,
    pub(crate) remote_read: Section,
    pub(crate) otlp: Section,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Storage {
    pub(crate) tsdb: Option<Tsdb>,
    pub(crate) exemplars: Option<Exemplars>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Tsdb {
    pub(crate) out_of_order_time_window: Text,
    pub(crate) retention: Option<Retention>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Retention {
    pub(crate) time: Text,
    pub(crate) size: Text,
    pub(crate) percentage: Option<Spanned<f64>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Exemplars {
    pub(crate) max_exemplars: Option<Spanned<i64>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Global {
    pub(crate) scrape_interval: Text,
    pub(crate) scrape_timeout: Text,
    pub(crate) evaluation_interval: Text,
    pub(crate) external_labels: Option<Spanned<BTreeMap<String, String>>>,
    pub(crate) scrape_protocols: Option<Vec<Spanned<String>>>,
    pub(crate) body_size_limit: Text,
    pub(crate) sample_limit: u64,
    pub(crate) target_limit: u64,
    pub(crate) label_limit: u64,
    pub(crate) label_name_length_limit: u64,
    pub(crate) label_value_length_limit: u64,
    pub(crate) extra_scrape_metrics: bool,
    pub(crate) rule_query_offset: Text,
    pub(crate) query_log_file: Text,
    pub(crate) scrape_failure_log_file: Text,
    pub(crate) metric_name_validation_scheme: Text,
    pub(crate) metric_name_escaping_scheme: Text,
    pub(crate) scrape_native_histograms: Option<Spanned<bool>>,
    pub(crate) convert_classic_histograms_to_nhcb: Option<Spanned<bool>>,
    /// Classic histograms are always scraped here.
    #[serde(rename = "always_scrape_classic_histograms")]
    pub(crate) _always_scrape_classic_histograms: bool,
    /// Nothing is forgotten here that a limit would have to bound.
    #[serde(rename = "keep_dropped_targets")]
    pub(crate) _keep_dropped_targets: u64,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the switches of the file, one field each"
)]
#[expect(clippy::struct_field_names, reason = "the file's own names")]
pub(crate) struct Scrape {
    pub(crate) job_name: Text,
    pub(crate) scrape_interval: Text,
    pub(crate) scrape_timeout: Text,
    pub(crate) metrics_path: Option<String>,
    pub(crate) scheme: Text,
    pub(crate) params: Option<BTreeMap<String, Vec<String>>>,
    pub(crate) honor_labels: bool,
    pub(crate) honor_timestamps: Option<bool>,
    pub(crate) track_timestamps_staleness: bool,
    pub(crate) enable_compression: Option<bool>,
    pub(crate) follow_redirects: Option<bool>,
    pub(crate) extra_scrape_metrics: Option<bool>,
    pub(crate) scrape_protocols: Option<Vec<Spanned<String>>>,
    pub(crate) fallback_scrape_protocol: Text,
    pub(crate) body_size_limit: Text,
    pub(crate) sample_limit: u64,
    pub(crate) target_limit: u64,
    pub(crate) label_limit: u64,
    pub(crate) label_name_length_limit: u64,
    pub(crate) label_value_length_limit: u64,
    pub(crate) static_configs: Option<Vec<Spanned<Option<StaticGroup>>>>,
    pub(crate) relabel_configs: Option<Vec<Spanned<Option<Relabel>>>>,
    pub(crate) metric_relabel_configs: Option<Vec<Spanned<Option<Relabel>>>>,
    pub(crate) scrape_failure_log_file: Text,
    pub(crate) metric_name_validation_scheme: Text,
    pub(crate) metric_name_escaping_scheme: Text,
    pub(crate) scrape_native_histograms: Option<Spanned<bool>>,
    pub(crate) convert_classic_histograms_to_nhcb: Option<Spanned<bool>>,
    /// Classic histograms are always scraped here.
    #[serde(rename = "always_scrape_classic_histograms")]
    pub(crate) _always_scrape_classic_histograms: bool,
    #[serde(rename = "keep_dropped_targets")]
    pub(crate) _keep_dropped_targets: u64,
    /// Plain HTTP is always HTTP/1.1, as in Prometheus.
    #[serde(rename = "enable_http2")]
    pub(crate) _enable_http2: bool,
    /// Native histograms are never asked for, so their limits are always kept.
    #[serde(rename = "native_histogram_bucket_limit")]
    pub(crate) _native_histogram_bucket_limit: u64,
    #[serde(rename = "native_histogram_min_bucket_factor")]
    pub(crate) _native_histogram_min_bucket_factor: f64,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct StaticGroup {
    pub(crate) targets: Option<Vec<Spanned<String>>>,
    pub(crate) labels: Option<Spanned<BTreeMap<String, Option<String>>>>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Relabel {
    pub(crate) source_labels: Option<Vec<String>>,
    pub(crate) separator: Option<String>,
    pub(crate) regex: Option<String>,
    pub(crate) modulus: Option<u64>,
    pub(crate) target_label: Option<String>,
    pub(crate) replacement: Option<String>,
    pub(crate) action: Option<String>,
}

/// Fields of Prometheus' file that no struct above has.
pub(crate) const KNOWN_ELSEWHERE: [&str; 47] = [
    // Authentication, TLS and proxies of a scrape config.
    "basic_auth",
    "authorization",
    "oauth2",
    "bearer_token",
    "bearer_token_file",
    "tls_config",
    "proxy_url",
    "no_proxy",
    "proxy_from_environment",
    "proxy_connect_header",
    "http_headers",
    // Service discovery.
    "aws_sd_configs",
    "azure_sd_configs",
    "consul_sd_configs",
    "digitalocean_sd_configs",
    "dns_sd_configs",
    "docker_sd_configs",
    "dockerswarm_sd_configs",
    "ec2_sd_configs",
    "ecs_sd_configs",
    "elasticache_sd_configs",
    "eureka_sd_configs",
    "file_sd_configs",
    "gce_sd_configs",
    "hetzner_sd_configs",
    "http_sd_configs",
    "ionos_sd_configs",
    "kubernetes_sd_configs",
    "kuma_sd_configs",
    "lightsail_sd_configs",
    "linode_sd_configs",
    "marathon_sd_configs",
    "msk_sd_configs",
    "nerve_sd_configs",
    "nomad_sd_configs",
    "oci_sd_configs",
    "openstack_sd_configs",
    "outscale_sd_configs",
    "ovhcloud_sd_configs",
    "puppetdb_sd_configs",
    "rds_sd_configs",
    "scaleway_sd_configs",
    "serverset_sd_configs",
    "stackit_sd_configs",
    "triton_sd_configs",
    "uyuni_sd_configs",
    "vultr_sd_configs",
];

/// Whether a section says anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Presence {
    /// Null, an empty list or an empty mapping.
    Empty,
    /// Anything else.
    Filled,
}

impl<'de> Deserialize<'de> for Presence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Look;

        impl<'de> Visitor<'de> for Look {
            type Value = Presence;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a section")
            }

            fn visit_unit<E>(self) -> Result<Presence, E> {
                Ok(Presence::Empty)
            }

            fn visit_none<E>(self) -> Result<Presence, E> {
                Ok(Presence::Empty)
            }

            fn visit_some<D: Deserializer<'de>>(self, inner: D) -> Result<Presence, D::Error> {
                inner.deserialize_any(self)
            }

            fn visit_bool<E>(self, _: bool) -> Result<Presence, E> {
                Ok(Presence::Filled)
            }

            fn visit_i64<E>(self, _: i64) -> Result<Presence, E> {
                Ok(Presence::Filled)
            }

            fn visit_u64<E>(self, _: u64) -> Result<Presence, E> {
                Ok(Presence::Filled)
            }

            fn visit_f64<E>(self, _: f64) -> Result<Presence, E> {
                Ok(Presence::Filled)
            }

            fn visit_str<E>(self, _: &str) -> Result<Presence, E> {
                Ok(Presence::Filled)
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Presence, A::Error> {
                let mut presence = Presence::Empty;
                while seq.next_element::<IgnoredAny>()?.is_some() {
                    presence = Presence::Filled;
                }
                Ok(presence)
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Presence, A::Error> {
                let mut presence = Presence::Empty;
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {
                    presence = Presence::Filled;
                }
                Ok(presence)
            }
        }

        deserializer.deserialize_any(Look)
    }
}
