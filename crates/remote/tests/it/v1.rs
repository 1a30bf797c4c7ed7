//! Version 1.

use crate::fakes::{NOW, World, written};
use model::{MetricKind, is_stale, stale_nan};
use remote::Message::V1;
use remote::encode::{Series, WriteRequest};
use std::sync::atomic::Ordering::Relaxed;
use storage::{FrameOutcome, Metadata};

fn up(job: &str) -> Series {
    Series::new([("__name__", "up"), ("job", job)])
}

fn stored(world: &World) -> Vec<(String, Vec<(i64, f64)>)> {
    world.store.samples("up")
}

#[test]
fn a_request_written_by_hand_is_stored() {
    let world = World::new();
    let mut series = b"\x0a\x0e\x0a\x08__name__\x12\x02up".to_vec();
    series.extend_from_slice(b"\x0a\x08\x0a\x03job\x12\x01a");
    series.extend_from_slice(b"\x12\x0c\x09\0\0\0\0\0\0\xf8\x3f\x10\xac\x02");
    let mut request = vec![0x0a, u8::try_from(series.len()).unwrap()];
    request.extend_from_slice(&series);
    let answer = world.send_bytes(V1, &request);
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(written(&answer), None);
    let wanted = (r#"up{job="a"}"#.to_owned(), vec![(300, 1.5)]);
    assert_eq!(stored(&world), [wanted]);
}

#[test]
fn labels_are_read_once_and_floats_go_in_one_call() {
    let world = World::new();
    for round in 0..3 {
        let request = (0..100).fold(WriteRequest::new(), |request, number| {
            request.series(up(&number.to_string()).sample(round * 1000, 1.0))
        });
        assert_eq!(world.send(V1, &request).status, 204);
    }
    assert_eq!(world.store.registered.load(Relaxed), 100);
    assert_eq!(world.store.float_calls.load(Relaxed), 3);
    let stored = stored(&world);
    assert_eq!(stored.len(), 100);
    let all = [(0, 1.0), (1000, 1.0), (2000, 1.0)];
    assert!(stored.iter().all(|(_, samples)| samples == &all));
    assert_eq!(world.metric("watchfire_remote_write_written_total"), 300.0);
}

#[test]
fn series_keep_their_samples_when_their_order_changes() {
    let world = World::new();
    let orders = [[0, 1, 2, 3], [3, 1, 0, 2], [3, 1, 0, 2], [2, 0, 3, 1]];
    for (round, order) in orders.iter().enumerate() {
        let request = order.iter().fold(WriteRequest::new(), |request, number| {
            let job = format!("j{number}");
            request.series(up(&job).sample(round as i64, f64::from(*number)))
        });
        assert_eq!(world.send(V1, &request).status, 204);
    }
    for (labels, samples) in stored(&world) {
        let number: f64 = labels[9..10].parse().unwrap();
        assert_eq!(samples.len(), orders.len());
        assert!(
            samples.iter().all(|(_, value)| *value == number),
            "{labels}"
        );
    }
}

#[test]
fn labels_in_another_order_or_beside_samples_mean_the_same_series() {
    let world = World::new();
    let sorted = WriteRequest::new().series(up("a").sample(1, 1.0));
    let unsorted = Series::new([("job", "a"), ("empty", ""), ("__name__", "up")]);
    let unsorted = WriteRequest::new().series(unsorted.sample(2, 2.0));
    for request in [&sorted, &unsorted, &sorted, &unsorted] {
        world.send(V1, request);
    }
    // The sample first, then the labels; and labels on both sides of it.
    let sample = b"\x12\x0b\x09\0\0\0\0\0\0\x08\x40\x10\x03";
    let (name, job) = (
        b"\x0a\x0e\x0a\x08__name__\x12\x02up",
        b"\x0a\x08\x0a\x03job\x12\x01a",
    );
    for (value, parts) in [
        (3, [&sample[..], name, job]),
        (4, [&name[..], sample, job]),
        (5, [&name[..], sample, job]),
    ] {
        let mut series = parts.concat();
        let time = series
            .windows(2)
            .position(|two| two == b"\x10\x03")
            .unwrap();
        series[time + 1] = value;
        let mut request = vec![0x0a, u8::try_from(series.len()).unwrap()];
        request.extend_from_slice(&series);
        assert_eq!(world.send_bytes(V1, &request).status, 204);
    }
    let all = vec![(1, 1.0), (2, 2.0), (3, 3.0), (4, 3.0), (5, 3.0)];
    assert_eq!(stored(&world), [(r#"up{job="a"}"#.to_owned(), all)]);
}

#[test]
fn a_series_whose_labels_go_on_after_those_known_is_another_one() {
    let world = World::new();
    let first = WriteRequest::new()
        .series(up("a").sample(1, 1.0))
        .series(up("b").sample(1, 1.0));
    world.send(V1, &first);
    let more = Series::new([("__name__", "up"), ("job", "b"), ("more", "x")]);
    let second = WriteRequest::new()
        .series(up("a").sample(2, 2.0))
        .series(more.sample(2, 2.0));
    world.send(V1, &second);
    let names: Vec<String> = stored(&world).into_iter().map(|(name, _)| name).collect();
    let wanted = [
        r#"up{job="a"}"#,
        r#"up{job="b"}"#,
        r#"up{job="b", more="x"}"#,
    ];
    assert_eq!(names, wanted);
    assert_eq!(stored(&world)[1].1, [(1, 1.0)]);
}

#[test]
fn series_without_valid_labels_are_passed_over_and_counted() {
    let world = World::new();
    let request = WriteRequest::new()
        .series(Series::new([("job", "nameless")]).sample(1, 1.0))
        .series(Series::new([("__name__", ""), ("job", "a")]).sample(1, 1.0))
        .series(Series::new([("__name__", "up"), ("a", "1"), ("a", "2")]).sample(1, 1.0))
        .series(up("good").sample(1, 1.0));
    let answer = world.send(V1, &request);
    assert_eq!(answer.status, 204);
    assert_eq!(stored(&world).len(), 1);
    let counted = "prometheus_api_remote_write_invalid_labels_samples_total";
    assert_eq!(world.metric(counted), 3.0);
    // A name that is no UTF-8.
    let mut bytes = request.to_bytes(V1);
    let place = bytes.windows(8).position(|eight| eight == b"nameless");
    bytes[place.unwrap()] = 0xff;
    assert_eq!(world.send_bytes(V1, &bytes).status, 204);
    assert_eq!(world.metric(counted), 6.0);
}

#[test]
fn late_samples_are_answered_with_400_and_the_others_stored() {
    let world = World::new();
    world.send(V1, &WriteRequest::new().series(up("a").sample(1000, 1.0)));
    let request = WriteRequest::new()
        .series(up("a").sample(500, 1.0))
        .series(up("b").sample(500, 1.0));
    let answer = world.send(V1, &request);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (400, "out of order sample\n")
    );
    assert_eq!(stored(&world)[1].1, [(500, 1.0)]);
    assert_eq!(
        world.metric("watchfire_remote_write_refused_samples_total"),
        1.0
    );

    let again = WriteRequest::new().series(up("a").sample(1000, 1.0));
    assert_eq!(world.send(V1, &again).status, 204);
    let other = WriteRequest::new().series(up("a").sample(1000, 2.0));
    let answer = world.send(V1, &other);
    let text = "duplicate sample for timestamp\n";
    assert_eq!((answer.status, answer.body.as_str()), (400, text));
}

#[test]
fn each_reason_of_storage_has_its_text() {
    let one = |change: fn(&mut FrameOutcome)| {
        let world = World::new();
        let mut outcome = FrameOutcome::default();
        change(&mut outcome);
        *world.store.outcome.lock() = Some(outcome);
        let answer = world.send(V1, &WriteRequest::new().series(up("a").sample(1, 1.0)));
        assert_eq!(answer.status, 400);
        answer.body
    };
    assert_eq!(one(|outcome| outcome.too_old = 1), "too old sample\n");
    assert_eq!(one(|outcome| outcome.out_of_bounds = 1), "out of bounds\n");
    assert_eq!(
        one(|outcome| outcome.out_of_order = 1),
        "out of order sample\n"
    );
}

#[test]
fn samples_too_far_ahead_are_out_of_bounds() {
    let world = World::new();
    let limit = NOW + 600_000;
    let request = WriteRequest::new()
        .series(up("a").sample(limit, 1.0).sample(limit + 1, 2.0))
        .series(up("b").sample(limit + 1, 1.0));
    let answer = world.send(V1, &request);
    let text = "out of bounds: timestamp is too far in the future\n";
    assert_eq!((answer.status, answer.body.as_str()), (400, text));
    let wanted = (r#"up{job="a"}"#.to_owned(), vec![(limit, 1.0)]);
    assert_eq!(stored(&world), [wanted]);
    assert_eq!(
        world.metric("watchfire_remote_write_refused_samples_total"),
        2.0
    );
}

#[test]
fn a_storage_that_fails_is_answered_with_500() {
    let world = World::new();
    *world.store.broken.lock() = true;
    let request = WriteRequest::new().series(up("a").sample(1, 1.0));
    let answer = world.send(V1, &request);
    assert_eq!(answer.status, 500);
    assert_eq!(answer.body, "storage is read-only: disk full\n");
    *world.store.broken.lock() = false;
    assert_eq!(world.send(V1, &request).status, 204);
    assert_eq!(stored(&world).len(), 1);
}

#[test]
fn series_over_the_limit_are_refused_and_the_others_stored() {
    let world = World::new();
    *world.store.limit.lock() = Some(1);
    let request = WriteRequest::new()
        .series(up("a").sample(1, 1.0))
        .series(up("b").sample(1, 1.0));
    let answer = world.send(V1, &request);
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (400, "series limit of 1 reached\n")
    );
    assert_eq!(world.store.samples("up")[0].1, [(1, 1.0)]);
    assert!(world.store.samples("up")[1].1.is_empty());
}

#[test]
fn stale_markers_keep_their_bits() {
    let world = World::new();
    let request = WriteRequest::new().series(up("a").sample(1, 1.0).sample(2, stale_nan()));
    world.send(V1, &request);
    assert!(is_stale(stored(&world)[0].1[1].1));
}

#[test]
fn metadata_is_told_when_it_changes() {
    let world = World::new();
    let about = |help: &str| Metadata {
        family: "up".to_owned(),
        kind: MetricKind::Gauge,
        help: help.to_owned(),
        unit: "ratio".to_owned(),
    };
    for help in ["a", "a", "b"] {
        let request = WriteRequest::new().metadata(about(help));
        assert_eq!(world.send(V1, &request).status, 204);
    }
    assert_eq!(*world.store.metadata.lock(), [about("a"), about("b")]);
}

#[test]
fn exemplars_are_stored_but_for_long_ones() {
    let world = World::new();
    let series = up("a")
        .sample(1, 1.0)
        .exemplar(1, 0.5, [("trace_id", "x")])
        .exemplar(2, 0.5, [("trace_id", "x".repeat(121))]);
    assert_eq!(
        world.send(V1, &WriteRequest::new().series(series)).status,
        204
    );
    let exemplars = world.store.exemplars.lock();
    assert_eq!(exemplars.len(), 1);
    assert_eq!((exemplars[0].time, exemplars[0].value), (1, 0.5));
    assert_eq!(exemplars[0].labels.get("trace_id"), Some("x"));
}
