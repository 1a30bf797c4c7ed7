//! Classic histograms, stored as native ones with the same bounds.
//!
//! Source: Prometheus 3.14, `util/convertnhcb`.

use crate::ScriptError;
use crate::command::Load;
use crate::error::Result;
use crate::notation::Slot;
use model::{BUCKET_LABEL, CUSTOM_BUCKETS_SCHEMA, Histogram, Labels, METRIC_NAME};
use promql::HistogramTotal;
use std::collections::BTreeMap;

/// What is known of one histogram at one time.
#[derive(Debug, Default)]
struct Parts {
    /// Upper bound and count up to it.
    buckets: Vec<(f64, f64)>,
    count: Option<f64>,
    sum: f64,
}

/// The native histograms of all classic ones that are loaded.
pub(crate) fn native(load: &Load) -> Result<BTreeMap<Labels, Vec<(i64, Histogram)>>> {
    let mut found: BTreeMap<Labels, BTreeMap<i64, Parts>> = BTreeMap::new();
    for (described, _) in &load.series {
        let name = described.labels.metric_name();
        let bound = described.labels.get(BUCKET_LABEL);
        let (base, put): (&str, Put) = if let Some(base) = name.strip_suffix("_bucket") {
            match bound.and_then(|bound| model::parse_value(bound).ok()) {
                Some(upper) if !upper.is_nan() => (base, Put::Bucket(upper)),
                _ => continue,
            }
        } else if let Some(base) = name.strip_suffix("_count") {
            (base, Put::Count)
        } else if let Some(base) = name.strip_suffix("_sum") {
            (base, Put::Sum)
        } else {
            continue;
        };
        let mut builder = described.labels.to_builder();
        builder.set(METRIC_NAME, base).remove(BUCKET_LABEL);
        let times = found.entry(builder.build()).or_default();
        for (time, slot) in (0_i64..).map(|k| k * load.step).zip(&described.slots) {
            if let Slot::Value(value) = slot {
                put.into(times.entry(time).or_default(), *value);
            }
        }
    }
    found
        .into_iter()
        .map(|(labels, times)| {
            let all = times.into_iter().map(|(time, parts)| {
                parts
                    .finish()
                    .map(|histogram| (time, histogram))
                    .map_err(|problem| ScriptError::NoHistogram {
                        series: labels.to_string(),
                        time,
                        problem,
                    })
            });
            let all = all.collect::<Result<Vec<_>>>()?;
            Ok((labels, all))
        })
        .collect()
}

/// Which part of a histogram a series holds.
#[derive(Debug, Clone, Copy)]
enum Put {
    Bucket(f64),
    Count,
    Sum,
}

impl Put {
    fn into(self, parts: &mut Parts, value: f64) {
        match self {
            Self::Bucket(upper) => parts.buckets.push((upper, value)),
            Self::Count => parts.count = Some(value),
            Self::Sum => parts.sum = value,
        }
    }
}

impl Parts {
    fn finish(mut self) -> std::result::Result<Histogram, &'static str> {
        self.buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
        self.buckets.dedup_by(|next, kept| next.0 == kept.0);
        if self.buckets.iter().any(|(_, count)| *count < 0.0) {
            return Err("a count is below zero");
        }
        if !self.buckets.is_sorted_by(|a, b| a.1 <= b.1) {
            return Err("counts fall");
        }
        let highest = self.buckets.last().map_or(0.0, |last| last.1);
        let count = self.count.unwrap_or(highest);
        if self
            .buckets
            .last()
            .is_none_or(|last| last.0 != f64::INFINITY)
        {
            self.buckets.push((f64::INFINITY, count));
        } else if count != highest {
            return Err("the count is not that of the last bucket");
        }
        let mut before = 0.0;
        let counts = self.buckets.iter().map(|(_, count)| {
            let own = count - before;
            before = *count;
            own
        });
        let positive_buckets: Vec<f64> = counts.collect();
        let bounds = self.buckets.iter().map(|(upper, _)| *upper);
        let histogram = Histogram {
            schema: CUSTOM_BUCKETS_SCHEMA,
            count,
            sum: self.sum,
            positive_spans: vec![model::Span {
                offset: 0,
                length: u32::try_from(positive_buckets.len()).unwrap_or(u32::MAX),
            }],
            positive_buckets,
            custom_values: bounds.filter(|upper| *upper != f64::INFINITY).collect(),
            ..Histogram::default()
        };
        Ok(HistogramTotal::of(&histogram).finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn running_counts_become_counts_of_buckets() {
        let parts = Parts {
            buckets: vec![(2.0, 3.0), (1.0, 1.0), (f64::INFINITY, 7.0)],
            count: Some(7.0),
            sum: 20.0,
        };
        let histogram = parts.finish().unwrap();
        assert_eq!(histogram.custom_values, [1.0, 2.0]);
        assert_eq!(histogram.positive_buckets, [1.0, 2.0, 4.0]);
        assert_eq!((histogram.count, histogram.sum), (7.0, 20.0));
    }

    #[test]
    fn contradicting_counts_make_no_histogram() {
        let parts = |buckets: &[(f64, f64)], count| Parts {
            buckets: buckets.to_vec(),
            count,
            sum: 0.0,
        };
        assert!(parts(&[(1.0, 5.0), (2.0, 3.0)], None).finish().is_err());
        assert!(parts(&[(f64::INFINITY, 5.0)], Some(4.0)).finish().is_err());
        assert!(parts(&[(1.0, -5.0)], None).finish().is_err());
        assert!(parts(&[], Some(4.0)).finish().is_ok());
    }
}
