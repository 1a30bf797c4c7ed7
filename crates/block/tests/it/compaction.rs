//! Merging blocks changes nothing but their number.

use crate::fixture::*;
use block::{Control, Error, Plan, Reason};
use model::{Labels, TimeRange, TimestampMs};
use proptest::prelude::*;
use std::cell::Cell;
use storage::Column;
use vfs::MemDisk;

#[test]
fn two_blocks_become_one_with_the_same_samples() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &mixed(0, 1.0));
    add(&store, &disk, 2, &mixed(7_200_000, 2.0));
    let truth = content(&store);
    let done = store
        .compact(&plan(&[1, 2]), id(3), &|| Control::Go)
        .unwrap();
    let meta = done.output.unwrap();
    assert_eq!((meta.level, &meta.sources[..]), (1, &[id(1), id(2)][..]));
    assert_eq!(meta.parents.len(), 2);
    assert_eq!(store.snapshot().len(), 1);
    assert_eq!(content(&store), truth);
    assert!(!disk.image().contains_key(&folder(1).join("data")));
    drop(store);
    assert_eq!(content(&open(&disk)), truth);
}

#[test]
fn at_equal_times_the_block_written_first_counts_also_after_compaction() {
    let disk = MemDisk::default();
    let store = open(&disk);
    let series = |value: f64| {
        [(
            labels("x", "a"),
            column((0..10).map(|t| (t, value + t as f64))),
        )]
    };
    for number in 1..=3 {
        add(&store, &disk, number, &series(number as f64 * 100.0));
    }
    let truth = content(&store);
    store
        .compact(&plan(&[2, 3]), id(4), &|| Control::Go)
        .unwrap();
    assert_eq!(content(&store), truth);
    store
        .compact(&plan(&[4, 1]), id(5), &|| Control::Go)
        .unwrap();
    assert_eq!(content(&store), truth);
    assert_eq!(store.snapshot()[0].meta().stats.samples, 10);
}

#[test]
fn deleted_samples_vanish_at_once_and_leave_the_disk_by_compaction() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &mixed(0, 1.0));
    let before = store.snapshot();
    let mut old_reader = before[0].reader();
    let range = TimeRange::new(TimestampMs(30_000), TimestampMs(90_000));
    store.delete(&[select("constant")], range).unwrap();
    store.delete(&[select("special")], TimeRange::ALL).unwrap();
    let truth = content(&store);
    assert_eq!(truth.len(), 5);
    let a = &truth[r#"constant{instance="a"}"#];
    assert!(a.len() == 16 && !a.contains_key(&30_000) && a.contains_key(&90_000));
    let mut column = Column::default();
    old_reader.read(0, TimeRange::ALL, &mut column).unwrap();
    assert_eq!(column.len(), 20, "a reader sees its moment");
    assert_eq!(store.snapshot()[0].info().tombstones, 3);

    let plans = store.plan_tombstones();
    assert_eq!(
        plans,
        [Plan {
            inputs: vec![id(1)],
            reason: Reason::Tombstones
        }]
    );
    drop((before, old_reader));
    store.compact(&plans[0], id(2), &|| Control::Go).unwrap();
    assert_eq!(content(&store), truth);
    let meta = store.snapshot()[0].meta().clone();
    assert_eq!((meta.stats.series, meta.level), (5, 0));
    assert!(store.plan_tombstones().is_empty());

    let everything = storage::Matchers::compile(&[]).unwrap();
    store.delete(&[everything], TimeRange::ALL).unwrap();
    let done = store.compact(&plan(&[2]), id(3), &|| Control::Go).unwrap();
    assert_eq!(done.output, None);
    assert!(store.snapshot().is_empty());
}

#[test]
fn a_delete_during_a_compaction_holds_for_the_new_block() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &mixed(0, 1.0));
    add(&store, &disk, 2, &mixed(7_200_000, 2.0));
    let calls = Cell::new(0);
    let control = || {
        calls.set(calls.get() + 1);
        if calls.get() == 4 {
            store.delete(&[select("constant")], TimeRange::ALL).unwrap();
        }
        Control::Go
    };
    store.compact(&plan(&[1, 2]), id(3), &control).unwrap();
    assert!(calls.get() > 4);
    let found = content(&store);
    assert!(
        found.keys().all(|series| !series.starts_with("constant")),
        "{:?}",
        found.keys()
    );
    assert_eq!(found.len(), 4);
    drop(store);
    assert_eq!(content(&open(&disk)), found);
}

#[test]
fn a_stopped_compaction_changes_nothing() {
    let disk = MemDisk::default();
    let store = open(&disk);
    add(&store, &disk, 1, &mixed(0, 1.0));
    let image = disk.image();
    for n in 0..6 {
        let left = Cell::new(n);
        let control = || match left.replace(left.get() - 1) {
            0 => Control::Stop,
            _ => Control::Go,
        };
        let stopped = store.compact(&plan(&[1]), id(2), &control);
        assert!(matches!(stopped, Err(Error::Stopped)));
        assert_eq!(disk.image(), image);
    }
    assert!(matches!(
        store.compact(&plan(&[9]), id(2), &|| Control::Go),
        Err(Error::UnknownBlock(_))
    ));
    assert_eq!(store.counts().compactions_failed, 1);
}

/// Name, instance, samples.
type RandomSeries = (u8, u8, Vec<(i64, u64)>);

fn random_block() -> impl Strategy<Value = Vec<RandomSeries>> {
    prop::collection::vec(
        (
            0u8..4,
            0u8..4,
            prop::collection::vec((0i64..300, any::<u64>()), 0..60),
        ),
        0..8,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn blocks_with_overlaps_compacted_in_any_order_equal_a_model(
        blocks in prop::collection::vec(random_block(), 1..6),
        merges in prop::collection::vec(any::<(u8, u8, u8)>(), 0..4),
        deletes in prop::collection::vec((0u8..4, 0i64..300, 0i64..300, 0usize..4), 0..3),
    ) {
        let disk = MemDisk::default();
        let store = open(&disk);
        let mut model = Content::new();
        for (number, series) in (1..).zip(&blocks) {
            let mut unique = std::collections::BTreeMap::new();
            for (name, instance, samples) in series {
                let samples: std::collections::BTreeMap<i64, u64> = samples.iter().copied().collect();
                let column = column(samples.into_iter().map(|(time, bits)| (time, f64::from_bits(bits))));
                unique.insert((*name, *instance), (labels(&format!("m{name}"), &format!("i{instance}")), column));
            }
            let series: Vec<(Labels, Column)> = unique.into_values().collect();
            if let Some(meta) = write(&disk, number, &series).unwrap() {
                store.commit(&[meta], &[], None).unwrap();
            }
            for (labels, column) in &series {
                put(&mut model, labels, column);
            }
        }
        let delete = |model: &mut Content, at: usize| {
            for (name, from, to, _) in deletes.iter().filter(|delete| delete.3 == at) {
                let range = TimeRange::new(TimestampMs(*from.min(to)), TimestampMs(*from.max(to)));
                let name = format!("m{name}");
                store.delete(&[select(&name)], range).unwrap();
                for (series, samples) in model.iter_mut() {
                    if series.starts_with(&name) {
                        samples.retain(|time, _| !range.contains(TimestampMs(*time)));
                    }
                }
                model.retain(|_, samples| !samples.is_empty());
            }
        };
        // Neighbours in order of writing, so that the first word stays the first.
        for (step, (at, length, _)) in merges.into_iter().enumerate() {
            delete(&mut model, step);
            let mut live: Vec<_> = store.snapshot().iter().map(|block| block.meta().clone()).collect();
            live.sort_by_key(block::BlockMeta::rank);
            if live.is_empty() {
                break;
            }
            let at = at as usize % live.len();
            let to = (at + 1 + length as usize % 3).min(live.len());
            let plan = Plan { inputs: live[at..to].iter().map(|meta| meta.id).collect(), reason: Reason::Window };
            store.compact(&plan, id(100 + step as u128), &|| Control::Go).unwrap();
            prop_assert_eq!(&content(&store), &model);
        }
        delete(&mut model, 3);
        prop_assert_eq!(&content(&store), &model);
        drop(store);
        let store = open(&disk);
        prop_assert_eq!(&content(&store), &model);
        for (step, plan) in (0..).map_while(|step| Some((step, store.plan(i64::MAX / 2)?))) {
            prop_assert!(step < 10);
            store.compact(&plan, id(200 + step), &|| Control::Go).unwrap();
        }
        prop_assert!(store.snapshot().len() <= 1);
        prop_assert_eq!(&content(&store), &model);
        for block in store.snapshot().iter() {
            prop_assert!(!block.verify().unwrap().loss.is_some());
        }
    }
}
