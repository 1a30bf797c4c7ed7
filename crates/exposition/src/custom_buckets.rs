//! Classic histograms as native ones with custom buckets.
//!
//! Source: Prometheus 3.14, `convert_classic_histograms_to_nhcb` in its documentation.

use crate::encode::push_series;
use crate::event::{Event, Line, Sample};
use crate::protobuf::{NativeExemplar, NativeHistogram};
use crate::{Format, Parser, Result};
use model::{
    BUCKET_LABEL, CUSTOM_BUCKETS_SCHEMA, Histogram, Labels, MetricKind, Span, TimestampMs,
};
use std::collections::HashSet;
use std::ops::Range;

/// Whether classic histograms stay on the page beside what is made of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Classic {
    /// They go.
    Replaced,
    /// They stay.
    Kept,
}

/// A page whose classic histograms were converted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ConvertedPage {
    /// What is left of the page.
    pub text: Vec<u8>,
    /// What was made of classic histograms. Ordering: as on the page.
    pub histograms: Vec<NativeHistogram>,
}

/// Makes native histograms with custom buckets of the classic ones of a page. Those of series that are among
/// `native` already, and buckets that contradict each other, stay what they are.
///
/// # Errors
/// The first fault of the page.
pub fn convert_classic(
    text: &[u8],
    format: Format,
    native: &[NativeHistogram],
    classic: Classic,
) -> Result<ConvertedPage> {
    let mut converter = Converter {
        native: native.iter().map(|one| one.id.as_slice()).collect(),
        text,
        out: Vec::with_capacity(text.len()),
        made: Vec::new(),
        family: String::new(),
        current: None,
        classic,
    };
    converter.read(format)?;
    Ok(ConvertedPage {
        text: converter.out,
        histograms: converter.made,
    })
}

struct Converter<'p> {
    /// Series that are native already.
    native: HashSet<&'p [u8]>,
    text: &'p [u8],
    out: Vec<u8>,
    made: Vec<NativeHistogram>,
    /// The family of the last `# TYPE` line if it is a histogram; else empty.
    family: String,
    /// The histogram whose lines are being read.
    current: Option<Collected>,
    classic: Classic,
}

/// The lines of one classic histogram.
#[derive(Default)]
struct Collected {
    labels: Labels,
    lines: Vec<Range<usize>>,
    /// Upper bounds and cumulative counts. Ordering: as on the page.
    buckets: Vec<(f64, f64)>,
    count: Option<f64>,
    sum: Option<f64>,
    time: Option<TimestampMs>,
    exemplars: Vec<NativeExemplar>,
}

/// What a line says about a histogram.
enum Part {
    Bucket(f64),
    Count,
    Sum,
}

impl<'p> Converter<'p> {
    fn read(&mut self, format: Format) -> Result<()> {
        let mut parser = Parser::new(self.text, format);
        loop {
            let start = parser.offset();
            let line = parser.next_line()?;
            let range = start..parser.offset();
            match line {
                Line::End => break,
                Line::Event(Event::Sample(sample)) => self.take_sample(&sample, range)?,
                Line::Event(Event::Type { family, kind }) => {
                    self.finish();
                    self.family.clear();
                    if kind == MetricKind::Histogram {
                        self.family.push_str(&family);
                    }
                    self.keep(range);
                }
                Line::Event(_) | Line::Silent => {
                    self.finish();
                    self.keep(range);
                }
            }
        }
        self.finish();
        if format == Format::OpenMetrics {
            // The parser reads it together with the end.
            self.out.extend_from_slice(b"# EOF\n");
        }
        Ok(())
    }

    fn take_sample(&mut self, sample: &Sample<'p>, range: Range<usize>) -> Result<()> {
        if self.family.is_empty() {
            self.keep(range);
            return Ok(());
        }
        let labels = sample.labels()?;
        let Some(part) = self.part(&labels) else {
            self.finish();
            self.keep(range);
            return Ok(());
        };
        let mut own = labels.without_metric_name().to_builder();
        own.remove(BUCKET_LABEL);
        let own = own.build();
        if self.current.as_ref().is_none_or(|have| have.labels != own) {
            self.finish();
            self.current = Some(Collected {
                labels: own,
                ..Collected::default()
            });
        }
        let Some(current) = &mut self.current else {
            return Ok(());
        };
        current.lines.push(range);
        current.time = sample.timestamp;
        match part {
            Part::Bucket(bound) => current.buckets.push((bound, sample.value)),
            Part::Count => current.count = Some(sample.value),
            Part::Sum => current.sum = Some(sample.value),
        }
        if let Some(exemplar) = &sample.exemplar
            && let Some(timestamp) = exemplar.timestamp
        {
            current.exemplars.push(NativeExemplar {
                labels: exemplar.labels()?,
                value: exemplar.value,
                timestamp,
            });
        }
        Ok(())
    }

    /// What a series of the current family is to its histogram; nothing if it is no part of one.
    fn part(&self, labels: &Labels) -> Option<Part> {
        let suffix = labels.metric_name().strip_prefix(self.family.as_str())?;
        let bound = labels.get(BUCKET_LABEL);
        match (suffix, bound) {
            ("_bucket", Some(bound)) => {
                let bound: f64 = bound.parse().ok()?;
                (!bound.is_nan()).then_some(Part::Bucket(bound))
            }
            ("_count", None) => Some(Part::Count),
            ("_sum", None) => Some(Part::Sum),
            _ => None,
        }
    }

    /// Ends the histogram that is being read.
    fn finish(&mut self) {
        let Some(collected) = self.current.take() else {
            return;
        };
        let mut id = String::new();
        push_series(&mut id, &self.family, "", &collected.labels);
        let id = id.into_bytes();
        let histogram = (!self.native.contains(id.as_slice()))
            .then(|| collected.histogram())
            .flatten();
        if histogram.is_none() || self.classic == Classic::Kept {
            for range in collected.lines {
                self.keep(range);
            }
        }
        let Some(histogram) = histogram else {
            return;
        };
        let (timestamp, exemplars) = (collected.time, collected.exemplars);
        let kind = MetricKind::Histogram;
        self.made.push(NativeHistogram::new(
            id, histogram, timestamp, exemplars, kind,
        ));
    }

    fn keep(&mut self, range: Range<usize>) {
        let line = self.text.get(range).unwrap_or(&[]);
        self.out.extend_from_slice(line);
    }
}

impl Collected {
    /// The histogram; nothing if its lines contradict each other.
    fn histogram(&self) -> Option<Histogram> {
        let mut bounds: Vec<f64> = Vec::new();
        let mut counts: Vec<f64> = Vec::new();
        let mut before = 0.0;
        for (bound, cumulative) in &self.buckets {
            if bounds.last() == Some(bound) {
                // Said twice: the first one counts.
                continue;
            }
            if bounds.last().is_some_and(|last| bound < last) || *cumulative < before {
                return None;
            }
            bounds.push(*bound);
            counts.push(cumulative - before);
            before = *cumulative;
        }
        let count = self.count.unwrap_or(before);
        if bounds.last() == Some(&f64::INFINITY) {
            bounds.pop();
            if count != before {
                return None;
            }
        } else {
            if count < before {
                return None;
            }
            counts.push(count - before);
        }
        if counts.iter().any(|count| !count.is_finite()) {
            return None;
        }
        let length = u32::try_from(counts.len()).ok()?;
        Some(Histogram {
            schema: CUSTOM_BUCKETS_SCHEMA,
            count,
            sum: self.sum.unwrap_or(0.0),
            positive_spans: vec![Span { offset: 0, length }],
            positive_buckets: counts,
            custom_values: bounds,
            ..Histogram::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stays of a page, and the histograms with their bounds, buckets and sums.
    #[track_caller]
    fn check(format: Format, page: &str, classic: Classic, stays: &str, made: &[&str]) {
        let page = convert_classic(page.as_bytes(), format, &[], classic).unwrap();
        assert_eq!(String::from_utf8_lossy(&page.text), stays);
        let found = page.histograms.iter().map(|one| {
            let Histogram {
                custom_values,
                positive_buckets,
                count,
                sum,
                ..
            } = &one.histogram;
            let id = String::from_utf8_lossy(&one.id);
            let time = one
                .timestamp
                .map_or(String::new(), |time| format!(" @{}", time.0));
            format!("{id} {custom_values:?} {positive_buckets:?} {count} {sum}{time}")
        });
        assert_eq!(found.collect::<Vec<_>>(), made);
    }

    const PAGE: &str = "# TYPE a gauge\na_bucket{le=\"1\"} 1\n# HELP h Help.\n# TYPE h histogram\n\
        h_bucket{c=\"x\",le=\"0.5\"} 1\nh_bucket{c=\"x\",le=\"1\"} 3\nh_bucket{c=\"x\",le=\"+Inf\"} 4\nh_sum{c=\"x\"} 2.5\n\
        h_count{c=\"x\"} 4\nh_bucket{c=\"y\",le=\"1\"} 0\nh_count{c=\"y\"} 2\nh_created 5\nb 7\n";
    const MADE: [&str; 2] = [
        "h{c=\"x\"} [0.5, 1.0] [1.0, 2.0, 1.0] 4 2.5",
        "h{c=\"y\"} [1.0] [0.0, 2.0] 2 0",
    ];

    #[test]
    fn classic_histograms_give_way_and_everything_else_stays() {
        let rest = "# TYPE a gauge\na_bucket{le=\"1\"} 1\n# HELP h Help.\n# TYPE h histogram\nh_created 5\nb 7\n";
        check(Format::Text, PAGE, Classic::Replaced, rest, &MADE);
        check(Format::Text, PAGE, Classic::Kept, PAGE, &MADE);
    }

    #[test]
    fn an_open_metrics_page_still_ends_as_one() {
        let page = "# TYPE h histogram\nh_bucket{le=\"+Inf\"} 4 1.5 # {id=\"t\"} 0.3 1.25\n# EOF\n";
        let rest = "# TYPE h histogram\n# EOF\n";
        let made = ["h [] [4.0] 4 0 @1500"];
        check(Format::OpenMetrics, page, Classic::Replaced, rest, &made);
        let format = Format::OpenMetrics;
        let page = convert_classic(page.as_bytes(), format, &[], Classic::Replaced);
        let exemplars = &page.unwrap().histograms[0].exemplars;
        assert_eq!(exemplars[0].labels.get("id"), Some("t"));
    }

    #[test]
    fn buckets_that_contradict_each_other_stay_classic() {
        for lines in [
            "h_bucket{le=\"1\"} 3\nh_bucket{le=\"2\"} 2\n",
            "h_bucket{le=\"2\"} 1\nh_bucket{le=\"1\"} 2\n",
            "h_bucket{le=\"+Inf\"} 1\nh_count 2\n",
            "h_bucket{le=\"1\"} 3\nh_count 2\n",
        ] {
            let page = format!("# TYPE h histogram\n{lines}");
            check(Format::Text, &page, Classic::Replaced, &page, &[]);
        }
    }

    #[test]
    fn a_fault_of_the_page_is_told_with_its_line() {
        let page = b"# TYPE h histogram\nh_bucket{le=\"1\"} x\n";
        let error = convert_classic(page, Format::Text, &[], Classic::Replaced).unwrap_err();
        assert_eq!(error.line, 2);
    }

    #[test]
    fn a_series_that_is_native_already_is_not_converted() {
        let page = b"# TYPE h histogram\nh_bucket{le=\"1\"} 1\n";
        let found = convert_classic(page, Format::Text, &[], Classic::Replaced).unwrap();
        let again = convert_classic(page, Format::Text, &found.histograms, Classic::Replaced);
        let again = again.unwrap();
        assert_eq!(
            (again.text.as_slice(), again.histograms.len()),
            (&page[..], 0)
        );
    }
}
