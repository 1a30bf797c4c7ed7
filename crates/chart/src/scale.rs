//! Values to pixels and back.

/// A linear or logarithmic map between a domain (values) and a range (pixels).
///
/// A domain of no width maps everything to the middle of the range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scale {
    domain: (f64, f64),
    range: (f64, f64),
    log: bool,
    /// Pixels for each unit of the domain, or of its logarithm: to divide once, not for every point.
    rate: f64,
}

impl Scale {
    /// The map that takes `domain.0` to `range.0` and `domain.1` to `range.1`.
    pub fn new(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self {
            domain,
            range,
            log: false,
            rate: (range.1 - range.0) / (domain.1 - domain.0),
        }
    }

    /// As [`Scale::new`], with equal ratios instead of equal differences at equal distances.
    ///
    /// Bounds: the domain is above zero. Values that are not map to below the range's beginning.
    pub fn logarithmic(domain: (f64, f64), range: (f64, f64)) -> Self {
        Self {
            domain,
            range,
            log: true,
            rate: (range.1 - range.0) / (domain.1 / domain.0).ln(),
        }
    }

    /// The domain.
    pub fn domain(&self) -> (f64, f64) {
        self.domain
    }

    /// The pixel of `value`; outside the range for values outside the domain.
    pub fn to_pixel(&self, value: f64) -> f64 {
        let (lo, hi) = self.domain;
        let above = if hi == lo {
            return f64::midpoint(self.range.0, self.range.1);
        } else if self.log {
            (value.max(f64::MIN_POSITIVE) / lo).ln()
        } else {
            value - lo
        };
        self.range.0 + above * self.rate
    }

    /// The value and the pixel that the map begins with, and pixels for each unit, where it is linear.
    pub(crate) fn linear(&self) -> Option<(f64, f64, f64)> {
        (!self.log && self.domain.0 != self.domain.1).then_some((
            self.domain.0,
            self.range.0,
            self.rate,
        ))
    }

    /// The value at `pixel`.
    pub fn to_value(&self, pixel: f64) -> f64 {
        let (from, to) = self.range;
        if to == from {
            return self.domain.0;
        }
        let part = (pixel - from) / (to - from);
        if self.log {
            return self.domain.0 * (self.domain.1 / self.domain.0).powf(part);
        }
        self.domain.0 + part * (self.domain.1 - self.domain.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_flat_domain_maps_to_the_middle() {
        assert_eq!(Scale::new((5.0, 5.0), (0.0, 100.0)).to_pixel(5.0), 50.0);
    }

    #[test]
    fn a_range_may_run_downwards() {
        let y = Scale::new((0.0, 10.0), (200.0, 0.0));
        assert_eq!(y.to_pixel(10.0), 0.0);
        assert_eq!(y.to_value(200.0), 0.0);
    }

    proptest! {
        #[test]
        fn pixels_lead_back_to_values(lo in -1e9..1e9f64, width in 1e-3..1e9f64, part in 0.0..1.0f64) {
            let scale = Scale::new((lo, lo + width), (10.0, 810.0));
            let value = lo + part * width;
            let back = scale.to_value(scale.to_pixel(value));
            prop_assert!((back - value).abs() <= 1e-9 * (lo.abs() + width) + 1e-9);
        }

        #[test]
        fn order_is_kept(a in -1e6..1e6f64, b in -1e6..1e6f64) {
            let scale = Scale::new((-1e6, 1e6), (0.0, 500.0));
            prop_assert_eq!(a <= b, scale.to_pixel(a) <= scale.to_pixel(b));
        }
    }

    #[test]
    fn equal_ratios_are_equal_distances_on_a_logarithmic_scale() {
        let scale = Scale::logarithmic((1.0, 10_000.0), (100.0, 0.0));
        assert!((scale.to_pixel(100.0) - 50.0).abs() < 1e-9);
        assert!((scale.to_value(25.0) - 1000.0).abs() < 1e-6);
        assert!(scale.to_pixel(0.0) > 100.0);
    }
}
