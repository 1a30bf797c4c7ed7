//! The past and the present of a rule in words.

use super::draft::Draft;
use super::watch::Watch;
use api_types::{PreviewMatch, RulePreview};
use app::components::{ErrorNotice, LabelList};
use app::fmt;
use app::words::{Locale, t, t_string, td_string, use_i18n};
use leptos::prelude::*;
use std::sync::Arc;

/// One sentence on the past, and what matches now.
#[component]
pub(super) fn Summary(draft: Draft, watch: Watch) -> impl IntoView {
    let i18n = use_i18n();
    let state = watch.preview.state;
    let told = Memo::new_with_compare(
        move |_| state.with(|state| state.loaded.clone()),
        |a, b| match (a, b) {
            (Some(Some(a)), Some(Some(b))) => !Arc::ptr_eq(a, b),
            (Some(None), Some(None)) => false,
            _ => true,
        },
    );
    let sentence = move || {
        let locale = i18n.get_locale();
        if draft.query.with(|query| query.trim().is_empty()) {
            return td_string!(locale, rule_form.no_expression).to_owned();
        }
        match told.get() {
            Some(told) if told.data.faults.iter().all(|fault| fault.field != "expr") => {
                sentence(&told.data, draft.is_alert(), locale)
            }
            Some(_) => String::new(),
            None => td_string!(locale, rule_form.waiting).to_owned(),
        }
    };
    let failure = move || {
        let reason = told.get().map(|told| told.data.failure.clone())?;
        (!reason.is_empty()).then(|| {
            view! {
                <p class="form__error" role="alert">
                    {move || t_string!(i18n, rule_form.would_fail, reason = reason.clone())}
                </p>
            }
        })
    };
    let notes = move || {
        let notes = told
            .get()
            .map(|told| told.data.notes.clone())
            .unwrap_or_default();
        notes
            .into_iter()
            .map(|note| view! { <p class="form__note">{note}</p> })
            .collect_view()
    };
    let error = move || {
        let error = state.with(|state| state.error.clone())?;
        Some(view! { <ErrorNotice error on_retry=watch.now/> })
    };
    let rows = Memo::new(move |_| {
        told.get()
            .map(|told| told.data.matches.clone())
            .unwrap_or_default()
    });
    let more = move || {
        let told = told.get()?;
        let n = told
            .data
            .match_count
            .saturating_sub(told.data.matches.len());
        (n > 0).then(|| view! { <p class="form__note">{t!(i18n, rule_form.more_matches, n = move || fmt::count(n))}</p> })
    };
    view! {
        <p class="rule-form__summary" role="status" data-busy=move || state.with(|state| state.busy).then_some("true")>
            {sentence}
        </p>
        {error}
        {failure}
        {notes}
        <Show when=move || !rows.with(Vec::is_empty)>
            <details class="rule-form__matches" open>
                <summary>{t!(i18n, rule_form.values_now)}</summary>
                <div class="rule-form__scroll">
                    <table class="table">
                        <thead>
                            <tr>
                                <th scope="col">{t!(i18n, rule_form.labels)}</th>
                                <th scope="col" class="table__number">{t!(i18n, rule_form.value)}</th>
                            </tr>
                        </thead>
                        <tbody>{move || rows.get().into_iter().map(row).collect_view()}</tbody>
                    </table>
                </div>
                {more}
            </details>
        </Show>
    }
}

fn row(one: PreviewMatch) -> impl IntoView {
    view! {
        <tr>
            <td><LabelList labels=one.labels/></td>
            <td class="table__number">{one.value}</td>
        </tr>
    }
}

/// `Would have fired 14 times in 7d, longest 2h10m, 9 resolved within 5 min; matches now: 3 series`
fn sentence(told: &RulePreview, is_alert: bool, locale: Locale) -> String {
    let now = if told.match_count == 0 {
        td_string!(locale, rule_form.matches_none).to_owned()
    } else {
        let n = fmt::count(told.match_count);
        td_string!(locale, rule_form.matches, n = n).clone()
    };
    if !is_alert {
        return now;
    }
    let summary = &told.summary;
    let span = fmt::seconds((told.end - told.start).round());
    let mut parts = Vec::new();
    if summary.fired == 0 {
        parts.push(td_string!(locale, rule_form.never_fired, span = span).clone());
    } else {
        let n = fmt::count(summary.fired);
        parts.push(td_string!(locale, rule_form.fired, n = n, span = span).clone());
        let time = fmt::seconds(summary.longest);
        parts.push(td_string!(locale, rule_form.longest, time = time).clone());
        if summary.resolved_soon > 0 {
            let n = fmt::count(summary.resolved_soon);
            parts.push(td_string!(locale, rule_form.soon, n = n).clone());
        }
        if summary.still_firing > 0 {
            let n = fmt::count(summary.still_firing);
            parts.push(td_string!(locale, rule_form.now_firing, n = n).clone());
        }
    }
    if summary.only_pending > 0 {
        let n = fmt::count(summary.only_pending);
        parts.push(td_string!(locale, rule_form.only_pending, n = n).clone());
    }
    let time = fmt::seconds(told.step);
    let step = td_string!(locale, rule_form.step, time = time).clone();
    format!("{}; {now} ({step})", parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::PreviewSummary;

    #[test]
    fn the_past_is_told_in_one_sentence() {
        let told = RulePreview {
            match_count: 3,
            end: 7.0 * 86_400.0,
            step: 60.0,
            summary: PreviewSummary {
                fired: 14,
                longest: 7800.0,
                resolved_soon: 9,
                ..PreviewSummary::default()
            },
            ..RulePreview::default()
        };
        assert_eq!(
            sentence(&told, true, Locale::en),
            "Would have fired 14 times in 1w, longest 2h10m, 9 resolved within 5 min; \
             matches now: 3 series (evaluated every 1m)"
        );
        let quiet = RulePreview {
            match_count: 0,
            summary: PreviewSummary::default(),
            ..told
        };
        assert_eq!(sentence(&quiet, false, Locale::en), "matches nothing now");
        assert!(sentence(&quiet, true, Locale::ko).contains("발생하지 않았을"));
    }
}
