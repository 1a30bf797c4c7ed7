//! Bodies of remote write requests.

use crate::columns::histogram;
use clock::ManualClock;
use model::{MetricKind, TimestampMs};
use remote::encode::{Series, WriteRequest};
use remote::{Message, Receiver, ReceiverOptions, WriteHeaders};
use std::sync::Arc;
use storage::{MemStorage, Metadata};

const NOW: i64 = 1_700_000_000_000;

/// A byte says which version, and whether the rest is the body or its content before compression.
pub fn write(data: &[u8]) {
    let Some((kind, content)) = data.split_first() else {
        return;
    };
    let message = if kind & 1 == 0 {
        Message::V1
    } else {
        Message::V2
    };
    let mut compressed = Vec::new();
    let body = if kind & 2 == 0 {
        let done = snap::raw::Encoder::new().compress_vec(content);
        compressed.extend(done.expect("it is short enough"));
        &compressed
    } else {
        content
    };
    let options = ReceiverOptions {
        max_decoded: 1 << 20,
        ..ReceiverOptions::default()
    };
    let clock = Arc::new(ManualClock::at(TimestampMs(NOW + 60_000)));
    let store = Arc::new(MemStorage::default());
    let receiver = Receiver::new(store, clock, &selfmon::Registry::default(), options);
    let headers = WriteHeaders {
        content_type: message.content_type(),
        content_encoding: "snappy",
    };
    // The second time its series are known.
    for _ in 0..2 {
        let answer = receiver.write(headers, body);
        assert!(matches!(answer.status, 204 | 400 | 415), "{answer:?}");
    }
}

/// Requests of both versions.
pub fn seeds() -> Vec<Vec<u8>> {
    let labels = [("__name__", "a_total"), ("job", "node")];
    let request = WriteRequest::new()
        .series(
            Series::new(labels)
                .sample(NOW, 1.5)
                .sample(NOW + 1, f64::NAN)
                .exemplar(NOW, 0.5, [("trace_id", "x")])
                .about(MetricKind::Counter, "What it is.", "seconds"),
        )
        .series(
            Series::new([("__name__", "h")])
                .histogram(NOW, histogram(5.0))
                .integer_histogram(NOW + 1, histogram(7.0)),
        )
        .series(Series::new([("__name__", "b"), ("x", "é")]).sample(NOW - 5, -0.0))
        .metadata(Metadata {
            family: "a_total".into(),
            kind: MetricKind::Counter,
            help: "What it is.".into(),
            unit: String::new(),
        });
    let mut seeds = Vec::new();
    for (kind, message) in [(0u8, Message::V1), (1, Message::V2)] {
        seeds.push([&[kind], &request.to_bytes(message)[..]].concat());
        let body = request.encode(message).expect("it is short enough");
        seeds.push([&[kind | 2], &body[..]].concat());
    }
    seeds
}
