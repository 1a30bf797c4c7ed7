//! Bytes of one column: values or native histograms, with start times in front where there are any.

use crate::entry::Kind;
use columns::{Effort, Reader, put_unsigned};
use storage::Column;

/// Appends the samples `from..to` of `column`, all of one kind.
pub(crate) fn encode(
    column: &Column,
    from: usize,
    to: usize,
    effort: Effort,
    out: &mut Vec<u8>,
) -> Kind {
    let starts = column.starts.get(from..to).unwrap_or_default();
    let mut kind = Kind::default();
    if starts.iter().any(|start| *start != 0) {
        kind.starts = true;
        let mut bytes = Vec::new();
        columns::encode_times(starts, &mut bytes);
        put_unsigned(bytes.len() as u64, out);
        out.extend_from_slice(&bytes);
    }
    let histograms = column.histograms.get(from..to).unwrap_or_default();
    if histograms.first().is_some_and(Option::is_some) {
        kind.histograms = true;
        let list: Vec<_> = histograms.iter().flatten().cloned().collect();
        columns::encode_histograms(&list, effort, out);
    } else {
        let values = column.values.get(from..to).unwrap_or_default();
        columns::encode_values(values, effort, out);
    }
    kind
}

/// Where the next change of kind is: samples `from..result` are all floats or all histograms.
pub(crate) fn end_of_kind(column: &Column, from: usize) -> usize {
    let mut kinds = column.histograms.iter().map(Option::is_some).skip(from);
    match kinds.next() {
        Some(first) => from + 1 + kinds.take_while(|kind| *kind == first).count(),
        None => column.times.len(),
    }
}

/// Appends the samples `lo..hi` of a column of `n` to the values, histograms and starts of `column`. Its
/// times are appended by the caller afterwards; on an error everything is as it was.
pub(crate) fn decode(
    bytes: &[u8],
    n: usize,
    part: std::ops::Range<usize>,
    kind: Kind,
    column: &mut Column,
) -> columns::Result<()> {
    let before = column.values.len();
    if kind == Kind::default() {
        // A short range of a long column: the values of a constant need not all be made.
        let is_constant = part.len() < n && columns::encoding_name(bytes) == "constant";
        let (n, part) = if is_constant {
            (part.len(), 0..part.len())
        } else {
            (n, part)
        };
        if let Err(error) = columns::decode_values(bytes, n, &mut column.values) {
            column.values.truncate(before);
            return Err(error);
        }
        keep_part(&mut column.values, before, &part);
    } else {
        let mut reader = Reader::new(bytes);
        let mut starts = Vec::new();
        if kind.starts {
            let length =
                usize::try_from(reader.unsigned()?).map_err(|_| columns::Error::Truncated)?;
            columns::decode_times(reader.bytes(length)?, n, &mut starts)?;
        }
        let (mut values, mut histograms) = (Vec::new(), Vec::new());
        if kind.histograms {
            columns::decode_histograms(reader.rest(), n, &mut histograms)?;
        } else {
            columns::decode_values(reader.rest(), n, &mut values)?;
        }
        if kind.starts {
            column.starts.resize(before, 0);
            column
                .starts
                .extend(starts.iter().skip(part.start).take(part.len()));
        }
        if kind.histograms {
            column.histograms.resize(before, None);
            let picked = histograms.into_iter().skip(part.start).take(part.len());
            column.histograms.extend(picked.map(Some));
            values.resize(n, f64::NAN);
        }
        column
            .values
            .extend(values.iter().skip(part.start).take(part.len()));
    }
    if !column.starts.is_empty() {
        column.starts.resize(column.values.len(), 0);
    }
    if !column.histograms.is_empty() {
        column.histograms.resize(column.values.len(), None);
    }
    Ok(())
}

/// Of what was appended behind `before`, keeps `part`.
fn keep_part(values: &mut Vec<f64>, before: usize, part: &std::ops::Range<usize>) {
    values.truncate(before + part.end);
    if part.start > 0 {
        values.drain(before..before + part.start);
    }
}
