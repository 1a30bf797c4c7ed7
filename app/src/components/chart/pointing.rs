//! From a place on the plot to the series there.

use super::Picture;
use chart::{Mode, nearest};

/// A series at the pointed-at time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Reading {
    /// Index in the data.
    pub(super) series: usize,
    /// Its value.
    pub(super) value: f64,
    /// Where its point is drawn. Units: CSS pixels from the box's upper edge.
    pub(super) top: f64,
}

/// The step nearest to `time`, within the window.
pub(super) fn snap(picture: &Picture, time: f64) -> f64 {
    let data = picture.data();
    let steps = ((time - data.start) / data.step).round();
    let last = ((data.end - data.start) / data.step + 1e-9).floor();
    data.start + steps.clamp(0.0, last.max(0.0)) * data.step
}

/// The series with a value at `time`, those drawn nearest to `top` first, at most `most`.
///
/// Without a `top` (the keyboard has none), the greatest values come first.
pub(super) fn readings(
    picture: &Picture,
    time: f64,
    top: Option<f64>,
    most: usize,
) -> Vec<Reading> {
    let data = picture.data();
    let y = picture.plot.y_scale(&picture.layout);
    let mut found: Vec<Reading> = picture
        .drawn
        .iter()
        .enumerate()
        .filter_map(|(place, series)| {
            let points = &data.series.get(*series)?.points;
            let point = points.get(nearest(points, time, data.step * 0.6)?)?;
            let drawn = picture.plot.drawn_point(place, point.time)?;
            point.value.is_finite().then(|| Reading {
                series: *series,
                value: point.value,
                top: y.to_pixel(drawn.value),
            })
        })
        .collect();
    match top {
        Some(top) if picture.mode == Mode::Stacked => {
            found.sort_by(|a, b| layer(a, top).total_cmp(&layer(b, top)));
        }
        Some(top) => found.sort_by(|a, b| (a.top - top).abs().total_cmp(&(b.top - top).abs())),
        None => found.sort_by(|a, b| b.value.total_cmp(&a.value)),
    }
    found.truncate(most);
    found
}

/// Under the pointer is the layer whose upper edge is the first above it.
fn layer(reading: &Reading, top: f64) -> f64 {
    let above = top - reading.top;
    if above >= 0.0 { above } else { -above * 1e3 }
}
