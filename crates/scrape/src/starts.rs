//! Zeros at the times when counters began to count, so that what they counted before their first scrape is not
//! lost.
//!
//! Source: Prometheus 3.14, `created-timestamp-zero-ingestion`.

use crate::error::Result;
use crate::merge::series_labels;
use crate::target::Target;
use config::ScrapeConfig;
use exposition::{NativeHistogram, Start};
use model::{Histogram, TimestampMs};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use storage::{Appender, HistogramSample, LooseSample};

/// When the series of one target began, as far as the storage was told.
#[derive(Debug, Default)]
pub(crate) struct Starts {
    told: HashMap<Vec<u8>, TimestampMs>,
}

/// What reading needs beside the page.
pub(crate) struct StartScan<'a> {
    pub(crate) config: &'a ScrapeConfig,
    pub(crate) target: &'a Target,
    pub(crate) appender: &'a dyn Appender,
    /// Native histograms of the page.
    pub(crate) native: &'a [NativeHistogram],
    /// Time of the scrape.
    pub(crate) time: TimestampMs,
}

impl Starts {
    /// Stores a zero for each series that began before this scrape and is not known to. What the storage has
    /// newer samples of, it leaves as it is.
    ///
    /// # Errors
    /// What the storage says; labels that are at fault.
    pub(crate) fn store(&mut self, starts: &[Start], scan: &StartScan<'_>) -> Result<()> {
        let native: HashSet<&[u8]> = scan.native.iter().map(|one| one.id.as_slice()).collect();
        let mut told = HashMap::with_capacity(starts.len());
        let (mut zeros, mut empty) = (Vec::new(), Vec::new());
        for start in starts {
            let is_there = !start.is_native || native.contains(start.id.as_slice());
            if !is_there || start.time >= scan.time {
                continue;
            }
            told.insert(start.id.clone(), start.time);
            if self.told.get(&start.id) == Some(&start.time) {
                continue;
            }
            let labels = series_labels(&start.sample(), scan.config, &scan.target.labels)?;
            let Some(labels) = labels else { continue };
            // What the storage refuses now, it refuses with the sample, which is counted.
            let Some(Ok(series)) = scan.appender.register(&[labels])?.pop() else {
                continue;
            };
            let time = start.time;
            if start.is_native {
                empty.push(HistogramSample {
                    series,
                    time,
                    histogram: Arc::new(Histogram::default()),
                });
            } else {
                zeros.push(LooseSample {
                    series,
                    time,
                    value: 0.0,
                });
            }
        }
        if !zeros.is_empty() {
            scan.appender.append_loose(&zeros)?;
        }
        if !empty.is_empty() {
            scan.appender.append_histograms(&empty)?;
        }
        self.told = told;
        Ok(())
    }
}
