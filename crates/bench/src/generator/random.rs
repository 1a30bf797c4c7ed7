//! Reproducible random numbers: SplitMix64.
//!
//! Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014).

/// A stream of numbers that follows from its key alone.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The stream of a key.
    pub(super) fn of(key: [u64; 3]) -> Self {
        let mut stream = Self(0x5EED);
        for part in key {
            stream.0 ^= part;
            stream.0 = stream.bits();
        }
        stream
    }

    /// 64 random bits.
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 up to, not including, 1.
    pub(super) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number from 0 up to, not including, `bound`.
    pub(super) fn whole(&mut self, bound: f64) -> f64 {
        (self.unit() * bound).floor()
    }
}
