//! From the labels that discovery found to the labels of a target, rule by rule.

use crate::components::ErrorNotice;
use crate::components::icon::{Glyph, Icon};
use crate::data::{Latest, get};
use crate::fmt;
use crate::state::query_string;
use crate::words::{t, use_i18n};
use api_types::{LabelMap, RelabelStep};
use leptos::prelude::*;

/// What a rule did to a label.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Change {
    kind: &'static str,
    name: String,
    before: Option<String>,
    after: Option<String>,
}

/// What differs between two sets of labels. Ordering: by name.
fn changes(before: &LabelMap, after: &LabelMap) -> Vec<Change> {
    let names: std::collections::BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |name: &String| {
        let (old, new) = (before.get(name).cloned(), after.get(name).cloned());
        let kind = match (&old, &new) {
            (None, Some(_)) => "added",
            (Some(_), None) => "removed",
            (Some(old), Some(new)) if old != new => "changed",
            _ => return None,
        };
        Some(Change {
            kind,
            name: name.clone(),
            before: old,
            after: new,
        })
    };
    names.into_iter().filter_map(change).collect()
}

/// The rules of a pool applied to labels, one after the other; asked for once it is shown.
#[component]
pub fn RelabelSteps(
    /// The job.
    pool: String,
    /// Labels before relabelling.
    discovered: LabelMap,
) -> impl IntoView {
    let i18n = use_i18n();
    let latest = Latest::<api_types::RelabelSteps>::new();
    let labels = serde_json::to_string(&discovered).unwrap_or_default();
    let path = format!(
        "/api/v1/targets/relabel_steps?{}",
        query_string([("scrapePool", pool.as_str()), ("labels", labels.as_str())])
    );
    let path = StoredValue::new(path);
    let ask = move || {
        let path = path.get_value();
        latest.start(|signal| async move { get(&path, signal.as_ref()).await });
    };
    Effect::new(move |_| ask());
    let retry = Callback::new(move |()| ask());
    let shown = move || {
        let state = latest.state.get();
        if let Some(error) = state.error {
            return view! { <ErrorNotice error on_retry=retry/> }.into_any();
        }
        let Some(loaded) = state.loaded else {
            return t!(i18n, shell.loading).into_any();
        };
        let steps = &loaded.data.steps;
        if steps.is_empty() {
            return view! { <p class="steps__none">{t!(i18n, targets.no_rules)}</p> }.into_any();
        }
        let mut before = discovered.clone();
        let mut is_dropped = false;
        let list: Vec<_> = steps
            .iter()
            .map(|one| {
                let shown = step(one, &before, is_dropped);
                is_dropped |= !one.keep;
                before.clone_from(&one.output);
                shown
            })
            .collect();
        view! { <ol class="steps">{list}</ol> }.into_any()
    };
    view! { <div class="steps-box">{shown}</div> }
}

/// One rule and what it did.
fn step(step: &RelabelStep, before: &LabelMap, was_dropped: bool) -> AnyView {
    let i18n = use_i18n();
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Array(list) => {
            let words = list.iter().filter_map(|word| word.as_str());
            format!("[{}]", words.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    };
    let action = step
        .rule
        .get("action")
        .map_or_else(|| "replace".to_owned(), text);
    let fields: Vec<_> = step
        .rule
        .iter()
        .filter(|(name, _)| *name != "action")
        .map(|(name, value)| {
            view! {
                <span class="steps__field">
                    <span class="series__label">{name.clone()}</span>
                    ": "
                    <span class="series__value">{text(value)}</span>
                </span>
            }
        })
        .collect();
    let outcome = if was_dropped {
        view! { <span class="steps__none">{t!(i18n, targets.step_after)}</span> }.into_any()
    } else if !step.keep {
        view! {
            <span class="badge" data-state="down">
                <Icon glyph=Glyph::Cross/>
                {t!(i18n, targets.step_dropped)}
            </span>
        }
        .into_any()
    } else {
        let changes = changes(before, &step.output);
        if changes.is_empty() {
            view! { <span class="steps__none">{t!(i18n, targets.step_nothing)}</span> }.into_any()
        } else {
            let list: Vec<_> = changes.into_iter().map(plate).collect();
            view! { <ul class="plates">{list}</ul> }.into_any()
        }
    };
    view! {
        <li class="steps__step" data-kept=step.keep.to_string()>
            <p class="steps__rule">
                <strong>{action}</strong>
                " "
                {fields}
            </p>
            {outcome}
        </li>
    }
    .into_any()
}

fn plate(change: Change) -> AnyView {
    let i18n = use_i18n();
    let word = match change.kind {
        "added" => t!(i18n, targets.added).into_any(),
        "removed" => t!(i18n, targets.removed).into_any(),
        _ => t!(i18n, targets.changed).into_any(),
    };
    let before = change.before.map(|value| {
        view! { <del class="series__value">{fmt::quoted(&value)}</del> }
    });
    let arrow = (before.is_some() && change.after.is_some()).then_some(" → ");
    let after = change.after.map(|value| {
        view! { <ins class="series__value">{fmt::quoted(&value)}</ins> }
    });
    view! {
        <li class="plate" data-change=change.kind>
            <span class="plate__word">{word}</span>
            " "
            <span class="series__label">{change.name}</span>
            "="
            {before}
            {arrow}
            {after}
        </li>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> LabelMap {
        pairs
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
            .collect()
    }

    #[test]
    fn changes_are_added_changed_or_removed() {
        let before = labels(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let after = labels(&[("a", "1"), ("b", "2"), ("d", "1")]);
        let kinds: Vec<_> = changes(&before, &after)
            .into_iter()
            .map(|change| (change.name, change.kind))
            .collect();
        assert_eq!(
            kinds,
            [
                ("b".to_owned(), "changed"),
                ("c".to_owned(), "removed"),
                ("d".to_owned(), "added")
            ]
        );
    }
}
