//! Series on top of each other.

use crate::segments::Point;
use std::collections::BTreeMap;
use std::ops::Range;

/// A series lifted by those below it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layer {
    /// Upper edge.
    pub(crate) top: Vec<Point>,
    /// Lower edge, at the same times. Shape: `base[i]` belongs to `top[i]`.
    pub(crate) base: Vec<f64>,
    /// What of it a line connects; found once, not whenever it is drawn.
    pub(crate) runs: Vec<Range<usize>>,
}

impl Layer {
    /// A series on its own; what is not above zero becomes a gap if there is no place for it.
    pub(crate) fn alone(points: &[Point], above_zero: bool) -> Self {
        let mut top = points.to_vec();
        if above_zero {
            for point in top.iter_mut().filter(|p| p.value <= 0.0) {
                point.value = f64::NAN;
            }
        }
        Self {
            top,
            base: Vec::new(),
            runs: Vec::new(),
        }
    }
}

/// Stacks lines in their order, values above zero upwards and those below zero downwards.
///
/// A line without a finite value at a time leaves no gap in those above it.
pub(crate) fn stack(lines: &[&[Point]], start: f64, step: f64) -> Vec<Layer> {
    let mut sums: BTreeMap<i64, (f64, f64)> = BTreeMap::new();
    let mut layers = Vec::with_capacity(lines.len());
    for line in lines {
        let mut layer = Layer {
            top: Vec::with_capacity(line.len()),
            base: Vec::with_capacity(line.len()),
            runs: Vec::new(),
        };
        for point in line.iter().filter(|p| p.value.is_finite()) {
            let sum = sums.entry(slot(point.time, start, step)).or_default();
            let side = if point.value < 0.0 {
                &mut sum.1
            } else {
                &mut sum.0
            };
            layer.base.push(*side);
            *side += point.value;
            layer.top.push(Point {
                time: point.time,
                value: *side,
            });
        }
        layers.push(layer);
    }
    layers
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the cast saturates, and so far out all share one slot"
)]
fn slot(time: f64, start: f64, step: f64) -> i64 {
    ((time - start) / step).round() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Vec<Point> {
        values
            .iter()
            .enumerate()
            .map(|(i, &value)| Point {
                time: i as f64 * 15.0,
                value,
            })
            .collect()
    }

    #[test]
    fn later_lines_stand_on_earlier_ones() {
        let (a, b) = (points(&[1.0, 2.0]), points(&[10.0, 20.0]));
        let layers = stack(&[&a, &b], 0.0, 15.0);
        assert_eq!(layers[1].base, [1.0, 2.0]);
        assert_eq!(
            layers[1].top.iter().map(|p| p.value).collect::<Vec<_>>(),
            [11.0, 22.0]
        );
    }

    #[test]
    fn negative_values_hang_below_zero() {
        let (a, b) = (points(&[5.0]), points(&[-3.0]));
        let layers = stack(&[&a, &b], 0.0, 15.0);
        assert_eq!((layers[1].base[0], layers[1].top[0].value), (0.0, -3.0));
    }

    #[test]
    fn a_gap_below_lowers_what_is_above() {
        let (a, b) = (points(&[5.0, f64::NAN]), points(&[1.0, 1.0]));
        let layers = stack(&[&a, &b], 0.0, 15.0);
        assert_eq!(layers[1].base, [5.0, 0.0]);
        assert_eq!(layers[0].top.len(), 1);
    }
}
