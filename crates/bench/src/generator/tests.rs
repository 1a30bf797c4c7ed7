use super::*;

fn shape(mix: Mix) -> Shape {
    Shape {
        instances: 3,
        lines: 1_000,
        seed: 1,
        mix,
        metric: None,
    }
}

fn values(shape: &Shape, instance: usize, steps: usize) -> Vec<Vec<u64>> {
    let mut waves: Vec<Wave> = shape.target(instance).map(|(_, wave)| wave).collect();
    (0..steps)
        .map(|_| {
            waves
                .iter_mut()
                .map(|wave| wave.advance().to_bits())
                .collect()
        })
        .collect()
}

#[test]
fn the_same_seed_gives_the_same_samples_and_another_seed_others() {
    let one = shape(Mix::Normal);
    let other = Shape {
        seed: 2,
        ..one.clone()
    };
    assert_eq!(values(&one, 1, 20), values(&one, 1, 20));
    assert_ne!(values(&one, 1, 20), values(&other, 1, 20));
    assert_ne!(values(&one, 1, 20), values(&one, 2, 20));
}

#[test]
fn the_share_of_moving_samples_is_that_of_the_mix() {
    for (mix, low, high) in [
        (Mix::Idle, 0.04, 0.15),
        (Mix::Normal, 0.25, 0.35),
        (Mix::Hot, 0.55, 0.68),
    ] {
        let rows = values(&shape(mix), 0, 200);
        let moved: usize = rows
            .windows(2)
            .map(|pair| pair[0].iter().zip(&pair[1]).filter(|(a, b)| a != b).count())
            .sum();
        let share = moved as f64 / (199.0 * 1_000.0);
        assert!(share > low && share < high, "{mix:?}: {share}");
    }
}

#[test]
fn a_hundred_lines_hold_the_promised_metrics() {
    let counts = Shape {
        instances: 2,
        ..shape(Mix::Normal)
    }
    .per_metric();
    assert_eq!(counts["node_bytes_24_total"], 20);
    assert_eq!(counts["node_cpu_seconds_1_total"], 100);
    assert_eq!(counts["node_memory_14_bytes"], 20);
    assert_eq!(counts["http_request_duration_seconds_bucket"], 200);
    assert_eq!(counts.values().sum::<usize>(), 2_000);
    assert_eq!(counts.len(), 25 + 3 + 15 + 5 + 10 + 20 + 1);
}

#[test]
fn one_metric_alone_has_the_samples_it_has_among_all() {
    let whole = shape(Mix::Normal);
    let alone = Shape {
        metric: Some("node_load_3".to_owned()),
        ..whole.clone()
    };
    let all: Vec<_> = whole
        .target(1)
        .filter(|(identity, _)| identity.metric == "node_load_3")
        .map(|(identity, mut wave)| (identity.labels, wave.advance().to_bits()))
        .collect();
    let some: Vec<_> = alone
        .target(1)
        .map(|(identity, mut wave)| (identity.labels, wave.advance().to_bits()))
        .collect();
    assert_eq!(some.len(), 10);
    assert_eq!(all, some);
}

#[test]
fn no_two_series_are_the_same() {
    let mut seen = std::collections::BTreeSet::new();
    for instance in 0..3 {
        for (identity, _) in shape(Mix::Normal).target(instance) {
            assert!(seen.insert((identity.metric, identity.labels)));
        }
    }
}
