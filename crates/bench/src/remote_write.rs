//! Loads the generator's data into a server by remote write, and counts what was taken.

use crate::generator::{Identity, Shape, Wave};
use crate::protobuf::{bytes, double, varint, whole};
use anyhow::Result;
use clap::ValueEnum;
use std::collections::BTreeMap;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// Version of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Protocol {
    /// Labels in full with every series.
    V1,
    /// Labels as references into a table of symbols in each request.
    V2,
}

/// Virtual time of a load: `steps` samples per series, `step_ms` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Timeline {
    /// Time of the first sample, in milliseconds since the epoch.
    pub(crate) start_ms: i64,
    /// Between two samples of a series.
    pub(crate) step_ms: i64,
    /// Samples per series.
    pub(crate) steps: u64,
}

impl Timeline {
    /// The timeline whose last sample is at `end_ms`.
    pub(crate) fn ending(end_ms: i64, step_ms: i64, steps: u64) -> Self {
        Self {
            start_ms: end_ms - (steps as i64 - 1) * step_ms,
            step_ms,
            steps,
        }
    }

    /// Time of the last sample.
    pub(crate) fn end_ms(&self) -> i64 {
        self.at(self.steps.saturating_sub(1))
    }

    fn at(&self, step: u64) -> i64 {
        self.start_ms + step as i64 * self.step_ms
    }
}

/// What a load, or a part of it, came to.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// Samples that the server acknowledged.
    pub(crate) sent: u64,
    /// Samples that it refused, or did not answer for.
    pub(crate) failed: u64,
    /// Bytes of the compressed bodies.
    pub(crate) wire_bytes: u64,
    /// Wall time.
    pub(crate) seconds: f64,
    /// What the server said to the first refused request.
    pub(crate) first_error: Option<String>,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.failed += other.failed;
        self.wire_bytes += other.wire_bytes;
        self.first_error = self.first_error.take().or(other.first_error);
    }
}

/// A sender with its place in virtual time.
pub(crate) struct Load {
    url: String,
    protocol: Protocol,
    timeline: Timeline,
    workers: Vec<Worker>,
    next: u64,
}

/// Series of one connection, cut into requests.
struct Worker {
    agent: ureq::Agent,
    batches: Vec<Batch>,
    encoder: snap::raw::Encoder,
}

/// The series of one request: each step sends one sample of each.
struct Batch {
    /// The encoded table of symbols; empty in version 1.
    symbols: Vec<u8>,
    series: Vec<(Vec<u8>, Wave)>,
}

/// Connections, each with targets of its own.
const WORKERS: usize = 2;
/// Series in a request, as many senders have it.
const PER_REQUEST: usize = 5_000;
const TRIES: usize = 4;

impl Load {
    /// A load of `shape` over `timeline` into the receiver at `url`, about to begin.
    pub(crate) fn new(url: String, protocol: Protocol, shape: &Shape, timeline: Timeline) -> Self {
        let workers = (0..WORKERS)
            .map(|worker| {
                let targets = (worker..shape.instances).step_by(WORKERS);
                let mut all = targets
                    .flat_map(|instance| shape.target(instance))
                    .peekable();
                let mut batches = Vec::new();
                while all.peek().is_some() {
                    let some = all.by_ref().take(PER_REQUEST);
                    batches.push(match protocol {
                        Protocol::V1 => Batch::v1(some),
                        Protocol::V2 => Batch::v2(some),
                    });
                }
                Worker {
                    agent: crate::http::agent(Duration::from_mins(5)),
                    batches,
                    encoder: snap::raw::Encoder::new(),
                }
            })
            .collect();
        Self {
            url,
            protocol,
            timeline,
            workers,
            next: 0,
        }
    }

    /// Sends the next `steps` steps, or what is left of them.
    ///
    /// All connections stay on the same step, so that no server sees one of them an hour behind.
    pub(crate) fn advance(&mut self, steps: u64) -> Outcome {
        let begin = Instant::now();
        let range = self.next..self.timeline.steps.min(self.next + steps);
        self.next = range.end;
        let barrier = Barrier::new(self.workers.len());
        let (timeline, url, protocol) = (self.timeline, self.url.as_str(), self.protocol);
        let mut outcome = Outcome::default();
        std::thread::scope(|scope| {
            let running: Vec<_> = self
                .workers
                .iter_mut()
                .map(|worker| {
                    let (range, barrier) = (range.clone(), &barrier);
                    scope.spawn(move || {
                        let mut outcome = Outcome::default();
                        for step in range {
                            outcome.add(worker.step(url, protocol, timeline.at(step)));
                            barrier.wait();
                        }
                        outcome
                    })
                })
                .collect();
            for worker in running {
                if let Ok(part) = worker.join() {
                    outcome.add(part);
                }
            }
        });
        outcome.seconds = begin.elapsed().as_secs_f64();
        outcome
    }

    /// Sends all that is left.
    pub(crate) fn finish(&mut self) -> Outcome {
        self.advance(self.timeline.steps)
    }
}

impl Worker {
    fn step(&mut self, url: &str, protocol: Protocol, time: i64) -> Outcome {
        let mut outcome = Outcome::default();
        let (mut body, mut wire) = (Vec::new(), Vec::new());
        for batch in &mut self.batches {
            batch.encode(protocol, time, &mut body);
            wire.resize(snap::raw::max_compress_len(body.len()), 0);
            let samples = batch.series.len() as u64;
            let sent = match self.encoder.compress(&body, &mut wire) {
                Ok(length) => {
                    outcome.wire_bytes += length as u64;
                    let request = wire.get(..length).unwrap_or_default();
                    post(&self.agent, url, protocol, request)
                }
                Err(error) => Err(error.into()),
            };
            match sent {
                Ok(()) => outcome.sent += samples,
                Err(error) => {
                    outcome.failed += samples;
                    outcome
                        .first_error
                        .get_or_insert_with(|| format!("{error:#}"));
                }
            }
        }
        outcome
    }
}

fn post(agent: &ureq::Agent, url: &str, protocol: Protocol, body: &[u8]) -> Result<()> {
    let (content, version) = match protocol {
        Protocol::V1 => ("application/x-protobuf", "0.1.0"),
        Protocol::V2 => (
            "application/x-protobuf;proto=io.prometheus.write.v2.Request",
            "2.0.0",
        ),
    };
    let mut last = anyhow::anyhow!("was not tried");
    for attempt in 0..TRIES {
        if attempt > 0 {
            std::thread::sleep(Duration::from_millis(200));
        }
        let answer = agent
            .post(url)
            .header("Content-Type", content)
            .header("Content-Encoding", "snappy")
            .header("X-Prometheus-Remote-Write-Version", version)
            .send(body);
        match answer {
            Ok(mut answer) => {
                let text = answer.body_mut().read_to_string().unwrap_or_default();
                let status = answer.status();
                if status.is_success() {
                    return Ok(());
                }
                last = anyhow::anyhow!("{status} {}", text.trim());
                if status.is_client_error() {
                    break;
                }
            }
            Err(error) => last = error.into(),
        }
    }
    Err(last)
}

impl Batch {
    fn v1(series: impl Iterator<Item = (Identity, Wave)>) -> Self {
        let series = series
            .map(|(identity, wave)| {
                let mut head = Vec::new();
                for (name, value) in pairs(&identity) {
                    let mut pair = Vec::new();
                    bytes(&mut pair, 1, name.as_bytes());
                    bytes(&mut pair, 2, value.as_bytes());
                    bytes(&mut head, 1, &pair);
                }
                (head, wave)
            })
            .collect();
        Self {
            symbols: Vec::new(),
            series,
        }
    }

    fn v2(series: impl Iterator<Item = (Identity, Wave)>) -> Self {
        let mut table = Symbols::default();
        let _ = table.reference("");
        let series = series
            .map(|(identity, wave)| {
                let mut references = Vec::new();
                for (name, value) in pairs(&identity) {
                    varint(&mut references, table.reference(name));
                    varint(&mut references, table.reference(value));
                }
                let mut head = Vec::new();
                bytes(&mut head, 1, &references);
                (head, wave)
            })
            .collect();
        Self {
            symbols: table.encoded,
            series,
        }
    }

    /// Goes one step and writes the request for it, in place of what `out` held.
    fn encode(&mut self, protocol: Protocol, time: i64, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(&self.symbols);
        let list = match protocol {
            Protocol::V1 => 1,
            Protocol::V2 => 5,
        };
        let (mut sample, mut message) = (Vec::new(), Vec::new());
        for (head, wave) in &mut self.series {
            sample.clear();
            double(&mut sample, 1, wave.advance());
            whole(&mut sample, 2, time as u64);
            message.clear();
            message.extend_from_slice(head);
            bytes(&mut message, 2, &sample);
            bytes(out, list, &message);
        }
    }
}

fn pairs(identity: &Identity) -> impl Iterator<Item = (&str, &str)> {
    let labels = identity.labels.iter();
    std::iter::once(("__name__", identity.metric.as_str()))
        .chain(labels.map(|(name, value)| (*name, value.as_str())))
}

/// The symbols of a request of version 2.
#[derive(Default)]
struct Symbols {
    known: BTreeMap<String, u64>,
    encoded: Vec<u8>,
}

impl Symbols {
    fn reference(&mut self, text: &str) -> u64 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let new = self.known.len() as u64;
        self.known.insert(text.to_owned(), new);
        bytes(&mut self.encoded, 4, text.as_bytes());
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::Mix;

    fn one_line() -> Shape {
        Shape {
            instances: 1,
            lines: 1,
            seed: 1,
            mix: Mix::Idle,
            metric: None,
        }
    }

    fn holds(text: &[u8], part: &[u8]) -> bool {
        text.windows(part.len()).any(|window| window == part)
    }

    #[test]
    fn a_timeline_ends_where_it_should() {
        let timeline = Timeline::ending(1_000_000, 15_000, 5);
        assert_eq!(timeline.start_ms, 940_000);
        assert_eq!(timeline.end_ms(), 1_000_000);
    }

    #[test]
    fn a_request_of_version_1_holds_labels_and_sample() {
        let mut out = Vec::new();
        let mut batch = Batch::v1(one_line().target(0));
        batch.encode(Protocol::V1, 5, &mut out);
        let name = b"\x0a\x08__name__\x12\x12node_bytes_0_total";
        assert!(holds(&out, name), "{out:?}");
        // The sample closes the message: field 2, eleven bytes, ending in the time.
        let tail = out[out.len() - 13..].to_vec();
        assert_eq!((tail[0], tail[1], tail[2]), (0x12, 11, 0x09));
        assert_eq!(&tail[11..], [0x10, 5]);
        assert_eq!(out[0], 0x0a);
    }

    #[test]
    fn a_request_of_version_2_names_each_symbol_once() {
        let shape = Shape {
            lines: 200,
            ..one_line()
        };
        let mut out = Vec::new();
        let mut batch = Batch::v2(shape.target(0));
        batch.encode(Protocol::V2, 5, &mut out);
        assert!(out.starts_with(&[0x22, 0, 0x22, 8]), "{:?}", &out[..8]);
        let found = out.windows(8).filter(|w| w == b"instance").count();
        assert_eq!(found, 1);
    }
}
