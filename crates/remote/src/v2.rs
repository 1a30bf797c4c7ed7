//! Version 2: texts are in a table of symbols, series refer to them by number.
//!
//! Every symbol is hashed once per request; the key of a series is made of the hashes of its symbols,
//! so it does not depend on the numbers, which change from request to request.

use crate::batch::{Batch, Mark};
use crate::error::{Error, Result};
use crate::labels::{Pairs, exemplar_labels, series_labels, show};
use crate::metadata::{family_of, kind_of};
use crate::read::Reading;
use crate::table::Fresh;
use crate::wire::{Reader, Value};
use model::{Labels, METRIC_NAME};
use storage::{Exemplar, Metadata};

/// A text of the request and its hash.
#[derive(Debug, Clone, Copy)]
struct Symbol<'b> {
    text: &'b [u8],
    hash: u64,
}

/// One series message, its parts not resolved yet.
#[derive(Debug, Default, Clone, Copy)]
struct Sent {
    /// Hash of the label symbols.
    hash: u64,
    references: usize,
    outside: bool,
    floats: usize,
    histograms: usize,
    kind: u64,
    help: u64,
    unit: u64,
}

/// Reads an `io.prometheus.write.v2.Request`.
pub(crate) fn read(reading: &mut Reading<'_>, request: &[u8]) -> Result<()> {
    let mut symbols = Vec::new();
    let mut reader = Reader::new(request);
    while let Some((number, value)) = reader.field()? {
        match number {
            4 => {
                let text = value.bytes()?;
                let hash = reading.hasher.bytes(text);
                symbols.push(Symbol { text, hash });
            }
            // A version 1 request under the wrong content type has its series here.
            1 => {
                return Err(Error::Protobuf {
                    what: "a version 1 series in a version 2 request",
                });
            }
            _ => {}
        }
    }
    let mut reader = Reader::new(request);
    while let Some((number, value)) = reader.field()? {
        if number == 5 {
            series(reading, &symbols, value.bytes()?)?;
        }
    }
    Ok(())
}

fn series(reading: &mut Reading<'_>, symbols: &[Symbol<'_>], message: &[u8]) -> Result<()> {
    let mark = reading.batch.mark();
    let mut sent = Sent {
        hash: reading.hasher.start(),
        ..Sent::default()
    };
    let name = || format!(" for series {}", shown(symbols, message));
    let mut reader = Reader::new(message);
    while let Some((number, value)) = reader.field()? {
        match number {
            1 => labels_refs(reading, symbols, value, &mut sent)?,
            2 => {
                sent.floats += 1;
                reading.sample(value.bytes()?)?;
            }
            3 => {
                sent.histograms += 1;
                reading.histogram(value.bytes()?, name)?;
            }
            4 => exemplar(reading, symbols, value.bytes()?, name)?,
            5 => sent.metadata(value.bytes()?)?,
            _ => {}
        }
    }
    if let Some(problem) = place(reading, symbols, message, mark, sent)? {
        reading.batch.rewind(mark);
        reading.batch.problems.add(|| problem);
    } else {
        reading.complain_of_future(name);
    }
    Ok(())
}

#[inline]
fn labels_refs(
    reading: &Reading<'_>,
    symbols: &[Symbol<'_>],
    value: Value<'_>,
    sent: &mut Sent,
) -> Result<()> {
    value.each_uint(|reference| {
        sent.references += 1;
        match symbol(symbols, reference) {
            Some(symbol) => sent.hash = reading.hasher.chain(sent.hash, symbol.hash),
            None => sent.outside = true,
        }
    })
}

impl Sent {
    fn metadata(&mut self, message: &[u8]) -> Result<()> {
        let mut reader = Reader::new(message);
        while let Some((number, value)) = reader.field()? {
            match number {
                1 => self.kind = value.uint()?,
                3 => self.help = value.uint()?,
                4 => self.unit = value.uint()?,
                _ => {}
            }
        }
        Ok(())
    }
}

fn symbol<'s, 'b>(symbols: &'s [Symbol<'b>], reference: u64) -> Option<&'s Symbol<'b>> {
    symbols.get(usize::try_from(reference).ok()?)
}

/// Finds the series of what came since `mark`; gives what is wrong with it.
fn place(
    reading: &mut Reading<'_>,
    symbols: &[Symbol<'_>],
    message: &[u8],
    mark: Mark,
    sent: Sent,
) -> Result<Option<String>> {
    let n_samples = sent.floats + sent.histograms;
    let refuse = |reading: &mut Reading<'_>, problem| {
        reading.batch.invalid_labels += n_samples;
        Ok(Some(problem))
    };
    if sent.outside || sent.references % 2 == 1 {
        return refuse(reading, bad_references(symbols, &references(message)?));
    }
    let (Some(help), Some(unit)) = (symbol(symbols, sent.help), symbol(symbols, sent.unit)) else {
        let shown = references(message)?;
        return Ok(Some(format!(
            "parsing metadata for series {shown:?}: metadata reference outside of symbols table \
             (size {})",
            symbols.len()
        )));
    };
    let is_told = sent.kind != 0 || !help.text.is_empty() || !unit.text.is_empty();
    let metadata_hash = if is_told {
        let hash = reading
            .hasher
            .chain(reading.hasher.chain(sent.kind, help.hash), unit.hash);
        u32::try_from(hash >> 32).unwrap_or(0).max(1)
    } else {
        0
    };
    let found = reading.find(sent.hash);
    if let Some((at, entry)) = found
        && n_samples > 0
    {
        if is_told && entry.note_metadata(metadata_hash) {
            let pairs = pairs(symbols, &references(message)?);
            let labels = series_labels(&pairs).unwrap_or_default();
            note_metadata(reading, &labels, sent.kind, *help, *unit);
        }
        reading.known(mark, at, entry);
    } else {
        let pairs = pairs(symbols, &references(message)?);
        let labels = match series_labels(&pairs) {
            Ok(labels) => labels,
            Err(bad) => return refuse(reading, bad.describe(&pairs)),
        };
        if n_samples == 0 {
            return Ok(Some(format!(
                "TimeSeries must contain at least one sample or histogram for series {}",
                show(&pairs)
            )));
        }
        if is_told {
            note_metadata(reading, &labels, sent.kind, *help, *unit);
        }
        let fresh = Fresh {
            hash: sent.hash,
            head: 0,
            series: Batch::unsettled(),
            metadata: metadata_hash,
        };
        reading.unknown(mark, labels, fresh);
    }
    if !is_told {
        reading.batch.without_metadata += reading.batch.samples_since(mark);
    }
    Ok(None)
}

fn note_metadata(
    reading: &mut Reading<'_>,
    labels: &Labels,
    kind: u64,
    help: Symbol<'_>,
    unit: Symbol<'_>,
) {
    let kind = kind_of(kind);
    let text = |symbol: Symbol<'_>| String::from_utf8_lossy(symbol.text).into_owned();
    let metadata = Metadata {
        family: family_of(labels.get(METRIC_NAME).unwrap_or(""), kind).to_owned(),
        kind,
        help: text(help),
        unit: text(unit),
    };
    // Series of one family come in a row.
    if reading.batch.metadata.last() != Some(&metadata) {
        reading.batch.metadata.push(metadata);
    }
}

fn exemplar(
    reading: &mut Reading<'_>,
    symbols: &[Symbol<'_>],
    message: &[u8],
    series: impl Fn() -> String,
) -> Result<()> {
    let mut labels = Vec::new();
    let (mut value, mut time) = (0.0, 0);
    let mut reader = Reader::new(message);
    while let Some((number, field)) = reader.field()? {
        match number {
            1 => field.each_uint(|reference| labels.push(reference))?,
            2 => value = field.double()?,
            3 => time = field.int()?,
            _ => {}
        }
    }
    let outside = |reference: &u64| symbol(symbols, *reference).is_none();
    if labels.len() % 2 == 1 || labels.iter().any(outside) {
        let what = bad_references(symbols, &labels);
        let series = series();
        let line = format!("parsing exemplar{series}: {what}");
        reading.batch.problems.add(|| line);
        return Ok(());
    }
    // Source: Prometheus tells the sender nothing of exemplars that are too long.
    if let Some(labels) = exemplar_labels(&pairs(symbols, &labels))
        && time <= reading.latest
    {
        reading.batch.exemplar(Exemplar {
            labels,
            value,
            time,
        });
    }
    Ok(())
}

/// All label references of a series message.
fn references(message: &[u8]) -> Result<Vec<u64>> {
    let mut references = Vec::new();
    let mut reader = Reader::new(message);
    while let Some((number, value)) = reader.field()? {
        if number == 1 {
            value.each_uint(|reference| references.push(reference))?;
        }
    }
    Ok(references)
}

fn pairs<'b>(symbols: &[Symbol<'b>], references: &[u64]) -> Pairs<'b> {
    let text = |reference: &u64| symbol(symbols, *reference).map_or(&b""[..], |found| found.text);
    references
        .chunks_exact(2)
        .filter_map(|pair| match pair {
            [name, value] => Some((text(name), text(value))),
            _ => None,
        })
        .collect()
}

/// The labels of a series as error texts show them.
fn shown(symbols: &[Symbol<'_>], message: &[u8]) -> String {
    references(message).map_or_else(
        |_| String::new(),
        |references| show(&pairs(symbols, &references)),
    )
}

fn bad_references(symbols: &[Symbol<'_>], references: &[u64]) -> String {
    let listed: Vec<String> = references.iter().map(u64::to_string).collect();
    let listed = listed.join(" ");
    if references.len() % 2 == 1 {
        let length = references.len();
        return format!("parsing labels for series [{listed}]: invalid labelRefs length {length}");
    }
    let outside = references.chunks_exact(2).find_map(|pair| match *pair {
        [name, value] if symbol(symbols, name).is_none() || symbol(symbols, value).is_none() => {
            Some((name, value))
        }
        _ => None,
    });
    let (name, value) = outside.unwrap_or_default();
    format!(
        "parsing labels for series [{listed}]: labelRefs {name} (name) = {value} (value) outside of \
         symbols table (size {})",
        symbols.len()
    )
}
