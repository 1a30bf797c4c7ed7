//! The time window of a chart, how finely it is asked for, and how it is shown.

use crate::components::icon::{Glyph, Icon};
use crate::components::text_field::TextField;
use crate::components::time_field::TimeField;
use crate::fmt;
use crate::state::{DENSITIES, Display, PanelParams, Resolution, longer_range, shorter_range};
use crate::words::{Locale, t, t_string, td_string, use_i18n};
use leptos::prelude::*;
use model::DurationMs;

/// Steps that are offered. Units: milliseconds.
const STEPS: [i64; 6] = [10_000, 30_000, 60_000, 300_000, 900_000, 3_600_000];

/// Range, end and resolution of a chart, and its display.
#[component]
pub fn RangeControls(
    /// The panel.
    #[prop(into)]
    params: Signal<PanelParams>,
    /// Takes the panel as it shall be.
    on_change: Callback<PanelParams>,
) -> impl IntoView {
    let i18n = use_i18n();
    let change = move |edit: fn(&mut PanelParams)| {
        let mut next = params.get_untracked();
        edit(&mut next);
        on_change.run(next);
    };
    let set_end = Callback::new(move |end| {
        on_change.run(PanelParams {
            end,
            ..params.get_untracked()
        });
    });
    let toggle = move |is_on: fn(&PanelParams) -> bool,
                       flip: fn(&mut PanelParams),
                       word: fn(Locale) -> &'static str| {
        view! {
            <button
                type="button"
                class="button"
                data-kind="toggle"
                aria-pressed=move || if params.with(is_on) { "true" } else { "false" }
                on:click=move |_| change(flip)
            >
                {move || word(i18n.get_locale())}
            </button>
        }
    };
    view! {
        <div class="group" role="group" aria-label=t!(i18n, graph.range)>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label=t!(i18n, graph.shorter)
                title=t!(i18n, graph.shorter)
                on:click=move |_| change(|p| p.range = shorter_range(p.range))
            >
                <Icon glyph=Glyph::Minus/>
            </button>
            <RangeText params on_change/>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label=t!(i18n, graph.longer)
                title=t!(i18n, graph.longer)
                on:click=move |_| change(|p| p.range = longer_range(p.range))
            >
                <Icon glyph=Glyph::Plus/>
            </button>
        </div>
        <TimeField
            label=Signal::derive(move || t_string!(i18n, graph.end_time).to_owned())
            value=Signal::derive(move || params.get().end)
            step=Signal::derive(move || params.get().range / 2)
            on_change=set_end
        />
        <ResolutionPicker params on_change/>
        <DisplayPicker params on_change/>
        {toggle(|p| p.from_zero, |p| p.from_zero = !p.from_zero, |l| td_string!(l, graph.zero_based))}
        {toggle(|p| p.log, |p| p.log = !p.log, |l| td_string!(l, graph.log))}
        {toggle(|p| p.exemplars, |p| p.exemplars = !p.exemplars, |l| td_string!(l, graph.exemplars))}
    }
}

/// Lines, areas, dots or cells.
#[component]
fn DisplayPicker(params: Signal<PanelParams>, on_change: Callback<PanelParams>) -> impl IntoView {
    let i18n = use_i18n();
    let option = move |display: Display| {
        let word = move || match display {
            Display::Lines => t_string!(i18n, graph.lines),
            Display::Stacked => t_string!(i18n, graph.stacked),
            Display::Points => t_string!(i18n, graph.points),
            Display::Heatmap => t_string!(i18n, graph.heatmap),
        };
        view! {
            <option value=display.word() selected=move || params.with(|p| p.display == display)>
                {word}
            </option>
        }
    };
    view! {
        <select
            class="field"
            aria-label=t!(i18n, graph.display)
            on:change=move |event| {
                let display = Display::from_word(&event_target_value(&event)).unwrap_or_default();
                on_change.run(PanelParams { display, ..params.get_untracked() });
            }
        >
            {Display::ALL.map(option).collect_view()}
        </select>
    }
}

/// What the selection of resolutions holds.
fn choice_of(params: &PanelParams) -> String {
    match params.resolution {
        Resolution::Points(points) => {
            let density = DENSITIES.iter().find(|(_, count)| *count >= points);
            density.map_or("high", |(word, _)| word).to_owned()
        }
        Resolution::Step(step) if STEPS.contains(&step) => step.to_string(),
        Resolution::Step(_) => "custom".to_owned(),
    }
}

#[component]
fn ResolutionPicker(
    params: Signal<PanelParams>,
    on_change: Callback<PanelParams>,
) -> impl IntoView {
    let i18n = use_i18n();
    // Asked for with the list, before there is a step of one's own.
    let custom = RwSignal::new(false);
    let choice = Memo::new(move |_| {
        if custom.get() {
            "custom".to_owned()
        } else {
            params.with(choice_of)
        }
    });
    let pick = move |event: web_sys::Event| {
        let word = event_target_value(&event);
        let now = params.get_untracked();
        let density = DENSITIES.iter().find(|(name, _)| *name == word);
        let resolution = match (density, word.parse()) {
            (Some((_, points)), _) => Resolution::Points(*points),
            (None, Ok(step)) => Resolution::Step(step),
            (None, Err(_)) => return custom.set(true),
        };
        custom.set(false);
        on_change.run(PanelParams { resolution, ..now });
    };
    let density = move |(word, _): (&'static str, i64)| {
        let label = move || match word {
            "low" => t_string!(i18n, graph.res_low),
            "medium" => t_string!(i18n, graph.res_medium),
            _ => t_string!(i18n, graph.res_high),
        };
        view! { <option value=word selected=move || choice.get() == word>{label}</option> }
    };
    let step = move |step: i64| {
        let value = step.to_string();
        let own = value.clone();
        view! { <option value=value selected=move || choice.get() == own>{fmt::duration(step)}</option> }
    };
    view! {
        <label class="labelled">
            <span>{t!(i18n, graph.resolution)}</span>
            <select class="field" on:change=pick>
                {DENSITIES.map(density).collect_view()}
                {STEPS.map(step).collect_view()}
                <option value="custom" selected=move || choice.get() == "custom">
                    {t!(i18n, graph.res_custom)}
                </option>
            </select>
        </label>
        <Show when=move || choice.get() == "custom">
            <StepText params on_change/>
        </Show>
    }
}

#[component]
fn RangeText(params: Signal<PanelParams>, on_change: Callback<PanelParams>) -> impl IntoView {
    let i18n = use_i18n();
    let commit = Callback::new(move |text: String| {
        let range = text
            .parse::<DurationMs>()
            .ok()
            .map(|d| d.0)
            .filter(|ms| *ms >= 1000);
        if let Some(range) = range {
            on_change.run(PanelParams {
                range,
                ..params.get_untracked()
            });
        }
        range.is_some()
    });
    let value = Signal::derive(move || fmt::duration(params.get().range));
    let label = Signal::derive(move || t_string!(i18n, graph.range).to_owned());
    view! { <TextField label value width=5 on_commit=commit/> }
}

#[component]
fn StepText(params: Signal<PanelParams>, on_change: Callback<PanelParams>) -> impl IntoView {
    let i18n = use_i18n();
    let value = Signal::derive(move || match params.get().resolution {
        Resolution::Step(step) => fmt::duration(step),
        Resolution::Points(_) => String::new(),
    });
    let commit = Callback::new(move |text: String| {
        let step = step_from(&text);
        if let Some(step) = step {
            on_change.run(PanelParams {
                resolution: Resolution::Step(step),
                ..params.get_untracked()
            });
        }
        step.is_some()
    });
    let placeholder = Signal::derive(move || fmt::duration(params.get().step()));
    let label = Signal::derive(move || t_string!(i18n, graph.res_step).to_owned());
    view! { <TextField label value placeholder width=6 on_commit=commit/> }
}

/// A duration with its unit, or plain seconds. Units: milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn step_from(text: &str) -> Option<i64> {
    let seconds = text.parse::<f64>().ok().map(|s| (s * 1e3) as i64);
    seconds
        .or_else(|| text.parse::<DurationMs>().ok().map(|d| d.0))
        .filter(|ms| *ms > 0)
}
