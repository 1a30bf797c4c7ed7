//! Pieces that pages are made of.

pub mod chart;
mod expression_editor;
mod icon;
mod notice;
mod query_panel;
mod range_controls;
mod result_table;
mod series_name;
mod suggestion_list;
mod suggestions;
mod target_filters;
mod target_pool;
mod text_field;
mod theme_switch;
mod time_ago;
mod time_field;
mod top_bar;

pub use expression_editor::ExpressionEditor;
pub use icon::{Glyph, Icon};
pub use notice::{EmptyNotice, ErrorNotice, Hints, Skeleton};
pub use query_panel::QueryPanel;
pub use range_controls::RangeControls;
pub use result_table::ResultTable;
pub use series_name::{LabelList, SeriesName};
pub use suggestion_list::MetricNames;
pub use target_filters::TargetFilters;
pub use target_pool::TargetPool;
pub use text_field::TextField;
pub use theme_switch::{ThemeState, ThemeSwitch};
pub use time_ago::{TimeAgo, use_clock};
pub use time_field::TimeField;
pub use top_bar::TopBar;
