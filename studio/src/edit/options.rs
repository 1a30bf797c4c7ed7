//! The options of a panel that is being edited.

use super::editor::Edited;
use super::fields::{CheckField, ChoiceField, LongField, OptionSearch, Path, TextField, left_out};
use super::form::form;
use super::json_path::number_of;
use super::kind_options::{Group, groups};
use super::list_options::{ListOptions, RepeatOptions};
use super::mappings::Mappings;
use super::overrides::Overrides;
use super::value_options::{LEGEND, LINKS, VALUES};
use app::components::{Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use dashboard::{PanelKind, Reducer, UNIT_GROUPS};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Colours that thresholds are offered in.
const COLORS: [&str; 8] = [
    "green",
    "yellow",
    "orange",
    "red",
    "blue",
    "purple",
    "text",
    "transparent",
];

/// All options, in groups.
#[component]
pub(super) fn Options(edited: Edited) -> impl IntoView {
    let i18n = use_i18n();
    let part = edited.part();
    let kind = Memo::new(move |_| PanelKind::parse(&edited.text(&["type"])));
    // What shows no values of queries.
    let is_text = move || {
        matches!(
            kind.get(),
            PanelKind::Text
                | PanelKind::AlertList
                | PanelKind::DashList
                | PanelKind::AnnotationList
        )
    };
    let is_list = move || is_text() && kind.get() != PanelKind::Text;
    let is_single = move || {
        matches!(
            kind.get(),
            PanelKind::Stat | PanelKind::Gauge | PanelKind::BarGauge | PanelKind::PieChart
        )
    };
    let has_legend = move || {
        matches!(
            kind.get(),
            PanelKind::TimeSeries
                | PanelKind::BarChart
                | PanelKind::PieChart
                | PanelKind::Histogram
        )
    };
    let of_kind = move || {
        let one = |(title, items): &Group| {
            let (title, fields) = (*title, form(part, items));
            view! {
                <fieldset class="options__group">
                    <legend>{move || title(i18n.get_locale())}</legend>
                    {fields}
                </fieldset>
            }
        };
        kind.with(|kind| groups(kind).iter().map(one).collect_view())
    };
    let search = RwSignal::new(String::new());
    provide_context(OptionSearch(search));
    let kinds = PanelKind::all().filter(|kind| *kind != PanelKind::Row).map(|kind| {
        let id = kind.id().to_owned();
        let (value, own) = (id.clone(), id.clone());
        view! { <option value=value selected=move || edited.text(&["type"]) == own>{id}</option> }
    });
    view! {
        <aside class="options" aria-label=move || t_string!(i18n, dashboards.options)>
            <input class="field" type="search" aria-label=move || t_string!(i18n, boards.find_option)
                placeholder=move || t_string!(i18n, boards.find_option) prop:value=move || search.get()
                on:input=move |event| search.set(event_target_value(&event))/>
            <label class="form__row" hidden=left_out(t!(i18n, dashboards.kind))>
                <span>{t!(i18n, dashboards.kind)}</span>
                <select class="field" on:change=move |event| edited.set(&["type"], Some(event_target_value(&event).into()))>
                    {kinds.collect_view()}
                </select>
            </label>
            <TextField part path=&["title"] label=t!(i18n, dashboards.name)/>
            <TextField part path=&["description"] label=t!(i18n, dashboards.description)/>
            <CheckField part path=&["transparent"] label=t!(i18n, dashboards.transparent)/>
            <Show when=move || !is_text()>
                <fieldset class="options__group">
                    <legend>{t!(i18n, dashboards.values)}</legend>
                    <UnitOption edited/>
                    {form(part, VALUES)}
                </fieldset>
                <Thresholds edited/>
                <Mappings part path=&["fieldConfig", "defaults", "mappings"]/>
            </Show>
            <Show when=is_single>
                <CalcOption edited/>
            </Show>
            {of_kind}
            <Show when=move || kind.get() == PanelKind::Text>
                <LongField part path=&["options", "content"] label=t!(i18n, dashboards.content)/>
            </Show>
            <Show when=has_legend>
                <fieldset class="options__group">
                    <legend>{t!(i18n, dashboards.legend)}</legend>
                    {form(part, LEGEND)}
                    <LegendCalcs edited/>
                </fieldset>
            </Show>
            <Show when=move || !is_text()>
                <Overrides part/>
            </Show>
            <Show when=is_list>
                <ListOptions part kind/>
            </Show>
            {form(part, LINKS)}
            <RepeatOptions part/>
            <PanelJson edited/>
        </aside>
    }
}

/// A unit, by its name or as it is typed.
#[component]
fn UnitOption(edited: Edited) -> impl IntoView {
    const PATH: Path = &["fieldConfig", "defaults", "unit"];
    let i18n = use_i18n();
    let units = UNIT_GROUPS.iter().flat_map(|group| {
        group.units.iter().map(move |unit| {
            view! { <option value=unit.id>{format!("{} · {}", group.name, unit.name)}</option> }
        })
    });
    view! {
        <label class="form__row" hidden=left_out(t!(i18n, dashboards.unit))>
            <span>{t!(i18n, dashboards.unit)}</span>
            <input class="field" list="units" prop:value=move || edited.text(PATH) on:input=move |event| {
                let text = event_target_value(&event);
                edited.set(PATH, (!text.is_empty()).then(|| text.into()));
            }/>
        </label>
        <datalist id="units">{units.collect_view()}</datalist>
    }
}

/// What of a series is shown as its number.
#[component]
fn CalcOption(edited: Edited) -> impl IntoView {
    let i18n = use_i18n();
    let now = move || {
        edited.json.with(|json| {
            let calcs = json
                .as_ref()
                .and_then(|json| json.pointer("/options/reduceOptions/calcs/0"));
            calcs
                .and_then(Value::as_str)
                .unwrap_or("lastNotNull")
                .to_owned()
        })
    };
    let options = Reducer::all().map(|reducer| {
        let (value, own) = (reducer.id(), reducer.id());
        view! { <option value=value selected=move || now() == own>{reducer.name()}</option> }
    });
    view! {
        <label class="form__row" hidden=left_out(t!(i18n, dashboards.calculation))>
            <span>{t!(i18n, dashboards.calculation)}</span>
            <select class="field" on:change=move |event| {
                edited.set(&["options", "reduceOptions", "calcs"], Some(json!([event_target_value(&event)])));
            }>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// What the legend says of each series.
#[component]
fn LegendCalcs(edited: Edited) -> impl IntoView {
    const OFFERED: [Reducer; 5] = [
        Reducer::LastNotNull,
        Reducer::Min,
        Reducer::Max,
        Reducer::Mean,
        Reducer::Sum,
    ];
    let i18n = use_i18n();
    let now = move || -> Vec<String> {
        edited.json.with(|json| {
            let calcs = json
                .as_ref()
                .and_then(|json| json.pointer("/options/legend/calcs"))
                .and_then(Value::as_array);
            calcs
                .into_iter()
                .flatten()
                .filter_map(|calc| calc.as_str().map(str::to_owned))
                .collect()
        })
    };
    let checks = OFFERED.into_iter().map(|reducer| {
        let id = StoredValue::new(reducer.id());
        view! {
            <label class="form__check">
                <input type="checkbox" prop:checked=move || now().contains(&id.get_value()) on:change=move |event| {
                    let mut calcs = untrack(now);
                    calcs.retain(|calc| *calc != id.get_value());
                    if event_target_checked(&event) {
                        calcs.push(id.get_value());
                    }
                    edited.set(&["options", "legend", "calcs"], Some(json!(calcs)));
                }/>
                <span>{reducer.name()}</span>
            </label>
        }
    });
    view! { <div class="options__checks" hidden=left_out(t!(i18n, dashboards.calculation))>{checks.collect_view()}</div> }
}

/// Values from which on another colour holds.
#[component]
fn Thresholds(edited: Edited) -> impl IntoView {
    const PATH: Path = &["fieldConfig", "defaults", "thresholds", "steps"];
    let part = edited.part();
    let i18n = use_i18n();
    let steps = move || -> Vec<Value> {
        edited.json.with(|json| {
            let list = json
                .as_ref()
                .and_then(|json| json.pointer("/fieldConfig/defaults/thresholds/steps"));
            let known = list
                .and_then(Value::as_array)
                .filter(|list| !list.is_empty());
            known
                .cloned()
                .unwrap_or_else(|| vec![json!({"color": "green", "value": null})])
        })
    };
    let count = Memo::new(move |_| steps().len());
    let put = move |change: &dyn Fn(&mut Vec<Value>)| {
        let mut list = untrack(steps);
        change(&mut list);
        edited.set(PATH, Some(Value::Array(list)));
    };
    let line = move |index: usize| {
        let field = move |name: &'static str| {
            super::json_path::text_of(steps().get(index).and_then(|step| step.get(name)))
        };
        let set = move |name: &'static str, value: Value| {
            put(&move |list| {
                if let Some(step) = list.get_mut(index).and_then(Value::as_object_mut) {
                    step.insert(name.to_owned(), value.clone());
                }
            });
        };
        let colors = COLORS.map(|color| {
            view! { <option value=color selected=move || field("color") == color>{color}</option> }
        });
        let is_other = move || !COLORS.contains(&field("color").as_str());
        view! {
            <li class="threshold">
                {if index == 0 {
                    view! { <span class="threshold__base">{t!(i18n, dashboards.base)}</span> }.into_any()
                } else {
                    view! {
                        <input class="field" type="number" step="any" aria-label=move || t_string!(i18n, dashboards.threshold)
                            prop:value=move || field("value")
                            on:change=move |event| set("value", number_of(&event_target_value(&event)).unwrap_or(json!(0)))/>
                    }.into_any()
                }}
                <select class="field" aria-label=move || t_string!(i18n, dashboards.color) on:change=move |event| set("color", event_target_value(&event).into())>
                    {colors}
                    <Show when=is_other><option value=move || field("color") selected>{move || field("color")}</option></Show>
                </select>
                {(index > 0).then(|| view! {
                    <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.remove)
                        on:click=move |_| put(&move |list| { if index < list.len() { list.remove(index); } })>
                        <Icon glyph=Glyph::Cross/>
                    </button>
                })}
            </li>
        }
    };
    let add = move |_| {
        put(&|list| {
            let last = list
                .last()
                .and_then(|step| step.get("value"))
                .and_then(Value::as_f64);
            list.push(json!({"color": "red", "value": last.map_or(80.0, |last| last + 10.0)}));
        });
    };
    view! {
        <fieldset class="options__group" hidden=left_out(t!(i18n, dashboards.thresholds))>
            <legend>{t!(i18n, dashboards.thresholds)}</legend>
            <ChoiceField part path=&["fieldConfig", "defaults", "thresholds", "mode"] label=t!(i18n, dashboards.threshold_mode) choices=&["absolute", "percentage"]/>
            <ul class="thresholds">
                <For each=move || 0..count.get() key=|index| *index children=line/>
            </ul>
            <button type="button" class="button" on:click=add>{t!(i18n, dashboards.add_threshold)}</button>
        </fieldset>
    }
}

/// Everything that has no field of its own.
#[component]
fn PanelJson(edited: Edited) -> impl IntoView {
    let i18n = use_i18n();
    let failed = RwSignal::new(None::<String>);
    let text = move || {
        edited.json.with(|json| {
            json.as_ref()
                .and_then(|json| serde_json::to_string_pretty(&**json).ok())
                .unwrap_or_default()
        })
    };
    let apply = move |event: web_sys::Event| match serde_json::from_str::<Value>(
        &event_target_value(&event),
    ) {
        Ok(Value::Object(mut panel)) => {
            failed.set(None);
            let id = edited.id;
            panel.insert("id".to_owned(), id.into());
            edited.change("json", move |old| *old = panel);
        }
        Ok(_) => failed.set(Some("{ }".to_owned())),
        Err(error) => failed.set(Some(error.to_string())),
    };
    view! {
        <details class="options__group" hidden=left_out(t!(i18n, dashboards.panel_json))>
            <summary>{t!(i18n, dashboards.panel_json)}</summary>
            <textarea class="field form__code" rows="16" spellcheck="false"
                aria-label=move || t_string!(i18n, dashboards.panel_json) prop:value=text on:change=apply></textarea>
            {move || failed.get().map(|error| view! { <p class="form__error" role="alert">{error}</p> })}
        </details>
    }
}
