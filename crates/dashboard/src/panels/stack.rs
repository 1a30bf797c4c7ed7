//! Series that stand on each other.

use super::line_style::{DrawStyle, Interpolation, StackMode};
use super::time_series::TimeSeriesLine;
use crate::frame::{NULL, is_null};
use std::collections::{HashMap, HashSet};

/// Which series stand on each other: their group, how they are drawn, and on which side of zero.
type Key = (String, DrawStyle2, bool);
type DrawStyle2 = (u8, u8);

/// Lifts stacked series onto those before them, by time; negative series go down.
///
/// Nothing counts as zero where another series of the stack has a value, and stays a gap where none has.
pub(super) fn stack(lines: &mut [TimeSeriesLine]) {
    let keys: Vec<Option<Key>> = lines.iter().map(key).collect();
    join_times(lines, &keys);
    let present = present(lines, &keys);
    let totals = totals(lines, &keys);
    let mut heights: HashMap<(Key, u64), f64> = HashMap::new();
    for (line, key) in lines.iter_mut().zip(keys) {
        let Some(key) = key else {
            continue;
        };
        let percent = line.style.stack == StackMode::Percent;
        let mut base = Vec::with_capacity(line.values.len());
        for (time, value) in line.times.iter().zip(&mut line.values) {
            let at = (key.clone(), time.to_bits());
            if !present.contains(&at) {
                base.push(0.0);
                *value = NULL;
                continue;
            }
            let mut own = if is_null(*value) || value.is_nan() {
                0.0
            } else {
                *value
            };
            if percent {
                let total = totals
                    .get(&(key.0.clone(), key.1, time.to_bits()))
                    .copied()
                    .unwrap_or(0.0);
                own = if total == 0.0 {
                    0.0
                } else {
                    own / total * 100.0
                };
            }
            let height = heights.entry(at).or_insert(0.0);
            base.push(*height);
            *height += own;
            *value = *height;
        }
        line.base = Some(base);
    }
}

/// Gives all series of a stack the same times, so that each has a gap where the stack has one.
fn join_times(lines: &mut [TimeSeriesLine], keys: &[Option<Key>]) {
    let mut joined: HashMap<&Key, Vec<f64>> = HashMap::new();
    for (line, key) in lines.iter().zip(keys) {
        if let Some(key) = key {
            joined.entry(key).or_default().extend(&line.times);
        }
    }
    for times in joined.values_mut() {
        times.sort_by(f64::total_cmp);
        times.dedup();
    }
    for (line, key) in lines.iter_mut().zip(keys) {
        let Some(times) = key.as_ref().and_then(|key| joined.get(key)) else {
            continue;
        };
        if times.len() == line.times.len() {
            continue;
        }
        let mut own = line.times.iter().zip(&line.values).peekable();
        let values = times.iter().map(|time| {
            own.next_if(|(own, _)| *own <= time)
                .map_or(NULL, |(_, value)| *value)
        });
        line.values = values.collect();
        line.times.clone_from(times);
    }
}

/// The times at which a stack has a value.
fn present(lines: &[TimeSeriesLine], keys: &[Option<Key>]) -> HashSet<(Key, u64)> {
    let mut present = HashSet::new();
    for (line, key) in lines.iter().zip(keys) {
        let Some(key) = key else {
            continue;
        };
        for (time, value) in line.times.iter().zip(&line.values) {
            if !is_null(*value) && !value.is_nan() {
                present.insert((key.clone(), time.to_bits()));
            }
        }
    }
    present
}

fn key(line: &TimeSeriesLine) -> Option<Key> {
    if line.style.stack == StackMode::None {
        return None;
    }
    let present = || {
        line.values
            .iter()
            .filter(|value| !is_null(**value) && !value.is_nan())
    };
    let down = present().all(|value| *value <= 0.0) && present().any(|value| *value < 0.0);
    let draw = match line.style.draw {
        DrawStyle::Line => 0,
        DrawStyle::Bars => 1,
        DrawStyle::Points => 2,
    };
    // Steps stand on steps, and straight lines on straight ones.
    let joined = match line.style.interpolation {
        Interpolation::Linear => 0,
        Interpolation::Smooth => 1,
        Interpolation::StepBefore => 2,
        Interpolation::StepAfter => 3,
    };
    Some((line.style.stack_group.clone(), (draw, joined), down))
}

/// For parts of a hundred: the sum of all amounts of a group at a time.
fn totals(
    lines: &[TimeSeriesLine],
    keys: &[Option<Key>],
) -> HashMap<(String, DrawStyle2, u64), f64> {
    let mut totals = HashMap::new();
    for (line, key) in lines.iter().zip(keys) {
        let Some((group, draw, _)) = key else {
            continue;
        };
        if line.style.stack != StackMode::Percent {
            continue;
        }
        for (time, value) in line.times.iter().zip(&line.values) {
            if !is_null(*value) && value.is_finite() {
                *totals
                    .entry((group.clone(), *draw, time.to_bits()))
                    .or_insert(0.0) += value.abs();
            }
        }
    }
    totals
}
