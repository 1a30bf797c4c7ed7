//! Summaries: sums, counts, and quantiles of the newest observations.

use model::{Labels, MetricFamily, MetricKind, Point, QUANTILE_LABEL};
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Observations that quantiles are computed from, the newest ones.
const WINDOW: usize = 512;

/// Summaries of one family, told apart by the values of labels. Clones share them. For what happens some times a
/// second at most: an observation takes a lock.
#[derive(Debug, Clone)]
pub struct SummaryVec {
    names: Arc<[&'static str]>,
    quantiles: Arc<[f64]>,
    members: Arc<Mutex<BTreeMap<Labels, Observed>>>,
}

impl SummaryVec {
    pub(crate) fn new(names: &[&'static str], quantiles: &[f64]) -> Self {
        Self {
            names: names.into(),
            quantiles: quantiles.into(),
            members: Arc::default(),
        }
    }

    /// Notes an observation.
    ///
    /// Shape: `values` in the order of the labels that the family was made with.
    pub fn observe(&self, values: &[&str], observation: f64) {
        let labels = self.labels(values);
        let mut members = self.members.lock();
        members.entry(labels).or_default().observe(observation);
    }

    /// Forgets the summary of these values.
    pub fn remove(&self, values: &[&str]) {
        self.members.lock().remove(&self.labels(values));
    }

    fn labels(&self, values: &[&str]) -> Labels {
        Labels::from_pairs(self.names.iter().zip(values))
    }

    pub(crate) fn gather(&self, name: &str, help: &str) -> MetricFamily {
        let mut family = MetricFamily::new(name, MetricKind::Summary, help);
        for (labels, observed) in self.members.lock().iter() {
            family
                .points
                .extend(observed.points(labels, &self.quantiles));
        }
        family
    }
}

#[derive(Debug, Default)]
struct Observed {
    recent: VecDeque<f64>,
    sum: f64,
    count: f64,
}

impl Observed {
    fn observe(&mut self, observation: f64) {
        self.sum += observation;
        self.count += 1.0;
        if self.recent.len() == WINDOW {
            self.recent.pop_front();
        }
        self.recent.push_back(observation);
    }

    fn points(&self, labels: &Labels, quantiles: &[f64]) -> Vec<Point> {
        let mut sorted: Vec<f64> = self.recent.iter().copied().collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().saturating_sub(1);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of WINDOW"
        )]
        let at = |quantile: f64| (last as f64 * quantile).round() as usize;
        let point = |suffix, labels, value| Point {
            suffix,
            labels,
            value,
        };
        let mut points: Vec<Point> = quantiles
            .iter()
            .map(|quantile| {
                let mut builder = labels.to_builder();
                builder.set(QUANTILE_LABEL, &quantile.to_string());
                let value = sorted.get(at(*quantile)).copied().unwrap_or(f64::NAN);
                point("", builder.build(), value)
            })
            .collect();
        points.push(point("_sum", labels.clone(), self.sum));
        points.push(point("_count", labels.clone(), self.count));
        points
    }
}

#[cfg(test)]
mod tests {
    use crate::Registry;

    #[test]
    fn observations_become_quantiles_sum_and_count() {
        let registry = Registry::default();
        let quantiles = [0.01, 0.05, 0.5, 0.9, 0.99];
        let lengths = registry.summary_vec("length_seconds", "Lengths.", &["interval"], &quantiles);
        for seconds in 1..=100 {
            lengths.observe(&["15s"], f64::from(seconds));
        }
        let family = registry.gather().remove(0);
        let values: Vec<(&str, f64)> = family
            .points
            .iter()
            .map(|point| (point.suffix, point.value))
            .collect();
        assert_eq!(
            values,
            [
                ("", 2.0),
                ("", 6.0),
                ("", 51.0),
                ("", 90.0),
                ("", 99.0),
                ("_sum", 5050.0),
                ("_count", 100.0)
            ]
        );
        assert_eq!(
            family.points[0].labels.to_string(),
            r#"{interval="15s", quantile="0.01"}"#
        );
        lengths.remove(&["15s"]);
        assert!(registry.gather().is_empty());
    }
}
