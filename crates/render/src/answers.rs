//! Answers of the API as panels take them.

use api_types::{LabelMap, QueryData};
use dashboard::AnswerSeries;
use model::Labels;

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
