//! An expression over the last while, where a page tells about it.

use crate::components::chart::TimeChart;
use crate::data::{ChartData, Latest, now_seconds, range};
use crate::fmt;
use crate::state::query_string;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Steps of a chart.
const STEPS: f64 = 240.0;

/// A chart; nothing where the expression finds nothing. Zooming goes to the graph page.
#[component]
pub fn ExpressionChart(
    /// The expression.
    #[prop(into)]
    query: Signal<String>,
    /// How much time is shown. Units: seconds.
    shown: f64,
) -> impl IntoView {
    let latest = Latest::<ChartData>::new();
    Effect::new(move |_| {
        let (query, now) = (query.get(), now_seconds());
        let step = (shown / STEPS).max(1.0);
        latest.start(|signal| range(query, (now - shown, now), step, signal));
    });
    let data = Signal::derive(move || latest.state.with(|state| state.loaded.clone()));
    let has = Memo::new(move |_| {
        data.with(|data| {
            data.as_ref()
                .is_some_and(|data| !data.data.series.is_empty())
        })
    });
    let navigate = use_navigate();
    let zoom = Callback::new(move |(start, end): (f64, f64)| {
        let range = fmt::seconds((end - start).max(1.0).round());
        let end = fmt::time(end.round());
        let query = query.get_untracked();
        let pairs = [
            ("g0.expr", query.as_str()),
            ("g0.tab", "graph"),
            ("g0.range_input", &range),
            ("g0.end_input", &end),
        ];
        navigate(
            &format!("/graph?{}", query_string(pairs)),
            NavigateOptions::default(),
        );
    });
    view! {
        <div class="expression-chart">
            <Show when=move || has.get()>
                <TimeChart data on_zoom=zoom/>
            </Show>
        </div>
    }
}
