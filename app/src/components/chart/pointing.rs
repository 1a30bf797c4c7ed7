//! From a place on the plot to the series there.

use super::Picture;
use super::gesture::Pointer;
use super::tooltip::LISTED;
use chart::{Cell, Mode, nearest};

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

/// What is told of the pointed-at time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Told {
    pub(super) time: f64,
    /// Where the crosshair stands. Units: CSS pixels.
    pub(super) left: f64,
    /// Where the tooltip belongs; `None` if the pointer is on another chart, or on nothing.
    pub(super) at: Option<(f64, f64)>,
    /// Ordering: nearest first.
    pub(super) readings: Vec<Reading>,
    /// The cell of a heatmap.
    pub(super) cell: Option<Cell>,
}

impl Told {
    /// What there is to tell, if the chart shows `time`: another chart's pointer may be outside.
    pub(super) fn of(
        picture: &Picture,
        time: f64,
        pointer: Option<Pointer>,
        lifted: Option<usize>,
    ) -> Option<Self> {
        let data = picture.data();
        if time < data.start - data.step || time > data.end + data.step {
            return None;
        }
        let time = snap(picture, time);
        let scale = picture.plot.x_scale(&picture.layout);
        let mut told = Self {
            time,
            left: scale.to_pixel(time),
            at: None,
            readings: Vec::new(),
            cell: None,
        };
        let Some(pointer) = pointer else {
            return Some(told);
        };
        let plot = picture.layout.plot;
        if picture.mode == Mode::Heatmap {
            let top = pointer.top.unwrap_or(plot.top + plot.height / 2.0);
            let value = picture.plot.y_scale(&picture.layout).to_value(top);
            let cell = picture.plot.cell_at(scale.to_value(pointer.left), value);
            if let Some(cell) = cell {
                told.time = cell.end;
                told.at = Some((pointer.left, top));
                told.cell = Some(*cell);
            }
            return Some(told);
        }
        told.at = Some((
            told.left,
            pointer.top.unwrap_or(plot.top + plot.height * 0.25),
        ));
        told.readings = readings(picture, time, pointer.top, LISTED);
        if let Some(lifted) = lifted {
            told.readings.retain(|reading| reading.series == lifted);
        }
        Some(told)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{ChartData, Loaded};
    use api_types::{MatrixSeries, SamplePair};
    use chart::{Layout, Line, Plot};
    use std::sync::Arc;

    /// One series per value, each constant from 0 to 60 s in steps of 10 s.
    fn picture(values: &[f64], mode: Mode) -> Picture {
        let series = values.iter().enumerate().map(|(n, &value)| MatrixSeries {
            metric: [("n".to_owned(), n.to_string())].into(),
            values: (0..7)
                .map(|i| SamplePair {
                    time: f64::from(i) * 10.0,
                    value,
                })
                .collect(),
            histograms: Vec::new(),
        });
        let data = ChartData::new(series.collect(), (0.0, 60.0), 10.0);
        let lines: Vec<Line<'_>> = data
            .series
            .iter()
            .map(|s| Line {
                points: &s.points,
                slot: s.slot,
            })
            .collect();
        let plot = Plot::prepare(&lines, (0.0, 60.0), 10.0, mode, data.unit);
        let layout = Layout::compute(600.0, 300.0, plot.y_label_chars());
        let drawn = (0..data.series.len()).collect();
        let data = Loaded {
            data,
            warnings: Vec::new(),
            infos: Vec::new(),
            elapsed: 0.0,
        };
        Picture {
            data: Arc::new(data),
            drawn,
            plot: Arc::new(plot),
            layout,
            mode,
            zone: crate::state::Zone::Utc,
        }
    }

    fn order(picture: &Picture, top: Option<f64>) -> Vec<usize> {
        readings(picture, 30.0, top, 12)
            .into_iter()
            .map(|r| r.series)
            .collect()
    }

    #[test]
    fn times_snap_to_steps_inside_the_window() {
        let picture = picture(&[1.0], Mode::Lines);
        assert_eq!(snap(&picture, 34.0), 30.0);
        assert_eq!(snap(&picture, -99.0), 0.0);
        assert_eq!(snap(&picture, 99.0), 60.0);
    }

    #[test]
    fn nearest_lines_come_first() {
        let picture = picture(&[1.0, 5.0, 9.0], Mode::Lines);
        let y = picture.plot.y_scale(&picture.layout);
        assert_eq!(order(&picture, Some(y.to_pixel(8.0))), [2, 1, 0]);
        assert_eq!(order(&picture, Some(y.to_pixel(2.0))), [0, 1, 2]);
    }

    #[test]
    fn without_a_height_the_greatest_come_first() {
        assert_eq!(
            order(&picture(&[1.0, 9.0, 5.0], Mode::Lines), None),
            [1, 2, 0]
        );
    }

    #[test]
    fn in_a_stack_the_layer_under_the_pointer_comes_first() {
        // Layers reach from 0 to 1, from 1 to 9 and from 9 to 10.
        let picture = picture(&[1.0, 8.0, 1.0], Mode::Stacked);
        let y = picture.plot.y_scale(&picture.layout);
        assert_eq!(order(&picture, Some(y.to_pixel(2.0))).first(), Some(&1));
        assert_eq!(order(&picture, Some(y.to_pixel(9.5))).first(), Some(&2));
    }

    #[test]
    fn no_more_are_told_than_asked_for() {
        assert_eq!(
            readings(&picture(&[1.0; 20], Mode::Lines), 30.0, None, 12).len(),
            12
        );
    }
}
