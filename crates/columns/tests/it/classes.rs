//! Columns like those of a monitored host, by class of series.

/// Kinds of series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// A counter of events or bytes that rises in most scrapes.
    IntCounter,
    /// A counter of seconds with two decimals.
    SecCounter,
    /// Memory in pages of 4 KiB, up and down.
    WalkGauge,
    /// A load average: two decimals, small steps.
    FloatGauge,
    /// A gauge that changes once in fifty scrapes.
    RareGauge,
    /// Never changes.
    Const,
    /// A bucket of a classic histogram.
    Bucket,
}

/// Every class, with its share among a host's series.
pub(crate) const SHARES: [(Class, f64); 7] = [
    (Class::Const, 0.585),
    (Class::IntCounter, 0.1125),
    (Class::SecCounter, 0.0675),
    (Class::WalkGauge, 0.0675),
    (Class::FloatGauge, 0.0225),
    (Class::RareGauge, 0.10),
    (Class::Bucket, 0.045),
];

/// Pseudo-random numbers (SplitMix64).
pub(crate) struct Rng(pub(crate) u64);

impl Rng {
    /// The next number, any bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// The next number from 0 to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// One column of `n` values.
pub(crate) fn column(class: Class, n: usize, seed: u64) -> Vec<f64> {
    let mut rng = Rng(seed * 1000 + class as u64);
    let rate = 1.0 + rng.unit() * 1e4;
    let mut value = match class {
        Class::IntCounter => (rng.unit() * 1e9).floor(),
        Class::SecCounter => (rng.unit() * 1e7).floor() / 100.0,
        Class::WalkGauge => (rng.unit() * 8e9 / 4096.0).floor() * 4096.0,
        Class::FloatGauge => (rng.unit() * 400.0).floor() / 100.0,
        Class::RareGauge => (rng.unit() * 1e6).floor(),
        Class::Const => (rng.unit() * 10.0).floor(),
        Class::Bucket => (rng.unit() * 1e5).floor(),
    };
    (0..n)
        .map(|_| {
            let r = rng.unit();
            match class {
                Class::IntCounter if r < 0.85 => value += (rate * (0.5 + rng.unit())).floor(),
                Class::SecCounter => {
                    value = ((value + 15.0 * rng.unit()) * 100.0).round() / 100.0;
                }
                Class::WalkGauge if r < 0.9 => {
                    value = (value + ((rng.unit() - 0.5) * 2e4).floor() * 4096.0).max(0.0);
                }
                Class::FloatGauge => {
                    value = ((value + (rng.unit() - 0.5) * 0.2).abs() * 100.0).round() / 100.0;
                }
                Class::RareGauge if r < 0.02 => value += (rng.unit() * 100.0).floor(),
                Class::Bucket if r < 0.5 => value += (rng.unit() * 20.0).floor(),
                _ => {}
            }
            value
        })
        .collect()
}
