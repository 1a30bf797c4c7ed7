//! The text of one series: `name{label="value"}` or `{"name", label="value"}`.

use crate::cursor::{Colons, Cursor, expected_in};
use crate::number;
use crate::{Format, Reason};
use model::{BUCKET_LABEL, Labels, LabelsBuilder, METRIC_NAME, MetricKind, QUANTILE_LABEL};
use std::borrow::Cow;

/// Length of the series text at the beginning of `line`, which ends before the blank or value that
/// follows it. Looks at quotes and braces only; [`parse`] does the rest when it is needed.
pub(crate) fn id_length(line: &[u8], end: usize) -> Result<usize, Reason> {
    let first = line.get(..end).unwrap_or(line);
    let Some(at) = memchr::memchr3(b' ', b'\t', b'{', first) else {
        return Ok(first.len());
    };
    // Text pages may have blanks between the name and the brace.
    let blanks = first
        .iter()
        .skip(at)
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    if first.get(at + blanks) != Some(&b'{') {
        return Ok(at);
    }
    let mut from = at + blanks + 1;
    loop {
        // A quoted value may hold line ends, so this looks past the line.
        let rest = line.get(from..).unwrap_or(&[]);
        let stop = memchr::memchr3(b'"', b'}', b'\n', rest).unwrap_or(rest.len());
        match rest.get(stop) {
            Some(b'}') => return Ok(from + stop + 1),
            Some(b'"') => {
                let inside = rest.get(stop + 1..).unwrap_or(&[]);
                let length = crate::cursor::closing_quote(inside)
                    .ok_or_else(|| expected_in("closing quote", rest.get(stop..).unwrap_or(&[])))?;
                from += stop + length + 2;
            }
            _ => return Err(expected_in("`}` after labels", &[])),
        }
    }
}

/// The labels of a series, and the names of those that it has with an empty value.
pub(crate) struct ParsedLabels {
    pub(crate) labels: Labels,
    pub(crate) empty: Vec<String>,
}

/// Reads the text of a series as a whole.
pub(crate) fn parse(id: &[u8], format: Format, kind: MetricKind) -> Result<ParsedLabels, Reason> {
    let mut cursor = Cursor::new(id);
    let mut labels = LabelReader::new(format, kind);
    if let Some(name) = cursor.name(Colons::Allowed) {
        labels.add(METRIC_NAME, name)?;
    } else if cursor.peek() != Some(b'{') {
        return Err(cursor.expected("metric name"));
    }
    labels.skip_blanks(&mut cursor);
    if cursor.peek().is_some() {
        labels.read_braces(&mut cursor)?;
    }
    if labels.builder.get(METRIC_NAME).is_none() {
        return Err(Reason::MissingMetricName);
    }
    Ok(ParsedLabels {
        labels: labels.builder.build(),
        empty: labels.empty,
    })
}

/// Reads the labels of an exemplar.
pub(crate) fn parse_exemplar(id: &[u8]) -> Result<Labels, Reason> {
    let mut cursor = Cursor::new(id);
    let mut labels = LabelReader::new(Format::OpenMetrics, MetricKind::Unknown);
    labels.read_braces(&mut cursor)?;
    Ok(labels.builder.build())
}

struct LabelReader {
    format: Format,
    kind: MetricKind,
    builder: LabelsBuilder,
    empty: Vec<String>,
}

impl LabelReader {
    fn new(format: Format, kind: MetricKind) -> Self {
        Self {
            format,
            kind,
            builder: LabelsBuilder::default(),
            empty: Vec::new(),
        }
    }

    fn add(&mut self, name: &str, value: &str) -> Result<(), Reason> {
        if self.builder.get(name).is_some() || self.empty.iter().any(|have| have == name) {
            return Err(Reason::DuplicateLabel {
                name: name.to_owned(),
            });
        }
        if value.is_empty() {
            self.empty.push(name.to_owned());
        }
        self.builder.set(name, value);
        Ok(())
    }

    /// Blanks between the parts of a series are the text format's alone.
    fn skip_blanks(&self, cursor: &mut Cursor<'_>) {
        if self.format == Format::Text {
            cursor.skip_blanks();
        }
    }

    fn read_braces(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Reason> {
        if !cursor.eat(b'{') {
            return Err(cursor.expected("`{`"));
        }
        self.skip_blanks(cursor);
        while !cursor.eat(b'}') {
            self.read_label(cursor)?;
            self.skip_blanks(cursor);
            if cursor.eat(b',') {
                self.skip_blanks(cursor);
            } else if cursor.peek() != Some(b'}') {
                return Err(cursor.expected("`,` or `}` after label"));
            }
        }
        if cursor.peek().is_some() {
            return Err(cursor.expected("value after labels"));
        }
        Ok(())
    }

    fn read_label(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Reason> {
        let name = if cursor.peek() == Some(b'"') {
            let name = cursor.quoted("label name")?;
            self.skip_blanks(cursor);
            if matches!(cursor.peek(), Some(b',' | b'}')) {
                return self.add_quoted_metric_name(&name);
            }
            if name.is_empty() {
                return Err(cursor.expected("label name that is not empty before"));
            }
            name
        } else {
            let name = cursor
                .name(Colons::Refused)
                .ok_or_else(|| cursor.expected("label name"))?;
            Cow::Borrowed(name)
        };
        self.skip_blanks(cursor);
        if !cursor.eat(b'=') {
            return Err(cursor.expected("`=` after label name"));
        }
        self.skip_blanks(cursor);
        let value = cursor.quoted("label value in quotes")?;
        let value = self.normalized(&name, value);
        self.add(&name, &value)
    }

    fn add_quoted_metric_name(&mut self, name: &str) -> Result<(), Reason> {
        if name.is_empty() {
            return Err(Reason::MissingMetricName);
        }
        self.add(METRIC_NAME, name)
    }

    /// Bucket bounds and quantiles are numbers: they get one spelling, whatever the format.
    fn normalized<'v>(&self, name: &str, value: Cow<'v, str>) -> Cow<'v, str> {
        let is_number = match self.kind {
            MetricKind::Histogram | MetricKind::GaugeHistogram => name == BUCKET_LABEL,
            MetricKind::Summary => name == QUANTILE_LABEL,
            _ => false,
        };
        if !is_number {
            return value;
        }
        match number::parse(value.as_bytes()) {
            Some(number) => Cow::Owned(number::format_open_metrics(number)),
            None => value,
        }
    }
}
