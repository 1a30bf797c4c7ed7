//! What a page says about its values without being decoded.

/// Statistics of a column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ValueStats {
    /// The smallest value, NaN left out; positive infinity where there is none.
    pub min: f64,
    /// The largest value, NaN left out; negative infinity where there is none.
    pub max: f64,
    /// How many values are NaN, stale markers included.
    pub nan: u32,
    /// How often a value is smaller than the one before: resets, if it is a counter.
    pub drops: u32,
}

/// Computes the statistics of `values`.
pub fn value_stats(values: &[f64]) -> ValueStats {
    let mut stats = ValueStats {
        min: f64::INFINITY,
        max: f64::NEG_INFINITY,
        nan: 0,
        drops: 0,
    };
    let mut previous = f64::NAN;
    for value in values {
        // Comparisons with NaN are false, so it never gets into a bound.
        stats.min = if *value < stats.min {
            *value
        } else {
            stats.min
        };
        stats.max = if *value > stats.max {
            *value
        } else {
            stats.max
        };
        stats.nan += u32::from(value.is_nan());
        stats.drops += u32::from(*value < previous);
        previous = *value;
    }
    stats
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_counted_and_left_out_of_the_bounds() {
        let stats = value_stats(&[f64::NAN, 3.0, 5.0, -1.0, f64::NAN, -7.0]);
        assert_eq!(
            (stats.min, stats.max, stats.nan, stats.drops),
            (-7.0, 5.0, 2, 1)
        );
        let none = value_stats(&[]);
        assert_eq!((none.min, none.max), (f64::INFINITY, f64::NEG_INFINITY));
    }
}
