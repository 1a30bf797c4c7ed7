//! Label sets as the language changes them.

use model::{Labels, METRIC_NAME};

/// Whether `name` is metadata of the metric rather than of the series: gone where values change meaning.
pub(crate) fn is_metadata(name: &str) -> bool {
    matches!(name, METRIC_NAME | "__type__" | "__unit__")
}

/// The labels without metadata.
pub(crate) fn without_metadata(labels: &Labels) -> Labels {
    labels.filtered(|name| !is_metadata(name))
}
