//! The samples that both servers are given.

use super::random::Random;
use remote::Message;
use remote::encode::{Series, WriteRequest};

/// Samples of a series.
const SAMPLES: usize = 180;
/// Time between samples. Units: milliseconds.
const INTERVAL: i64 = 15_000;
/// Every sample's time ends in these milliseconds: windows never begin or end exactly there.
const PHASE: i64 = 137;
/// Values are whole multiples of this, so that sums of them are exact in any order.
const GRAIN: f64 = 0.125;

/// From the first sample to just after the last. Units: milliseconds.
pub(crate) const SPAN: i64 = SAMPLES as i64 * INTERVAL;

type Pairs<'a> = Vec<(&'static str, &'a str)>;

/// A remote write request with all series, samples from `start` (a whole minute, in milliseconds) on.
pub(crate) fn request(start: i64, seed: u64) -> Vec<u8> {
    let mut data = Data {
        random: Random::new(seed),
        start,
        request: WriteRequest::new(),
        specials: 0,
    };
    for job in ["api", "web", "db"] {
        data.gauge(vec![("__name__", "limit"), ("job", job)], 40.0);
        for instance in ["a:1", "b:2", "c:3", "d:4"] {
            data.instance(job, instance);
        }
    }
    data.request.encode(Message::V1).unwrap()
}

struct Data {
    random: Random,
    start: i64,
    request: WriteRequest,
    /// Gauges so far that are now and then infinite or NaN.
    specials: i64,
}

impl Data {
    fn instance(&mut self, job: &'static str, instance: &'static str) {
        let with = |name, more: Pairs<'static>| {
            let mut labels = vec![("__name__", name)];
            labels.extend(more);
            labels.extend([("instance", instance), ("job", job)]);
            labels.sort_unstable();
            labels
        };
        for code in ["200", "500"] {
            self.counter(with("requests_total", vec![("code", code)]));
        }
        self.counter(with("errors_total", vec![]));
        self.gauge(with("temperature", vec![("zone", "north")]), 0.0);
        self.gauge(with("load", vec![]), 10.0);
        let version = if instance < "c" { "1.0" } else { "2.0" };
        let labels = with("build", vec![("version", version)]);
        self.series(labels, |_, _| Some(1.0));
        if job != "db" && instance < "c" {
            self.histogram(&with);
        }
        if instance > "b" {
            self.sparse(with("sparse", vec![]));
        }
    }

    fn series(
        &mut self,
        labels: Pairs<'_>,
        mut next: impl FnMut(&mut Random, usize) -> Option<f64>,
    ) {
        let mut series = Series::new(labels);
        for step in 0..SAMPLES {
            // As scrapes are: now and then a second late.
            let late = i64::from(step > 0 && self.random.one_in(7)) * 1000;
            if let Some(value) = next(&mut self.random, step) {
                series = series.sample(self.start + PHASE + step as i64 * INTERVAL + late, value);
            }
        }
        let request = std::mem::take(&mut self.request);
        self.request = request.series(series);
    }

    /// Starts again now and then, far above zero: how far a rate may be drawn towards zero changed.
    fn counter(&mut self, labels: Pairs<'_>) {
        let unit = self.random.between(1, 400) as f64 * GRAIN;
        let mut value = 50_000.0 + self.random.between(1, 8000) as f64 * GRAIN;
        self.series(labels, |random, _| {
            value += random.between(0, 9) as f64 * unit;
            if random.one_in(70) {
                value = 20_000.0 + unit;
            }
            Some(value)
        });
    }

    fn gauge(&mut self, labels: Pairs<'_>, middle: f64) {
        // Each at other times than all others, so that no two are equal.
        let slot = if self.random.one_in(4) && self.specials < 11 {
            self.specials += 1;
            self.specials * 5
        } else {
            -60
        };
        let own = self.random.between(1, 1000) as f64 * GRAIN / 128.0;
        self.series(labels, |random, step| {
            let value = middle + own + random.between(-400, 400) as f64 * GRAIN;
            Some(match (step % 60) as i64 - slot {
                0..2 => f64::INFINITY,
                2..4 => f64::NAN,
                _ => value,
            })
        });
    }

    fn histogram(&mut self, with: &dyn Fn(&'static str, Pairs<'static>) -> Pairs<'static>) {
        const BOUNDS: [&str; 6] = ["0.1", "0.5", "1", "2.5", "10", "+Inf"];
        let mut random = Random::new(self.random.next());
        let counts: Vec<[f64; 6]> = (0..SAMPLES)
            .scan([0.0; 6], |counts, _| {
                let mut below = 0.0;
                for count in counts.iter_mut() {
                    below += random.between(0, 5) as f64;
                    *count += below;
                }
                Some(*counts)
            })
            .collect();
        for (index, bound) in BOUNDS.into_iter().enumerate() {
            let labels = with("latency_bucket", vec![("le", bound)]);
            self.series(labels, |_, step| Some(50_000.0 + counts[step][index]));
        }
        let count = |step: usize| 50_000.0 + counts[step][5];
        self.series(with("latency_count", vec![]), |_, step| Some(count(step)));
        self.series(with("latency_sum", vec![]), |_, step| {
            Some(count(step) * 1.25)
        });
    }

    /// With holes, some of which begin with a stale marker.
    fn sparse(&mut self, labels: Pairs<'_>) {
        let mut hole = 0;
        self.series(labels, |random, step| {
            hole -= 1;
            if hole < -10 && random.one_in(12) {
                hole = random.between(4, 40);
                return random.one_in(2).then(model::stale_nan);
            }
            (hole <= 0).then(|| step as f64 + random.between(0, 80) as f64 * GRAIN)
        });
    }
}
