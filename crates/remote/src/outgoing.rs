//! Requests of what is sent on: many series with one sample each.

use crate::encode::{Counts, Symbols, Writer, histogram, sample};
use crate::negotiate::Message;
use hashbrown::HashMap;
use model::{Histogram, Labels};
use std::sync::Arc;
use storage::Exemplar;

/// One sample, histogram or exemplar with the labels of its series.
#[derive(Debug, Clone)]
pub struct Outgoing {
    /// The series.
    pub labels: Labels,
    /// What is sent of it.
    pub value: OutgoingValue,
}

/// What is sent of a series.
#[derive(Debug, Clone)]
pub enum OutgoingValue {
    /// A sample.
    Float {
        /// Units: milliseconds.
        time: i64,
        /// Value; the stale marker ends the series.
        value: f64,
    },
    /// A native histogram; its counts go as whole numbers if they are.
    Histogram {
        /// Units: milliseconds.
        time: i64,
        /// The histogram.
        histogram: Arc<Histogram>,
    },
    /// An exemplar. In version 2 it goes with the last sample of its series in the request, as a receiver
    /// wants no series without.
    Exemplar(Exemplar),
}

/// A request with `items` in their order, compressed with snappy.
///
/// # Errors
/// When the message is longer than 4 GiB.
pub fn encode_outgoing(items: &[Outgoing], message: Message) -> Result<Vec<u8>, snap::Error> {
    let bytes = match message {
        Message::V1 => v1(items),
        Message::V2 => v2(items),
    };
    snap::raw::Encoder::new().compress_vec(&bytes)
}

fn v1(items: &[Outgoing]) -> Vec<u8> {
    let (mut out, mut one) = (Writer::default(), Writer::default());
    for item in items {
        one.clear();
        one.labels(item.labels.iter());
        match &item.value {
            OutgoingValue::Float { time, value } => one.message(2, &sample(*time, *value)),
            OutgoingValue::Histogram {
                time,
                histogram: it,
            } => {
                one.message(4, &histogram(*time, it, counts_of(it)));
            }
            OutgoingValue::Exemplar(exemplar) => {
                let mut inner = Writer::default();
                inner.labels(exemplar.labels.iter());
                inner.double(2, exemplar.value);
                inner.int(3, exemplar.time);
                one.message(3, &inner);
            }
        }
        out.message(1, &one);
    }
    out.into_bytes()
}

fn v2(items: &[Outgoing]) -> Vec<u8> {
    let mut symbols = Symbols::default();
    symbols.number("");
    let mut all: Vec<Writer> = Vec::with_capacity(items.len());
    let mut last: HashMap<&Labels, usize> = HashMap::new();
    for item in items {
        let exemplar = match &item.value {
            OutgoingValue::Exemplar(exemplar) => Some(exemplar),
            _ => None,
        };
        let with = exemplar.and_then(|_| last.get(&item.labels).copied());
        let at = with.unwrap_or(all.len());
        if with.is_none() {
            let mut one = Writer::default();
            one.packed(1, &symbols.numbers_of(item.labels.iter()));
            all.push(one);
            last.insert(&item.labels, at);
        }
        let Some(one) = all.get_mut(at) else {
            continue;
        };
        match &item.value {
            OutgoingValue::Float { time, value } => one.message(2, &sample(*time, *value)),
            OutgoingValue::Histogram {
                time,
                histogram: it,
            } => {
                one.message(3, &histogram(*time, it, counts_of(it)));
            }
            OutgoingValue::Exemplar(exemplar) => {
                let mut inner = Writer::default();
                inner.packed(1, &symbols.numbers_of(exemplar.labels.iter()));
                inner.double(2, exemplar.value);
                inner.int(3, exemplar.time);
                one.message(4, &inner);
            }
        }
    }
    let mut out = Writer::default();
    symbols.put(&mut out);
    for one in &all {
        out.message(5, one);
    }
    out.into_bytes()
}

/// Counts of scraped histograms are whole; those of rules need not be.
fn counts_of(histogram: &Histogram) -> Counts {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    let is_whole = |count: &f64| *count >= 0.0 && *count <= LARGEST && count.fract() == 0.0;
    let buckets = histogram
        .positive_buckets
        .iter()
        .chain(&histogram.negative_buckets);
    let mut all = buckets.chain([&histogram.count, &histogram.zero_count]);
    if all.all(is_whole) {
        Counts::Integer
    } else {
        Counts::Float
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::{Series, WriteRequest};

    fn items() -> Vec<Outgoing> {
        let up = Labels::from_pairs([("__name__", "up"), ("job", "a")]);
        let lat = Labels::from_pairs([("__name__", "lat"), ("job", "a")]);
        let exemplar = Exemplar {
            labels: Labels::from_pairs([("trace", "x")]),
            value: 0.5,
            time: 9,
        };
        let histogram = |count| {
            let histogram = Arc::new(Histogram {
                count,
                ..Histogram::default()
            });
            OutgoingValue::Histogram { time: 8, histogram }
        };
        let item = |labels: &Labels, value| Outgoing {
            labels: labels.clone(),
            value,
        };
        vec![
            item(
                &up,
                OutgoingValue::Float {
                    time: 7,
                    value: 1.0,
                },
            ),
            item(&lat, histogram(2.0)),
            item(&lat, histogram(2.5)),
            item(&up, OutgoingValue::Exemplar(exemplar)),
        ]
    }

    #[test]
    fn requests_are_those_of_the_plain_encoder() {
        let up = || Series::new([("__name__", "up"), ("job", "a")]);
        let lat = || Series::new([("__name__", "lat"), ("job", "a")]);
        let count = |count| Histogram {
            count,
            ..Histogram::default()
        };
        let both = |request: WriteRequest| {
            request
                .series(lat().integer_histogram(8, count(2.0)))
                .series(lat().histogram(8, count(2.5)))
        };
        let apart = both(WriteRequest::new().series(up().sample(7, 1.0))).series(up().exemplar(
            9,
            0.5,
            [("trace", "x")],
        ));
        assert_eq!(v1(&items()), apart.to_bytes(Message::V1));
        let together = up().sample(7, 1.0).exemplar(9, 0.5, [("trace", "x")]);
        let together = both(WriteRequest::new().series(together));
        let ours = v2(&items());
        // Symbols stand in another order: as long, and read back the same by the receiver's tests.
        assert_eq!(ours.len(), together.to_bytes(Message::V2).len());
    }
}
