//! The machine's time zone, from `/etc/localtime`.
//!
//! Source: RFC 9636 (TZif), and POSIX for the rule at the end of the file.

use crate::paths::Paths;
use model::{CivilTime, TimestampMs};
use std::fs;

/// What a clock on the wall shows at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Short name, such as `CEST`.
    pub(crate) name: String,
    /// Seconds ahead of UTC.
    pub(crate) offset: i64,
}

impl Zone {
    pub(crate) fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            offset: 0,
        }
    }
}

/// The file of the machine's zone. A link leads to a file of the machine, not of the container.
pub(crate) fn read(paths: &Paths) -> Option<Vec<u8>> {
    let path = paths.in_root("etc/localtime");
    let path = match fs::read_link(&path) {
        Ok(link) if link.is_absolute() => paths.in_root(link.to_str()?),
        _ => path,
    };
    fs::read(path).ok()
}

/// What the file says about `time`; nothing if it is damaged.
pub(crate) fn at(file: &[u8], time: TimestampMs) -> Option<Zone> {
    let seconds = time.0.div_euclid(1000);
    let (first, rest) = Part::read(file, 4)?;
    let (part, rest) = if first.version >= b'2' {
        // The first part is for readers that know 32 bits only.
        Part::read(rest, 8)?
    } else {
        (first, rest)
    };
    let rule = rest
        .strip_prefix(b"\n")
        .and_then(|rest| rest.split(|byte| *byte == b'\n').next());
    let rule = rule
        .and_then(|rule| std::str::from_utf8(rule).ok())
        .unwrap_or("");
    let transitions: Vec<i64> = part.times.chunks_exact(part.width).map(number).collect();
    match transitions.partition_point(|start| *start <= seconds) {
        0 if !transitions.is_empty() || rule.is_empty() => part.kind(0),
        after if after == transitions.len() && !rule.is_empty() => Rule::parse(rule)?.at(seconds),
        after => part.kind(usize::from(*part.kinds.get(after - 1)?)),
    }
}

/// Big endian, signed.
fn number(bytes: &[u8]) -> i64 {
    let first = bytes.first().copied().unwrap_or(0).cast_signed();
    let rest = bytes.iter().skip(1);
    rest.fold(i64::from(first), |number, byte| {
        number << 8 | i64::from(*byte)
    })
}

/// One half of a file.
struct Part<'f> {
    version: u8,
    /// Bytes of a time.
    width: usize,
    times: &'f [u8],
    /// The kind of time after each transition.
    kinds: &'f [u8],
    /// Six bytes each.
    all_kinds: &'f [u8],
    names: &'f [u8],
}

impl<'f> Part<'f> {
    /// The part at the beginning of `file`, and what follows it.
    fn read(file: &'f [u8], width: usize) -> Option<(Self, &'f [u8])> {
        let (head, mut rest) = file.split_at_checked(44)?;
        if !head.starts_with(b"TZif") {
            return None;
        }
        let mut counts = [0; 6];
        for (count, bytes) in counts.iter_mut().zip(head.get(20..)?.chunks_exact(4)) {
            *count = usize::try_from(u32::from_be_bytes(bytes.try_into().ok()?)).ok()?;
        }
        let [is_utc, is_standard, leaps, times, kinds, names] = counts;
        let mut take = |length: usize| {
            let (taken, after) = rest.split_at_checked(length)?;
            rest = after;
            Some(taken)
        };
        let part = Self {
            version: *head.get(4)?,
            width,
            times: take(times.checked_mul(width)?)?,
            kinds: take(times)?,
            all_kinds: take(kinds.checked_mul(6)?)?,
            names: take(names)?,
        };
        take(leaps.checked_mul(width + 4)?)?;
        take(is_standard.checked_add(is_utc)?)?;
        Some((part, rest))
    }

    fn kind(&self, index: usize) -> Option<Zone> {
        let kind = self.all_kinds.chunks_exact(6).nth(index)?;
        let name = self.names.get(usize::from(*kind.get(5)?)..)?;
        let name = name.split(|byte| *byte == 0).next()?;
        Some(Zone {
            name: String::from_utf8_lossy(name).into_owned(),
            offset: number(kind.get(..4)?),
        })
    }
}

/// `CET-1CEST,M3.5.0,M10.5.0/3`
struct Rule {
    standard: Zone,
    summer: Option<(Zone, Day, Day)>,
}

/// A time of the year.
struct Day {
    date: Date,
    /// Seconds since midnight.
    time: i64,
}

enum Date {
    /// Day of the year from 1; the 29th of February is not counted.
    NoLeap(i64),
    /// Day of the year from 0.
    YearDay(i64),
    /// Month, week (5 is the last), weekday.
    Weekday(i64, i64, i64),
}

impl Rule {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(',');
        let zones = parts.next()?;
        let (standard, rest) = name(zones)?;
        let (west, rest) = clock_time(rest)?;
        let standard = Zone {
            name: standard.to_owned(),
            offset: -west,
        };
        if rest.is_empty() {
            return Some(Self {
                standard,
                summer: None,
            });
        }
        let (summer, rest) = name(rest)?;
        let offset = match clock_time(rest) {
            Some((west, _)) => -west,
            None => standard.offset + 3600,
        };
        let summer = Zone {
            name: summer.to_owned(),
            offset,
        };
        let (start, end) = (Day::parse(parts.next()?)?, Day::parse(parts.next()?)?);
        Some(Self {
            standard,
            summer: Some((summer, start, end)),
        })
    }

    fn at(self, seconds: i64) -> Option<Zone> {
        let Some((summer, start, end)) = self.summer else {
            return Some(self.standard);
        };
        let local = seconds + self.standard.offset;
        let civil = CivilTime::of(TimestampMs(local.checked_mul(1000)?));
        let new_year = local.div_euclid(86_400) - (civil.year_day - 1);
        let start = start.seconds(civil.year, new_year) - self.standard.offset;
        let end = end.seconds(civil.year, new_year) - summer.offset;
        let is_summer = if start < end {
            (start..end).contains(&seconds)
        } else {
            !(end..start).contains(&seconds)
        };
        Some(if is_summer { summer } else { self.standard })
    }
}

impl Day {
    fn parse(text: &str) -> Option<Self> {
        let (date, time) = match text.split_once('/') {
            Some((date, time)) => (date, clock_time(time)?.0),
            None => (text, 7200),
        };
        let date = if let Some(rest) = date.strip_prefix('M') {
            let mut numbers = rest.split('.').map(|number| number.parse().ok());
            Date::Weekday(numbers.next()??, numbers.next()??, numbers.next()??)
        } else if let Some(day) = date.strip_prefix('J') {
            Date::NoLeap(day.parse().ok()?)
        } else {
            Date::YearDay(date.parse().ok()?)
        };
        Some(Self { date, time })
    }

    /// Seconds since the epoch on a clock without offset, in the year that begins on day `new_year`.
    fn seconds(&self, year: i64, new_year: i64) -> i64 {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let day = match self.date {
            Date::NoLeap(day) => day - 1 + i64::from(is_leap && day > 59),
            Date::YearDay(day) => day,
            Date::Weekday(month, week, weekday) => {
                let lengths = [
                    31,
                    28 + i64::from(is_leap),
                    31,
                    30,
                    31,
                    30,
                    31,
                    31,
                    30,
                    31,
                    30,
                    31,
                ];
                let before = usize::try_from(month - 1).unwrap_or(0);
                let first: i64 = lengths.iter().take(before).sum();
                let length = lengths.get(before).copied().unwrap_or(31);
                // The first of January 1970 was a Thursday.
                let of_first = (new_year + first + 4).rem_euclid(7);
                let mut day = (weekday - of_first).rem_euclid(7) + (week - 1) * 7;
                while day >= length {
                    day -= 7;
                }
                first + day
            }
        };
        (new_year + day) * 86_400 + self.time
    }
}

/// A name at the beginning of `text`, and what follows.
fn name(text: &str) -> Option<(&str, &str)> {
    if let Some(rest) = text.strip_prefix('<') {
        return rest.split_once('>');
    }
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

/// `[+-]hh[:mm[:ss]]` at the beginning of `text` in seconds, and what follows.
fn clock_time(text: &str) -> Option<(i64, &str)> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let is_part = |c: char| c.is_ascii_digit() || c == ':';
    let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
    let (numbers, rest) = rest.split_at(end);
    let mut seconds = 0;
    for (number, unit) in numbers.split(':').zip([3600, 60, 1]) {
        seconds += number.parse::<i64>().ok()? * unit;
    }
    Some((sign * seconds, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of version 2 with these transitions, kinds of time (offset, place of the name) and rule.
    fn file(transitions: &[(i64, u8)], kinds: &[(i32, u8)], names: &[u8], rule: &str) -> Vec<u8> {
        let head = |times: usize, kinds: usize, names: usize| {
            let mut head = b"TZif2".to_vec();
            head.resize(32, 0);
            for count in [times, kinds, names] {
                head.extend(u32::try_from(count).unwrap().to_be_bytes());
            }
            head
        };
        let mut file = head(0, 0, 0);
        file.extend(head(transitions.len(), kinds.len(), names.len()));
        for (time, _) in transitions {
            file.extend(time.to_be_bytes());
        }
        file.extend(transitions.iter().map(|(_, kind)| kind));
        for (offset, name) in kinds {
            file.extend(offset.to_be_bytes());
            file.extend([0, *name]);
        }
        file.extend(names);
        file.extend(format!("\n{rule}\n").bytes());
        file
    }

    #[track_caller]
    fn check(file: &[u8], seconds: i64, name: &str, offset: i64) {
        let zone = at(file, TimestampMs(seconds * 1000)).unwrap();
        assert_eq!((zone.name.as_str(), zone.offset), (name, offset));
    }

    #[test]
    fn transitions_of_the_file_come_first_and_its_rule_after_them() {
        let file = file(
            &[(1_000, 1), (2_000, 2)],
            &[(100, 0), (-200, 4), (300, 8)],
            b"AAA\0BBB\0CCC\0",
            "CET-1CEST,M3.5.0,M10.5.0/3",
        );
        check(&file, 999, "AAA", 100);
        check(&file, 1_000, "BBB", -200);
        // The clocks of 2024 changed on the 31st of March and the 27th of October at 1:00 UTC.
        check(&file, 1_711_846_799, "CET", 3600);
        check(&file, 1_711_846_800, "CEST", 7200);
        check(&file, 1_729_990_799, "CEST", 7200);
        check(&file, 1_729_990_800, "CET", 3600);
    }

    #[test]
    fn rules_of_the_other_half_of_the_world_go_over_the_new_year() {
        let file = file(&[], &[], b"", "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0");
        check(&file, 1_704_067_200, "+11", 39_600);
        check(&file, 1_719_792_000, "+1030", 37_800);
    }

    #[test]
    fn days_of_the_year_are_counted_with_and_without_leap_days() {
        let file = file(&[], &[], b"", "A0B,J60/0,300/0");
        // The first of March 2024.
        check(&file, 1_709_251_199, "A", 0);
        check(&file, 1_709_251_200, "B", 3600);
    }

    #[test]
    fn a_zone_without_a_rule_keeps_what_it_had_last() {
        let file = file(&[(10, 0)], &[(7200, 0)], b"EET\0", "");
        check(&file, 5, "EET", 7200);
        check(&file, 20, "EET", 7200);
        check(&self::file(&[], &[(0, 0)], b"UTC\0", "UTC0"), 5, "UTC", 0);
    }

    #[test]
    fn damaged_files_say_nothing() {
        let whole = file(&[(10, 0)], &[(7200, 0)], b"EET\0", "EET-2");
        for length in 0..whole.len() - 8 {
            assert_eq!(at(&whole[..length], TimestampMs(20_000)), None, "{length}");
        }
        assert_eq!(at(&file(&[], &[], b"", "nonsense"), TimestampMs(0)), None);
    }
}
