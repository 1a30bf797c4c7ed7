//! What a column of residuals looks like: how many there are of each size, and which range holds
//! nearly all of them in the fewest bits.

use crate::bits::width_of;

/// Sizes: 0, up to 63 bits above it, up to 64 below it.
const SIZES: usize = 128;
/// Where zeros are counted.
const ZEROS: u32 = 64;

#[derive(Clone, Copy)]
struct Size {
    count: u32,
    min: i64,
    max: i64,
}

/// Residuals by sign and length in bits.
pub(crate) struct Survey {
    sizes: [Size; SIZES],
    /// Bit `i` is set where `sizes[i]` counts any.
    used: u128,
    count: usize,
}

/// The residuals `base ..< base + 2^width`; the others are outliers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) base: i64,
    pub(crate) width: u32,
    pub(crate) outliers: usize,
    /// Of all residuals, outliers included.
    pub(crate) bits: usize,
}

impl Survey {
    /// Of nothing.
    pub(crate) const EMPTY: Self = Self {
        sizes: [Size {
            count: 0,
            min: 0,
            max: 0,
        }; SIZES],
        used: 0,
        count: 0,
    };

    /// Counts these residuals too.
    pub(crate) fn add(&mut self, residuals: &[i64]) {
        for residual in residuals {
            let length = width_of(residual.unsigned_abs());
            let at = if *residual < 0 {
                ZEROS - length
            } else {
                ZEROS + length
            };
            let Some(size) = self.sizes.get_mut(at as usize) else {
                continue;
            };
            if size.count == 0 {
                self.used |= 1 << at;
                (size.min, size.max) = (*residual, *residual);
            }
            size.count += 1;
            size.min = size.min.min(*residual);
            size.max = size.max.max(*residual);
        }
        self.count += residuals.len();
    }

    /// The sizes that occur, smallest residuals first, with their index.
    fn used(&self) -> impl Iterator<Item = (u32, &Size)> {
        let mut left = self.used;
        std::iter::from_fn(move || {
            let at = left.trailing_zeros();
            left &= left.wrapping_sub(1);
            Some((at, self.sizes.get(at as usize)?))
        })
    }

    /// How many are not zero.
    pub(crate) fn nonzero(&self) -> usize {
        let zeros = (self.sizes.get(ZEROS as usize)).map_or(0, |size| size.count as usize);
        self.count - zeros
    }

    /// The range that takes the fewest bits; without the zeros if so asked.
    pub(crate) fn range(&self, with_zeros: bool) -> Range {
        let used: Vec<(u32, &Size)> = (self.used())
            .filter(|(at, _)| with_zeros || *at != ZEROS)
            .map(|(at, size)| (at.abs_diff(ZEROS), size))
            .collect();
        let total: usize = used.iter().map(|(_, size)| size.count as usize).sum();
        let mut best = Range {
            base: 0,
            width: 0,
            outliers: 0,
            bits: usize::MAX,
        };
        let limit = total / 10;
        let (mut below, mut below_bits) = (0usize, 0usize);
        for (from, (length, low)) in used.iter().enumerate() {
            let (mut above, mut above_bits) = (0usize, 0usize);
            for (high_length, high) in used.iter().skip(from).rev() {
                if below + above > limit {
                    break;
                }
                let width = width_of(high.max.wrapping_sub(low.min) as u64);
                let kept = total - below - above;
                // Outliers keep their place among the packed ones.
                let bits = total * width as usize + below_bits + above_bits;
                debug_assert!(kept > 0, "a range holds its own ends");
                if bits < best.bits {
                    best = Range {
                        base: low.min,
                        width,
                        outliers: below + above,
                        bits,
                    };
                }
                above += high.count as usize;
                above_bits += high.count as usize * outlier_bits(*high_length);
            }
            below += low.count as usize;
            below_bits += low.count as usize * outlier_bits(*length);
            if below > limit {
                break;
            }
        }
        if best.bits == usize::MAX {
            best.bits = 0;
        }
        best
    }

    /// About how many bits an entropy coder needs for them.
    pub(crate) fn entropy(&self) -> f64 {
        let total = self.count as f64;
        self.used()
            .map(|(at, size)| {
                let count = f64::from(size.count);
                let spread = size.max.wrapping_sub(size.min) as u64 as f64 + 1.0;
                let offset = spread.log2().min(f64::from(at.abs_diff(ZEROS)));
                count * ((total / count).log2() + offset)
            })
            .sum()
    }
}

/// Bits of a position and of a residual of this length as varints.
fn outlier_bits(length: u32) -> usize {
    8 + (length as usize / 7 + 1) * 8
}

#[cfg(test)]
mod tests {
    use super::*;

    fn survey(residuals: impl Iterator<Item = i64>) -> Survey {
        let mut survey = Survey::EMPTY;
        survey.add(&residuals.collect::<Vec<_>>());
        survey
    }

    #[test]
    fn range_leaves_out_a_counter_reset() {
        let residuals = survey((0..100).map(|i| {
            if i == 50 {
                -1_000_000_000
            } else {
                1000 + i % 16
            }
        }));
        let range = residuals.range(true);
        assert_eq!((range.base, range.width, range.outliers), (1000, 4, 1));
    }

    #[test]
    fn range_holds_the_ends_of_all_numbers() {
        let range = survey([i64::MIN, i64::MAX, 0].into_iter()).range(true);
        assert_eq!((range.base, range.width, range.outliers), (i64::MIN, 64, 0));
        let range = survey(std::iter::empty()).range(true);
        assert_eq!((range.width, range.bits), (0, 0));
    }

    #[test]
    fn zeros_can_be_left_out() {
        let survey = survey((0..100).map(|i| if i % 2 == 0 { 0 } else { 5000 + i }));
        assert_eq!(survey.nonzero(), 50);
        assert_eq!(survey.range(true).width, 13);
        assert_eq!(survey.range(false).width, 7);
    }
}
