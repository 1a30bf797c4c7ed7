//! The answer of a range query, as charts need it.

use crate::fmt;
use api_types::{HistogramPair, LabelMap, MatrixSeries};
use chart::{Bucket, Column, Point, Unit, assign_slots, label_hash};
use std::collections::BTreeMap;

/// One series of a chart.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartSeries {
    /// Labels.
    pub labels: LabelMap,
    /// As PromQL writes it.
    pub name: String,
    /// The labels that tell it from the others; the whole name for a lone series.
    pub short: String,
    /// Colour.
    pub slot: usize,
    /// Ordering: times rise.
    pub points: Vec<Point>,
    /// What the legend tells of it.
    pub summary: Summary,
    /// Native histograms; their sums are the points.
    pub histograms: Vec<HistogramPair>,
}

/// The last, least, greatest and mean of a series' finite values; `NaN` if there are none.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Last value.
    pub last: f64,
    /// Least.
    pub min: f64,
    /// Greatest.
    pub max: f64,
    /// Mean.
    pub mean: f64,
}

/// An evaluation over a range of time.
#[derive(Debug, Clone, PartialEq)]
pub struct ChartData {
    /// Units: seconds since the epoch.
    pub start: f64,
    /// Units: seconds since the epoch.
    pub end: f64,
    /// Units: seconds.
    pub step: f64,
    /// Ordering: as the server sends them.
    pub series: Vec<ChartSeries>,
    /// The labels that all series share, as a selector; empty if there are none or one series only.
    pub shared: String,
    /// The unit that the metric's name tells.
    pub unit: Unit,
}

impl ChartData {
    /// Whether there is a native histogram among the samples.
    pub fn has_histograms(&self) -> bool {
        self.series.iter().any(|s| !s.histograms.is_empty())
    }

    /// The histograms of all series added up, time by time. Ordering: times rise.
    pub fn columns(&self) -> Vec<Column> {
        let mut columns: BTreeMap<u64, Column> = BTreeMap::new();
        for pair in self.series.iter().flat_map(|s| &s.histograms) {
            // Times are positive, and then their bits rise with them.
            let column = columns
                .entry(pair.time.to_bits())
                .or_insert_with(|| Column {
                    time: pair.time,
                    buckets: Vec::new(),
                });
            for bucket in &pair.histogram.buckets {
                let same = |other: &&mut Bucket| {
                    other.lower == bucket.lower && other.upper == bucket.upper
                };
                match column.buckets.iter_mut().find(same) {
                    Some(other) => other.count += bucket.count,
                    None => column.buckets.push(Bucket {
                        lower: bucket.lower,
                        upper: bucket.upper,
                        count: bucket.count,
                    }),
                }
            }
        }
        columns.into_values().collect()
    }

    /// Names, colours and summaries for the series of a matrix.
    pub fn new(matrix: Vec<MatrixSeries>, (start, end): (f64, f64), step: f64) -> Self {
        let hashes: Vec<u64> = matrix
            .iter()
            .map(|s| label_hash(s.metric.iter().map(|(n, v)| (n.as_str(), v.as_str()))))
            .collect();
        let slots = assign_slots(&hashes);
        let shared = shared_labels(&matrix);
        let unit = common_unit(&matrix);
        let series = matrix
            .into_iter()
            .zip(slots)
            .map(|(series, slot)| {
                let points = points(&series);
                ChartSeries {
                    name: fmt::series(&series.metric),
                    short: short_name(&series.metric, &shared),
                    slot,
                    summary: Summary::of(&points),
                    points,
                    histograms: series.histograms,
                    labels: series.metric,
                }
            })
            .collect();
        let shared = if shared.is_empty() {
            String::new()
        } else {
            fmt::series(&shared)
        };
        Self {
            start,
            end,
            step,
            series,
            shared,
            unit,
        }
    }
}

/// Values, and the sums of histograms.
fn points(series: &MatrixSeries) -> Vec<Point> {
    let mut points: Vec<Point> = series
        .values
        .iter()
        .map(|p| Point {
            time: p.time,
            value: p.value,
        })
        .collect();
    points.extend(series.histograms.iter().map(|h| Point {
        time: h.time,
        value: h.histogram.sum,
    }));
    if !series.histograms.is_empty() {
        points.sort_by(|a, b| a.time.total_cmp(&b.time));
    }
    points
}

/// What all of several series have in common.
fn shared_labels(matrix: &[MatrixSeries]) -> LabelMap {
    let [first, rest @ ..] = matrix else {
        return LabelMap::new();
    };
    if rest.is_empty() {
        return LabelMap::new();
    }
    let everywhere = |(name, value): &(&String, &String)| {
        rest.iter().all(|s| s.metric.get(*name) == Some(*value))
    };
    first
        .metric
        .iter()
        .filter(everywhere)
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect()
}

fn short_name(labels: &LabelMap, shared: &LabelMap) -> String {
    let own: LabelMap = labels
        .iter()
        .filter(|(name, _)| !shared.contains_key(*name))
        .map(|(n, v)| (n.clone(), v.clone()))
        .collect();
    fmt::series(&own)
}

fn common_unit(matrix: &[MatrixSeries]) -> Unit {
    let mut units = matrix.iter().map(|s| {
        s.metric
            .get("__name__")
            .map_or(Unit::Number, |n| Unit::of_metric(n))
    });
    let first = units.next().unwrap_or_default();
    if units.all(|unit| unit == first) {
        first
    } else {
        Unit::Number
    }
}

impl Summary {
    fn of(points: &[Point]) -> Self {
        let mut summary = Self {
            last: f64::NAN,
            min: f64::NAN,
            max: f64::NAN,
            mean: f64::NAN,
        };
        let mut count = 0.0;
        let mut sum = 0.0;
        for value in points.iter().map(|p| p.value).filter(|v| v.is_finite()) {
            summary.last = value;
            // `min` and `max` of NaN and a number are the number.
            summary.min = summary.min.min(value);
            summary.max = summary.max.max(value);
            sum += value;
            count += 1.0;
        }
        summary.mean = sum / count;
        summary
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use api_types::SamplePair;

    fn series(labels: &[(&str, &str)], values: &[f64]) -> MatrixSeries {
        MatrixSeries {
            metric: labels
                .iter()
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect(),
            values: values
                .iter()
                .zip(0u32..)
                .map(|(&value, i)| SamplePair {
                    time: f64::from(i),
                    value,
                })
                .collect(),
            histograms: Vec::new(),
        }
    }

    #[test]
    fn shared_labels_are_told_once() {
        let data = ChartData::new(
            vec![
                series(
                    &[("__name__", "up"), ("job", "a"), ("instance", "1")],
                    &[1.0],
                ),
                series(
                    &[("__name__", "up"), ("job", "a"), ("instance", "2")],
                    &[1.0],
                ),
            ],
            (0.0, 1.0),
            1.0,
        );
        assert_eq!(data.shared, r#"up{job="a"}"#);
        assert_eq!(data.series[0].short, r#"{instance="1"}"#);
        assert_eq!(data.series[1].name, r#"up{instance="2", job="a"}"#);
    }

    #[test]
    fn a_lone_series_keeps_its_name() {
        let data = ChartData::new(
            vec![series(&[("__name__", "x_bytes")], &[1.0])],
            (0.0, 1.0),
            1.0,
        );
        assert_eq!(
            (data.series[0].short.as_str(), data.shared.as_str()),
            ("x_bytes", "")
        );
        assert_eq!(data.unit, Unit::Bytes);
    }

    #[test]
    fn summaries_pass_over_what_is_not_finite() {
        let points: Vec<Point> = [1.0, f64::NAN, 3.0, f64::INFINITY]
            .iter()
            .map(|&value| Point { time: 0.0, value })
            .collect();
        assert_eq!(
            Summary::of(&points),
            Summary {
                last: 3.0,
                min: 1.0,
                max: 3.0,
                mean: 2.0
            }
        );
        assert!(Summary::of(&[]).mean.is_nan());
    }

    #[test]
    fn mixed_units_are_plain_numbers() {
        let data = ChartData::new(
            vec![
                series(&[("__name__", "a_bytes")], &[1.0]),
                series(&[("__name__", "b_seconds")], &[1.0]),
            ],
            (0.0, 1.0),
            1.0,
        );
        assert_eq!(data.unit, Unit::Number);
    }
}
