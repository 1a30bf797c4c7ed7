//! Input series, given to the storage little by little.

use crate::Result;
use model::{DurationMs, Labels, TimestampMs};
use promqltest::TestSample;
use storage::{Column, MemStorage};

/// One series with what of it was not stored yet.
pub(crate) struct InputSeries {
    labels: Labels,
    samples: std::iter::Peekable<std::vec::IntoIter<(i64, TestSample)>>,
}

impl InputSeries {
    /// Reads a series; its first sample is at `start`, the others follow in steps of `interval`.
    pub(crate) fn parse(
        series: &str,
        values: &str,
        start: TimestampMs,
        interval: DurationMs,
    ) -> Result<Self> {
        let labels = promql_syntax::parse_metric(series)?;
        let samples = promqltest::parse_samples(values)?;
        let times = (0_i64..).map(|k| start.0.saturating_add(k.saturating_mul(interval.0)));
        let timed: Vec<(i64, TestSample)> = times.zip(samples).collect();
        Ok(Self {
            labels,
            samples: timed.into_iter().peekable(),
        })
    }

    /// Stores the samples up to `until`, which is included.
    pub(crate) fn store(&mut self, until: TimestampMs, storage: &MemStorage) -> Result<()> {
        let mut column = Column::default();
        while let Some((time, sample)) = self.samples.next_if(|(time, _)| *time <= until.0) {
            match sample {
                TestSample::Missing => {}
                TestSample::Value(value) => column.push(time, value),
                TestSample::Histogram(histogram) => column.push_histogram(time, histogram),
            }
        }
        if !column.is_empty() {
            storage.add_column(&self.labels, &column)?;
        }
        Ok(())
    }
}
