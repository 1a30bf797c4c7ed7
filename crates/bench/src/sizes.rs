//! How large each part is: at full size, and as a smoke run.

use std::time::Duration;

/// Targets and lines of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hosts {
    /// Targets.
    pub(crate) instances: usize,
    /// Lines of each.
    pub(crate) lines: usize,
}

/// A part that scrapes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scraping {
    /// The data.
    pub(crate) hosts: Hosts,
    /// Between two scrapes of a target.
    pub(crate) interval_s: u64,
    /// Before anything is measured.
    pub(crate) warm_up: Duration,
    /// What is measured.
    pub(crate) measured: Duration,
}

/// A part that loads by remote write.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Loading {
    /// The data.
    pub(crate) hosts: Hosts,
    /// Samples per series.
    pub(crate) steps: u64,
}

/// The sizes of all parts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sizes {
    /// Scraping every second.
    pub(crate) scrape: Scraping,
    /// Loading, then queries.
    pub(crate) write: Loading,
    /// Loading, then rest.
    pub(crate) disk: Loading,
    /// How long the disk's bytes must not change to be at rest.
    pub(crate) quiet: Duration,
    /// How long to wait for that.
    pub(crate) settle_limit: Duration,
    /// Loading, then death.
    pub(crate) restart: Loading,
    /// Scraping many series.
    pub(crate) million: Scraping,
    /// One metric over a long time.
    pub(crate) long: Loading,
    /// Another with many series, over the end of that time.
    pub(crate) wide: Loading,
}

/// Between two samples of a series in what is loaded, in milliseconds.
pub(crate) const STEP_MS: i64 = 15_000;

/// Steps in `hours`.
pub(crate) fn steps_in(hours: f64) -> u64 {
    #[expect(clippy::cast_possible_truncation, reason = "hours of a load are few")]
    let steps = (hours * 3.6e6 / STEP_MS as f64) as u64;
    steps
}

const fn hosts(instances: usize, lines: usize) -> Hosts {
    Hosts { instances, lines }
}

impl Sizes {
    /// What the targets speak of.
    pub(crate) const FULL: Self = Self {
        scrape: Scraping {
            hosts: hosts(100, 1_000),
            interval_s: 1,
            warm_up: Duration::from_secs(20),
            measured: Duration::from_mins(1),
        },
        write: Loading {
            hosts: hosts(100, 1_000),
            steps: 480,
        },
        disk: Loading {
            hosts: hosts(50, 1_000),
            steps: 2_880,
        },
        quiet: Duration::from_secs(100),
        settle_limit: Duration::from_mins(20),
        restart: Loading {
            hosts: hosts(100, 1_000),
            steps: 500,
        },
        million: Scraping {
            hosts: hosts(1_000, 1_000),
            interval_s: 15,
            warm_up: Duration::from_secs(45),
            measured: Duration::from_mins(11),
        },
        // Five lines of a hundred have the metric, ten of a hundred the other.
        long: Loading {
            hosts: hosts(200, 1_000),
            steps: 1_440,
        },
        wide: Loading {
            hosts: hosts(1_000, 1_000),
            steps: 120,
        },
    };

    /// All of it in about three minutes.
    pub(crate) const QUICK: Self = Self {
        scrape: Scraping {
            hosts: hosts(20, 500),
            interval_s: 1,
            // Prometheus looks for new targets every five seconds.
            warm_up: Duration::from_secs(8),
            measured: Duration::from_secs(10),
        },
        write: Loading {
            hosts: hosts(20, 500),
            steps: 120,
        },
        disk: Loading {
            hosts: hosts(5, 200),
            steps: 1_920,
        },
        quiet: Duration::from_secs(3),
        settle_limit: Duration::from_secs(10),
        restart: Loading {
            hosts: hosts(20, 500),
            steps: 100,
        },
        million: Scraping {
            hosts: hosts(50, 200),
            interval_s: 1,
            warm_up: Duration::from_secs(8),
            measured: Duration::from_secs(12),
        },
        long: Loading {
            hosts: hosts(10, 1_000),
            steps: 240,
        },
        wide: Loading {
            hosts: hosts(20, 1_000),
            steps: 60,
        },
    };
}
