//! A chart of time series: ink on a canvas, everything else as elements around it.

mod axes;
mod canvas;
mod gesture;
mod legend;
mod overlay;
mod pointing;
mod selection;
mod tooltip;

use crate::data::{ChartData, Loaded};
use crate::fmt;
use axes::Axes;
use canvas::{observe_size, paint};
use chart::{Layout, Line, Mode, Plot, time_ticks};
use legend::Legend;
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use overlay::Overlay;
use selection::Selection;
use std::sync::Arc;

/// The time that the pointer is at, in context: all charts of a page show it.
#[derive(Clone, Copy)]
pub struct HoverTime(RwSignal<Option<f64>>);

impl HoverTime {
    /// Provides the time to all charts below.
    pub fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }
}

/// Room for a time label. Units: CSS pixels.
const TIME_LABEL: f64 = 84.0;

/// What is drawn, and how its times and values become pixels.
#[derive(Clone)]
struct Picture {
    data: Arc<Loaded<ChartData>>,
    /// Indices of the drawn series; the plot's series are in this order.
    drawn: Arc<[usize]>,
    plot: Arc<Plot>,
    layout: Layout,
    mode: Mode,
}

impl Picture {
    fn data(&self) -> &ChartData {
        &self.data.data
    }
}

/// A chart with axes, legend, crosshair and tooltip. Dragging over it picks a time window.
#[component]
pub fn TimeChart(
    /// The series; while there are none, nothing is drawn.
    #[prop(into)]
    data: Signal<Option<Arc<Loaded<ChartData>>>>,
    /// Whether series stand on each other.
    #[prop(into)]
    stacked: Signal<bool>,
    /// Takes the start and end of the window that was picked. Units: seconds since the epoch.
    on_zoom: Callback<(f64, f64)>,
) -> impl IntoView {
    let frame = NodeRef::<Div>::new();
    let canvas = NodeRef::<Canvas>::new();
    let size = observe_size(frame);
    let selection = Selection::new(data);
    let picture = Memo::new_with_compare(
        move |_| {
            draw_up(
                data.get()?,
                &selection.drawn.get(),
                stacked.get(),
                size.get()?,
            )
        },
        |_, _| true,
    );
    paint(canvas, picture.into(), selection.lifted);
    let summary = move || picture.get().map(|p| describe(p.data()));
    view! {
        <figure class="chart">
            <Shared data/>
            <div class="chart__frame" node_ref=frame>
                <canvas class="chart__ink" node_ref=canvas role="img" aria-label=summary></canvas>
                <Axes picture=picture.into()/>
                <Overlay picture=picture.into() on_zoom lifted=selection.lifted/>
            </div>
            <figcaption class="chart__caption">
                <Legend data selection/>
            </figcaption>
        </figure>
    }
}

fn draw_up(
    data: Arc<Loaded<ChartData>>,
    drawn: &Arc<[usize]>,
    stacked: bool,
    (width, height): (f64, f64),
) -> Option<Picture> {
    if width < 1.0 || height < 1.0 {
        return None;
    }
    let chart = &data.data;
    let mode = if stacked { Mode::Stacked } else { Mode::Lines };
    let lines: Vec<Line<'_>> = drawn
        .iter()
        .filter_map(|i| chart.series.get(*i))
        .map(|series| Line {
            points: &series.points,
            slot: series.slot,
        })
        .collect();
    let plot = Plot::prepare(
        &lines,
        (chart.start, chart.end),
        chart.step,
        mode,
        chart.unit,
    );
    let layout = Layout::compute(width, height, plot.y_label_chars());
    Some(Picture {
        drawn: drawn.clone(),
        plot: Arc::new(plot),
        layout,
        mode,
        data,
    })
}

/// Ticks that a chart of this layout has room for.
fn ticks_of(picture: &Picture) -> Vec<chart::TimeTick> {
    let room = (picture.layout.plot.width / TIME_LABEL)
        .floor()
        .clamp(2.0, 14.0);
    #[expect(clippy::cast_possible_truncation, reason = "clamped on the line above")]
    let most = room as usize;
    time_ticks(picture.data().start, picture.data().end, most)
}

/// The chart in words.
fn describe(data: &ChartData) -> String {
    format!(
        "Chart of {} from {} to {} UTC; the table below has their values",
        fmt::counted(data.series.len(), "series", "series"),
        fmt::time(data.start.round()),
        fmt::time(data.end.round()),
    )
}

/// The labels that all series have, told once.
#[component]
fn Shared(data: Signal<Option<Arc<Loaded<ChartData>>>>) -> impl IntoView {
    let text = Memo::new(move |_| {
        data.get()
            .map(|d| d.data.shared.clone())
            .unwrap_or_default()
    });
    view! {
        <Show when=move || !text.get().is_empty()>
            <p class="chart__shared">
                <span class="chart__shared-word">"All series"</span>
                " "
                <code class="series">{move || text.get()}</code>
            </p>
        </Show>
    }
}
