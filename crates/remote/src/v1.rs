//! Version 1: every series carries its labels in full.
//!
//! The usual series costs no look at its labels: the cache knows which series should follow and how
//! long its label fields are, and one hash of these bytes says whether it is so.

use crate::batch::{Batch, Mark};
use crate::error::Result;
use crate::labels::{BadLabels, Pairs, exemplar_labels, read_pair, read_pairs, series_labels};
use crate::metadata::read_metadata;
use crate::read::{Reading, only_sample};
use crate::table::Fresh;
use crate::wire::Reader;
use storage::Exemplar;

const LABELS: u64 = 1;
/// First byte of a label field.
const LABEL_TAG: u8 = 1 << 3 | 2;

/// Reads a `prometheus.WriteRequest`.
pub(crate) fn read(reading: &mut Reading<'_>, request: &[u8]) -> Result<()> {
    let mut reader = Reader::new(request);
    while let Some((number, value)) = reader.field()? {
        match number {
            1 => series(reading, value.bytes()?)?,
            3 => {
                let metadata = read_metadata(value.bytes()?)?;
                reading.batch.metadata.extend(metadata);
            }
            _ => {}
        }
    }
    let batch = &mut *reading.batch;
    batch.without_metadata += batch.floats.len() + batch.histograms.len();
    Ok(())
}

/// Whether all label fields came before all others.
#[derive(PartialEq, Eq)]
enum Order {
    LabelsFirst,
    Mixed,
}

fn series(reading: &mut Reading<'_>, message: &[u8]) -> Result<()> {
    let mark = reading.batch.mark();
    if let Some((at, entry)) = reading.predicted()
        && let Some((head, rest)) = message.split_at_checked(entry.head())
        && !head.is_empty()
        && reading.hasher.bytes(head) == entry.hash()
    {
        if samples(reading, rest)? == Order::LabelsFirst {
            reading.complain_of_future(String::new);
            reading.known(mark, at, entry);
            return Ok(());
        }
        reading.batch.rewind(mark);
    }
    let (head, rest) = split_labels(message)?;
    if samples(reading, rest)? == Order::LabelsFirst {
        return place(reading, mark, head);
    }
    // Nobody sends labels in between, but it is allowed.
    place(reading, mark, &gather_labels(message)?)
}

/// Finds the series of what came since `mark` by its label fields.
fn place(reading: &mut Reading<'_>, mark: Mark, head: &[u8]) -> Result<()> {
    if reading.batch.is_empty_since(mark) && reading.batch.ahead == 0 {
        return Ok(());
    }
    let hash = reading.hasher.bytes(head);
    if let Some((at, entry)) = reading.probe(hash) {
        reading.complain_of_future(String::new);
        reading.known(mark, at, entry);
        return Ok(());
    }
    let pairs: Pairs<'_> = read_pairs(head)?;
    match series_labels(&pairs) {
        Ok(labels) => {
            reading.complain_of_future(String::new);
            let fresh = Fresh {
                hash,
                head: u16::try_from(head.len()).unwrap_or(0),
                series: Batch::unsettled(),
                metadata: 0,
            };
            reading.unknown(mark, labels, fresh);
        }
        // Source: Prometheus passes over such series without an error to the sender.
        Err(BadLabels::Invalid | BadLabels::Duplicate(_)) => {
            reading.batch.rewind(mark);
            reading.batch.invalid_labels += 1;
        }
    }
    Ok(())
}

/// Reads the fields after the labels.
#[inline]
fn samples(reading: &mut Reading<'_>, fields: &[u8]) -> Result<Order> {
    let mut order = Order::LabelsFirst;
    if let Some((time, value)) = only_sample(fields) {
        reading.float(time, value);
        return Ok(order);
    }
    let mut reader = Reader::new(fields);
    while let Some((number, value)) = reader.field()? {
        match number {
            2 => reading.sample(value.bytes()?)?,
            LABELS => order = Order::Mixed,
            3 => {
                let exemplar = read_exemplar(value.bytes()?)?;
                // Source: Prometheus tells the sender nothing of exemplars that it does not take.
                if let Some(exemplar) = exemplar.filter(|exemplar| exemplar.time <= reading.latest)
                {
                    reading.batch.exemplar(exemplar);
                }
            }
            4 => reading.histogram(value.bytes()?, String::new)?,
            _ => {}
        }
    }
    Ok(order)
}

/// The label fields at the beginning of the message, and the rest.
fn split_labels(message: &[u8]) -> Result<(&[u8], &[u8])> {
    let mut reader = Reader::new(message);
    while reader.rest().first() == Some(&LABEL_TAG) {
        reader.field()?;
    }
    let head = message.len() - reader.rest().len();
    Ok(message.split_at_checked(head).unwrap_or((message, &[])))
}

/// All label fields of the message in one piece.
fn gather_labels(message: &[u8]) -> Result<Vec<u8>> {
    let mut labels = Vec::new();
    let mut reader = Reader::new(message);
    loop {
        let before = reader.rest();
        let Some((number, value)) = reader.field()? else {
            return Ok(labels);
        };
        if number == LABELS {
            value.bytes()?;
            let length = before.len() - reader.rest().len();
            labels.extend_from_slice(before.get(..length).unwrap_or_default());
        }
    }
}

fn read_exemplar(message: &[u8]) -> Result<Option<Exemplar>> {
    let mut pairs = Pairs::new();
    let (mut value, mut time) = (0.0, 0);
    let mut reader = Reader::new(message);
    while let Some((number, field)) = reader.field()? {
        match number {
            LABELS => pairs.push(read_pair(field.bytes()?)?),
            2 => value = field.double()?,
            3 => time = field.int()?,
            _ => {}
        }
    }
    Ok(exemplar_labels(&pairs).map(|labels| Exemplar {
        labels,
        value,
        time,
    }))
}
