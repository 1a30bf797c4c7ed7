//! Charts of time series: scales, ticks, colours and ink.
//!
//! Deliberately not here: text. Axis labels, legends and tooltips are the page's own elements, placed
//! with the same [`Scale`] and [`Layout`] that the ink is drawn with. Nothing here knows of a browser:
//! [`draw`] takes any plotters backend, a canvas in the browser and SVG in tests.
//!
//! ```
//! use chart::{Layout, Line, Mode, Plot, Point, Unit};
//! let points: Vec<Point> = (0..60).map(|i| Point { time: f64::from(i), value: f64::from(i * i) }).collect();
//! let lines = [Line { points: &points, slot: 0 }];
//! let plot = Plot::prepare(&lines, (0.0, 59.0), 1.0, Mode::Lines, Unit::Number);
//! let layout = Layout::compute(600.0, 300.0, plot.y_label_chars());
//! assert!(plot.y_ticks().len() >= 4 && layout.plot.width < 600.0);
//! ```
//!
//! Points in seconds -> [`Plot`] (domain, ticks, stacked layers) -> pixels on a backend.

mod civil;
mod crowd;
mod downsample;
mod draw;
mod heat;
mod layout;
mod palette;
mod pixels;
mod plot;
mod scale;
mod segments;
mod stack;
mod ticks;
mod time_ticks;
mod unit;

pub use civil::CivilTime;
pub use crowd::{Crowd, draw_crowd};
pub use draw::{CROWD, FADED, Ink, Part, Theme, draw};
pub use heat::{Bucket, Cell, Column};
pub use layout::{Layout, Rect};
pub use palette::{Color, HUES, SLOTS, assign_slots, label_hash, slot_color};
pub use pixels::{Pen, Pixels};
pub use plot::{Axis, Line, Mode, Plot};
pub use scale::Scale;
pub use segments::{Point, nearest};
pub use ticks::{linear_ticks, log_ticks};
pub use time_ticks::{TimeTick, time_ticks};
pub use unit::Unit;
