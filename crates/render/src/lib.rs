//! Pictures of panels: what they ask, where their ink goes, and SVG and PNG of it.
//!
//! Deliberately not here: what a panel means (`dashboard`), who sends queries, and pages, which draw the same
//! ink on a canvas and put elements around it. The crate does no I/O and compiles to WebAssembly; PNG is the
//! feature `png`, for the server alone.
//!
//! Data in: a [`dashboard::Panel`] and where it is ([`Surroundings`]) → [`Plan`]s with [`Question`]s; their
//! answers ([`Reply`]) → [`dashboard::prepare`] → [`PanelPicture`] → [`panel_svg`] → [`png()`]. The parts
//! of a panel that pages draw, too: [`Plot`] and [`paint`], [`BarPicture`], [`Dial`], [`wedge_path`],
//! [`spark_path`], [`blocks`].
//!
//! ```
//! use dashboard::{Answer, AnswerSeries, DisplayContext, Globals, Scope, VariableValues};
//! use render::{Language, PanelPicture, panel_svg};
//! use std::collections::BTreeMap;
//!
//! let text = r#"{"title": "Machine", "panels": [{"type": "stat", "title": "Memory <b>",
//!     "fieldConfig": {"defaults": {"unit": "bytes"}}, "targets": [{"expr": "used"}]}]}"#;
//! let dashboard = dashboard::import(text, &BTreeMap::new())?.dashboard;
//! let panel = dashboard.panels()[0];
//! let values = VariableValues::new(dashboard.variables(&mut Vec::new()));
//! let globals = Globals::default();
//! let scope = Scope::new(&values, &globals);
//! let series = AnswerSeries { labels: model::Labels::empty(), times: vec![0.0], values: vec![1536.0] };
//! let answer = Answer { ref_id: "A".into(), series: vec![series], ..Answer::default() };
//! let data = dashboard::prepare(&panel, &[answer], &scope);
//! let picture = PanelPicture {
//!     panel, scope: &scope, data: &data, error: None, window: (0, 60_000), step: 15e3, language: Language::English,
//! };
//! let svg = panel_svg(&picture, &DisplayContext::default(), (400.0, 200.0));
//! assert!(svg.contains("1.50 KiB") && svg.contains("Memory &lt;b&gt;"));
//! # Ok::<(), dashboard::Error>(())
//! ```

mod answers;
mod ask;
mod bars;
mod choices;
mod error;
mod ink;
mod language;
mod markdown;
mod panel;
mod plot;
#[cfg(feature = "png")]
mod png;
mod safe_url;
mod shapes;
mod svg;
#[cfg(test)]
mod tests;

pub use answers::{Reply, series_of};
pub use ask::{Plan, Question, Surroundings};
pub use bars::{BARS_BELOW, BARS_LEFT, BarPicture, PlacedBar, PlacedBars, bars_of, counts_of};
pub use choices::{Call, call_of, texts_of};
pub use error::{Error, Result};
pub use ink::{Ink, Shades, paint};
pub use language::Language;
pub use markdown::{Block, Piece, blocks, html_as_text, pieces, words};
pub use panel::{BoardTile, PanelPicture, board_svg, page_width, panel_svg};
pub use plot::{PlacedAxis, Plot, zone_ticks};
#[cfg(feature = "png")]
pub use png::{MOST_PIXELS, png, writes_hangul};
pub use safe_url::safe_url;
pub use shapes::{Dial, fitting, grid_of, pie_label_place, spark_path, wedge_path};
