//! Start times as scripts write them: `name{label="value"}@st _ -1m -30s-1mx5`, each before its sample.

use crate::ScriptError;
use crate::error::Result;
use crate::notation::repeats;
use model::{DurationMs, Labels};

/// The start times of a series. Units: milliseconds after the sample, mostly below zero.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Starts {
    pub(crate) labels: Labels,
    pub(crate) offsets: Vec<Option<i64>>,
}

/// Reads a line, if it is one of start times.
pub(crate) fn parse(line: &str) -> Option<Result<Starts>> {
    let (metric, items) = line.split_once(char::is_whitespace)?;
    let metric = metric.strip_suffix("@st")?;
    let read = || {
        let labels = promql_syntax::parse_metric(metric)
            .map_err(|_| ScriptError::BadSeries(line.to_owned()))?;
        let mut offsets = Vec::new();
        for item in items.split_whitespace() {
            push(item, &mut offsets).ok_or_else(|| ScriptError::BadValue(item.to_owned()))?;
        }
        Ok(Starts { labels, offsets })
    };
    Some(read())
}

fn push(item: &str, offsets: &mut Vec<Option<i64>>) -> Option<()> {
    if item == "_" {
        offsets.push(None);
        return Some(());
    }
    if let Some(count) = item.strip_prefix("_x") {
        offsets.extend(std::iter::repeat_n(None, repeats(count)?));
        return Some(());
    }
    let (mut offset, rest) = duration(item)?;
    let (change, rest) = if rest.starts_with(['+', '-']) {
        duration(rest)?
    } else {
        (0, rest)
    };
    let count = if rest.is_empty() {
        0
    } else {
        repeats(rest.strip_prefix('x')?)?
    };
    for _ in 0..=count {
        offsets.push(Some(offset));
        offset = offset.checked_add(change)?;
    }
    Some(())
}

/// A signed duration of one unit at the start of `text`, and what follows. Units: milliseconds.
fn duration(text: &str) -> Option<(i64, &str)> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let digits = unsigned
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(unsigned.len());
    let after = unsigned.get(digits..)?;
    let unit = after
        .find(|c: char| !c.is_ascii_lowercase() || c == 'x')
        .unwrap_or(after.len());
    let (length, rest) = unsigned.split_at_checked(digits + unit)?;
    let millis = match length.parse::<DurationMs>() {
        Ok(duration) => duration.0,
        Err(_) if length.parse::<i64>() == Ok(0) => 0,
        Err(_) => return None,
    };
    let signed = if text.starts_with('-') {
        -millis
    } else {
        millis
    };
    Some((signed, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_expand() {
        let starts = parse(r#"a{b="c"}@st _ _x2 -1m 0-1sx2 -59999msx1 +1m"#)
            .unwrap()
            .unwrap();
        let some = |offsets: &[i64]| offsets.iter().copied().map(Some).collect::<Vec<_>>();
        assert_eq!(starts.offsets[..3], [None; 3]);
        assert_eq!(
            starts.offsets[3..],
            some(&[-60_000, 0, -1000, -2000, -59_999, -59_999, 60_000])
        );
        assert!(parse("a 1 2").is_none());
        assert!(parse("a@st 1y2").unwrap().is_err());
    }
}
