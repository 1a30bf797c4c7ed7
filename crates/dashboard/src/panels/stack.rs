//! Series that stand on each other.

use super::line_style::{DrawStyle, Interpolation, StackMode};
use super::time_series::TimeSeriesLine;
use crate::frame::is_null;
use std::collections::HashMap;

/// Which series stand on each other: their group, how they are drawn, and on which side of zero.
type Key = (String, DrawStyle2, bool);
type DrawStyle2 = (u8, u8);

/// Lifts stacked series onto those before them, by time; nothing counts as zero, and negative series go down.
pub(super) fn stack(lines: &mut [TimeSeriesLine]) {
    let keys: Vec<Option<Key>> = lines.iter().map(key).collect();
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
