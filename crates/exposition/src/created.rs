//! When counters began to count: the `_created` lines of an OpenMetrics page, taken out of it.
//!
//! Source: OpenMetrics 1.0, `_created`; Prometheus 3.14, `created-timestamp-zero-ingestion`.

use crate::encode::push_series;
use crate::event::{Event, Line, Place, Sample};
use crate::{Format, Parser, Result};
use model::{BUCKET_LABEL, Labels, MetricKind, QUANTILE_LABEL, TimestampMs};
use std::collections::HashMap;

/// A page without its `_created` lines.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CreatedPage {
    /// What is left of the page.
    pub text: Vec<u8>,
    /// When its series began.
    pub starts: Vec<Start>,
}

/// When a series began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The series: as the page writes it, or as the [id](crate::NativeHistogram::id) of a native histogram.
    pub id: Vec<u8>,
    /// When it was zero.
    pub time: TimestampMs,
    /// Whether it would be a native histogram.
    pub is_native: bool,
    kind: MetricKind,
}

impl Start {
    /// A sample of the series at its start, for its labels.
    pub fn sample(&self) -> Sample<'_> {
        Sample {
            id: &self.id,
            value: 0.0,
            timestamp: Some(self.time),
            exemplar: None,
            place: Place {
                page: &self.id,
                offset: 0,
                format: Format::OpenMetrics,
                kind: self.kind,
            },
        }
    }
}

/// Takes the `_created` lines of counters, histograms and summaries out of an OpenMetrics page.
///
/// # Errors
/// The first fault of the page.
pub fn take_created(text: &[u8]) -> Result<CreatedPage> {
    let mut page = CreatedPage {
        text: Vec::with_capacity(text.len()),
        starts: Vec::new(),
    };
    let mut family = Family::default();
    let mut parser = Parser::new(text, Format::OpenMetrics);
    loop {
        let start = parser.offset();
        let line = parser.next_line()?;
        let bytes = text.get(start..parser.offset()).unwrap_or(&[]);
        match line {
            Line::End => break,
            Line::Event(Event::Sample(sample)) => {
                if family.take(&sample)? {
                    continue;
                }
            }
            Line::Event(Event::Type { family: name, kind }) => {
                family.finish(&mut page.starts);
                family.name = name.into_owned();
                family.kind = kind;
            }
            Line::Event(_) | Line::Silent => {}
        }
        page.text.extend_from_slice(bytes);
    }
    family.finish(&mut page.starts);
    // The parser reads it together with the end.
    page.text.extend_from_slice(b"# EOF\n");
    Ok(page)
}

/// The family whose lines are being read.
struct Family {
    name: String,
    kind: MetricKind,
    created: HashMap<Labels, TimestampMs>,
    /// Own labels and text of each series.
    series: Vec<(Labels, Vec<u8>)>,
}

impl Default for Family {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: MetricKind::Unknown,
            created: HashMap::new(),
            series: Vec::new(),
        }
    }
}

impl Family {
    /// Looks at a line; whether it is a `_created` line.
    fn take(&mut self, sample: &Sample<'_>) -> Result<bool> {
        let counts = matches!(
            self.kind,
            MetricKind::Counter | MetricKind::Histogram | MetricKind::Summary
        );
        if !counts {
            return Ok(false);
        }
        let labels = sample.labels()?;
        let Some(suffix) = labels.metric_name().strip_prefix(&self.name) else {
            return Ok(false);
        };
        let is_created = suffix == "_created";
        let mut own = labels.without_metric_name().to_builder();
        own.remove(BUCKET_LABEL).remove(QUANTILE_LABEL);
        let own = own.build();
        if is_created {
            let time = TimestampMs::from_seconds(sample.value);
            self.created.insert(own, time);
        } else {
            self.series.push((own, sample.id.to_vec()));
        }
        Ok(is_created)
    }

    fn finish(&mut self, starts: &mut Vec<Start>) {
        let kind = self.kind;
        for (labels, id) in self.series.drain(..) {
            if let Some(time) = self.created.get(&labels) {
                starts.push(Start {
                    id,
                    time: *time,
                    is_native: false,
                    kind,
                });
            }
        }
        for (labels, time) in self.created.drain() {
            if kind != MetricKind::Histogram {
                continue;
            }
            let mut id = String::new();
            push_series(&mut id, &self.name, "", &labels);
            starts.push(Start {
                id: id.into_bytes(),
                time,
                is_native: true,
                kind,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn created_lines_go_and_tell_when_series_began() {
        let page = "# TYPE a counter\na_total{b=\"c\"} 5\na_created{b=\"c\"} 1.5\na_total{b=\"d\"} 6\n\
                    # TYPE g gauge\ng_created 7\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1\nh_created 2\n# EOF\n";
        let found = take_created(page.as_bytes()).unwrap();
        let text = "# TYPE a counter\na_total{b=\"c\"} 5\na_total{b=\"d\"} 6\n\
                    # TYPE g gauge\ng_created 7\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\nh_count 1\n# EOF\n";
        assert_eq!(String::from_utf8(found.text).unwrap(), text);
        let starts: Vec<String> = found
            .starts
            .iter()
            .map(|start| {
                let labels = start.sample().labels().unwrap();
                let native = if start.is_native { " native" } else { "" };
                format!("{labels} {}{native}", start.time)
            })
            .collect();
        assert_eq!(
            starts,
            [
                "a_total{b=\"c\"} 1500",
                "h_bucket{le=\"+Inf\"} 2000",
                "h_count 2000",
                "h 2000 native",
            ]
        );
    }

    #[test]
    fn a_fault_of_the_page_is_told_with_its_line() {
        let error = take_created(b"# TYPE a counter\na_total x\n# EOF\n").unwrap_err();
        assert_eq!(error.line, 2);
    }
}
