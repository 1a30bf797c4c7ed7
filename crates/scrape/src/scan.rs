//! One page: by prediction where it is as it was, line by line where it is not.

use crate::error::{Result, ScrapeError};
use crate::ingest::FUTURE_LIMIT;
use crate::lines::{Lines, Meaning, NONE, hash_bytes};
use crate::merge::series_labels;
use crate::metadata::MetadataCache;
use crate::report::Report;
use crate::series_cache::{Placed, SeriesCache};
use crate::target::Target;
use config::ScrapeConfig;
use exposition::{Event, Format, Line, Parser, Sample};
use model::{Labels, MetricKind, TimestampMs};
use storage::{Exemplar, SeriesId};

/// Lines that are tried before a line counts as one that was not expected.
const LOOK_AHEAD: u32 = 3;

/// What a page is read into.
pub(crate) struct Scan<'a> {
    pub(crate) config: &'a ScrapeConfig,
    pub(crate) target: &'a Target,
    pub(crate) cache: &'a mut SeriesCache,
    pub(crate) lines: &'a mut Lines,
    pub(crate) metadata: &'a mut MetadataCache,
    pub(crate) report: &'a mut Report,
    /// Exemplars of known series.
    pub(crate) exemplars: &'a mut Vec<(SeriesId, Exemplar)>,
    /// Time of the scrape.
    pub(crate) time: TimestampMs,
    /// Series that the target may have; 0 for any number.
    pub(crate) series_limit: usize,
    /// What was not placed.
    pub(crate) left_out: LeftOut,
}

/// Samples that were not placed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LeftOut {
    /// The page has their series twice.
    pub(crate) duplicates: u64,
    /// Their time is too far away.
    pub(crate) out_of_bounds: u64,
}

/// The samples whose series are not known yet.
///
/// Shape: one entry of `labels` per entry of `samples`.
#[derive(Default)]
pub(crate) struct NewSamples {
    pub(crate) labels: Vec<Labels>,
    pub(crate) samples: Vec<NewSample>,
    /// Series that were refused for the target has too many.
    pub(crate) refused: usize,
}

/// A sample whose labels had to be read.
pub(crate) struct NewSample {
    pub(crate) line: u32,
    value: f64,
    timestamp: Option<TimestampMs>,
    exemplar: Option<Exemplar>,
}

/// How the samples of a page were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct ReadCounts {
    /// The line was expected where it was.
    pub(crate) predicted: u64,
    /// The line was parsed, its series was known.
    pub(crate) known: u64,
    /// The labels were read.
    pub(crate) new: u64,
}

/// Where reading is.
struct Position<'p> {
    page: &'p [u8],
    parser: Parser<'p>,
    /// Byte offset of the next line.
    at: usize,
    kind: MetricKind,
    /// The line before, and the one that is expected.
    previous: u32,
    expected: u32,
    /// Lines to try: few once guessing failed.
    tries: u32,
    comments: Option<Comments>,
    counts: ReadCounts,
}

/// A run of comment lines about one family that were read line by line.
struct Comments {
    start: usize,
    end: usize,
    family: Option<u32>,
    kind: Option<MetricKind>,
}

impl Scan<'_> {
    /// Reads a page. Samples of known series are placed; the others are given back.
    pub(crate) fn read(&mut self, page: &[u8], format: Format) -> Result<(NewSamples, ReadCounts)> {
        self.lines.set_format(format);
        let mut new = NewSamples::default();
        let mut position = Position {
            page,
            parser: Parser::new(page, format),
            at: 0,
            kind: MetricKind::Unknown,
            previous: NONE,
            expected: self.lines.first,
            tries: LOOK_AHEAD,
            comments: None,
            counts: ReadCounts::default(),
        };
        loop {
            while self.take_expected(&mut position) {}
            if !self.take_parsed(&mut position, &mut new)? {
                return Ok((new, position.counts));
            }
        }
    }

    /// Takes the next line if it is one that is expected.
    #[inline]
    fn take_expected(&mut self, position: &mut Position<'_>) -> bool {
        let rest = position.page.get(position.at..).unwrap_or(&[]);
        let mut candidate = position.expected;
        for _ in 0..position.tries {
            let Some(line) = self.lines.get(candidate) else {
                break;
            };
            if line.begins(rest, position.kind) {
                return self.take_known(position, candidate, rest);
            }
            candidate = line.next;
        }
        position.tries = 1;
        false
    }

    /// Takes the line, whose beginning is known, if the rest of it is plain.
    #[inline]
    fn take_known(&mut self, position: &mut Position<'_>, number: u32, rest: &[u8]) -> bool {
        let scrape = self.cache.scrape();
        let Some(line) = self.lines.get_mut(number) else {
            return false;
        };
        let (meaning, next, mut bytes) = (line.meaning, line.next, line.length as usize);
        let mut value = 0.0;
        if let Meaning::Block(block) = meaning {
            let Some(block) = self.lines.block(block) else {
                return false;
            };
            let is_same = |family| self.metadata.mention(family, block.writer, scrape);
            if !block.family.is_none_or(is_same) {
                return false;
            }
            position.kind = block.kind.unwrap_or(position.kind);
        } else {
            if meaning == Meaning::Unknown {
                return false;
            }
            let after = rest.get(bytes + 1..).unwrap_or(&[]);
            let Some((number, length)) = line.value.read(after) else {
                return false;
            };
            value = number;
            bytes += length + 2;
        }
        if position.comments.is_some() {
            self.end_comments(position);
        }
        if let Some(line) = self.lines.get_mut(number) {
            line.seen = scrape;
        }
        self.lines.link(position.previous, number);
        position.previous = number;
        position.expected = next;
        position.tries = LOOK_AHEAD;
        position.at += bytes;
        match meaning {
            Meaning::Series(series) => {
                position.counts.predicted += 1;
                self.report.scraped += 1;
                self.report.post_relabel += 1;
                self.place_now(series, value);
            }
            Meaning::Dropped => {
                position.counts.predicted += 1;
                self.report.scraped += 1;
            }
            Meaning::Unknown | Meaning::Block(_) => {}
        }
        true
    }

    /// Parses the next line; tells whether there was one.
    fn take_parsed(&mut self, position: &mut Position<'_>, new: &mut NewSamples) -> Result<bool> {
        position.parser.resume_at(position.at, position.kind);
        let start = position.at;
        let line = position.parser.next_line()?;
        position.at = position.parser.offset();
        match &line {
            Line::End => {
                self.end_comments(position);
                return Ok(false);
            }
            Line::Event(Event::Sample(sample)) => {
                self.end_comments(position);
                self.take_sample(position, sample, new)?;
            }
            Line::Event(event) => {
                let family = self.metadata.note(event, self.cache.scrape());
                let kind = match event {
                    Event::Type { kind, .. } => Some(*kind),
                    _ => None,
                };
                position.kind = position.parser.kind();
                self.note_comment(position, start, family, kind);
            }
            Line::Silent => self.note_comment(position, start, None, None),
        }
        Ok(true)
    }

    /// Adds a comment line to the run that it continues.
    fn note_comment(
        &mut self,
        position: &mut Position<'_>,
        start: usize,
        family: Option<u32>,
        kind: Option<MetricKind>,
    ) {
        let end = position.at;
        match &mut position.comments {
            Some(run) if run.family == family && run.end == start => {
                run.end = end;
                run.kind = kind.or(run.kind);
            }
            _ => {
                self.end_comments(position);
                position.comments = Some(Comments {
                    start,
                    end,
                    family,
                    kind,
                });
            }
        }
    }

    /// Remembers the run of comments that is over.
    fn end_comments(&mut self, position: &mut Position<'_>) {
        let Some(run) = position.comments.take() else {
            return;
        };
        let text = position.page.get(run.start..run.end).unwrap_or(&[]);
        if !text.ends_with(b"\n") {
            return;
        }
        let scrape = self.cache.scrape();
        let (line, writer) = self.lines.note_block(text, run.family, run.kind, scrape);
        if let Some(family) = run.family {
            self.metadata.set_writer(family, writer);
        }
        self.step_to(position, line);
    }

    /// Goes on from a line that was found by its key.
    fn step_to(&mut self, position: &mut Position<'_>, line: u32) {
        self.lines.link(position.previous, line);
        position.previous = line;
        if let Some(next) = self.lines.get(line).map(|line| line.next)
            && next != NONE
        {
            position.expected = next;
        }
    }

    fn take_sample(
        &mut self,
        position: &mut Position<'_>,
        sample: &Sample<'_>,
        new: &mut NewSamples,
    ) -> Result<()> {
        self.report.scraped += 1;
        let scrape = self.cache.scrape();
        let known = self.lines.find_sample(sample.id, sample.kind());
        if let Some(number) = known
            && let Some(line) = self.lines.get_mut(number)
        {
            line.seen = scrape;
            let meaning = line.meaning;
            self.step_to(position, number);
            match meaning {
                Meaning::Dropped => {
                    position.counts.known += 1;
                    return Ok(());
                }
                Meaning::Series(series) => {
                    position.counts.known += 1;
                    self.report.post_relabel += 1;
                    let exemplar = self.exemplar_of(sample, number)?;
                    self.place(series, sample.value, sample.timestamp);
                    self.note_exemplar(series, exemplar);
                    return Ok(());
                }
                Meaning::Unknown | Meaning::Block(_) => {}
            }
        }
        position.counts.new += 1;
        let labels = series_labels(sample, self.config, &self.target.labels)?;
        let mut line_of = |meaning| {
            known.unwrap_or_else(|| {
                let lines = &mut *self.lines;
                let line = lines.add_sample(sample.id, sample.kind(), meaning, scrape);
                lines.link(position.previous, line);
                position.previous = line;
                line
            })
        };
        let Some(labels) = labels else {
            line_of(Meaning::Dropped);
            return Ok(());
        };
        self.report.post_relabel += 1;
        let series = self.cache.named() + new.samples.len();
        if self.series_limit > 0 && series >= self.series_limit {
            new.refused += 1;
            return Ok(());
        }
        let line = line_of(Meaning::Unknown);
        let exemplar = self.exemplar_of(sample, line)?;
        new.labels.push(labels);
        new.samples.push(NewSample {
            line,
            value: sample.value,
            timestamp: sample.timestamp,
            exemplar,
        });
        Ok(())
    }

    /// The exemplar of a sample, if it is not the one that the line had in the scrape before.
    fn exemplar_of(&mut self, sample: &Sample<'_>, line: u32) -> Result<Option<Exemplar>> {
        let Some(exemplar) = &sample.exemplar else {
            return Ok(None);
        };
        let time = exemplar.timestamp.map_or(0, |time| time.0);
        let mut hash = hash_bytes(exemplar.id);
        for number in [exemplar.value.to_bits(), time.cast_unsigned()] {
            hash = hash_bytes(&(hash.rotate_left(1) ^ number).to_le_bytes());
        }
        if !self.lines.is_new_exemplar(line, hash) {
            return Ok(None);
        }
        let own = sample.timestamp.filter(|_| self.config.honor_timestamps);
        Ok(Some(Exemplar {
            labels: exemplar.labels()?,
            value: exemplar.value,
            time: exemplar.timestamp.or(own).unwrap_or(self.time).0,
        }))
    }

    fn note_exemplar(&mut self, series: u32, exemplar: Option<Exemplar>) {
        self.exemplars
            .extend(self.cache.series(series).zip(exemplar));
    }

    /// Places the sample of a series that was new to its line; tells whether that was the first one of the
    /// series.
    pub(crate) fn place_new(&mut self, sample: NewSample, series: SeriesId) -> bool {
        let index = self.cache.name(series);
        if let Some(line) = self.lines.get_mut(sample.line) {
            line.meaning = Meaning::Series(index);
        }
        let duplicates = self.left_out.duplicates;
        self.place(index, sample.value, sample.timestamp);
        self.note_exemplar(index, sample.exemplar);
        self.left_out.duplicates == duplicates
    }

    /// Reads the page once more: samples of series that only now are known were placed after all others,
    /// and some series has two. In the order of the page the first one counts.
    pub(crate) fn read_again(&mut self, page: &[u8], format: Format) -> Result<()> {
        self.cache.rewind();
        self.left_out = LeftOut::default();
        let first = *self.report;
        self.read(page, format)?;
        *self.report = first;
        self.lines.forget_unknown();
        Ok(())
    }

    fn place(&mut self, index: u32, value: f64, timestamp: Option<TimestampMs>) {
        match timestamp.filter(|_| self.config.honor_timestamps) {
            Some(own) if own > self.time + FUTURE_LIMIT => self.left_out.out_of_bounds += 1,
            Some(own) => {
                let placed = self.cache.set_loose(index, own, value);
                self.count(placed);
            }
            None => self.place_now(index, value),
        }
    }

    #[inline]
    fn place_now(&mut self, index: u32, value: f64) {
        let placed = self.cache.set(index, value);
        self.count(placed);
    }

    #[inline]
    fn count(&mut self, placed: Placed) {
        match placed {
            Placed::Added => self.report.added += 1,
            Placed::Known => {}
            Placed::Duplicate => self.left_out.duplicates += 1,
        }
    }
}

/// Fails a page that has more samples than it may.
pub(crate) fn check_sample_limit(samples: u64, limit: u64) -> Result<()> {
    if limit > 0 && samples > limit {
        return Err(ScrapeError::SampleLimit { samples, limit });
    }
    Ok(())
}
