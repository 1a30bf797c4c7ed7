use super::*;
use model::{ResetHint, Span};
use proptest::prelude::*;

#[track_caller]
fn check(histograms: &[Arc<Histogram>]) -> usize {
    let mut lengths = Vec::new();
    for effort in [Effort::Fast, Effort::Small] {
        let mut encoded = Vec::new();
        encode_histograms(histograms, effort, &mut encoded);
        let mut back = Vec::new();
        decode_histograms(&encoded, histograms.len(), &mut back).unwrap();
        assert_eq!(back.len(), histograms.len());
        assert!(back.iter().zip(histograms).all(|(a, b)| a.same_bits(b)));
        lengths.push(encoded.len());
    }
    lengths.into_iter().min().unwrap_or(0)
}

/// A latency histogram that grows: eight buckets, of which the third gets most.
fn growing(n: u32) -> Vec<Arc<Histogram>> {
    (0..n)
        .map(|i| {
            let buckets: Vec<f64> = [1u32, 3, 40, 9, 2, 1, 0, 0]
                .iter()
                .map(|rate| f64::from(rate * i + (i * 7919 + rate) % 5 * u32::from(*rate > 0)))
                .collect();
            let count = buckets.iter().sum();
            Arc::new(Histogram {
                schema: 3,
                zero_threshold: 2f64.powi(-128),
                count,
                sum: count * 0.125,
                positive_spans: vec![Span {
                    offset: -5,
                    length: 8,
                }],
                positive_buckets: buckets,
                ..Histogram::default()
            })
        })
        .collect()
}

#[test]
fn a_growing_histogram_takes_bits_a_bucket() {
    assert_eq!(check(&[]), 0);
    let length = check(&growing(120));
    assert!(length < 120 * 6, "{length} bytes for 120 histograms");
}

#[test]
fn stale_markers_and_new_buckets_come_back() {
    let mut histograms = growing(100);
    histograms[40] = Arc::new(Histogram::stale());
    let mut wider = (*histograms[70]).clone();
    wider.positive_spans.push(Span {
        offset: 2,
        length: 1,
    });
    wider.positive_buckets.push(1.0);
    wider.negative_spans.push(Span {
        offset: 0,
        length: 1,
    });
    wider.negative_buckets.push(f64::NAN);
    wider.reset_hint = ResetHint::Gauge;
    wider.count = -0.0;
    histograms[70..].fill(Arc::new(wider));
    check(&histograms);
}

#[test]
fn custom_bounds_are_kept_once() {
    let histograms: Vec<_> = (0..50u32)
        .map(|i| {
            Arc::new(Histogram {
                schema: model::CUSTOM_BUCKETS_SCHEMA,
                count: f64::from(i * 3),
                sum: f64::from(i) * 0.5,
                positive_spans: vec![Span {
                    offset: 0,
                    length: 3,
                }],
                positive_buckets: vec![f64::from(i); 3],
                custom_values: vec![0.1, 0.5],
                ..Histogram::default()
            })
        })
        .collect();
    assert!(check(&histograms) < 80);
}

#[test]
fn cut_columns_are_refused() {
    let histograms = growing(50);
    let mut encoded = Vec::new();
    encode_histograms(&histograms, Effort::Small, &mut encoded);
    for cut in 0..encoded.len() {
        let mut back = Vec::new();
        assert!(
            decode_histograms(&encoded[..cut], 50, &mut back).is_err(),
            "cut at {cut}"
        );
        assert!(back.is_empty());
    }
    encoded.push(0);
    assert_eq!(
        decode_histograms(&encoded, 50, &mut Vec::new()),
        Err(Error::Trailing { count: 1 })
    );
}

proptest! {
    #[test]
    fn any_histograms_come_back(rows in prop::collection::vec(
        (any::<i32>(), any::<f64>(), any::<u64>(), prop::collection::vec(any::<f64>(), 0..4), prop::collection::vec(any::<i32>(), 0..3)), 0..30)) {
        let histograms: Vec<_> = rows.into_iter().map(|(schema, sum, count, buckets, offsets)| Arc::new(Histogram {
            schema,
            sum,
            count: f64::from_bits(count),
            zero_count: 2.0,
            positive_spans: offsets.iter().map(|offset| Span { offset: *offset, length: 1 }).collect(),
            negative_buckets: buckets.clone(),
            custom_values: buckets,
            ..Histogram::default()
        })).collect();
        check(&histograms);
    }

    #[test]
    fn flipped_bits_never_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), 0u8..8), 1..4), n in 0usize..100) {
        let mut encoded = Vec::new();
        encode_histograms(&growing(50), Effort::Small, &mut encoded);
        for (at, bit) in flips {
            *at.get_mut(&mut encoded) ^= 1 << bit;
        }
        let _ = decode_histograms(&encoded, n, &mut Vec::new());
        let _ = decode_histograms(&encoded, 50, &mut Vec::new());
    }
}
