//! What is behind a panel: its data, how it was asked, and its JSON.

use crate::board::{Asked, Board, Item};
use app::components::Dialog;
use app::data::save_text;
use app::words::{t, t_string, use_i18n};
use dashboard::{Cell, Frame, Panel, as_tables, csv};
use leptos::prelude::*;
use serde_json::Value;

/// Rows that are shown; the file has them all.
const SHOWN: usize = 200;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Look {
    Data,
    Statistics,
    Queries,
    Json,
}

/// The dialog that shows what is behind a panel.
#[component]
pub(crate) fn Inspector(
    item: Signal<Item>,
    board: Board,
    asked: Asked,
    open: RwSignal<bool>,
) -> impl IntoView {
    let i18n = use_i18n();
    let look = RwSignal::new(Look::Data);
    let title = move || {
        item.with(|item| Panel::of(&item.json).map(|panel| panel.title().to_owned()))
            .unwrap_or_default()
    };
    let tab = move |which: Look, name: Signal<&'static str>| {
        view! {
            <button type="button" role="tab" class="tabs__tab" aria-selected=move || if look.get() == which { "true" } else { "false" }
                on:click=move |_| look.set(which)>{name}</button>
        }
    };
    let body = move || match look.get() {
        Look::Data => view! { <DataLook item board asked/> }.into_any(),
        Look::Statistics => view! { <StatisticsLook asked/> }.into_any(),
        Look::Queries => view! { <QueriesLook asked board/> }.into_any(),
        Look::Json => view! { <JsonLook item board/> }.into_any(),
    };
    view! {
        <Dialog open kind="wide" label=Signal::derive(move || t_string!(i18n, boards.inspect).to_owned())>
            <h2 class="dialog__title">{t!(i18n, boards.inspect)}": "{title}</h2>
            <div class="tabs" role="tablist">
                {tab(Look::Data, t!(i18n, boards.data))}
                {tab(Look::Statistics, t!(i18n, boards.statistics))}
                {tab(Look::Queries, t!(i18n, dashboards.queries))}
                {tab(Look::Json, t!(i18n, dashboards.panel_json))}
            </div>
            <div class="inspect" role="tabpanel">{body}</div>
            <p class="dialog__end">
                <button type="button" class="button" on:click=move |_| open.set(false)>{t!(i18n, shell.close)}</button>
            </p>
        </Dialog>
    }
}

/// The panel's data as tables, and as a file.
#[component]
fn DataLook(item: Signal<Item>, board: Board, asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let which = RwSignal::new(0_usize);
    let tables = Memo::new_with_compare(
        move |_| {
            let outcome = asked.drawn.get();
            outcome.map_or_else(Vec::new, |outcome| as_tables(&outcome.data.frames))
        },
        |_, _| true,
    );
    let count = move || tables.with(Vec::len);
    let save = move |_| {
        let text = tables.with_untracked(|tables| tables.get(which.get_untracked()).map(csv));
        let name =
            item.with_untracked(|item| Panel::of(&item.json).map(|panel| panel.title().to_owned()));
        let name: String = name
            .unwrap_or_default()
            .chars()
            .map(|c| if c.is_alphanumeric() { c } else { '-' })
            .collect();
        let name = if name.is_empty() {
            "panel".to_owned()
        } else {
            name
        };
        save_text(&format!("{name}.csv"), &text.unwrap_or_default());
    };
    let rows = move || tables.with(|tables| tables.get(which.get()).map_or(0, Frame::rows));
    let shown = move |frame: &Frame| {
        let heads = frame.fields.iter().map(|field| {
            view! { <th scope="col">{field.label().to_owned()}</th> }
        });
        let lines = (0..frame.rows().min(SHOWN)).map(|row| {
            let cells = frame.fields.iter().map(|field| {
                let cell = field.column.cell(row);
                let align = field.column.is_number().then_some("right");
                let text = match &cell {
                    Cell::Time(time) => app::fmt::time_in(board.clocks(), time / 1e3),
                    cell => {
                        board.display(|context| field.display(context).show(cell).text.to_string())
                    }
                };
                view! { <td data-align=align>{text}</td> }
            });
            view! { <tr>{cells.collect_view()}</tr> }
        });
        view! {
            <table class="grid-table">
                <thead><tr>{heads.collect_view()}</tr></thead>
                <tbody>{lines.collect_view()}</tbody>
            </table>
        }
    };
    view! {
        <div class="inspect__tools">
            <Show when=move || 1 < count()>
                <select class="field" aria-label=move || t_string!(i18n, boards.table_of)
                    on:change=move |event| which.set(event_target_value(&event).parse().unwrap_or(0))>
                    {move || tables.with(|tables| tables.iter().enumerate().map(|(index, frame)| {
                        let name = frame.name.clone().or_else(|| frame.ref_id.clone());
                        view! { <option value=index.to_string()>{name.unwrap_or_else(|| index.to_string())}</option> }
                    }).collect_view())}
                </select>
            </Show>
            <button type="button" class="button" disabled=move || rows() == 0 on:click=save>{t!(i18n, boards.save_csv)}</button>
            <span class="form__note">{t!(i18n, boards.rows, n = rows)}</span>
        </div>
        // What scrolls can be scrolled by keys.
        <div class="inspect__scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, boards.data)>
            {move || tables.with(|tables| tables.get(which.get()).map(shown))}
        </div>
        <Show when=move || SHOWN < rows()>
            <p class="form__note">{t!(i18n, dashboards.more_values, n = move || rows() - SHOWN)}</p>
        </Show>
    }
}

/// How large the answers are and how long they took.
#[component]
fn StatisticsLook(asked: Asked) -> impl IntoView {
    let i18n = use_i18n();
    let sum = move |of: fn(&crate::board::AskedQuery) -> usize| {
        asked
            .queries
            .with(|queries| queries.iter().map(of).sum::<usize>())
    };
    let took = move || asked.took.get().map(app::fmt::elapsed).unwrap_or_default();
    let rows = move || {
        asked.drawn.with(|drawn| {
            drawn.as_ref().map_or(0, |outcome| {
                outcome.data.frames.iter().map(Frame::rows).sum::<usize>()
            })
        })
    };
    view! {
        <dl class="inspect__facts">
            <dt>{t!(i18n, boards.took)}</dt><dd>{took}</dd>
            <dt>{t!(i18n, dashboards.queries)}</dt><dd>{move || asked.queries.with(Vec::len)}</dd>
            <dt>{t!(i18n, dashboards.series)}</dt><dd>{move || sum(|query| query.series)}</dd>
            <dt>{t!(i18n, boards.points)}</dt><dd>{move || sum(|query| query.points)}</dd>
            <dt>{t!(i18n, boards.rows_shown)}</dt><dd>{rows}</dd>
        </dl>
    }
}

/// The queries with what was put in for their variables.
#[component]
fn QueriesLook(asked: Asked, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let moment = move |ms: i64| app::fmt::time_in(board.clocks(), ms as f64 / 1e3);
    let all = move || {
        asked.queries.get().into_iter().map(|query| {
            let (from, to) = query.window;
            let window = if from == to { moment(to) } else { format!("{} – {}", moment(from), moment(to)) };
            let step = query.step.map(|step| format!(" · {} {}", t_string!(i18n, boards.step), app::fmt::duration(step)));
            let (series, points) = (query.series, query.points);
            view! {
                <section class="inspect__query">
                    <h3>{query.ref_id}</h3>
                    <pre class="file" tabindex="0">{query.expr}</pre>
                    <p class="form__note">{window}{step}</p>
                    <p class="form__note">{t!(i18n, boards.query_size, series = move || series, points = move || points)}</p>
                </section>
            }
        }).collect_view()
    };
    view! {
        <div class="inspect__scroll">{all}</div>
        {move || asked.error.get().map(|error| view! { <p class="form__error" role="alert">{error}</p> })}
        <p><button type="button" class="button" on:click=move |_| board.renew()>{t!(i18n, dashboards.refresh)}</button></p>
    }
}

/// The panel's JSON, to be changed by those who may.
#[component]
fn JsonLook(item: Signal<Item>, board: Board) -> impl IntoView {
    let i18n = use_i18n();
    let failed = RwSignal::new(None::<String>);
    let id = item.with_untracked(|item| item.id);
    let text = RwSignal::new(
        item.with_untracked(|item| serde_json::to_string_pretty(&*item.json).unwrap_or_default()),
    );
    let may = move || {
        board
            .meta
            .with(|meta| meta.can_save && !meta.uid.is_empty())
    };
    let apply = move |_| match serde_json::from_str::<Value>(&text.get_untracked()) {
        Ok(Value::Object(mut panel)) => {
            failed.set(None);
            panel.insert("id".to_owned(), id.into());
            board.begin_editing();
            board.edit(|dashboard| {
                // A panel that went meanwhile needs no change.
                let _ = dashboard.change_panel(id, |old| *old = panel);
            });
        }
        Ok(_) => failed.set(Some("{ }".to_owned())),
        Err(error) => failed.set(Some(error.to_string())),
    };
    view! {
        <textarea class="field form__code inspect__json" rows="20" spellcheck="false" readonly=move || !may()
            aria-label=move || t_string!(i18n, dashboards.panel_json)
            prop:value=move || text.get() on:input=move |event| text.set(event_target_value(&event))></textarea>
        {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error}</p> })}
        <Show when=may>
            <p><button type="button" class="button" on:click=apply>{t!(i18n, dashboards.apply)}</button></p>
        </Show>
    }
}
