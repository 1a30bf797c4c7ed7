//! The box that tells the values at the pointed-at time.

use super::legend::swatch;
use super::pointing::{Reading, Told};
use super::{Picture, Refine};
use crate::components::canvas::px;
use crate::data::{ChartSeries, copy_text};
use crate::fmt;
use crate::words::{t, use_i18n};
use chart::{Cell, Layout};
use leptos::prelude::*;
use std::fmt::Write as _;

/// Series listed at most.
pub(super) const LISTED: usize = 12;

/// Distance from the pointer. Units: CSS pixels.
const AWAY: f64 = 16.0;

/// Height of a line. Units: CSS pixels; as the style sheet says it.
const LINE: usize = 18;
/// Upper and lower edge of a series' mark within its line. Units: CSS pixels.
const MARK: (usize, usize) = (8, 11);

/// Width of a letter at the tooltip's 12 px monospace. Units: CSS pixels.
const LETTER: f64 = 7.3;

/// Values at the pointed-at time, beside the pointer and never over it. Its elements stay on the page while
/// the pointer moves; only their words change, and they are few: one for each column, not for each value.
#[component]
pub(super) fn Tooltip(
    picture: Signal<Option<Picture>>,
    told: Memo<Option<Told>>,
    pinned: RwSignal<bool>,
    on_refine: Option<Callback<Refine>>,
) -> impl IntoView {
    let i18n = use_i18n();
    let listed = Memo::new(move |_| told.with(|t| t.as_ref().map_or(0, |t| t.readings.len())));
    let columns = Memo::new(move |_| {
        told.with(|told| picture.with(|p| Columns::of(p.as_ref()?, &told.as_ref()?.readings)))
    });
    let column = move |of: fn(&Columns) -> &String| {
        columns.with(|columns| columns.as_ref().map(|columns| of(columns).clone()))
    };
    let marks = Memo::new(move |_| column(|columns| &columns.marks));
    let is_cell = Memo::new(move |_| told.with(|t| t.as_ref().is_some_and(|t| t.cell.is_some())));
    let time = move || {
        let time = told.with(|t| t.as_ref().map(|t| t.time))?;
        picture.with(|p| Some(fmt::time_in(p.as_ref()?.zone, time)))
    };
    let rest = Memo::new(move |_| {
        let listed = listed.get();
        let drawn = picture.with(|p| p.as_ref().map_or(0, |p| p.drawn.len()));
        (listed == LISTED)
            .then(|| drawn.saturating_sub(listed))
            .filter(|rest| *rest > 0)
    });
    let more = move || {
        let rest = rest.get()?;
        Some(
            view! { <p class="tooltip__more">{t!(i18n, graph.and_more, n = fmt::count(rest))}</p> },
        )
    };
    let first = Memo::new(move |_| {
        let first = told.with(|t| t.as_ref()?.readings.first().map(|first| first.series));
        first.filter(|_| pinned.get())
    });
    let wishes = move || {
        let picture = picture.get()?;
        let series = picture.data().series.get(first.get()?)?;
        Some(actions(series, on_refine))
    };
    let side = move |side: fn(&Layout, (f64, f64)) -> Option<f64>| {
        let at = told.with(|t| t.as_ref().and_then(|t| t.at));
        let length = picture.with(|p| side(&p.as_ref()?.layout, at?));
        length.map_or_else(|| "auto".to_owned(), px)
    };
    // On the side that has more room; in the lower half it grows upwards, so that it stays on the chart.
    view! {
        <div
            class="tooltip"
            data-pinned=move || pinned.get().then_some("true")
            style:left=move || side(|layout, (left, _)| (left <= layout.width / 2.0).then_some(left + AWAY))
            style:right=move || side(|layout, (left, _)| {
                (left > layout.width / 2.0).then_some(layout.width - left + AWAY)
            })
            style:top=move || side(|layout, (_, top)| (top <= layout.height / 2.0).then_some(top))
            style:bottom=move || side(|layout, (_, top)| {
                (top > layout.height / 2.0).then_some(layout.height - top)
            })
        >
            <p class="tooltip__time">
                {time}
                <Show when=move || pinned.get()>
                    <span class="tooltip__pin">{t!(i18n, graph.pinned)}</span>
                </Show>
            </p>
            <Show
                when=move || is_cell.get()
                fallback=move || view! {
                    <div class="tooltip__columns">
                        <span class="tooltip__marks" style:background-image=move || marks.get()></span>
                        <span class="tooltip__names">{move || column(|columns| &columns.names)}</span>
                        <span class="tooltip__values">{move || column(|columns| &columns.values)}</span>
                    </div>
                }
            >
                {move || cell(&picture.get()?, told.with(|t| t.as_ref()?.cell)?)}
            </Show>
            {more}
            {wishes}
        </div>
    }
}

/// The listed series, column by column: a line for each, the nearest first.
#[derive(Debug, PartialEq)]
struct Columns {
    /// Their colours, as an image for a style.
    marks: String,
    names: String,
    values: String,
}

impl Columns {
    fn of(picture: &Picture, readings: &[Reading]) -> Option<Self> {
        let data = picture.data();
        let value = |reading: &Reading| data.unit.format(reading.value);
        let values: Vec<String> = readings.iter().map(value).collect();
        let widest = values.iter().map(|value| value.chars().count()).max()?;
        let most = letters(picture.layout.width, widest);
        let series = || readings.iter().filter_map(|r| data.series.get(r.series));
        let mut marks = String::from("linear-gradient(transparent 0");
        for (line, series) in series().enumerate() {
            let (from, to) = (line * LINE + MARK.0, line * LINE + MARK.1);
            let color = swatch(series.slot);
            // Writing to a string cannot fail.
            let _ = write!(
                marks,
                " {from}px,{color} {from}px {to}px,transparent {to}px"
            );
        }
        let _ = write!(marks, " {}px)", readings.len() * LINE);
        let names: Vec<String> = series().map(|series| fitted(&series.short, most)).collect();
        Some(Self {
            marks,
            names: names.join("\n"),
            values: values.join("\n"),
        })
    }
}

/// How many letters of a name fit beside values of so many letters on a chart of this width.
fn letters(width: f64, value: usize) -> usize {
    // As the style sheet says: at most 46 % or 560 px, and 60 % of a narrow page; less the frame, the marks
    // and the gaps.
    let most = if width < NARROW {
        width * 0.6
    } else {
        (width * 0.46).min(560.0)
    };
    let room = most - 52.0 - value as f64 * LETTER;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few tens"
    )]
    let letters = (room / LETTER).max(0.0) as usize;
    letters.max(FEWEST)
}

/// Charts of narrow pages are narrower than this. Units: CSS pixels.
const NARROW: f64 = 600.0;

/// However little room there is, so much of a name is told.
const FEWEST: usize = 8;

/// Characters that stay at the end of a name, where instances and the like are.
const TAIL: usize = 16;

/// A name of at most so many characters, cut in its middle.
fn fitted(name: &str, most: usize) -> String {
    let length = name.chars().count();
    if length <= most {
        return name.to_owned();
    }
    let at_end = TAIL.min(most / 2);
    let head = name.chars().take(most.saturating_sub(at_end + 1));
    let tail = name.chars().skip(length.saturating_sub(at_end));
    head.chain(std::iter::once('…')).chain(tail).collect()
}

/// The cell of a heatmap at the pointer.
fn cell(picture: &Picture, cell: Cell) -> Option<AnyView> {
    let i18n = use_i18n();
    let unit = picture.data().unit;
    let view = view! {
        <p class="tooltip__row">
            <span class="tooltip__name">
                {t!(i18n, graph.bucket)}
                {format!(" {} – {}", unit.format(cell.lower), unit.format(cell.upper))}
            </span>
            <span class="tooltip__number">{fmt::value(cell.count)}</span>
        </p>
    };
    Some(view.into_any())
}

/// What a pinned tooltip offers for its nearest series.
fn actions(series: &ChartSeries, on_refine: Option<Callback<Refine>>) -> AnyView {
    let i18n = use_i18n();
    let matchers: Vec<String> = fmt::pairs(&series.labels)
        .map(|(name, value)| format!("{name}={}", fmt::quoted(value)))
        .collect();
    let name = series.name.clone();
    let wish = on_refine.filter(|_| !matchers.is_empty()).map(|on_refine| {
        let other = matchers.clone();
        let only = move |_| {
            on_refine.run(Refine {
                matchers: matchers.clone(),
                exclude: false,
            });
        };
        let but = move |_| {
            on_refine.run(Refine {
                matchers: other.clone(),
                exclude: true,
            });
        };
        view! {
            <button type="button" class="button" data-kind="tool" on:click=only>{t!(i18n, graph.filter_to)}</button>
            <button type="button" class="button" data-kind="tool" on:click=but>{t!(i18n, graph.exclude)}</button>
        }
    });
    view! {
        // The chart keeps the focus, and with it the pin.
        <p class="tooltip__actions" on:pointerdown=move |event| event.prevent_default()>
            {wish}
            <button type="button" class="button" data-kind="tool" on:click=move |_| copy_text(&name)>
                {t!(i18n, shell.copy)}
            </button>
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cut_in_their_middle() {
        let name = r#"{handler="/api/v1/query_range", instance="localhost:9090"}"#;
        let cut = fitted(name, 30);
        assert_eq!(cut.chars().count(), 30);
        assert!(
            cut.starts_with("{handler") && cut.ends_with("9090\"}"),
            "{cut}"
        );
        assert_eq!(fitted(name, 9), "{han…90\"}");
        assert_eq!(fitted("up", 30), "up");
    }

    #[test]
    fn names_have_the_room_that_values_leave() {
        assert_eq!(letters(1400.0, 8), 61);
        assert_eq!(letters(1400.0, 18), 51);
        assert_eq!(letters(310.0, 6), 12);
        // However narrow the chart is, something of a name is there.
        assert_eq!(letters(100.0, 8), FEWEST);
    }
}
