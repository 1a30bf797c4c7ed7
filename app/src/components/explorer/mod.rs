//! What can be asked for: metrics, their labels, and earlier queries.

mod history;
mod labels;
mod metrics;

pub(crate) use history::HistoryList;
use labels::LabelExplorer;
use leptos::prelude::*;
use metrics::MetricExplorer;

/// Where in the explorer one is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// Among the metrics.
    #[default]
    Metrics,
    /// Among the labels of one metric.
    Labels(String),
}

impl Place {
    pub(crate) fn labels_of(metric: String) -> Self {
        Self::Labels(metric)
    }
}

/// Metrics, and the labels of one.
#[component]
pub(crate) fn Explorer(
    place: RwSignal<Place>,
    /// Takes a piece of an expression for the caret.
    on_insert: Callback<String>,
    /// Takes a whole expression.
    on_run: Callback<String>,
) -> impl IntoView {
    move || match place.get() {
        Place::Metrics => view! { <MetricExplorer place on_insert on_run/> }.into_any(),
        Place::Labels(metric) => {
            view! { <LabelExplorer metric place on_insert on_run/> }.into_any()
        }
    }
}
