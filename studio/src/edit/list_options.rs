//! Options of lists of alerts, dashboards and notes, and of panels that repeat.

use super::fields::{CheckField, ListField, NamedField, NumberField, TextField, left_out};
use super::part::Part;
use app::words::{t, use_i18n};
use dashboard::PanelKind;
use leptos::prelude::*;

/// The options of a list.
#[component]
pub(super) fn ListOptions(part: Part, kind: Memo<PanelKind>) -> impl IntoView {
    let i18n = use_i18n();
    let fields = move || {
        match kind.get() {
        PanelKind::AlertList => view! { <AlertOptions part/> }.into_any(),
        PanelKind::DashList => view! {
            <CheckField part path=&["options", "showStarred"] label=t!(i18n, dashboards.starred_only) usual=true/>
            <CheckField part path=&["options", "showRecentlyViewed"] label=t!(i18n, boards.recent)/>
            <CheckField part path=&["options", "showSearch"] label=t!(i18n, boards.found)/>
            <CheckField part path=&["options", "showHeadings"] label=t!(i18n, boards.headings) usual=true/>
            <TextField part path=&["options", "query"] label=t!(i18n, dashboards.find) lazy=true/>
            <ListField part path=&["options", "tags"] label=t!(i18n, dashboards.tags)/>
            <NumberField part path=&["options", "maxItems"] label=t!(i18n, boards.at_most)/>
            <CheckField part path=&["options", "keepTime"] label=t!(i18n, boards.keep_time)/>
            <CheckField part path=&["options", "includeVars"] label=t!(i18n, boards.keep_values)/>
        }
        .into_any(),
        _ => view! {
            <ListField part path=&["options", "tags"] label=t!(i18n, dashboards.tags)/>
            <NumberField part path=&["options", "limit"] label=t!(i18n, boards.at_most)/>
        }
        .into_any(),
    }
    };
    view! {
        <fieldset class="options__group">
            <legend>{t!(i18n, boards.list)}</legend>
            {fields}
        </fieldset>
    }
}

#[component]
fn AlertOptions(part: Part) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <NamedField part path=&["options", "viewMode"] label=t!(i18n, dashboards.display) choices=vec![
            ("list", t!(i18n, boards.list)), ("stat", t!(i18n, boards.number)),
        ]/>
        <NumberField part path=&["options", "maxItems"] label=t!(i18n, boards.at_most)/>
        <NamedField part path=&["options", "sortOrder"] label=t!(i18n, boards.sort) choices=vec![
            ("1", Signal::stored("A → Z")), ("2", Signal::stored("Z → A")), ("3", t!(i18n, boards.by_importance)),
            ("4", t!(i18n, boards.oldest_first)), ("5", t!(i18n, boards.newest_first)),
        ]/>
        <NamedField part path=&["options", "groupMode"] label=t!(i18n, boards.group) choices=vec![
            ("default", t!(i18n, boards.by_rule)), ("custom", t!(i18n, boards.by_labels)),
        ]/>
        <Show when=move || part.text(&["options", "groupMode"]) == "custom">
            <ListField part path=&["options", "groupBy"] label=t!(i18n, boards.labels) hint="severity, job"/>
        </Show>
        <CheckField part path=&["options", "showInstances"] label=t!(i18n, boards.each_alert)/>
        <CheckField part path=&["options", "dashboardAlerts"] label=t!(i18n, boards.of_this_dashboard)/>
        <TextField part path=&["options", "alertName"] label=t!(i18n, boards.name_contains) lazy=true/>
        <TextField part path=&["options", "alertInstanceLabelFilter"] label=t!(i18n, boards.label_filters) hint="{severity=\"page\"}" lazy=true/>
        <TextField part path=&["options", "folder", "title"] label=t!(i18n, dashboards.folder) lazy=true/>
        <div class="options__checks">
            <CheckField part path=&["options", "stateFilter", "firing"] label=t!(i18n, boards.firing)/>
            <CheckField part path=&["options", "stateFilter", "pending"] label=t!(i18n, boards.pending)/>
            <CheckField part path=&["options", "stateFilter", "error"] label=t!(i18n, boards.broken)/>
            <CheckField part path=&["options", "stateFilter", "normal"] label=t!(i18n, boards.normal)/>
        </div>
    }
}

/// For which variable the panel is repeated, and times of its own.
#[component]
pub(super) fn RepeatOptions(part: Part) -> impl IntoView {
    let i18n = use_i18n();
    let names = move || {
        part.board.values.with(|values| {
            let names = values.iter().map(|value| value.variable.name.clone());
            names.collect::<Vec<_>>()
        })
    };
    let options = move || {
        names()
            .into_iter()
            .map(|name| {
                let (own, value) = (name.clone(), name.clone());
                view! { <option value=value selected=move || part.text(&["repeat"]) == own>{name}</option> }
            })
            .collect_view()
    };
    view! {
        <fieldset class="options__group">
            <legend>{t!(i18n, boards.repeat_and_time)}</legend>
            <label class="form__row" hidden=left_out(t!(i18n, boards.repeat))>
                <span>{t!(i18n, boards.repeat)}</span>
                <select class="field" on:change=move |event| {
                    let name = event_target_value(&event);
                    part.set(&["repeat"], (!name.is_empty()).then(|| name.into()));
                }>
                    <option value="" selected=move || part.text(&["repeat"]).is_empty()>"—"</option>
                    {options}
                </select>
            </label>
            <Show when=move || !part.text(&["repeat"]).is_empty()>
                <NamedField part path=&["repeatDirection"] label=t!(i18n, dashboards.orientation) choices=vec![
                    ("h", t!(i18n, boards.beside)), ("v", t!(i18n, boards.below)),
                ]/>
                <NumberField part path=&["maxPerRow"] label=t!(i18n, boards.per_row)/>
            </Show>
            <div class="options__pair">
                <TextField part path=&["timeFrom"] label=t!(i18n, boards.own_range) hint="1h" lazy=true/>
                <TextField part path=&["timeShift"] label=t!(i18n, boards.shift) hint="1d" lazy=true/>
            </div>
            <div class="options__pair">
                <TextField part path=&["interval"] label=t!(i18n, dashboards.min_step) hint="15s" lazy=true/>
                <NumberField part path=&["maxDataPoints"] label=t!(i18n, boards.max_points)/>
            </div>
        </fieldset>
    }
}
