//! Short ways to make families.

use model::{Labels, MetricFamily, MetricKind};

/// A gauge with one sample and no labels.
pub(crate) fn gauge(name: &str, help: &str, value: f64) -> MetricFamily {
    single(name, MetricKind::Gauge, help, value)
}

/// A counter with one sample and no labels.
pub(crate) fn counter(name: &str, help: &str, value: f64) -> MetricFamily {
    single(name, MetricKind::Counter, help, value)
}

/// A family with one sample and no labels.
pub(crate) fn single(name: &str, kind: MetricKind, help: &str, value: f64) -> MetricFamily {
    let mut family = MetricFamily::new(name, kind, help);
    family.push(Labels::empty(), value);
    family
}

/// A gauge that is 1 and tells facts in its labels; facts that are not known are left out.
pub(crate) fn info(name: &str, help: &str, facts: &[(&str, &str)]) -> MetricFamily {
    let mut family = MetricFamily::new(name, MetricKind::Gauge, help);
    family.push(Labels::from_pairs(facts.iter().copied()), 1.0);
    family
}

/// One column of a table of devices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) kind: MetricKind,
    pub(crate) help: &'static str,
}

impl Field {
    pub(crate) const fn counter(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            kind: MetricKind::Counter,
            help,
        }
    }

    pub(crate) const fn gauge(name: &'static str, help: &'static str) -> Self {
        Self {
            name,
            kind: MetricKind::Gauge,
            help,
        }
    }
}

/// One family per field with one sample per row. Shape: row values in the order of `fields`; a row may
/// be shorter (older kernels) or leave values out. Families without samples are left out.
pub(crate) fn table(fields: &[Field], rows: &[(Labels, Vec<Option<f64>>)]) -> Vec<MetricFamily> {
    let mut families: Vec<MetricFamily> = fields
        .iter()
        .map(|field| MetricFamily::new(field.name, field.kind, field.help))
        .collect();
    for (labels, values) in rows {
        for (family, value) in families.iter_mut().zip(values) {
            if let Some(value) = value {
                family.push(labels.clone(), *value);
            }
        }
    }
    families.retain(|family| !family.points.is_empty());
    families
}

/// The label set `{device="..."}`.
pub(crate) fn device(name: &str) -> Labels {
    Labels::from_pairs([("device", name)])
}

/// Every sample as `name{labels} value`, for tests.
#[cfg(test)]
pub(crate) fn dump(families: &[MetricFamily]) -> Vec<String> {
    let lines = families.iter().flat_map(|family| {
        family.points.iter().map(|point| {
            let labels = if point.labels.is_empty() {
                String::new()
            } else {
                point.labels.to_string()
            };
            format!("{}{labels} {}", family.name, point.value)
        })
    });
    lines.collect()
}
