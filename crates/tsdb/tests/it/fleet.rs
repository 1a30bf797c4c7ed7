//! Targets of 1,000 series of which about 30 % change from scrape to scrape.

use model::{Labels, METRIC_NAME};

pub(crate) const SLOTS: usize = 1_000;
pub(crate) const START: i64 = 1_700_000_000_000;
pub(crate) const STEP: i64 = 15_000;

/// Numbers that look random and are the same in every run.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, bound: u64) -> u64 {
        (self.next() >> 11) % bound
    }
}

/// One target and the values that it shows now.
pub(crate) struct Target {
    pub(crate) labels: Vec<Labels>,
    pub(crate) values: Vec<f64>,
    dice: Dice,
}

impl Target {
    pub(crate) fn new(number: u64) -> Self {
        let instance = format!("10.0.{}.{}:9100", number / 250, number % 250);
        let labels = (0..SLOTS).map(|slot| {
            let name = format!("node_metric_{}_total", slot / 8);
            let device = format!("device{}", slot % 8);
            Labels::from_pairs([
                (METRIC_NAME, name.as_str()),
                ("instance", &instance),
                ("job", "node"),
                ("env", "production"),
                ("device", &device),
            ])
        });
        let mut dice = Dice::new(number + 1);
        let values = (0..SLOTS).map(|_| dice.below(1_000_000) as f64).collect();
        Self {
            labels: labels.collect(),
            values,
            dice,
        }
    }

    /// The next scrape: 60 % constant; integer counters, byte counters, seconds with two decimals,
    /// slow gauges, ratios with full mantissa.
    pub(crate) fn scrape(&mut self) {
        let dice = &mut self.dice;
        for (slot, value) in self.values.iter_mut().enumerate() {
            // The others, 60 %, are constant.
            match slot % 100 {
                60..68 if dice.below(100) < 3 => *value = dice.below(1_000) as f64,
                68..86 if dice.below(100) < 80 => {
                    let burst = dice.below(6);
                    *value += dice.below(1 << (2 * burst)) as f64;
                }
                86..91 => *value += (dice.below(20_000) * 64) as f64,
                91..97 => *value = ((*value * 100.0).round() + dice.below(1_500) as f64) / 100.0,
                97..99 => *value = dice.next() as f64 / u64::MAX as f64,
                99 => *value = (START / 1000) as f64 + dice.below(1_000_000) as f64,
                _ => {}
            }
        }
    }
}
