//! Bytes that are no request: an answer, never a panic.

use crate::fakes::World;
use model::{Histogram, MetricKind, Span};
use proptest::prelude::*;
use remote::encode::{Series, WriteRequest};
use remote::{Message, WriteHeaders};

fn request() -> WriteRequest {
    let histogram = Histogram {
        schema: 9,
        count: 6.0,
        positive_spans: vec![
            Span {
                offset: 1,
                length: 2,
            },
            Span {
                offset: 3,
                length: 1,
            },
        ],
        positive_buckets: vec![1.0, 2.0, 3.0],
        ..Histogram::default()
    };
    WriteRequest::new()
        .series(
            Series::new([("__name__", "up"), ("job", "a")])
                .sample(1000, 1.0)
                .exemplar(1000, 1.0, [("trace_id", "x")])
                .about(MetricKind::Gauge, "Help.", "s"),
        )
        .series(
            Series::new([("__name__", "latency")])
                .integer_histogram(1000, histogram.clone())
                .histogram(2000, histogram),
        )
}

#[test]
fn every_cut_and_every_flipped_bit_gets_an_answer() {
    for message in [Message::V1, Message::V2] {
        let world = World::new();
        let bytes = request().to_bytes(message);
        assert_eq!(world.send_bytes(message, &bytes).status, 204);
        for length in 0..bytes.len() {
            let status = world.send_bytes(message, &bytes[..length]).status;
            assert!([204, 400].contains(&status), "{length}: {status}");
        }
        for bit in 0..bytes.len() * 8 {
            let mut flipped = bytes.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            let status = world.send_bytes(message, &flipped).status;
            assert!([204, 400].contains(&status), "{bit}: {status}");
        }
    }
}

#[test]
fn every_flipped_bit_of_a_compressed_body_gets_an_answer() {
    let world = World::new();
    let body = request().encode(Message::V1).unwrap();
    for bit in 0..body.len() * 8 {
        let mut flipped = body.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let status = world
            .receiver
            .write(WriteHeaders::default(), &flipped)
            .status;
        assert!([204, 400].contains(&status), "{bit}: {status}");
    }
}

#[test]
fn a_request_that_is_cut_off_stores_nothing() {
    let world = World::new();
    let bytes = request().to_bytes(Message::V1);
    let answer = world.send_bytes(Message::V1, &bytes[..bytes.len() - 1]);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (400, "proto: unexpected EOF\n")
    );
    assert!(world.store.samples("up").is_empty());
    assert_eq!(world.receiver.cached_series(), 0);
}

proptest! {
    #[test]
    fn any_bytes_get_an_answer(bytes: Vec<u8>, is_second: bool) {
        let world = World::new();
        let message = if is_second { Message::V2 } else { Message::V1 };
        let status = world.send_bytes(message, &bytes).status;
        prop_assert!([204, 400].contains(&status));
        let status = world.receiver.write(WriteHeaders::default(), &bytes).status;
        prop_assert!([204, 400].contains(&status));
    }

    #[test]
    fn what_is_sent_is_what_is_stored(
        values in prop::collection::vec((0_u32..30, any::<u64>()), 1..200),
        is_second: bool,
    ) {
        let world = World::new();
        let message = if is_second { Message::V2 } else { Message::V1 };
        let mut wanted = std::collections::BTreeMap::<String, Vec<(i64, u64)>>::new();
        for (requests, part) in values.chunks(40).enumerate() {
            let mut request = WriteRequest::new();
            for (place, (number, bits)) in part.iter().enumerate() {
                let time = i64::try_from(requests * 100 + place).unwrap();
                let bits = bits & !(0x7ff << 52) | (0x3ff << 52);
                let labels = [("__name__", "m".to_owned()), ("n", number.to_string())];
                request = request.series(Series::new(labels).sample(time, f64::from_bits(bits)));
                wanted.entry(format!("m{{n=\"{number}\"}}")).or_default().push((time, bits));
            }
            prop_assert_eq!(world.send(message, &request).status, 204);
        }
        let got: std::collections::BTreeMap<_, Vec<(i64, u64)>> = world
            .store
            .samples("m")
            .into_iter()
            .map(|(name, samples)| {
                (name, samples.iter().map(|(time, value)| (*time, value.to_bits())).collect())
            })
            .collect();
        prop_assert_eq!(got, wanted);
    }
}
