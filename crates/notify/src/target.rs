//! From discovered labels to the addresses of Alertmanagers.

use config::AlertmanagerConfig;
use discovery::TargetGroup;
use http::Uri;
use model::{Labels, LabelsBuilder};
use relabel::{Verdict, apply};
use std::sync::Arc;

const ADDRESS: &str = "__address__";
const SCHEME: &str = "__scheme__";
const PATH: &str = "__alerts_path__";
/// Where Alertmanagers take alerts.
const API_PATH: &str = "/api/v2/alerts";

/// The Alertmanagers of one section. Ordering: of discovery, without repetition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Targets {
    pub(crate) active: Vec<Uri>,
    /// Addresses that relabelling dropped.
    pub(crate) dropped: Vec<String>,
}

/// What was discovered for `section`, relabelled. Addresses that are none are left out.
pub(crate) fn targets(section: &AlertmanagerConfig, groups: &[Arc<TargetGroup>]) -> Targets {
    let mut found = Targets::default();
    for group in groups {
        for target in &group.targets {
            let mut labels = before_relabelling(section, group, target);
            let address = url(&labels);
            if apply(&section.relabel_configs, &mut labels) != Verdict::Keep {
                found.dropped.push(address);
                continue;
            }
            let address = url(&labels);
            match address.parse::<Uri>() {
                Ok(uri) if uri.host().is_some_and(|host| !host.is_empty()) => {
                    if !found.active.contains(&uri) {
                        found.active.push(uri);
                    }
                }
                _ => tracing::error!(address, "no address of an Alertmanager"),
            }
        }
    }
    found
}

fn before_relabelling(
    section: &AlertmanagerConfig,
    group: &TargetGroup,
    target: &Labels,
) -> LabelsBuilder {
    let mut labels = group.labels.to_builder();
    for (name, value) in target.iter() {
        labels.set(name, value);
    }
    let prefix = section.path_prefix.trim_matches('/');
    let path = if prefix.is_empty() {
        API_PATH.to_owned()
    } else {
        format!("/{prefix}{API_PATH}")
    };
    for (name, value) in [(SCHEME, section.scheme.as_str()), (PATH, &path)] {
        if labels.get(name).is_none() {
            labels.set(name, value);
        }
    }
    labels
}

fn url(labels: &LabelsBuilder) -> String {
    let part = |name| labels.get(name).unwrap_or("");
    format!("{}://{}{}", part(SCHEME), part(ADDRESS), part(PATH))
}
