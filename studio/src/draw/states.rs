//! States over time, as stretches or squares.

use super::Drawn;
use crate::board::Board;
use app::words::{t, use_i18n};
use dashboard::{
    Color, PanelKind, ShowValue, State, StateLane, StateOptions, Theme, state_timeline,
    status_history,
};
use leptos::prelude::*;

/// States that a panel shows; more would be thinner than a pixel.
const SHOWN: usize = 5000;
/// Labels of times.
const TIMES: usize = 5;

/// State timelines and status histories.
#[component]
pub(crate) fn StatesView(drawn: Drawn, board: Board, kind: PanelKind) -> impl IntoView {
    let i18n = use_i18n();
    let view = move || {
        let outcome = drawn.get()?;
        let options = StateOptions::read(outcome.options());
        let lanes: Vec<StateLane> = board.display(|context| {
            if kind == PanelKind::StatusHistory {
                status_history(&outcome.data.frames, context)
            } else {
                state_timeline(
                    &outcome.data.frames,
                    &options,
                    outcome.window.1 as f64,
                    context,
                )
            }
        });
        // What shines through states that are not drawn in full: the style sheet's `--surface`.
        let surface = board.display(|context| match context.theme {
            Theme::Light => Color::hex(0x00ff_ffff),
            Theme::Dark => Color::hex(0x0018_1c23),
        });
        let count: usize = lanes.iter().map(|lane| lane.states.len()).sum();
        if count > SHOWN {
            return Some(
                view! { <p class="tile__none">{t!(i18n, dashboards.too_many_states)}</p> }
                    .into_any(),
            );
        }
        let (from, to) = (outcome.window.0 as f64, outcome.window.1 as f64);
        let part =
            move |time: f64| ((time - from) / (to - from).max(1.0) * 100.0).clamp(0.0, 100.0);
        let height = format!("{:.0}%", options.row_height.clamp(0.1, 1.0) * 100.0);
        let rows = lanes.into_iter().map(|lane| {
            let alpha = (lane.fill_opacity / 100.0).clamp(0.1, 1.0);
            let states = lane.states.iter().map(|state| stretch(state, &options, (alpha, surface), &part));
            view! {
                <li class="lane">
                    <span class="lane__name" title=lane.name.clone()>{lane.name.clone()}</span>
                    <span class="lane__line" style:height=height.clone()>{states.collect_view()}</span>
                </li>
            }
        });
        let clocks = board.clocks();
        let times = (0..TIMES).map(|index| {
            let time = from + (to - from) * index as f64 / (TIMES - 1) as f64;
            view! { <span>{app::fmt::time_in(clocks, (time / 1e3).round())}</span> }
        });
        Some(
            view! {
                <ul class="lanes">{rows.collect_view()}</ul>
                <p class="lanes__times" aria-hidden="true">{times.collect_view()}</p>
            }
            .into_any(),
        )
    };
    view! { <div class="fill fill--scroll">{view}</div> }
}

fn stretch(
    state: &State,
    options: &StateOptions,
    (alpha, surface): (f64, Color),
    part: &dyn Fn(f64) -> f64,
) -> AnyView {
    let (left, right) = (part(state.from), part(state.to));
    let text = state.shown.text.to_string();
    let hint = text.clone();
    let is_wide = right - left > text.chars().count() as f64 * 1.2;
    let shows = match options.show_value {
        ShowValue::Always => true,
        ShowValue::Auto => is_wide,
        ShowValue::Never => false,
    };
    view! {
        <span
            class="lane__state"
            data-align=options.align_value.clone()
            title=hint
            style:left=format!("{left:.3}%")
            style:width=format!("{:.3}%", (right - left).max(0.1))
            style:background=state.shown.color.with_alpha(alpha).to_css()
            style:color=surface.towards(state.shown.color, alpha).contrasting().to_css()
        >
            {shows.then_some(text)}
        </span>
    }
    .into_any()
}
