//! Labels and annotations.

use super::draft::{Pair, Pairs};
use super::fault::Fault;
use super::watch::Watch;
use app::components::{Glyph, Icon};
use app::words::{t_string, use_i18n};
use leptos::prelude::*;

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Labels,
    Annotations,
}

impl Sort {
    /// The field in faults.
    fn field(self) -> &'static str {
        match self {
            Self::Labels => "labels",
            Self::Annotations => "annotations",
        }
    }
}

/// Names with values, each on a line; templates with what they show now.
#[component]
pub(super) fn PairsField(pairs: Pairs, sort: Sort, watch: Watch) -> impl IntoView {
    let i18n = use_i18n();
    let title = move || match sort {
        Sort::Labels => t_string!(i18n, rule_form.labels),
        Sort::Annotations => t_string!(i18n, rule_form.annotations),
    };
    let add = move || match sort {
        Sort::Labels => t_string!(i18n, rule_form.add_label),
        Sort::Annotations => t_string!(i18n, rule_form.add_annotation),
    };
    view! {
        <fieldset class="pairs">
            <legend class="rule-form__legend">{title}</legend>
            <For each=move || pairs.all.get() key=|pair| pair.id let:pair>
                <PairLine pairs pair sort watch/>
            </For>
            <Fault field=Signal::derive(move || sort.field().to_owned()) watch/>
            <button type="button" class="button" data-kind="tool" on:click=move |_| pairs.add("", "")>
                <Icon glyph=Glyph::Plus/>
                {add}
            </button>
        </fieldset>
    }
}

#[component]
fn PairLine(pairs: Pairs, pair: Pair, sort: Sort, watch: Watch) -> impl IntoView {
    let i18n = use_i18n();
    let name_label = move || match sort {
        Sort::Labels => t_string!(i18n, rule_form.label_name),
        Sort::Annotations => t_string!(i18n, rule_form.annotation_name),
    };
    let value_label = move || match sort {
        Sort::Labels => t_string!(i18n, rule_form.label_value),
        Sort::Annotations => t_string!(i18n, rule_form.annotation_value),
    };
    let remove_label = move || {
        let name = pair.name.get();
        t_string!(i18n, rule_form.remove, name = name)
    };
    let field = Signal::derive(move || format!("{}.{}", sort.field(), pair.name.get().trim()));
    // What a template gives for the first series; a plain text shows itself.
    let shown = Memo::new(move |_| {
        if !pair.value.with(|text| text.contains("{{")) {
            return None;
        }
        watch.preview.state.with(|state| {
            let loaded = state.loaded.as_ref()?;
            let first = loaded.data.matches.first()?;
            let texts = match sort {
                Sort::Labels => &first.labels,
                Sort::Annotations => &first.annotations,
            };
            texts.get(pair.name.get().trim()).cloned()
        })
    });
    let typed = move |event: web_sys::Event| pair.value.set(event_target_value(&event));
    let value = if sort == Sort::Labels {
        view! {
            <input
                class="field"
                aria-label=value_label
                spellcheck="false"
                prop:value=move || pair.value.get()
                on:input=typed
            />
        }
        .into_any()
    } else {
        view! {
            <textarea
                class="field pairs__text"
                rows=move || pair.value.with(|text| text.lines().count().clamp(1, 8)).to_string()
                aria-label=value_label
                prop:value=move || pair.value.get()
                on:input=typed
            ></textarea>
        }
        .into_any()
    };
    view! {
        <div class="pairs__line">
            <input
                class="field pairs__name"
                aria-label=name_label
                spellcheck="false"
                prop:value=move || pair.name.get()
                on:input=move |event| pair.name.set(event_target_value(&event))
            />
            {value}
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label=remove_label
                title=remove_label
                on:click=move |_| pairs.remove(pair.id)
            >
                <Icon glyph=Glyph::Cross/>
            </button>
            {move || shown.get().map(|text| view! {
                <p class="pairs__shown">{move || t_string!(i18n, rule_form.shows, text = text.clone())}</p>
            })}
            <div class="pairs__fault"><Fault field watch/></div>
        </div>
    }
}
