//! What the values of a series do over time.

use super::random::Random;

/// The kinds of series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// A counter of whole things that grows in most steps, at a pace of its own.
    Events,
    /// A counter of seconds with two decimals that grows in every step.
    Seconds,
    /// A gauge in pages of 4,096 bytes that walks in most steps.
    Walk,
    /// A gauge with two decimals that moves a little in every step.
    Load,
    /// A gauge that moves in one step of fifty.
    Rare,
    /// A number that stays.
    Constant,
    /// A histogram bucket: a counter of few things that grows in every other step.
    Bucket,
}

/// A series in time: where it stands and where it goes next.
#[derive(Debug, Clone)]
pub(crate) struct Wave {
    class: Class,
    /// In units of the class: hundredths for those with two decimals, pages for those in pages.
    units: f64,
    pace: f64,
    random: Random,
}

impl Wave {
    /// A wave at its beginning.
    pub(super) fn new(class: Class, mut random: Random) -> Self {
        let pace = 1.0 + random.unit() * 1e4;
        let highest = match class {
            Class::Events | Class::Seconds => 1e9,
            Class::Walk => 8e9 / PAGE,
            Class::Load => 400.0,
            Class::Rare => 1e6,
            Class::Constant => 10.0,
            Class::Bucket => 1e5,
        };
        Self {
            class,
            units: random.whole(highest),
            pace,
            random,
        }
    }

    /// The value now.
    pub(crate) fn value(&self) -> f64 {
        match self.class {
            Class::Seconds | Class::Load => self.units / 100.0,
            Class::Walk => self.units * PAGE,
            Class::Events | Class::Rare | Class::Constant | Class::Bucket => self.units,
        }
    }

    /// Goes one step and gives the value there.
    pub(crate) fn advance(&mut self) -> f64 {
        let random = &mut self.random;
        match self.class {
            Class::Constant => {}
            Class::Events => {
                if random.unit() < 0.85 {
                    self.units += (self.pace * (0.5 + random.unit())).floor();
                }
            }
            Class::Seconds => self.units += random.whole(1_500.0),
            Class::Walk => {
                if random.unit() < 0.9 {
                    self.units = (self.units + random.whole(20_000.0) - 10_000.0).max(0.0);
                }
            }
            Class::Load => self.units = (self.units + random.whole(21.0) - 10.0).abs(),
            Class::Rare => {
                if random.unit() < 0.02 {
                    self.units += random.whole(100.0);
                }
            }
            Class::Bucket => {
                if random.unit() < 0.5 {
                    self.units += random.whole(20.0);
                }
            }
        }
        self.value()
    }
}

/// Bytes in a page of memory.
const PAGE: f64 = 4_096.0;
