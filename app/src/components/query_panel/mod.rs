//! One query with its result.

mod answers;
mod empty;
mod facts;
mod graph_result;
mod share;
mod table_result;
mod tabs;
mod toolbar;

use crate::components::explain::ExplainResult;
use crate::components::expression_editor::{Draft, ExpressionEditor};
use crate::components::icon::{Glyph, Icon};
use crate::components::range_controls::RangeControls;
use crate::components::time_field::TimeField;
use crate::state::{PanelParams, Settings, Tab, remember_query};
use crate::words::{t, t_string, use_i18n};
pub(crate) use answers::Answers;
pub(crate) use empty::NothingAsked;
use facts::{Facts, Notes};
use graph_result::GraphResult;
use leptos::prelude::*;
use share::Share;
use table_result::TableResult;
use tabs::{Tabs, tab_id};
use toolbar::Toolbar;

/// One query: editor, tools, tabs, controls, and the result as table, chart or plan.
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
    /// Puts the same panel below.
    on_duplicate: Callback<()>,
) -> impl IntoView {
    let i18n = use_i18n();
    let settings = expect_context::<Settings>();
    let runs = RwSignal::new(0u32);
    let draft = RwSignal::new(None::<Draft>);
    let text = Memo::new(move |_| Draft::over(draft.get().as_ref(), &params.get().expr));
    let answers = Answers::follow(params, runs);

    let run_text = Callback::new(move |expr: String| {
        let now = params.get_untracked();
        draft.set(None);
        if settings.history.get_untracked() {
            remember_query(&expr);
        }
        if expr == now.expr {
            runs.update(|n| *n += 1);
        } else {
            on_change.run(PanelParams { expr, ..now });
        }
    });
    let run = Callback::new(move |()| run_text.run(text.get_untracked()));
    let typed = Callback::new(move |text: String| {
        draft.set(Some(Draft {
            from: params.get_untracked().expr.into(),
            text,
        }));
    });
    let tab = Memo::new(move |_| params.get().tab);
    let busy = Memo::new(move |_| answers.is_busy(tab.get()));
    let notes = Notes::of(tab, answers);
    let pick = Callback::new(move |tab| {
        on_change.run(PanelParams {
            tab,
            ..params.get_untracked()
        });
    });
    view! {
        <section
            class="panel"
            aria-label=move || t_string!(i18n, graph.query_n, n = index.get() + 1)
            aria-busy=move || busy.get().then_some("true")
        >
            <div class="panel__progress" data-busy=move || busy.get().then_some("true")></div>
            <div class="panel__query">
                <ExpressionEditor
                    label=Signal::derive(move || t_string!(i18n, graph.expression_n, n = index.get() + 1))
                    id=format!("expression-{id}")
                    value=text
                    notes=notes.placed
                    on_input=typed
                    on_run=run
                />
                <button type="button" class="button" data-kind="primary" on:click=move |_| run.run(())>
                    {t!(i18n, graph.execute)}
                </button>
                <PanelButtons on_duplicate on_remove/>
            </div>
            <div class="panel__tools">
                <Toolbar id text on_input=typed on_run=run_text/>
                <Facts tab answers busy/>
                <Share params answers/>
            </div>
            <div class="panel__bar">
                <Tabs id tab on_pick=pick/>
                <div class="panel__controls">
                    {move || match tab.get() {
                        Tab::Graph => view! { <RangeControls params on_change/> }.into_any(),
                        Tab::Table | Tab::Explain => view! { <MomentControl params on_change/> }.into_any(),
                    }}
                </div>
            </div>
            {notes.list()}
            <div
                class="panel__result"
                id=format!("result-{id}")
                role="tabpanel"
                aria-labelledby=move || tab_id(id, tab.get())
            >
                {move || match tab.get() {
                    Tab::Graph => view! { <GraphResult params answers run on_change on_run=run_text/> }.into_any(),
                    Tab::Table => view! { <TableResult params answers run on_change on_run=run_text/> }.into_any(),
                    Tab::Explain => view! { <ExplainResult params answers run on_run=run_text/> }.into_any(),
                }}
            </div>
        </section>
    }
}

#[component]
fn MomentControl(params: Signal<PanelParams>, on_change: Callback<PanelParams>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <TimeField
            label=Signal::derive(move || t_string!(i18n, graph.evaluation_time).to_owned())
            value=Signal::derive(move || params.get().moment)
            step=Signal::derive(move || params.get().range / 2)
            on_change=Callback::new(move |moment| {
                on_change.run(PanelParams { moment, ..params.get_untracked() });
            })
        />
    }
}

/// The same again below, or away.
#[component]
fn PanelButtons(on_duplicate: Callback<()>, on_remove: Callback<()>) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <button
            type="button"
            class="button"
            data-kind="icon"
            aria-label=t!(i18n, graph.duplicate)
            title=t!(i18n, graph.duplicate)
            on:click=move |_| on_duplicate.run(())
        >
            <Icon glyph=Glyph::Copy/>
        </button>
        <button
            type="button"
            class="button"
            data-kind="icon"
            aria-label=t!(i18n, graph.remove_panel)
            title=t!(i18n, graph.remove_panel)
            on:click=move |_| on_remove.run(())
        >
            <Icon glyph=Glyph::Cross/>
        </button>
    }
}
