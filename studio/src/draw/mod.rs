//! What panels draw, each kind in a file of its own.

mod alert_list;
mod bar_chart;
mod bar_gauge;
pub(crate) mod canvas;
mod dash_list;
mod gauge;
mod heatmap;
mod ink;
mod legend;
mod markdown;
mod marks;
mod pie;
mod stat;
mod states;
mod table;
mod text;
mod time_chart;
mod tooltip;

pub(crate) use alert_list::AlertListView;
pub(crate) use bar_chart::{BarChartView, HistogramView};
pub(crate) use bar_gauge::BarGaugeView;
pub(crate) use dash_list::{DashListView, NoteListView, remember};
pub(crate) use gauge::GaugeView;
pub(crate) use heatmap::HeatmapView;
pub(crate) use markdown::Markdown;
pub(crate) use pie::PieView;
pub(crate) use stat::StatView;
pub(crate) use states::StatesView;
pub(crate) use table::TableView;
pub(crate) use text::TextView;
pub(crate) use time_chart::TimeChart;

use dashboard::{Choice, Panel, PanelData};
use leptos::prelude::*;
use serde_json::Value;
use std::sync::Arc;

/// What a panel's queries brought, ready to be drawn.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    /// The panel's JSON.
    pub(crate) panel: Arc<Value>,
    /// The values that the panel is a copy for.
    pub(crate) clones: Vec<(String, Choice)>,
    pub(crate) data: PanelData,
    /// Units: milliseconds since the epoch.
    pub(crate) window: (i64, i64),
    /// Distance of points. Units: milliseconds.
    pub(crate) step: f64,
}

impl Outcome {
    /// The panel's options.
    pub(crate) fn options(&self) -> &Value {
        Panel::of(&self.panel).map_or(&Value::Null, |panel| panel.options())
    }

    /// Whether there is a value.
    pub(crate) fn has_values(&self) -> bool {
        self.data.frames.iter().any(|frame| frame.rows() > 0)
    }
}

/// What is drawn; none until there was an answer.
pub(crate) type Drawn = Signal<Option<Arc<Outcome>>>;
