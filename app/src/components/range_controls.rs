//! The time window of a chart, and how finely it is asked for.

use crate::components::icon::{Glyph, Icon};
use crate::components::text_field::TextField;
use crate::components::time_field::TimeField;
use crate::fmt;
use crate::state::{PanelParams, Resolution, longer_range, shorter_range};
use leptos::prelude::*;
use model::DurationMs;

/// Range, end and step of a chart, and whether it is stacked.
#[component]
pub fn RangeControls(
    /// The panel.
    #[prop(into)]
    params: Signal<PanelParams>,
    /// Takes the panel as it shall be.
    on_change: Callback<PanelParams>,
) -> impl IntoView {
    let set_range = move |range: i64| {
        on_change.run(PanelParams {
            range,
            ..params.get_untracked()
        });
    };
    let set_end = Callback::new(move |end| {
        on_change.run(PanelParams {
            end,
            ..params.get_untracked()
        });
    });
    let stacked = move |_| {
        let now = params.get_untracked();
        on_change.run(PanelParams {
            stacked: !now.stacked,
            ..now
        });
    };
    view! {
        <div class="group" role="group" aria-label="Range">
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label="Shorter range"
                title="Shorter range"
                on:click=move |_| set_range(shorter_range(params.get_untracked().range))
            >
                <Icon glyph=Glyph::Minus/>
            </button>
            <RangeText params on_change/>
            <button
                type="button"
                class="button"
                data-kind="icon"
                aria-label="Longer range"
                title="Longer range"
                on:click=move |_| set_range(longer_range(params.get_untracked().range))
            >
                <Icon glyph=Glyph::Plus/>
            </button>
        </div>
        <TimeField
            label="End time"
            value=Signal::derive(move || params.get().end)
            step=Signal::derive(move || params.get().range / 2)
            on_change=set_end
        />
        <label class="labelled">
            <span>"Step"</span>
            <StepText params on_change/>
        </label>
        <button
            type="button"
            class="button"
            data-kind="toggle"
            aria-pressed=move || if params.get().stacked { "true" } else { "false" }
            on:click=stacked
        >
            "Stacked"
        </button>
    }
}

#[component]
fn RangeText(params: Signal<PanelParams>, on_change: Callback<PanelParams>) -> impl IntoView {
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
    view! { <TextField label="Range" value width=5 on_commit=commit/> }
}

#[component]
fn StepText(params: Signal<PanelParams>, on_change: Callback<PanelParams>) -> impl IntoView {
    let value = Signal::derive(move || match params.get().resolution {
        Resolution::Step(step) => fmt::duration(step),
        Resolution::Points(_) => String::new(),
    });
    let commit = Callback::new(move |text: String| {
        let now = params.get_untracked();
        if text.is_empty() || text == "auto" {
            on_change.run(PanelParams {
                resolution: Resolution::default(),
                ..now
            });
            return true;
        }
        let step = step_from(&text);
        if let Some(step) = step {
            on_change.run(PanelParams {
                resolution: Resolution::Step(step),
                ..now
            });
        }
        step.is_some()
    });
    let placeholder =
        Signal::derive(move || format!("auto {}", fmt::duration(params.get().step())));
    view! { <TextField label="Step" value placeholder width=8 on_commit=commit/> }
}

/// A duration with its unit, or plain seconds. Units: milliseconds.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn step_from(text: &str) -> Option<i64> {
    let seconds = text.parse::<f64>().ok().map(|s| (s * 1e3) as i64);
    seconds
        .or_else(|| text.parse::<DurationMs>().ok().map(|d| d.0))
        .filter(|ms| *ms > 0)
}
