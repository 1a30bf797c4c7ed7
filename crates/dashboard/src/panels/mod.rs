//! What panels draw, computed from frames, so that pages only paint.
//!
//! Source: Grafana's panels, their options and defaults.

mod bar_chart;
mod bar_gauge;
mod gauge;
mod heatmap;
mod histogram;
mod legend;
mod line_style;
mod lists;
mod pie;
mod prepare;
mod shared;
mod single;
mod stack;
mod stat;
mod states;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod time_series;

pub use bar_chart::{BarChart, BarChartOptions, BarSeries, XCategory};
pub use bar_gauge::{BarGauge, BarGaugeItem, BarGaugeOptions};
pub use gauge::{Gauge, GaugeItem, GaugeOptions, GaugeSegment};
pub use heatmap::{Heatmap, HeatmapCell, HeatmapOptions, YBucket};
pub use histogram::{Histogram, HistogramBar, HistogramSeries};
pub use legend::{LegendOptions, LegendRow, TooltipOptions, legend_rows};
pub use line_style::{
    AxisPlacement, DrawStyle, Interpolation, LineStyle, ScaleKind, ShowPoints, SpanNulls, StackMode,
};
pub use lists::{AlertListOptions, DashListOptions};
pub use pie::{Pie, PieOptions, PieSlice};
pub use prepare::{PanelData, as_tables, default_field_options, link_url, prepare};
pub use shared::{Orientation, ReduceOptions, ShowValue};
pub use single::{SingleValue, single_values};
pub use stat::{Stat, StatColorMode, StatItem, StatOptions, StatTextMode};
pub use states::{State, StateLane, StateOptions, state_timeline, status_history};
pub use table::{Table, TableCell, TableCellStyle, TableColumn, TableOptions};
pub use text::{TextMode, TextPanel};
pub use time_series::{Axis, AxisSide, TimeSeries, TimeSeriesLine};
