//! A chart of time series: ink on a canvas, everything else as elements around it.

mod axes;
mod canvas;
mod data_table;
mod dots;
mod exemplar_marks;
mod gesture;
mod image;
mod legend;
mod overlay;
mod pointing;
mod selection;
mod tooltip;
mod touch;

use crate::components::canvas::observe_size;
use crate::components::icon::{Glyph, Icon};
use crate::components::time_ago::use_zone;
use crate::data::{ChartData, Exemplar, Loaded};
use crate::fmt;
use crate::state::{Display, Zone};
use crate::words::{Locale, t, td_string, use_i18n};
use axes::Axes;
use canvas::paint;
use chart::{Axis, Layout, Line, Mode, Plot, time_ticks};
use data_table::DataTable;
use exemplar_marks::ExemplarMarks;
use image::save_image;
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

/// How series are shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// Lines, areas, dots or cells.
    pub display: Display,
    /// Whether the value axis begins at zero.
    pub from_zero: bool,
    /// Whether the value axis is logarithmic.
    pub log: bool,
}

/// A wish from a tooltip: only the series of these matchers, or all but them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refine {
    /// Matchers as they are written: `job="api"`.
    pub matchers: Vec<String>,
    /// All but them.
    pub exclude: bool,
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
    zone: Zone,
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
    /// How they are shown.
    #[prop(into, optional)]
    look: Signal<Look>,
    /// Single observations to mark.
    #[prop(into, optional)]
    exemplars: Signal<Option<Arc<Loaded<Vec<Exemplar>>>>>,
    /// Takes wishes of the tooltip; without it there are none.
    #[prop(optional)]
    on_refine: Option<Callback<Refine>>,
    /// Takes the start and end of the window that was picked. Units: seconds since the epoch.
    on_zoom: Callback<(f64, f64)>,
) -> impl IntoView {
    let i18n = use_i18n();
    let zone = use_zone();
    let frame = NodeRef::<Div>::new();
    let canvas = NodeRef::<Canvas>::new();
    let size = observe_size(frame);
    let selection = Selection::new(data);
    let values = shown_values(data);
    // Another size or zone leaves the series as they were prepared.
    let prepared = Memo::new_with_compare(
        move |_| {
            Some(prepare(
                data.get()?,
                &selection.drawn.get(),
                look.get(),
                values.get(),
            ))
        },
        |_, _| true,
    );
    let picture = Memo::new_with_compare(
        move |_| {
            let (width, height) = size.get().filter(|(w, h)| *w >= 1.0 && *h >= 1.0)?;
            let Prepared {
                data,
                drawn,
                mode,
                plot,
            } = prepared.get()?;
            let layout = Layout::compute(width, height, plot.y_label_chars());
            let zone = zone.get();
            Some(Picture {
                data,
                drawn,
                plot,
                layout,
                mode,
                zone,
            })
        },
        |_, _| true,
    );
    paint(canvas, picture.into(), selection.lifted);
    let summary = move || picture.get().map(|p| describe(&p, i18n.get_locale()));
    view! {
        <figure class="chart">
            <Shared data/>
            <div class="chart__frame" node_ref=frame>
                <canvas class="chart__ink" node_ref=canvas role="img" aria-label=summary></canvas>
                <Axes picture=picture.into()/>
                <ExemplarMarks picture=picture.into() exemplars/>
                <Overlay picture=picture.into() on_zoom values lifted=selection.lifted on_refine/>
            </div>
            <figcaption class="chart__caption">
                <Legend data selection/>
                <div class="chart__more">
                    <DataTable data selection/>
                    <button type="button" class="button" data-kind="tool" on:click=move |_| {
                        if let (Some(canvas), Some(picture)) = (canvas.get_untracked(), picture.get_untracked()) {
                            save_image(&canvas, &picture);
                        }
                    }>
                        <Icon glyph=Glyph::Image/>
                        {t!(i18n, graph.png)}
                    </button>
                </div>
            </figcaption>
        </figure>
    }
}

/// The span of values that was picked; all of them again as soon as other series are shown.
fn shown_values(data: Signal<Option<Arc<Loaded<ChartData>>>>) -> RwSignal<Option<(f64, f64)>> {
    let values = RwSignal::new(None);
    let first = Memo::new(move |_| {
        data.with(|data| {
            let data = &data.as_ref()?.data;
            Some((data.shared.clone(), data.series.first()?.name.clone()))
        })
    });
    Effect::watch(
        move || first.get(),
        move |_, _, _| {
            if values.get_untracked().is_some() {
                values.set(None);
            }
        },
        false,
    );
    values
}

/// Series as they are drawn, of whatever size.
#[derive(Clone)]
struct Prepared {
    data: Arc<Loaded<ChartData>>,
    drawn: Arc<[usize]>,
    mode: Mode,
    plot: Arc<Plot>,
}

fn prepare(
    data: Arc<Loaded<ChartData>>,
    drawn: &Arc<[usize]>,
    look: Look,
    values: Option<(f64, f64)>,
) -> Prepared {
    let chart = &data.data;
    let mode = match look.display {
        Display::Stacked => Mode::Stacked,
        Display::Points => Mode::Points,
        Display::Heatmap if chart.has_histograms() => Mode::Heatmap,
        // Without histograms there are no cells: lines say more than nothing.
        Display::Heatmap | Display::Lines => Mode::Lines,
    };
    let axis = Axis {
        unit: chart.unit,
        from_zero: look.from_zero,
        log: look.log,
    };
    let window = (chart.start, chart.end);
    let lines: Vec<Line<'_>> = drawn
        .iter()
        .filter_map(|i| chart.series.get(*i))
        .map(|series| Line {
            points: &series.points,
            slot: series.slot,
        })
        .collect();
    let plot = if mode == Mode::Heatmap {
        Plot::heatmap(&chart.columns(), window, chart.step, axis)
    } else {
        Plot::prepare(&lines, window, chart.step, mode, axis)
    };
    let plot = match values {
        Some(span) => plot.showing(span),
        None => plot,
    };
    Prepared {
        drawn: drawn.clone(),
        mode,
        plot: Arc::new(plot),
        data,
    }
}

/// Ticks that a chart of this layout has room for.
fn ticks_of(picture: &Picture) -> Vec<chart::TimeTick> {
    let room = (picture.layout.plot.width / TIME_LABEL)
        .floor()
        .clamp(2.0, 14.0);
    #[expect(clippy::cast_possible_truncation, reason = "clamped on the line above")]
    let most = room as usize;
    let (start, end) = (picture.data().start, picture.data().end);
    // Round times of the zone are not always round in UTC.
    let ahead = picture.zone.ahead(end);
    let mut ticks = time_ticks(start + ahead, end + ahead, most);
    for tick in &mut ticks {
        tick.time -= ahead;
    }
    ticks
}

/// The chart in words.
fn describe(picture: &Picture, locale: Locale) -> String {
    let data = picture.data();
    let n = fmt::count(data.series.len());
    let from = fmt::time_in(picture.zone, data.start.round());
    let to = fmt::time_in(picture.zone, data.end.round());
    td_string!(locale, graph.chart_of, n = n, from = from, to = to)
}

/// The labels that all series have, told once.
#[component]
fn Shared(data: Signal<Option<Arc<Loaded<ChartData>>>>) -> impl IntoView {
    let i18n = use_i18n();
    let text = Memo::new(move |_| {
        data.get()
            .map(|d| d.data.shared.clone())
            .unwrap_or_default()
    });
    view! {
        <Show when=move || !text.get().is_empty()>
            <p class="chart__shared">
                <span class="chart__shared-word">{t!(i18n, graph.all_series)}</span>
                " "
                <code class="series">{move || text.get()}</code>
            </p>
        </Show>
    }
}
