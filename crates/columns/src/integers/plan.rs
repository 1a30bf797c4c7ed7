//! How a column of integers is best written.

use crate::bins::Bins;
use crate::bits::{mask, width_of};
use crate::survey::{Range, Survey};
use crate::varint::{put_signed, put_unsigned};
use crate::{Effort, form, pack};

/// Shorter columns are not worth a table of bins.
const BINS_FROM: usize = 24;

/// A column of integers and the way to write it.
pub(crate) struct Plan {
    first: i64,
    divisor: i64,
    /// The first step in units of the divisor.
    step: i64,
    /// What is left of each integer after `order` differences.
    residuals: Vec<i64>,
    order: u8,
    stage: Stage,
    /// About how many bits [`write`](Self::write) writes.
    pub(crate) bits: usize,
    /// About how many bits the column takes without the integers that repeat the one before.
    pub(crate) bits_without_repeats: usize,
}

enum Stage {
    Linear,
    Packed(Range),
    Bins { base: i64, bins: Bins },
}

impl Plan {
    /// Shape: at least one integer.
    pub(crate) fn new(integers: &[i64], effort: Effort) -> Self {
        let first = integers.first().copied().unwrap_or(0);
        let mut steps = differences(integers);
        let step = steps.first().copied().unwrap_or(0);
        let mut plan = Self {
            first,
            divisor: 1,
            step,
            residuals: Vec::new(),
            order: form::LINEAR,
            stage: Stage::Linear,
            bits: 8 * (varint(first) + varint(step)),
            bits_without_repeats: usize::MAX,
        };
        if steps.iter().all(|other| *other == step) {
            return plan;
        }
        let divisor = common_divisor(&steps);
        if divisor > 1 {
            for step in &mut steps {
                *step /= divisor;
            }
        }
        plan.divisor = divisor;
        plan.step = step / divisor;
        // Counted from the first integer, in units of the divisor.
        let mut sum = 0i64;
        let places: Vec<i64> = std::iter::once(0)
            .chain(steps.iter().map(|step| {
                sum = sum.wrapping_add(*step);
                sum
            }))
            .collect();
        let bends = if effort == Effort::Small || is_smooth(&steps) {
            differences(&steps)
        } else {
            Vec::new()
        };
        plan.choose([places, steps, bends], effort);
        plan
    }

    fn choose(&mut self, orders: [Vec<i64>; 3], effort: Effort) {
        let mut surveys = [const { Survey::EMPTY }; 3];
        for (survey, residuals) in surveys.iter_mut().zip(&orders) {
            survey.add(residuals);
        }
        let divisor_bytes = if self.divisor > 1 {
            varint(self.divisor)
        } else {
            0
        };
        let firsts = [
            varint(self.first),
            varint(self.first),
            varint(self.first) + varint(self.step),
        ];
        let head = |order: usize, base: i64| {
            let base = if order > 0 { varint(base) } else { 0 };
            8 * (divisor_bytes + firsts.get(order).copied().unwrap_or(0) + base)
        };
        let ranges = surveys.each_ref().map(|survey| survey.range(true));
        let mut chosen = 0usize;
        let mut least = usize::MAX;
        for (order, (range, residuals)) in ranges.iter().zip(&orders).enumerate() {
            if residuals.is_empty() {
                continue;
            }
            let bits = head(order, range.base) + 8 + range.bits;
            if bits < least {
                (least, chosen) = (bits, order);
                self.stage = Stage::Packed(*range);
            }
        }
        let [whole, steps, _] = &surveys;
        let repeats = steps.range(false);
        // The integers are one more than the steps.
        let without = whole.range(true).width as usize * (steps.nonzero() + 1);
        self.bits_without_repeats = head(1, repeats.base) + 8 + repeats.bits.min(without);

        if effort == Effort::Small
            && orders
                .iter()
                .all(|residuals| residuals.len() + 2 >= BINS_FROM)
        {
            let entropies = surveys.each_ref().map(Survey::entropy);
            let lowest = entropies.iter().copied().fold(f64::INFINITY, f64::min);
            for (order, residuals) in orders.iter().enumerate() {
                // The estimate is good enough to drop an order that is clearly worse.
                if entropies
                    .get(order)
                    .is_none_or(|entropy| *entropy > lowest * 1.04)
                {
                    continue;
                }
                let base = residuals.iter().copied().min().unwrap_or(0);
                let Some(bins) = Bins::choose(&offsets(residuals, base)) else {
                    continue;
                };
                let bits = head(order, base) + bins.bits;
                // Packed bits are read three times as fast: bins must be worth it.
                let limit = if matches!(self.stage, Stage::Packed(_)) {
                    least / 100 * 95
                } else {
                    least
                };
                if bits < limit {
                    (least, chosen) = (bits, order);
                    self.stage = Stage::Bins { base, bins };
                }
            }
        }
        self.bits = least;
        self.order = u8::try_from(chosen).unwrap_or(0);
        self.residuals = orders.into_iter().nth(chosen).unwrap_or_default();
    }

    /// The form for the column's first byte.
    pub(crate) fn form(&self) -> u8 {
        let divided = if self.divisor > 1 { form::DIVIDED } else { 0 };
        self.order
            | match &self.stage {
                Stage::Linear => 0,
                Stage::Packed(range) if range.outliers > 0 => form::PATCHED | divided,
                Stage::Packed(_) => divided,
                Stage::Bins { .. } => form::BINS | divided,
            }
    }

    /// Appends the column, without the form.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        let base = match &self.stage {
            Stage::Linear => {
                put_signed(self.first, out);
                put_signed(self.step, out);
                return;
            }
            Stage::Packed(range) => range.base,
            Stage::Bins { base, .. } => *base,
        };
        if self.divisor > 1 {
            put_unsigned(self.divisor as u64, out);
        }
        if self.order == 0 {
            put_signed(
                self.first.wrapping_add(base.wrapping_mul(self.divisor)),
                out,
            );
        } else {
            put_signed(self.first, out);
            if self.order == 2 {
                put_signed(self.step, out);
            }
            put_signed(base, out);
        }
        match &self.stage {
            Stage::Linear => {}
            Stage::Packed(range) => write_packed(*range, &self.residuals, out),
            Stage::Bins { bins, .. } => bins.encode(&offsets(&self.residuals, base), out),
        }
    }
}

fn write_packed(range: Range, residuals: &[i64], out: &mut Vec<u8>) {
    #[expect(clippy::cast_possible_truncation, reason = "a width is at most 64")]
    out.push(range.width as u8);
    let largest = mask(range.width);
    let offset = |residual: &i64| residual.wrapping_sub(range.base) as u64;
    let packed =
        (residuals.iter().map(offset)).map(|offset| if offset > largest { 0 } else { offset });
    pack::pack(packed, range.width, out);
    if range.outliers == 0 {
        return;
    }
    let outliers = || {
        residuals
            .iter()
            .map(offset)
            .enumerate()
            .filter(|(_, offset)| *offset > largest)
    };
    put_unsigned(outliers().count() as u64, out);
    let mut next = 0;
    for (at, offset) in outliers() {
        put_unsigned((at - next) as u64, out);
        put_signed(offset as i64, out);
        next = at + 1;
    }
}

fn offsets(residuals: &[i64], base: i64) -> Vec<u64> {
    residuals
        .iter()
        .map(|residual| residual.wrapping_sub(base) as u64)
        .collect()
}

fn differences(integers: &[i64]) -> Vec<i64> {
    let later = integers.get(1..).unwrap_or_default();
    later
        .iter()
        .zip(integers)
        .map(|(to, from)| to.wrapping_sub(*from))
        .collect()
}

/// Whether a few of the steps are more like the step before than like zero.
fn is_smooth(steps: &[i64]) -> bool {
    let (mut sizes, mut bends) = (0u32, 0u32);
    for pair in steps.windows(2).step_by((steps.len() / 16).max(1)) {
        if let [a, b] = pair {
            sizes += width_of(b.unsigned_abs());
            bends += width_of(b.wrapping_sub(*a).unsigned_abs());
        }
    }
    bends < sizes
}

/// Bytes of a signed varint.
fn varint(value: i64) -> usize {
    let zigzag = (value.wrapping_shl(1) ^ (value >> 63)) as u64;
    width_of(zigzag | 1).div_ceil(7) as usize
}

/// The largest number that divides all; 1 where that is too large for an `i64`.
fn common_divisor(steps: &[i64]) -> i64 {
    let mut divisor = 0u64;
    for step in steps {
        let mut other = step.unsigned_abs();
        if other == 0 || other == divisor {
            continue;
        }
        if divisor == 0 {
            divisor = other;
            continue;
        }
        while other != 0 {
            (divisor, other) = (other, divisor % other);
        }
        if divisor == 1 {
            break;
        }
    }
    i64::try_from(divisor).unwrap_or(1).max(1)
}
