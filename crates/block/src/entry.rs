//! Entries of a page: which columns it holds, in two or three bytes each.

use columns::{Reader, put_signed, put_unsigned};

/// What is in a column besides float values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Kind {
    /// Native histograms instead of floats.
    pub(crate) histograms: bool,
    /// Start times in front.
    pub(crate) starts: bool,
}

/// One column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Entry {
    pub(crate) ordinal: u32,
    pub(crate) timeline: u32,
    /// The part of the timeline that its times are.
    pub(crate) first: u32,
    pub(crate) n: u32,
    /// Where its bytes are in the page's column bytes.
    pub(crate) start: u32,
    pub(crate) bytes: u32,
    pub(crate) kind: Kind,
}

// The head byte. Bits 0-1: series number.
const SAME_SERIES: u8 = 0;
const NEXT_SERIES: u8 = 1;
const LATER_SERIES: u8 = 2;
/// A byte of flags follows the head.
const SPECIAL: u8 = 1 << 2;
/// First and number follow; else the column covers its timeline.
const PART: u8 = 1 << 3;
// Bits 4-5: timeline.
const SAME_TIMELINE: u8 = 0;
const NEXT_TIMELINE: u8 = 1 << 4;
const OTHER_TIMELINE: u8 = 2 << 4;
// Bits 6-7: bytes.
const SAME_BYTES: u8 = 0;
const ONE_BYTE: u8 = 1 << 6;
const MANY_BYTES: u8 = 2 << 6;

const HISTOGRAMS: u8 = 1;
const STARTS: u8 = 2;

/// Appends `entry` behind `before` (an entry of zeros but for the page's first ordinal at the start).
/// `covers`: it covers its timeline.
pub(crate) fn put(entry: &Entry, before: &Entry, covers: bool, out: &mut Vec<u8>) {
    let step = entry.ordinal.wrapping_sub(before.ordinal);
    let mut head = match step {
        0 => SAME_SERIES,
        1 => NEXT_SERIES,
        _ => LATER_SERIES,
    };
    let is_special = entry.kind != Kind::default();
    head |= if is_special { SPECIAL } else { 0 };
    head |= if covers { 0 } else { PART };
    head |= match entry.timeline.wrapping_sub(before.timeline) {
        0 => SAME_TIMELINE,
        1 => NEXT_TIMELINE,
        _ => OTHER_TIMELINE,
    };
    head |= match entry.bytes {
        same if same == before.bytes => SAME_BYTES,
        ..=255 => ONE_BYTE,
        _ => MANY_BYTES,
    };
    out.push(head);
    if is_special {
        let histograms = u8::from(entry.kind.histograms) * HISTOGRAMS;
        let starts = u8::from(entry.kind.starts) * STARTS;
        out.push(histograms | starts);
    }
    if step > 1 {
        put_unsigned(u64::from(step), out);
    }
    if head & 0x30 == OTHER_TIMELINE {
        put_signed(i64::from(entry.timeline) - i64::from(before.timeline), out);
    }
    if !covers {
        put_unsigned(u64::from(entry.first), out);
        put_unsigned(u64::from(entry.n), out);
    }
    match head & 0xc0 {
        ONE_BYTE => out.push(entry.bytes.to_le_bytes()[0]),
        MANY_BYTES => put_unsigned(u64::from(entry.bytes), out),
        _ => {}
    }
}

/// Reads the entry behind `before`; `n_of` gives the number of times of a timeline, if there is one.
pub(crate) fn read(
    reader: &mut Reader<'_>,
    before: &Entry,
    n_of: impl Fn(u32) -> Option<u32>,
) -> Option<Entry> {
    let head = reader.byte().ok()?;
    let flags = if head & SPECIAL == 0 {
        0
    } else {
        reader.byte().ok()?
    };
    let short = |reader: &mut Reader<'_>| u32::try_from(reader.unsigned().ok()?).ok();
    let step = match head & 3 {
        SAME_SERIES => 0,
        NEXT_SERIES => 1,
        LATER_SERIES => short(reader)?,
        _ => return None,
    };
    let timeline = match head & 0x30 {
        SAME_TIMELINE => before.timeline,
        NEXT_TIMELINE => before.timeline.checked_add(1)?,
        OTHER_TIMELINE => {
            let other = i64::from(before.timeline).checked_add(reader.signed().ok()?)?;
            u32::try_from(other).ok()?
        }
        _ => return None,
    };
    let all = n_of(timeline)?;
    let (first, n) = if head & PART == 0 {
        (0, all)
    } else {
        (short(reader)?, short(reader)?)
    };
    if n == 0 || first.checked_add(n)? > all || flags & !(HISTOGRAMS | STARTS) != 0 {
        return None;
    }
    let bytes = match head & 0xc0 {
        SAME_BYTES => before.bytes,
        ONE_BYTE => u32::from(reader.byte().ok()?),
        MANY_BYTES => short(reader)?,
        _ => return None,
    };
    Some(Entry {
        ordinal: before.ordinal.checked_add(step)?,
        timeline,
        first,
        n,
        start: before.start.checked_add(before.bytes)?,
        bytes,
        kind: Kind {
            histograms: flags & HISTOGRAMS != 0,
            starts: flags & STARTS != 0,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn entries_come_back(
            list in prop::collection::vec((0u32..4, 0u32..5, 0u32..20, 1u32..20, 0u32..600, any::<(bool, bool)>()), 1..50),
        ) {
            let n_of = |timeline: u32| (timeline < 5).then_some(40u32);
            let (mut bytes, mut entries) = (Vec::new(), Vec::new());
            let zero = Entry { ordinal: 7, ..Entry::default() };
            let mut before = zero;
            for (step, timeline, first, n, length, (histograms, starts)) in list {
                let covers = first == 0;
                let entry = Entry {
                    ordinal: before.ordinal + step,
                    timeline,
                    first,
                    n: if covers { 40 } else { n },
                    start: before.start + before.bytes,
                    bytes: length,
                    kind: Kind { histograms, starts },
                };
                put(&entry, &before, covers, &mut bytes);
                entries.push(entry);
                before = entry;
            }
            let mut reader = Reader::new(&bytes);
            let mut before = zero;
            for entry in entries {
                before = read(&mut reader, &before, n_of).unwrap();
                prop_assert_eq!(before, entry);
            }
            prop_assert!(reader.rest().is_empty());
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = Reader::new(&bytes);
            let mut before = Entry::default();
            while let Some(entry) = read(&mut reader, &before, |timeline| (timeline < 9).then_some(9)) {
                prop_assert!(entry.first + entry.n <= 9);
                before = entry;
            }
        }
    }
}
