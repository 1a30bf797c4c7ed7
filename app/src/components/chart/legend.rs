//! The legend: the chart's series as a table.

use super::selection::{DRAWN, Selection};
use crate::data::{ChartData, ChartSeries, Loaded};
use crate::fmt;
use crate::words::{t, t_string, use_i18n};
use chart::{HUES, SLOTS, Unit};
use leptos::prelude::*;
use std::sync::Arc;

/// Series with their last, least, greatest and mean values. A click isolates a series, a click with Ctrl
/// hides it or shows it again.
#[component]
pub(super) fn Legend(
    data: Signal<Option<Arc<Loaded<ChartData>>>>,
    selection: Selection,
) -> impl IntoView {
    let i18n = use_i18n();
    let rows = move || {
        let loaded = data.get()?;
        let listed = selection.listed.get();
        let rows = listed.iter().filter_map(|index| {
            let series = loaded.data.series.get(*index)?;
            Some(row(&loaded, series, *index, selection))
        });
        Some(rows.collect_view())
    };
    let total = Memo::new(move |_| data.get().map_or(0, |loaded| loaded.data.series.len()));
    let too_many = move || total.get() > DRAWN;
    view! {
        <div class="legend">
            <table class="legend__table">
                <thead>
                    <tr>
                        <th scope="col">{t!(i18n, graph.series)}</th>
                        <th scope="col">{t!(i18n, graph.last)}</th>
                        <th scope="col">{t!(i18n, graph.min)}</th>
                        <th scope="col">{t!(i18n, graph.max)}</th>
                        <th scope="col">{t!(i18n, graph.mean)}</th>
                    </tr>
                </thead>
                <tbody on:pointerleave=move |_| selection.lifted.set(None)>{rows}</tbody>
            </table>
        </div>
        <Show when=too_many>
            <p class="more">
                {move || {
                    let total = fmt::count(total.get());
                    if selection.all.get() {
                        t_string!(i18n, graph.all_drawn, total = total)
                    } else {
                        t_string!(i18n, graph.some_drawn, shown = fmt::count(DRAWN), total = total)
                    }
                }}
                " "
                <button type="button" class="button" on:click=move |_| selection.all.update(|all| *all = !*all)>
                    {move || if selection.all.get() {
                        t_string!(i18n, graph.show_fewer)
                    } else {
                        t_string!(i18n, graph.show_all)
                    }}
                </button>
            </p>
        </Show>
    }
}

fn row(
    loaded: &Arc<Loaded<ChartData>>,
    series: &ChartSeries,
    index: usize,
    selection: Selection,
) -> impl IntoView + use<> {
    let unit = loaded.data.unit;
    let data = loaded.clone();
    let click = move |event: web_sys::MouseEvent| {
        if event.ctrl_key() || event.meta_key() {
            selection.toggle(&data.data, index);
        } else {
            selection.isolate(&data.data, index);
        }
    };
    let shown = Memo::new(move |_| selection.drawn.get().contains(&index));
    let (head, tail) = split_name(&series.short);
    let lift = move || {
        if shown.get_untracked() {
            selection.lifted.set(Some(index));
        }
    };
    let value = |value: f64| view! { <td>{number(unit, value)}</td> };
    let summary = series.summary;
    view! {
        <tr data-shown=move || if shown.get() { "true" } else { "false" } on:pointerenter=move |_| lift()>
            <th scope="row">
                <button
                    type="button"
                    class="legend__series"
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    title=series.name.clone()
                    on:click=click
                    on:focus=move |_| lift()
                    on:blur=move |_| selection.lifted.set(None)
                >
                    <span class="swatch" style:--swatch=swatch(series.slot)></span>
                    <span class="legend__head">{head}</span>
                    <span class="legend__tail">{tail}</span>
                </button>
            </th>
            {value(summary.last)}
            {value(summary.min)}
            {value(summary.max)}
            {value(summary.mean)}
        </tr>
    }
}

fn number(unit: Unit, value: f64) -> String {
    if value.is_nan() {
        "–".to_owned()
    } else {
        unit.format(value)
    }
}

/// The colour of a slot, in terms of the style sheet's tokens; as [`chart::slot_color`] mixes them.
pub(super) fn swatch(slot: usize) -> String {
    let hue = format!("var(--series-{})", slot % HUES);
    match slot % SLOTS / HUES {
        0 => hue,
        1 => format!("color-mix(in srgb, {hue} 55%, #fff)"),
        _ => format!("color-mix(in srgb, {hue} 60%, #000)"),
    }
}

/// Characters that stay whole at the end of a long name, where instances and the like are.
const TAIL: usize = 16;

/// A name in two: where it is too long, the first part is cut at its end, the second never.
pub(super) fn split_name(name: &str) -> (String, String) {
    let length = name.chars().count();
    if length <= 2 * TAIL {
        return (name.to_owned(), String::new());
    }
    let at = name
        .char_indices()
        .nth(length - TAIL)
        .map_or(name.len(), |(at, _)| at);
    let (head, tail) = name.split_at_checked(at).unwrap_or((name, ""));
    (head.to_owned(), tail.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_cut_before_their_end() {
        let (head, tail) =
            split_name(r#"{handler="/api/v1/query_range", instance="localhost:9090"}"#);
        assert_eq!(tail.chars().count(), TAIL);
        assert!(tail.ends_with("9090\"}") && head.starts_with("{handler"));
        assert_eq!(split_name("up"), ("up".to_owned(), String::new()));
    }

    #[test]
    fn swatches_mix_as_the_ink_does() {
        assert_eq!(swatch(3), "var(--series-3)");
        assert_eq!(swatch(11), "color-mix(in srgb, var(--series-3) 55%, #fff)");
        assert_eq!(swatch(19), "color-mix(in srgb, var(--series-3) 60%, #000)");
    }
}
