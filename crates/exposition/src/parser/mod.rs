//! Pages to events.

use crate::cursor::{Colons, Cursor, Quotes, expected_in, is_blank, unescape, utf8};
use crate::event::{Event, Exemplar, Line, Place, Sample, line_of};
use crate::number;
use crate::series;
use crate::{Error, Format, Reason, Result};
use model::{MetricKind, TimestampMs};
use std::borrow::Cow;

/// Reads a page from top to bottom. After an error it is at its end.
#[derive(Debug, Clone)]
pub struct Parser<'a> {
    page: &'a [u8],
    /// Byte offset of the next line.
    next: usize,
    format: Format,
    kind: MetricKind,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    /// OpenMetrics' `# EOF` was read.
    AfterEof,
    Done,
}

impl<'a> Parser<'a> {
    /// A parser at the top of `page`.
    pub fn new(page: &'a [u8], format: Format) -> Self {
        Self {
            page,
            next: 0,
            format,
            kind: MetricKind::Unknown,
            state: State::Reading,
        }
    }

    /// The next event; nothing at the end of the page.
    ///
    /// # Errors
    /// The first fault of the page. What came before it was right; a scraper still drops it all.
    pub fn next_event(&mut self) -> Result<Option<Event<'a>>> {
        loop {
            match self.next_line()? {
                Line::Silent => {}
                Line::Event(event) => return Ok(Some(event)),
                Line::End => return Ok(None),
            }
        }
    }

    /// Reads one line (a sample may span several, in the values of its labels).
    ///
    /// # Errors
    /// As for [`next_event`](Self::next_event).
    pub fn next_line(&mut self) -> Result<Line<'a>> {
        let start = self.next;
        let result = self.read_any();
        result.map_err(|Fault { offset, reason }| {
            self.state = State::Done;
            Error {
                line: line_of(self.page, offset.unwrap_or(start.max(self.next))),
                reason,
            }
        })
    }

    /// Where the next line begins. Bounds: at most the length of the page.
    pub fn offset(&self) -> usize {
        self.next.min(self.page.len())
    }

    /// The type that the last `# TYPE` line gave.
    pub fn kind(&self) -> MetricKind {
        self.kind
    }

    /// Goes on at byte `offset`, where a line begins, under this type: for a caller that knows the lines in
    /// between from an earlier page. Does nothing after the end or an error.
    pub fn resume_at(&mut self, offset: usize, kind: MetricKind) {
        self.next = offset;
        self.kind = kind;
    }

    fn read_any(&mut self) -> Result<Line<'a>, Fault> {
        loop {
            let start = self.next;
            let rest = self.page.get(start..).unwrap_or(&[]);
            match self.state {
                State::Done => return Ok(Line::End),
                State::AfterEof if rest.is_empty() => return Ok(Line::End),
                State::AfterEof => return Err(Fault::at(start, Reason::DataAfterEof)),
                State::Reading => {}
            }
            if rest.is_empty() {
                self.state = State::Done;
                return match self.format {
                    Format::Text => Ok(Line::End),
                    Format::OpenMetrics => Err(Fault::at(start, Reason::MissingEof)),
                };
            }
            match self.read_line(start, rest).map_err(|f| f.or_at(start))? {
                Some(event) => return Ok(Line::Event(event)),
                // What may not stand after it is a fault of the page at once.
                None if self.state == State::AfterEof => {}
                None => return Ok(Line::Silent),
            }
        }
    }

    fn read_line(&mut self, start: usize, rest: &'a [u8]) -> Result<Option<Event<'a>>, Fault> {
        let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..end).unwrap_or(rest);
        self.next = start + end + 1;
        let lenient = self.format == Format::Text;
        let indent = if lenient {
            line.iter().take_while(|b| is_blank(**b)).count()
        } else {
            0
        };
        match line.get(indent) {
            None if lenient => Ok(None),
            None => Err(expected_in("metric name or `# EOF`, no blank lines", line).into()),
            Some(b'#') => Ok(self.read_comment(line.get(indent + 1..).unwrap_or(&[]))?),
            Some(_) => {
                let from = rest.get(indent..).unwrap_or(&[]);
                let sample = self.read_sample(start + indent, from, end - indent)?;
                Ok(Some(Event::Sample(sample)))
            }
        }
    }

    /// Reads what follows a `#`.
    fn read_comment(&mut self, line: &'a [u8]) -> Result<Option<Event<'a>>, Reason> {
        let mut cursor = Cursor::new(line);
        let strict = self.format == Format::OpenMetrics;
        let blanks = cursor.skip_blanks();
        if strict && (blanks != 1 || line.first() != Some(&b' ')) {
            return Err(expected_in("one space after `#`", line));
        }
        let keyword = cursor.word();
        if strict && keyword == b"EOF" && cursor.rest().is_empty() {
            self.state = State::AfterEof;
            return Ok(None);
        }
        let known = match keyword {
            b"HELP" | b"TYPE" => !cursor.rest().is_empty(),
            b"UNIT" => strict,
            _ => false,
        };
        if !known {
            return if strict {
                Err(expected_in(
                    "`HELP`, `TYPE`, `UNIT` or `EOF` after `#`",
                    line,
                ))
            } else {
                Ok(None)
            };
        }
        self.skip_gap(&mut cursor)?;
        let family = if cursor.peek() == Some(b'"') {
            cursor.quoted("metric name")?
        } else {
            let name = cursor.name(Colons::Allowed);
            Cow::Borrowed(name.ok_or_else(|| cursor.expected("metric name"))?)
        };
        match keyword {
            b"HELP" => self.read_help(family, cursor).map(Some),
            b"TYPE" => self.read_type(family, cursor).map(Some),
            _ => self.read_unit(family, cursor).map(Some),
        }
    }

    /// Skips what stands between two words: blanks in text, one space in OpenMetrics.
    fn skip_gap(&self, cursor: &mut Cursor<'a>) -> Result<(), Reason> {
        let found = match self.format {
            Format::Text => cursor.skip_blanks() > 0,
            Format::OpenMetrics => cursor.eat(b' '),
        };
        if found {
            Ok(())
        } else {
            Err(cursor.expected("space"))
        }
    }

    fn read_help(&self, family: Cow<'a, str>, mut cursor: Cursor<'a>) -> Result<Event<'a>, Reason> {
        if !cursor.rest().is_empty() {
            self.skip_gap(&mut cursor)?;
        }
        let quotes = match self.format {
            Format::Text => Quotes::Plain,
            Format::OpenMetrics => Quotes::Escaped,
        };
        let text = unescape(cursor.rest(), quotes, "help text")?;
        Ok(Event::Help { family, text })
    }

    fn read_type(
        &mut self,
        family: Cow<'a, str>,
        mut cursor: Cursor<'a>,
    ) -> Result<Event<'a>, Reason> {
        self.skip_gap(&mut cursor)?;
        let before = cursor;
        let word = cursor.word();
        if self.format == Format::Text {
            cursor.skip_blanks();
        }
        let kind = kind_of(word, self.format).filter(|_| cursor.rest().is_empty());
        let kind = kind.ok_or_else(|| before.expected("metric type"))?;
        self.kind = kind;
        Ok(Event::Type { family, kind })
    }

    fn read_unit(&self, family: Cow<'a, str>, mut cursor: Cursor<'a>) -> Result<Event<'a>, Reason> {
        if !cursor.rest().is_empty() {
            self.skip_gap(&mut cursor)?;
        }
        let unit = utf8(cursor.rest(), "unit")?;
        let is_suffix = family
            .strip_suffix(unit)
            .is_some_and(|before| before.ends_with('_'));
        if !unit.is_empty() && !is_suffix {
            let (family, unit) = (family.into_owned(), unit.to_owned());
            return Err(Reason::UnitNoSuffix { family, unit });
        }
        Ok(Event::Unit { family, unit })
    }

    /// Reads a sample at byte `offset` of the page, whose line has `end` bytes of `rest` (more if a label
    /// value holds line ends).
    fn read_sample(
        &mut self,
        offset: usize,
        rest: &'a [u8],
        end: usize,
    ) -> Result<Sample<'a>, Reason> {
        let length = series::id_length(rest, end)?;
        let id = rest.get(..length).unwrap_or(rest);
        if !id.first().is_some_and(|byte| begins_series(*byte)) {
            return Err(expected_in("metric name", rest));
        }
        let after = rest.get(length..).unwrap_or(&[]);
        let after_end = match end.checked_sub(length) {
            Some(remaining) => remaining,
            None => memchr::memchr(b'\n', after).unwrap_or(after.len()),
        };
        self.next = offset + length + after_end + 1;
        let mut cursor = Cursor::new(after.get(..after_end).unwrap_or(after));
        let place = Place {
            page: self.page,
            offset,
            format: self.format,
            kind: self.kind,
        };
        match self.format {
            Format::Text => read_text_tail(id, &mut cursor, place),
            Format::OpenMetrics => read_open_metrics_tail(id, &mut cursor, place),
        }
    }
}

impl<'a> Iterator for Parser<'a> {
    type Item = Result<Event<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_event().transpose()
    }
}

/// A fault, and where if that is known already.
struct Fault {
    offset: Option<usize>,
    reason: Reason,
}

impl Fault {
    fn at(offset: usize, reason: Reason) -> Self {
        Self {
            offset: Some(offset),
            reason,
        }
    }

    fn or_at(self, offset: usize) -> Self {
        Self {
            offset: self.offset.or(Some(offset)),
            ..self
        }
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self {
            offset: None,
            reason,
        }
    }
}

fn begins_series(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':' | b'{')
}

fn kind_of(word: &[u8], format: Format) -> Option<MetricKind> {
    let kind = match word {
        b"counter" => MetricKind::Counter,
        b"gauge" => MetricKind::Gauge,
        b"histogram" => MetricKind::Histogram,
        b"summary" => MetricKind::Summary,
        _ => match (format, word) {
            (Format::Text, b"untyped") | (Format::OpenMetrics, b"unknown") => MetricKind::Unknown,
            (Format::OpenMetrics, b"gaugehistogram") => MetricKind::GaugeHistogram,
            (Format::OpenMetrics, b"info") => MetricKind::Info,
            (Format::OpenMetrics, b"stateset") => MetricKind::StateSet,
            _ => return None,
        },
    };
    Some(kind)
}

/// ` value [timestamp]`, with blanks as the page likes.
fn read_text_tail<'a>(
    id: &'a [u8],
    cursor: &mut Cursor<'a>,
    place: Place<'a>,
) -> Result<Sample<'a>, Reason> {
    cursor.skip_blanks();
    let value = read_value(cursor)?;
    cursor.skip_blanks();
    let timestamp = if cursor.rest().is_empty() {
        None
    } else {
        Some(read_millis(cursor)?)
    };
    cursor.skip_blanks();
    if !cursor.rest().is_empty() {
        return Err(cursor.expected("end of line after timestamp"));
    }
    Ok(Sample {
        id,
        value,
        timestamp,
        exemplar: None,
        place,
    })
}

/// ` value[ timestamp][ # {labels} value[ timestamp]]`, with single spaces.
fn read_open_metrics_tail<'a>(
    id: &'a [u8],
    cursor: &mut Cursor<'a>,
    place: Place<'a>,
) -> Result<Sample<'a>, Reason> {
    eat_space(cursor, "space and value after metric")?;
    let value = read_value(cursor)?;
    let timestamp = read_optional_seconds(cursor)?;
    let exemplar = if cursor.rest().starts_with(b" # {") {
        cursor.skip(3);
        let rest = cursor.rest();
        let length = series::id_length(rest, rest.len())?;
        let exemplar_id = cursor.take(length);
        eat_space(cursor, "space and value after exemplar labels")?;
        let value = read_value(cursor)?;
        let timestamp = read_optional_seconds(cursor)?;
        Some(Exemplar {
            id: exemplar_id,
            value,
            timestamp,
            place,
        })
    } else {
        None
    };
    if !cursor.rest().is_empty() {
        return Err(cursor.expected("end of line, timestamp or exemplar"));
    }
    let sample = Sample {
        id,
        value,
        timestamp,
        exemplar,
        place,
    };
    if let Some(exemplar) = &sample.exemplar {
        series::parse_exemplar(exemplar.id)?;
    }
    Ok(sample)
}

fn eat_space(cursor: &mut Cursor<'_>, what: &'static str) -> Result<(), Reason> {
    if cursor.eat(b' ') {
        Ok(())
    } else {
        Err(cursor.expected(what))
    }
}

fn read_value(cursor: &mut Cursor<'_>) -> Result<f64, Reason> {
    let before = *cursor;
    number::parse(cursor.word()).ok_or_else(|| before.expected("value after metric"))
}

/// Text pages give whole milliseconds.
fn read_millis(cursor: &mut Cursor<'_>) -> Result<TimestampMs, Reason> {
    let before = *cursor;
    std::str::from_utf8(cursor.word())
        .ok()
        .and_then(|text| text.parse().ok())
        .map(TimestampMs)
        .ok_or_else(|| before.expected("timestamp in milliseconds or end of line"))
}

/// OpenMetrics gives seconds with a fraction.
fn read_optional_seconds(cursor: &mut Cursor<'_>) -> Result<Option<TimestampMs>, Reason> {
    if cursor.rest().is_empty() || cursor.rest().starts_with(b" #") {
        return Ok(None);
    }
    let before = *cursor;
    eat_space(cursor, "space")?;
    number::parse(cursor.word())
        .filter(|seconds| seconds.is_finite())
        .map(|seconds| Some(TimestampMs::from_seconds(seconds)))
        .ok_or_else(|| before.expected("timestamp in seconds"))
}

#[cfg(test)]
mod tests;
