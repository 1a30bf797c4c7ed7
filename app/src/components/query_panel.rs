//! One query with its result.

use crate::components::chart::TimeChart;
use crate::components::expression_editor::{Draft, ExpressionEditor};
use crate::components::icon::{Glyph, Icon};
use crate::components::notice::{EmptyNotice, ErrorNotice, Hints, Skeleton};
use crate::components::range_controls::RangeControls;
use crate::components::result_table::ResultTable;
use crate::components::time_field::TimeField;
use crate::data::{ChartData, Latest, LoadState, Moment, instant, now_seconds, range};
use crate::fmt;
use crate::state::{PanelParams, Tab};
use api_types::QueryData;
use leptos::prelude::*;
use std::sync::Arc;

/// One query: editor, tabs, controls, chart or table.
#[component]
pub fn QueryPanel(
    /// Unique on the page.
    id: u64,
    /// Place on the page, from 0.
    #[prop(into)]
    index: Signal<usize>,
    /// The panel as its address tells it.
    #[prop(into)]
    params: Signal<PanelParams>,
    /// Takes the panel as it shall be; the address follows.
    on_change: Callback<PanelParams>,
    /// Removes the panel.
    on_remove: Callback<()>,
) -> impl IntoView {
    let table = Latest::<Moment>::new();
    let chart = Latest::<ChartData>::new();
    let runs = RwSignal::new(0u32);
    let draft = RwSignal::new(None::<Draft>);
    let text = Memo::new(move |_| Draft::over(draft.get().as_ref(), &params.get().expr));
    load(params, runs, table, chart);

    let change = Callback::new(move |next: PanelParams| on_change.run(next));
    let run = Callback::new(move |()| {
        let expr = text.get_untracked();
        let now = params.get_untracked();
        draft.set(None);
        if expr == now.expr {
            runs.update(|n| *n += 1);
        } else {
            on_change.run(PanelParams { expr, ..now });
        }
    });
    let typed = Callback::new(move |text: String| {
        draft.set(Some(Draft {
            from: params.get_untracked().expr.into(),
            text,
        }));
    });
    let busy = move || match params.get().tab {
        Tab::Table => table.state.with(|s| s.busy),
        Tab::Graph => chart.state.with(|s| s.busy),
    };
    let cancel = move |_| {
        table.cancel();
        chart.cancel();
    };
    let tab = Memo::new(move |_| params.get().tab);
    view! {
        <section class="panel" aria-label=move || format!("Query {}", index.get() + 1)>
            <div class="panel__progress" data-busy=move || busy().then_some("true")></div>
            <div class="panel__query">
                <ExpressionEditor
                    label=Signal::derive(move || format!("Expression {}", index.get() + 1))
                    id=format!("expression-{id}")
                    value=text
                    on_input=typed
                    on_run=run
                />
                <button type="button" class="button" data-kind="primary" on:click=move |_| run.run(())>
                    "Execute"
                </button>
                <button
                    type="button"
                    class="button"
                    data-kind="icon"
                    aria-label="Remove panel"
                    title="Remove panel"
                    on:click=move |_| on_remove.run(())
                >
                    <Icon glyph=Glyph::Cross/>
                </button>
            </div>
            <div class="panel__bar">
                <Tabs id tab on_pick=Callback::new(move |tab| {
                    change.run(PanelParams { tab, ..params.get_untracked() });
                })/>
                <div class="panel__controls">
                    {move || match tab.get() {
                        Tab::Graph => view! { <RangeControls params on_change=change/> }.into_any(),
                        Tab::Table => view! { <MomentControl params on_change=change/> }.into_any(),
                    }}
                </div>
                <p class="panel__facts" role="status">
                    <Show when=busy>
                        <button type="button" class="button panel__cancel" data-kind="quiet" on:click=cancel>"Cancel"</button>
                    </Show>
                    {move || facts(params, table, chart)}
                </p>
            </div>
            <div
                class="panel__result"
                id=format!("result-{id}")
                role="tabpanel"
                aria-labelledby=move || tab_id(id, tab.get())
            >
                {move || match tab.get() {
                    Tab::Graph => view! { <GraphResult params chart run on_change=change/> }.into_any(),
                    Tab::Table => view! { <TableResult params table run/> }.into_any(),
                }}
            </div>
        </section>
    }
}

/// Asks again whenever the address or the count of runs changes.
fn load(
    params: Signal<PanelParams>,
    runs: RwSignal<u32>,
    table: Latest<Moment>,
    chart: Latest<ChartData>,
) {
    // What does not change the answer must not ask for it again.
    let asked = Memo::new(move |_| PanelParams {
        stacked: false,
        ..params.get()
    });
    Effect::new(move |_| {
        runs.track();
        let params = asked.get();
        if params.expr.trim().is_empty() {
            table.clear();
            chart.clear();
            return;
        }
        let expr = params.expr.clone();
        match params.tab {
            Tab::Table => {
                chart.cancel();
                let time = params.moment.map(|ms| ms as f64 / 1e3);
                table.start(move |signal| instant(expr, time, signal));
            }
            Tab::Graph => {
                table.cancel();
                // Whole seconds, unless the steps are finer: times that people can read.
                let now = || {
                    if params.step() < 1000 {
                        now_seconds()
                    } else {
                        now_seconds().floor()
                    }
                };
                let end = params.end.map_or_else(now, |ms| ms as f64 / 1e3);
                let window = (end - params.range as f64 / 1e3, end);
                let step = params.step() as f64 / 1e3;
                chart.start(move |signal| range(expr, window, step, signal));
            }
        }
    });
}

#[component]
fn Tabs(id: u64, tab: Memo<Tab>, on_pick: Callback<Tab>) -> impl IntoView {
    let button = move |own: Tab, word: &'static str| {
        let selected = move || tab.get() == own;
        view! {
            <button
                type="button"
                class="tabs__tab"
                role="tab"
                id=tab_id(id, own)
                aria-controls=format!("result-{id}")
                aria-selected=move || if selected() { "true" } else { "false" }
                tabindex=move || if selected() { "0" } else { "-1" }
                on:click=move |_| on_pick.run(own)
            >
                {word}
            </button>
        }
    };
    let arrows = move |event: web_sys::KeyboardEvent| {
        if matches!(event.key().as_str(), "ArrowLeft" | "ArrowRight") {
            let other = match tab.get_untracked() {
                Tab::Table => Tab::Graph,
                Tab::Graph => Tab::Table,
            };
            on_pick.run(other);
            if let Some(next) = document().get_element_by_id(&tab_id(id, other)) {
                use wasm_bindgen::JsCast;
                // A tab that cannot be focused is still picked.
                let _ = next
                    .dyn_into::<web_sys::HtmlElement>()
                    .map(|tab| tab.focus());
            }
        }
    };
    view! {
        <div class="tabs" role="tablist" aria-label="Result as" on:keydown=arrows>
            {button(Tab::Table, "Table")}
            {button(Tab::Graph, "Graph")}
        </div>
    }
}

fn tab_id(id: u64, tab: Tab) -> String {
    format!(
        "tab-{id}-{}",
        if tab == Tab::Graph { "graph" } else { "table" }
    )
}

#[component]
fn MomentControl(params: Signal<PanelParams>, on_change: Callback<PanelParams>) -> impl IntoView {
    view! {
        <TimeField
            label="Evaluation time"
            value=Signal::derive(move || params.get().moment)
            step=Signal::derive(move || params.get().range / 2)
            on_change=Callback::new(move |moment| {
                on_change.run(PanelParams { moment, ..params.get_untracked() });
            })
        />
    }
}

/// Load time, series and step, as far as they are known.
fn facts(params: Signal<PanelParams>, table: Latest<Moment>, chart: Latest<ChartData>) -> String {
    match params.get().tab {
        Tab::Table => table.state.get().loaded.map(|loaded| {
            let n = match &loaded.data.result {
                QueryData::Vector(samples) => samples.len(),
                QueryData::Matrix(series) => series.len(),
                QueryData::Scalar(_) | QueryData::String(_) => 1,
            };
            format!(
                "Load {} · {}",
                fmt::elapsed(loaded.elapsed),
                fmt::counted(n, "series", "series")
            )
        }),
        Tab::Graph => chart.state.get().loaded.map(|loaded| {
            let series = fmt::counted(loaded.data.series.len(), "series", "series");
            #[expect(
                clippy::cast_possible_truncation,
                reason = "steps are far below the limit"
            )]
            let step = fmt::duration((loaded.data.step * 1e3) as i64);
            format!(
                "Load {} · {series} · step {step}",
                fmt::elapsed(loaded.elapsed)
            )
        }),
    }
    .unwrap_or_default()
}

#[component]
fn TableResult(
    params: Signal<PanelParams>,
    table: Latest<Moment>,
    run: Callback<()>,
) -> impl IntoView {
    move || {
        let LoadState { loaded, error, .. } = table.state.get();
        if params.with(|p| p.expr.trim().is_empty()) {
            return nothing_asked();
        }
        if let Some(error) = error {
            return view! { <ErrorNotice error on_retry=run/> }.into_any();
        }
        let Some(moment) = loaded else {
            return view! { <Skeleton shape="table"/> }.into_any();
        };
        let empty = match &moment.data.result {
            QueryData::Vector(samples) => samples.is_empty(),
            QueryData::Matrix(series) => series.is_empty(),
            QueryData::Scalar(_) | QueryData::String(_) => false,
        };
        let hints = view! { <Hints warnings=moment.warnings.clone() infos=moment.infos.clone()/> };
        if empty {
            return view! { {hints} <NoSeries when="at this moment"/> }.into_any();
        }
        view! { {hints} <div class="scroll-x"><ResultTable moment/></div> }.into_any()
    }
}

#[component]
fn GraphResult(
    params: Signal<PanelParams>,
    chart: Latest<ChartData>,
    run: Callback<()>,
    on_change: Callback<PanelParams>,
) -> impl IntoView {
    let zoom = Callback::new(move |(start, end)| {
        on_change.run(params.get_untracked().zoomed(start, end));
    });
    // One chart for all answers: its legend and hidden series stay while data comes and goes.
    let data = Memo::new_with_compare(
        move |_| {
            chart
                .state
                .get()
                .loaded
                .filter(|loaded| !loaded.data.series.is_empty())
        },
        |a, b| match (a, b) {
            (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
            (Some(None), Some(None)) => false,
            _ => true,
        },
    );
    let state = move || {
        let LoadState { loaded, error, .. } = chart.state.get();
        if params.with(|p| p.expr.trim().is_empty()) {
            return nothing_asked();
        }
        if let Some(error) = error {
            return view! { <ErrorNotice error on_retry=run/> }.into_any();
        }
        let Some(loaded) = loaded else {
            return view! { <Skeleton shape="chart"/> }.into_any();
        };
        let hints = view! { <Hints warnings=loaded.warnings.clone() infos=loaded.infos.clone()/> };
        if loaded.data.series.is_empty() {
            return view! { {hints} <NoSeries when="in this window"/> }.into_any();
        }
        hints.into_any()
    };
    let has_data = Memo::new(move |_| data.with(Option::is_some));
    view! {
        {state}
        <Show when=move || has_data.get()>
            <TimeChart
                data
                stacked=Signal::derive(move || params.get().stacked)
                on_zoom=zoom
            />
        </Show>
    }
}

fn nothing_asked() -> AnyView {
    view! {
        <EmptyNotice title="Nothing asked yet">
            "Write an expression and press Enter. Try " <code>"up"</code>
            ": 1 for every target that answers, 0 for every one that does not."
        </EmptyNotice>
    }
    .into_any()
}

#[component]
fn NoSeries(when: &'static str) -> impl IntoView {
    view! {
        <EmptyNotice title=format!("No series {when}")>
            "The query is valid and its answer is empty: no series has these labels, it had no samples "
            {when}
            ", or a condition in the query removed all of them. Look at the parts of the expression one by one, or at "
            <a href="/targets">"the targets"</a>
            " if the metric should be there."
        </EmptyNotice>
    }
}
