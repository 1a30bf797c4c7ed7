//! What is done with the data between the queries and the panel, in a form.

use super::form::form;
use super::part::Part;
use super::transform_forms::{KNOWN, known};
use app::components::{Glyph, Icon};
use app::words::{t, t_string, use_i18n};
use leptos::prelude::*;
use serde_json::{Value, json};

/// Where they are.
const PATH: &[&str] = &["transformations"];

/// All transformations of a panel, in their order.
#[component]
pub(super) fn Transforms(part: Part) -> impl IntoView {
    let i18n = use_i18n();
    let count = Memo::new(move |_| part.count(PATH));
    let add = move |event: web_sys::Event| {
        let id = event_target_value(&event);
        if let Some(one) = known(&id) {
            part.change_list(PATH, |list| {
                list.push(json!({"id": id, "options": (one.fresh)()}));
            });
        }
        if let Some(select) = event.target().and_then(|target| {
            wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlSelectElement>(target).ok()
        }) {
            select.set_value("");
        }
    };
    let ids = KNOWN.iter().filter_map(|one| one.ids.first().copied());
    let options = ids
        .map(|id| view! { <option value=id>{id}</option> })
        .collect_view();
    view! {
        <section class="workbench__queries" aria-label=move || t_string!(i18n, boards.transformations)>
            <h3 class="workbench__head">{t!(i18n, boards.transformations)}</h3>
            <For each=move || 0..count.get() key=|index| *index children=move |index| view! { <Transform part index/> }/>
            <select class="field" aria-label=move || t_string!(i18n, boards.add_transformation) on:change=add>
                <option value="">{t!(i18n, boards.add_transformation)}</option>
                {options}
            </select>
        </section>
    }
}

#[component]
fn Transform(part: Part, index: usize) -> impl IntoView {
    let i18n = use_i18n();
    let own = part.inside(PATH).inside(&[&index.to_string()]);
    let id = Memo::new(move |_| own.text(&["id"]));
    let is_off = move || own.text(&["disabled"]) == "true";
    let count = move || part.count(PATH);
    let swap = move |to: usize| {
        part.change_list(PATH, |list| {
            if index.max(to) < list.len() {
                list.swap(index, to);
            }
        });
    };
    let fields = move || {
        let known = id.with(|id| known(id));
        known.map(|known| form(own.inside(&["options"]), known.items))
    };
    let failed = RwSignal::new(false);
    let take = move |event: web_sys::Event| {
        let read = serde_json::from_str::<Value>(&event_target_value(&event));
        failed.set(read.is_err());
        if let Ok(value) = read {
            own.set(&["options"], Some(value));
        }
    };
    let json = move || {
        own.with(&["options"], |value| {
            value
                .and_then(|value| serde_json::to_string_pretty(value).ok())
                .unwrap_or_default()
        })
    };
    view! {
        <div class="query">
            <div class="query__head">
                <strong>{move || id.get()}</strong>
                <button type="button" class="button" data-kind="toggle" aria-pressed=move || if is_off() { "false" } else { "true" }
                    on:click=move |_| own.set(&["disabled"], Some((!untrack(is_off)).into()))>
                    {t!(i18n, boards.in_use)}
                </button>
                <button type="button" class="button" data-kind="icon" disabled=index == 0 aria-label=move || t_string!(i18n, boards.up, name = id.get())
                    on:click=move |_| swap(index.saturating_sub(1))><span aria-hidden="true">"↑"</span></button>
                <button type="button" class="button" data-kind="icon" disabled=move || count() <= index + 1 aria-label=move || t_string!(i18n, boards.down, name = id.get())
                    on:click=move |_| swap(index + 1)><span aria-hidden="true">"↓"</span></button>
                <button type="button" class="button" data-kind="icon" aria-label=move || t_string!(i18n, dashboards.delete_named, name = id.get())
                    on:click=move |_| part.change_list(PATH, |list| { if index < list.len() { list.remove(index); } })>
                    <Icon glyph=Glyph::Cross/>
                </button>
            </div>
            {fields}
            <details>
                <summary>"JSON"</summary>
                <textarea class="field form__code query__json" rows="6" spellcheck="false" aria-label=move || format!("JSON {}", id.get()) prop:value=json
                    aria-invalid=move || failed.get().then_some("true")
                    on:change=take></textarea>
            </details>
        </div>
    }
}
