//! Dashboards in Grafana's JSON: taken in, laid out, their variables, units and panels computed.
//!
//! Deliberately not here: queries (the caller asks them and brings [`Answer`]s), storage, pictures, HTML and
//! Markdown, the clock and the zone (both are arguments). The crate does no I/O and compiles to WebAssembly.
//!
//! ```
//! use dashboard::{Answer, AnswerSeries, DisplayContext, Globals, Scope, Stat, VariableValues};
//! use model::Labels;
//! use std::collections::BTreeMap;
//!
//! let text = r#"{"title": "Machine", "panels": [{"type": "stat", "title": "Memory",
//!     "fieldConfig": {"defaults": {"unit": "bytes"}}, "targets": [{"expr": "used"}]}]}"#;
//! let imported = dashboard::import(text, &BTreeMap::new())?;
//! let panel = imported.dashboard.panels()[0];
//! assert_eq!(panel.targets()[0].ref_id(), "A");
//!
//! let values = VariableValues::new(imported.dashboard.variables(&mut Vec::new()));
//! let globals = Globals::default();
//! let scope = Scope::new(&values, &globals);
//! let answer = Answer {
//!     ref_id: "A".into(),
//!     series: vec![AnswerSeries { labels: Labels::empty(), times: vec![0.0], values: vec![1536.0] }],
//!     ..Answer::default()
//! };
//! let data = dashboard::prepare(&panel, &[answer], &scope);
//! let stat = Stat::new(&data.frames, panel.options(), &DisplayContext::default());
//! assert_eq!(stat.items[0].text.as_deref(), Some("1.50 KiB"));
//! # Ok::<(), dashboard::Error>(())
//! ```
//!
//! Data in: JSON of any version → [`Import`] with a [`Dashboard`], whose document keeps what is not known, and
//! [`Notice`]s in words of what is not done. Answers of queries → frames → [`prepare`] → what a panel draws.
//!
//! Source: Grafana 11 to 13: its dashboard schema, data frames, transformations, units and panels.

mod civil;
mod color;
mod document;
mod error;
mod field;
mod frame;
mod import;
mod interval;
mod json;
mod layout;
mod notice;
mod number;
mod panels;
mod reduce;
mod regex;
mod time;
mod transform;
mod units;
mod variables;

pub use civil::{FixedZone, Utc, Zone};
pub use color::{
    CLASSIC_PALETTE_LEN, Color, SCHEME_NAMES, Theme, palette_by_name, palette_color, scheme_color,
    shade,
};
pub use document::{
    AlertProposal, Annotation, CursorSync, Dashboard, DashboardLink, Mark, Panel, PanelKind,
    SCHEMA_VERSION, Target, TimePicker,
};
pub use error::{Error, Result};
pub use field::{
    ColorChoice, ColorMode, FieldConfig, FieldMatcher, FieldOptions, Link, Mapping, MappingResult,
    Override, Probe, SeriesBy, Special, Threshold, ThresholdMode, Thresholds,
};
pub use frame::{
    Answer, AnswerSeries, Cell, Column, Configured, DisplayContext, Field, FieldDisplay, Frame,
    FrameKind, NULL, NativeBucket, ResultFormat, Shown, TIME_NAME, VALUE_NAME, bucket_series,
    build_frames, configure, csv, display_name, format_legend, is_null,
};
pub use import::{Import, Input, export, export_for_sharing, import, import_value};
pub use interval::{
    DEFAULT_SCRAPE_INTERVAL, Intervals, MAX_POINTS, StepInput, align_to_step, fit_interval,
    format_interval, parse_interval, round_interval,
};
pub use layout::{
    COLUMNS, GUTTER, GridPos, Page, PixelRect, Placed, REPEAT_CAP, ROW_HEIGHT, compact,
    compact_with, grid_point, pixel_rect, place,
};
pub use notice::Notice;
pub use panels::{
    AlertListOptions, Axis, AxisPlacement, AxisSide, BarChart, BarChartOptions, BarGauge,
    BarGaugeItem, BarGaugeOptions, BarSeries, DashListOptions, DrawStyle, Gauge, GaugeItem,
    GaugeOptions, GaugeSegment, Heatmap, HeatmapCell, HeatmapOptions, Histogram, HistogramBar,
    HistogramSeries, Interpolation, LegendOptions, LegendRow, LineStyle, Orientation, PanelData,
    Pie, PieOptions, PieSlice, ReduceOptions, ScaleKind, ShowPoints, ShowValue, SingleValue,
    SpanNulls, StackMode, Stat, StatColorMode, StatItem, StatOptions, StatTextMode, State,
    StateLane, StateOptions, Table, TableCell, TableCellStyle, TableColumn, TableOptions, TextMode,
    TextPanel, TimeSeries, TimeSeriesLine, TooltipOptions, XCategory, YBucket, as_tables,
    default_field_options, legend_rows, link_url, prepare, single_values, state_timeline,
    status_history,
};
pub use reduce::{Reducer, reduce};
pub use regex::{Captures, Regex};
pub use time::{
    Calendar, RangeEnd, RangeName, TIME_PRESETS, TimeExpr, TimePreset, TimeUnit, describe_range,
    format_iso, format_moment, resolve_range, shift_range, zoom_out,
};
pub use transform::{TransformContext, Transformed, transform, transformation_ids};
pub use units::{
    DateContext, Formatted, UNIT_GROUPS, UnitFormat, UnitGroup, UnitInfo, format_value,
};
pub use variables::{
    ALL_VALUE, AdHocFilter, Choice, Format, Globals, Hide, Refresh, Scope, SortMode, Variable,
    VariableKind, VariableOrder, VariableQuery, VariableValue, VariableValues, choices_from_text,
    choices_from_values, find_references, inject_filters, interpolate, order_variables, url_pairs,
    values_from_url,
};
