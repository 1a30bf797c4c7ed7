//! The data that every server gets: deterministic, shaped like what a Linux host's exporter shows.
//!
//! A target has lines; a hundred lines in a row are one device with a fixed mix of metrics: counters of
//! events and of seconds, walking and slow gauges, constants, histogram buckets. The same shape and seed
//! give the same samples, whatever way they travel.

mod identity;
mod random;
mod wave;

pub(crate) use identity::{Identity, instance_name};
pub(crate) use wave::Wave;

use clap::ValueEnum;
use random::Random;
use std::collections::BTreeMap;

/// How much of the data moves. The names of the series are the same in each mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mix {
    /// One sample in ten differs from the one before.
    Idle,
    /// Three in ten.
    Normal,
    /// Six in ten.
    Hot,
}

impl Mix {
    /// How many of a hundred lines are held still whatever their name promises.
    fn still(self) -> usize {
        match self {
            Self::Idle => 85,
            Self::Normal => 55,
            Self::Hot => 0,
        }
    }

    /// The word on the command line and on the page.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::Normal => "normal",
            Self::Hot => "hot",
        }
    }
}

/// Which data: so many targets with so many series each.
#[derive(Debug, Clone)]
pub(crate) struct Shape {
    /// Targets.
    pub(crate) instances: usize,
    /// Lines of each target.
    pub(crate) lines: usize,
    /// What the values follow from.
    pub(crate) seed: u64,
    /// How much moves.
    pub(crate) mix: Mix,
    /// Only lines of this metric, if given; their samples are those of the whole shape.
    pub(crate) metric: Option<String>,
}

impl Shape {
    /// The series of target `instance`, in the order of their lines.
    pub(crate) fn target(&self, instance: usize) -> impl Iterator<Item = (Identity, Wave)> + '_ {
        (0..self.lines)
            .filter(|line| self.holds(*line))
            .map(move |line| {
                let random = Random::of([self.seed, instance as u64, line as u64]);
                let class = identity::class(line, self.mix.still());
                (Identity::new(instance, line), Wave::new(class, random))
            })
    }

    /// Series in all.
    pub(crate) fn series(&self) -> usize {
        self.per_metric().values().sum()
    }

    /// Series of each metric over all targets.
    pub(crate) fn per_metric(&self) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for line in (0..self.lines).filter(|line| self.holds(*line)) {
            *counts.entry(identity::metric(line)).or_insert(0) += self.instances;
        }
        counts
    }

    fn holds(&self, line: usize) -> bool {
        self.metric
            .as_ref()
            .is_none_or(|metric| *metric == identity::metric(line))
    }

    /// The shape in words, for the page.
    pub(crate) fn words(&self) -> String {
        let all = format!("{} targets x {} lines", self.instances, self.lines);
        let only = self.metric.as_ref().map_or(String::new(), |metric| {
            format!(", `{metric}` alone, {} series", self.series())
        });
        let (mix, seed) = (self.mix.name(), self.seed);
        format!("{all}{only}, mix {mix}, seed {seed}")
    }
}

#[cfg(test)]
mod tests;
