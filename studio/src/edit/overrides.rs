//! Options of some fields alone, in a form.

use super::fields::left_out;
use super::json_path::number_of;
use super::mappings::Mappings;
use super::part::Part;
use app::components::{Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Where overrides are.
const PATH: &[&str] = &["fieldConfig", "overrides"];

/// How the value of a property is written.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Text,
    Number,
    Flag,
    Choice(&'static [&'static str]),
    Color,
    Mappings,
    Json,
}

/// Properties that have a field; every other one is written as JSON.
const PROPERTIES: [(&str, Kind); 30] = [
    ("color", Kind::Color),
    ("unit", Kind::Text),
    ("decimals", Kind::Number),
    ("min", Kind::Number),
    ("max", Kind::Number),
    ("displayName", Kind::Text),
    ("noValue", Kind::Text),
    ("mappings", Kind::Mappings),
    ("thresholds", Kind::Json),
    ("links", Kind::Json),
    (
        "custom.drawStyle",
        Kind::Choice(&["line", "bars", "points"]),
    ),
    (
        "custom.lineInterpolation",
        Kind::Choice(&["linear", "smooth", "stepBefore", "stepAfter"]),
    ),
    ("custom.lineWidth", Kind::Number),
    ("custom.fillOpacity", Kind::Number),
    ("custom.lineStyle", Kind::Json),
    (
        "custom.transform",
        Kind::Choice(&["negative-Y", "constant"]),
    ),
    (
        "custom.axisPlacement",
        Kind::Choice(&["auto", "left", "right", "hidden"]),
    ),
    ("custom.axisLabel", Kind::Text),
    ("custom.axisSoftMin", Kind::Number),
    ("custom.axisSoftMax", Kind::Number),
    ("custom.stacking", Kind::Json),
    (
        "custom.showPoints",
        Kind::Choice(&["auto", "always", "never"]),
    ),
    ("custom.pointSize", Kind::Number),
    ("custom.spanNulls", Kind::Flag),
    ("custom.fillBelowTo", Kind::Text),
    ("custom.hideFrom", Kind::Json),
    ("custom.width", Kind::Number),
    (
        "custom.align",
        Kind::Choice(&["auto", "left", "center", "right"]),
    ),
    ("custom.hidden", Kind::Flag),
    ("custom.cellOptions", Kind::Json),
];

fn kind_of(property: &str) -> Kind {
    let known = PROPERTIES.iter().find(|(id, _)| *id == property);
    known.map_or(Kind::Json, |(_, kind)| *kind)
}

/// What a property begins with.
fn first_value(property: &str) -> Value {
    match (property, kind_of(property)) {
        ("thresholds", _) => {
            json!({"mode": "absolute", "steps": [{"color": "green", "value": null}, {"color": "red", "value": 80}]})
        }
        ("links" | "mappings", _) => json!([]),
        ("custom.lineStyle", _) => json!({"fill": "dash", "dash": [10, 10]}),
        ("custom.stacking", _) => json!({"mode": "normal", "group": "A"}),
        ("custom.hideFrom", _) => json!({"legend": false, "tooltip": false, "viz": true}),
        ("custom.cellOptions", _) => json!({"type": "color-text"}),
        (_, Kind::Flag) => json!(true),
        (_, Kind::Number) => json!(0),
        (_, Kind::Color) => json!({"mode": "fixed", "fixedColor": "red"}),
        (_, Kind::Choice(choices)) => choices.first().map_or(Value::Null, |choice| json!(choice)),
        (_, Kind::Text) => json!(""),
        (_, Kind::Json | Kind::Mappings) => json!({}),
    }
}

/// All overrides of a panel.
#[component]
pub(super) fn Overrides(part: Part) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| part.count(PATH));
    let add = move |_| {
        part.change_list(PATH, |list| {
            list.push(json!({"matcher": {"id": "byName", "options": ""}, "properties": []}));
        });
    };
    view! {
        <fieldset class="options__group" hidden=left_out(t!(i18n, boards.overrides))>
            <legend>{t!(i18n, boards.overrides)}</legend>
            <For each=move || 0..count.get() key=|index| *index children=move |index| view! { <Override part index/> }/>
            <button type="button" class="button" on:click=add>{t!(i18n, boards.add_override)}</button>
        </fieldset>
    }
}

/// Which fields, and what holds for them.
#[component]
fn Override(part: Part, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let number = index.to_string();
    let own = part.inside(PATH).inside(&[&number]);
    let matcher = move || own.text(&["matcher", "id"]);
    let matchers = move || {
        [
            ("byName", t_string!(i18n, boards.by_name)),
            ("byRegexp", t_string!(i18n, boards.by_regex)),
            ("byFrameRefID", t_string!(i18n, boards.by_query)),
            ("byType", t_string!(i18n, boards.by_type)),
        ]
        .map(|(id, name)| view! { <option value=id selected=move || matcher() == id>{name}</option> })
    };
    let other = move || {
        let id = matcher();
        (!["byName", "byRegexp", "byFrameRefID", "byType"].contains(&id.as_str())).then_some(id)
    };
    // Several names and conditions are more than a text.
    let is_text = move || {
        own.with(&["matcher", "options"], |options| {
            options.is_none_or(Value::is_string)
        })
    };
    let count = Memo::new(move |_| own.count(&["properties"]));
    let property = move |at: usize| {
        let id = Memo::new(move |_| own.text(&["properties", &at.to_string(), "id"]));
        let place = own.inside(&["properties", &at.to_string()]);
        view! {
            <li class="override__property">
                <span><code>{move || id.get()}</code></span>
                {move || view! { <PropertyField place kind=kind_of(&id.get()) name=id.get()/> }}
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.delete_named, name = id.get())
                    on:click=move |_| own.change_list(&["properties"], |list| { if at < list.len() { list.remove(at); } })>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </li>
        }
    };
    let add = move |event: web_sys::Event| {
        let id = event_target_value(&event);
        if !id.is_empty() {
            own.change_list(&["properties"], |list| {
                list.push(json!({"id": id, "value": first_value(&id)}));
            });
        }
    };
    let offered = PROPERTIES.map(|(id, _)| view! { <option value=id>{id}</option> });
    view! {
        <div class="override">
            <div class="override__matcher">
                <select class="field" aria-label=move || t_string!(i18n, boards.fields_by) on:change=move |event| {
                    own.set(&["matcher"], Some(json!({"id": event_target_value(&event), "options": ""})));
                }>
                    {matchers}
                    {move || other().map(|id| { let shown = id.clone(); view! { <option value=id selected>{shown}</option> } })}
                </select>
                <Show when=is_text>
                    <input class="field" aria-label=move || t_string!(i18n, boards.fields) prop:value=move || own.text(&["matcher", "options"])
                        on:change=move |event| own.set(&["matcher", "options"], Some(event_target_value(&event).into()))/>
                </Show>
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, boards.remove_override)
                    on:click=move |_| part.change_list(PATH, |list| { if index < list.len() { list.remove(index); } })>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </div>
            <ul class="thresholds"><For each=move || 0..count.get() key=|at| *at children=property/></ul>
            <select class="field" aria-label=move || t_string!(i18n, boards.add_property) prop:value="" on:change=add>
                <option value="">{t!(i18n, boards.add_property)}</option>
                {offered}
            </select>
        </div>
    }
}

/// The value of a property.
#[component]
fn PropertyField(place: Part, kind: Kind, name: String) -> impl IntoView {
    const VALUE: &[&str] = &["value"];
    match kind {
        Kind::Text => view! {
            <input class="field" aria-label=name prop:value=move || place.text(VALUE)
                on:change=move |event| place.set(VALUE, Some(event_target_value(&event).into()))/>
        }
        .into_any(),
        Kind::Number => view! {
            <input class="field" type="number" step="any" aria-label=name prop:value=move || place.text(VALUE)
                on:change=move |event| place.set(VALUE, number_of(&event_target_value(&event)))/>
        }
        .into_any(),
        Kind::Flag => view! {
            <input type="checkbox" aria-label=name prop:checked=move || place.text(VALUE) == "true"
                on:change=move |event| place.set(VALUE, Some(event_target_checked(&event).into()))/>
        }
        .into_any(),
        Kind::Choice(choices) => {
            let options = choices.iter().map(|choice| {
                view! { <option value=*choice selected=move || place.text(VALUE) == *choice>{*choice}</option> }
            });
            view! {
                <select class="field" aria-label=name on:change=move |event| place.set(VALUE, Some(event_target_value(&event).into()))>
                    {options.collect_view()}
                </select>
            }
            .into_any()
        }
        Kind::Color => {
            // Some documents hold the colour alone.
            let text = move || match place.text(&["value", "fixedColor"]) {
                text if text.is_empty() => place.text(VALUE),
                text => text,
            };
            view! {
                <input class="field" aria-label=name placeholder="red, #56A64B" prop:value=text on:change=move |event| {
                    place.set(VALUE, Some(json!({"mode": "fixed", "fixedColor": event_target_value(&event)})));
                }/>
            }
            .into_any()
        }
        Kind::Mappings => view! { <Mappings part=place path=VALUE/> }.into_any(),
        Kind::Json => {
            let text = move || place.with(VALUE, |value| value.map(Value::to_string).unwrap_or_default());
            let failed = RwSignal::new(false);
            let take = move |event: web_sys::Event| {
                let read = serde_json::from_str::<Value>(&event_target_value(&event));
                failed.set(read.is_err());
                if let Ok(value) = read {
                    place.set(VALUE, Some(value));
                }
            };
            view! {
                <textarea class="field form__code" rows="2" spellcheck="false" aria-label=name prop:value=text
                    aria-invalid=move || failed.get().then_some("true")
                    on:change=take></textarea>
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_begins_with_a_value_of_its_kind() {
        for (id, kind) in PROPERTIES {
            let value = first_value(id);
            let fits = match kind {
                Kind::Text => value.is_string(),
                Kind::Number => value.is_number(),
                Kind::Flag => value.is_boolean(),
                Kind::Choice(choices) => choices.contains(&value.as_str().unwrap_or_default()),
                Kind::Color => value.get("fixedColor").is_some(),
                Kind::Mappings => value.is_array(),
                Kind::Json => value.is_object() || value.is_array(),
            };
            assert!(fits, "{id}: {value}");
        }
        assert_eq!(kind_of("something.else"), Kind::Json);
    }
}
