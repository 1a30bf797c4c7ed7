//! Label sets as the language changes them.

use model::{Labels, METRIC_NAME, quote_label_value};
use std::fmt;

/// Labels that are metadata of the metric.
pub(crate) const METADATA: [&str; 3] = [METRIC_NAME, "__type__", "__unit__"];

/// Whether `name` is metadata of the metric rather than of the series: gone where values change meaning.
pub(crate) fn is_metadata(name: &str) -> bool {
    METADATA.contains(&name)
}

/// The labels without metadata.
pub(crate) fn without_metadata(labels: &Labels) -> Labels {
    labels.filtered(|name| !is_metadata(name))
}

/// Labels with the metric name among them: `{__name__="up", job="node"}`, as error messages show them.
pub(crate) struct Braced<'a>(pub(crate) &'a Labels);

impl fmt::Display for Braced<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, (name, value)) in self.0.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            if model::is_legacy_label_name(name) {
                write!(f, "{comma}{name}={}", quote_label_value(value))?;
            } else {
                write!(
                    f,
                    "{comma}{}={}",
                    quote_label_value(name),
                    quote_label_value(value)
                )?;
            }
        }
        f.write_str("}")
    }
}
