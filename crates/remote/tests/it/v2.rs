//! Version 2.

use crate::fakes::{NOW, World, written};
use model::{Histogram, MetricKind};
use remote::Message::V2;
use remote::encode::{Series, WriteRequest};
use std::sync::atomic::Ordering::Relaxed;
use storage::FrameOutcome;

fn up(job: &str) -> Series {
    Series::new([("__name__", "up"), ("job", job)])
}

/// A message of symbols `"", __name__, up, job, a` and these bytes as its only series.
fn by_hand(series: &[u8]) -> Vec<u8> {
    let mut request = b"\x22\0\x22\x08__name__\x22\x02up\x22\x03job\x22\x01a".to_vec();
    request.extend_from_slice(&[0x2a, u8::try_from(series.len()).unwrap()]);
    request.extend_from_slice(series);
    request
}

const SAMPLE: &[u8] = b"\x12\x0c\x09\0\0\0\0\0\0\xf8\x3f\x10\xac\x02";

#[test]
fn a_request_written_by_hand_is_stored() {
    let world = World::new();
    let series = [b"\x0a\x04\x01\x02\x03\x04", SAMPLE].concat();
    let answer = world.send_bytes(V2, &by_hand(&series));
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    assert_eq!(written(&answer), Some([1, 0, 0]));
    // The same, with references that are not packed and a start timestamp.
    let series =
        b"\x08\x01\x08\x02\x08\x03\x08\x04\x12\x0e\x09\0\0\0\0\0\0\x08\x40\x10\xad\x02\x18\x05";
    let answer = world.send_bytes(V2, &by_hand(series));
    assert_eq!(answer.status, 204);
    let wanted = (r#"up{job="a"}"#.to_owned(), vec![(300, 1.5), (301, 3.0)]);
    assert_eq!(world.store.samples("up"), [wanted]);
    assert_eq!(world.store.registered.load(Relaxed), 1);
}

#[test]
fn series_are_known_whatever_their_symbols_numbers_are() {
    let world = World::new();
    for round in 0..3 {
        let request = (0..50).fold(WriteRequest::new(), |request, number| {
            let job = ((number + round * 7) % 50).to_string();
            request.series(up(&job).sample(round, 1.0))
        });
        let answer = world.send(V2, &request);
        assert_eq!((answer.status, written(&answer)), (204, Some([50, 0, 0])));
    }
    assert_eq!(world.store.registered.load(Relaxed), 50);
    let stored = world.store.samples("up");
    assert!(stored.iter().all(|(_, samples)| samples.len() == 3));
}

#[test]
fn bad_series_are_named_and_the_others_stored() {
    let world = World::new();
    world.send(
        V2,
        &WriteRequest::new().series(up("late").sample(1000, 1.0)),
    );
    let request = WriteRequest::new()
        .series(
            Series::new([("job", "nameless")])
                .sample(1, 1.0)
                .sample(2, 1.0),
        )
        .series(Series::new([("__name__", "up"), ("a", "1"), ("a", "2")]).sample(1, 1.0))
        .series(up("empty").exemplar(1, 1.0, [("t", "x")]))
        .series(up("ahead").sample(1, 1.0).sample(NOW + 600_001, 1.0))
        .series(up("late").sample(500, 1.0))
        .series(up("good").sample(1, 1.0).exemplar(1, 1.0, [("t", "x")]));
    let answer = world.send(V2, &request);
    assert_eq!(answer.status, 400);
    let lines: Vec<&str> = answer.body.lines().collect();
    assert_eq!(
        lines,
        [
            r#"invalid metric name or labels, got {job="nameless"}"#,
            "invalid labels for series, labels {__name__=\"up\", a=\"1\", a=\"2\"}, duplicated label a",
            "TimeSeries must contain at least one sample or histogram for series \
             {__name__=\"up\", job=\"empty\"}",
            "out of bounds: timestamp is too far in the future for series \
             {__name__=\"up\", job=\"ahead\"}",
            "out of order sample (1 samples)",
        ]
    );
    assert_eq!(written(&answer), Some([2, 0, 1]));
    let counted = "prometheus_api_remote_write_invalid_labels_samples_total";
    assert_eq!(world.metric(counted), 3.0);
    assert_eq!(world.store.samples("up").len(), 3);
}

#[test]
fn references_outside_of_the_symbols_are_named() {
    let world = World::new();
    let check = |references: &[u8], text: &str, stored: usize| {
        let series = [references, SAMPLE].concat();
        let answer = world.send_bytes(V2, &by_hand(&series));
        assert_eq!((answer.status, answer.body.trim_end()), (400, text));
        assert_eq!(written(&answer), Some([stored, 0, 0]));
    };
    check(
        b"\x0a\x04\x01\x02\x03\x05",
        "parsing labels for series [1 2 3 5]: labelRefs 3 (name) = 5 (value) outside of symbols \
         table (size 5)",
        0,
    );
    check(
        b"\x0a\x03\x01\x02\x03",
        "parsing labels for series [1 2 3]: invalid labelRefs length 3",
        0,
    );
    check(
        b"\x0a\x02\x01\x02\x2a\x02\x18\x09",
        "parsing metadata for series [1, 2]: metadata reference outside of symbols table (size 5)",
        0,
    );
    check(
        b"\x0a\x04\x01\x02\x03\x04\x22\x04\x0a\x02\x01\x09",
        "parsing exemplar for series {__name__=\"up\", job=\"a\"}: parsing labels for series [1 9]: \
         labelRefs 1 (name) = 9 (value) outside of symbols table (size 5)",
        1,
    );
}

#[test]
fn counts_leave_out_what_storage_refused() {
    let world = World::new();
    *world.store.outcome.lock() = Some(FrameOutcome {
        appended: 1,
        too_old: 2,
        duplicate: 1,
        ..FrameOutcome::default()
    });
    let series = (0..5).fold(up("a"), |series, time| series.sample(time, 1.0));
    let answer = world.send(V2, &WriteRequest::new().series(series));
    assert_eq!(answer.status, 400);
    let text = "too old sample (2 samples)\nduplicate sample for timestamp (1 samples)\n";
    assert_eq!(answer.body, text);
    // Five sent, three refused; one of the rest was there already.
    assert_eq!(written(&answer), Some([2, 0, 0]));
}

#[test]
fn a_storage_that_fails_is_answered_with_500_and_no_counts() {
    let world = World::new();
    *world.store.broken.lock() = true;
    let answer = world.send(V2, &WriteRequest::new().series(up("a").sample(1, 1.0)));
    assert_eq!((answer.status, written(&answer)), (500, Some([0, 0, 0])));
}

#[test]
fn a_hundred_mistakes_make_no_hundred_lines() {
    let world = World::new();
    let request = (0..100).fold(WriteRequest::new(), |request, number| {
        request.series(Series::new([("job", number.to_string())]).sample(1, 1.0))
    });
    let answer = world.send(V2, &request);
    assert_eq!(answer.body.lines().count(), 51);
    assert!(answer.body.ends_with("\nand 50 more\n"));
}

#[test]
fn metadata_goes_to_the_family_when_it_changes() {
    let world = World::new();
    let request = |help: &str| {
        let series = |name: &str| {
            Series::new([("__name__", name)]).sample(1, 1.0).about(
                MetricKind::Histogram,
                help,
                "seconds",
            )
        };
        WriteRequest::new()
            .series(series("latency_bucket"))
            .series(series("latency_count"))
            .series(up("bare").sample(1, 1.0))
    };
    for help in ["a", "a", "b", "b"] {
        assert_eq!(world.send(V2, &request(help)).status, 204);
    }
    let told = world.store.metadata.lock();
    let told: Vec<(&str, &str)> = told
        .iter()
        .map(|one| (one.family.as_str(), one.help.as_str()))
        .collect();
    assert_eq!(told, [("latency", "a"), ("latency", "b")]);
    let without = "prometheus_api_remote_write_without_metadata_appended_samples_total";
    assert_eq!(world.metric(without), 4.0);
}

#[test]
fn histograms_and_exemplars_are_counted() {
    let world = World::new();
    let histogram = Histogram {
        count: 3.0,
        zero_count: 3.0,
        ..Histogram::default()
    };
    let series = up("a")
        .histogram(1, histogram.clone())
        .integer_histogram(2, histogram.clone())
        .exemplar(1, 2.0, [("trace_id", "x")]);
    let answer = world.send(V2, &WriteRequest::new().series(series));
    assert_eq!((answer.status, written(&answer)), (204, Some([0, 2, 1])));
    let column = world.store.column("up");
    assert_eq!(column.times, [1, 2]);
    for stored in &column.histograms {
        assert!(stored.as_ref().unwrap().same_bits(&histogram));
    }
}

#[test]
fn a_version_1_message_under_the_type_of_version_2_is_refused() {
    let world = World::new();
    let bytes = WriteRequest::new()
        .series(up("a").sample(1, 1.0))
        .to_bytes(remote::Message::V1);
    assert_eq!(world.send_bytes(V2, &bytes).status, 400);
}
