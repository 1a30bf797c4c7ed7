//! Histograms, which both versions send alike.

use crate::fakes::{World, written};
use model::{CUSTOM_BUCKETS_SCHEMA, Histogram, ResetHint, Span};
use remote::Message::{V1, V2};
use remote::encode::{Series, WriteRequest};

fn span(offset: i32, length: u32) -> Span {
    Span { offset, length }
}

fn sound() -> Histogram {
    Histogram {
        reset_hint: ResetHint::Gauge,
        schema: -2,
        zero_threshold: 0.5,
        zero_count: 2.0,
        count: 21.0,
        sum: -7.25,
        positive_spans: vec![span(-3, 2), span(4, 1)],
        positive_buckets: vec![5.0, 1.0, 7.0],
        negative_spans: vec![span(1, 2)],
        negative_buckets: vec![2.0, 4.0],
        custom_values: Vec::new(),
    }
}

fn send(histogram: &Histogram, is_float: bool) -> (World, u16, String) {
    let world = World::new();
    let series = Series::new([("__name__", "latency")]);
    let series = if is_float {
        series.histogram(1, histogram.clone())
    } else {
        series.integer_histogram(1, histogram.clone())
    };
    let other = Series::new([("__name__", "other")]).sample(1, 1.0);
    let request = WriteRequest::new().series(series).series(other);
    let answer = world.send(V1, &request);
    assert_eq!(world.store.samples("other").len(), 1);
    let second = World::new().send(V2, &request);
    assert_eq!(second.status, answer.status);
    let counted = usize::from(second.status == 204);
    assert_eq!(written(&second), Some([1, counted, 0]));
    (world, answer.status, answer.body)
}

#[track_caller]
fn check_refused(change: impl FnOnce(&mut Histogram), is_float: bool, text: &str) {
    let mut histogram = sound();
    change(&mut histogram);
    let (world, status, body) = send(&histogram, is_float);
    assert_eq!((status, body.trim_end()), (400, text));
    assert!(world.store.samples("latency").is_empty());
}

#[test]
fn counts_come_out_absolute_whether_sent_as_deltas_or_floats() {
    for is_float in [true, false] {
        let (world, status, _) = send(&sound(), is_float);
        assert_eq!(status, 204);
        let column = world.store.column("latency");
        let stored = column.histograms[0].as_ref().unwrap();
        assert!(stored.same_bits(&sound()), "{stored:?}");
    }
}

#[test]
fn custom_buckets_keep_their_bounds() {
    let custom = Histogram {
        schema: CUSTOM_BUCKETS_SCHEMA,
        count: 6.5,
        sum: 3.0,
        positive_spans: vec![span(0, 3)],
        positive_buckets: vec![1.5, 2.0, 3.0],
        custom_values: vec![0.1, 1.0],
        ..Histogram::default()
    };
    let (world, status, _) = send(&custom, true);
    assert_eq!(status, 204);
    let column = world.store.column("latency");
    assert!(column.histograms[0].as_ref().unwrap().same_bits(&custom));

    for (change, text) in [
        (
            (|one| one.custom_values = vec![1.0, 1.0]) as fn(&mut Histogram),
            "histogram custom bounds must be in strictly increasing order",
        ),
        (
            |one| one.custom_values = vec![1.0, f64::INFINITY],
            "histogram custom bounds must be finite",
        ),
        (
            |one| one.custom_values = vec![1.0],
            "custom buckets: more buckets than bounds",
        ),
        (
            |one| one.zero_count = 1.0,
            "custom buckets: only positive buckets may be there",
        ),
    ] {
        let mut bad = custom.clone();
        change(&mut bad);
        let (_, status, body) = send(&bad, true);
        assert_eq!((status, body.trim_end()), (400, text));
    }
}

#[test]
fn unsound_histograms_are_refused_and_the_others_stored() {
    let wrong_number = "histogram spans specify different number of buckets than provided";
    check_refused(|one| one.positive_spans[0].length = 3, true, wrong_number);
    check_refused(
        |one| one.positive_spans[0].length = u32::MAX,
        true,
        "histogram has a span whose offset is negative or out of range",
    );
    check_refused(
        |one| one.schema = -5,
        true,
        "histogram has an unknown schema",
    );
    check_refused(
        |one| one.schema = 53,
        true,
        "histogram has an unknown schema",
    );
    check_refused(
        |one| one.positive_spans[1].offset = -1,
        true,
        "histogram has a span whose offset is negative or out of range",
    );
    check_refused(
        |one| one.positive_buckets[1] = -1.0,
        true,
        "histogram has a bucket whose observation count is negative",
    );
    check_refused(
        |one| one.count = -1.0,
        true,
        "histogram has a negative observation count",
    );
    check_refused(
        |one| one.count = 20.0,
        false,
        "histogram's observation count should equal the number of observations found in the buckets",
    );
    check_refused(
        |one| {
            one.count = 20.0;
            one.sum = f64::NAN;
        },
        false,
        "histogram's observation count should be at least the number in the buckets",
    );
    check_refused(
        |one| one.custom_values = vec![1.0],
        true,
        "histogram with exponential schema must not have custom bounds",
    );
}

#[test]
fn version_2_names_the_series_of_an_unsound_histogram() {
    let bad = Histogram {
        schema: 99,
        ..sound()
    };
    let series = Series::new([("__name__", "latency")]).histogram(1, bad);
    let answer = World::new().send(V2, &WriteRequest::new().series(series));
    let text = "histogram has an unknown schema for series {__name__=\"latency\"}\n";
    assert_eq!((answer.status, answer.body.as_str()), (400, text));
}

#[test]
fn resolutions_beyond_8_are_reduced_to_it() {
    let fine = Histogram {
        schema: 10,
        count: 10.0,
        zero_count: 0.0,
        positive_spans: vec![span(1, 4)],
        positive_buckets: vec![1.0, 2.0, 3.0, 4.0],
        ..Histogram::default()
    };
    let (world, status, _) = send(&fine, false);
    assert_eq!(status, 204);
    let column = world.store.column("latency");
    let stored = column.histograms[0].as_ref().unwrap();
    assert_eq!(
        (stored.schema, &stored.positive_buckets[..]),
        (8, &[10.0][..])
    );
    assert_eq!(stored.positive_spans, [span(1, 1)]);
}

#[test]
fn a_stale_histogram_ends_its_series() {
    let series = Series::new([("__name__", "latency")])
        .histogram(1, sound())
        .histogram(2, Histogram::stale());
    let world = World::new();
    assert_eq!(
        world.send(V2, &WriteRequest::new().series(series)).status,
        204
    );
    let column = world.store.column("latency");
    assert_eq!(column.times, [1, 2]);
    assert!(model::is_stale(column.values[1]));
}
