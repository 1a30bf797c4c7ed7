//! Answers of the API as panels take them.

use api_types::{BatchSeries, HistogramPair, LabelMap, QueryData};
use dashboard::{AnswerSeries, NativeBucket};
use model::Labels;

/// What a query is answered with, as panels take it ([`crate::Plan::answer`]).
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// Series; of native histograms, their sums.
    pub series: Vec<AnswerSeries>,
    /// The buckets of native histograms by their times. Units: milliseconds since the epoch.
    pub histograms: Vec<(f64, Vec<NativeBucket>)>,
}

impl From<&QueryData> for Reply {
    fn from(data: &QueryData) -> Self {
        Self {
            series: series_of(data),
            histograms: histograms_of(data),
        }
    }
}

impl From<Vec<BatchSeries>> for Reply {
    fn from(series: Vec<BatchSeries>) -> Self {
        let series = series.into_iter().map(|one| AnswerSeries {
            labels: Labels::from_pairs(one.labels),
            times: one.times,
            values: one.values,
        });
        Self {
            series: series.collect(),
            histograms: Vec::new(),
        }
    }
}

fn labels_of(map: &LabelMap) -> Labels {
    Labels::from_pairs(map.iter())
}

/// The series of an answer; of native histograms, their sums.
pub fn series_of(data: &QueryData) -> Vec<AnswerSeries> {
    let lone = |labels: Labels, time: f64, value: f64| AnswerSeries {
        labels,
        times: vec![time * 1e3],
        values: vec![value],
    };
    match data {
        QueryData::Vector(samples) => samples
            .iter()
            .filter_map(|sample| {
                let labels = labels_of(&sample.metric);
                let own = sample.value.map(|pair| (pair.time, pair.value));
                let sum = sample
                    .histogram
                    .as_ref()
                    .map(|pair| (pair.time, pair.histogram.sum));
                own.or(sum).map(|(time, value)| lone(labels, time, value))
            })
            .collect(),
        QueryData::Matrix(series) => series
            .iter()
            .map(|series| {
                let mut points: Vec<(f64, f64)> = series
                    .values
                    .iter()
                    .map(|pair| (pair.time * 1e3, pair.value))
                    .collect();
                let sums = series.histograms.iter();
                points.extend(sums.map(|pair| (pair.time * 1e3, pair.histogram.sum)));
                points.sort_by(|a, b| a.0.total_cmp(&b.0));
                let (times, values) = points.into_iter().unzip();
                AnswerSeries {
                    labels: labels_of(&series.metric),
                    times,
                    values,
                }
            })
            .collect(),
        QueryData::Scalar(pair) => vec![lone(Labels::empty(), pair.time, pair.value)],
        QueryData::String((time, _)) => vec![lone(Labels::empty(), *time, f64::NAN)],
    }
}

fn histograms_of(data: &QueryData) -> Vec<(f64, Vec<NativeBucket>)> {
    let one = |pair: &HistogramPair| {
        let buckets = pair.histogram.buckets.iter().map(|bucket| NativeBucket {
            low: bucket.lower,
            high: bucket.upper,
            count: bucket.count,
        });
        (pair.time * 1e3, buckets.collect())
    };
    match data {
        QueryData::Vector(samples) => samples
            .iter()
            .filter_map(|sample| sample.histogram.as_ref().map(one))
            .collect(),
        QueryData::Matrix(series) => series
            .iter()
            .flat_map(|series| series.histograms.iter().map(one))
            .collect(),
        QueryData::Scalar(_) | QueryData::String(_) => Vec::new(),
    }
}
