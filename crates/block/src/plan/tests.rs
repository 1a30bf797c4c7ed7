use super::*;
use crate::BlockStats;
use proptest::prelude::*;

fn meta(number: u128, min_time: i64, max_time: i64, level: u32) -> BlockMeta {
    let id = Ulid::from_u128(number);
    BlockMeta {
        id,
        min_time,
        max_time,
        stats: BlockStats::default(),
        level,
        sources: vec![id],
        parents: Vec::new(),
    }
}

fn hours(hours: i64) -> i64 {
    hours * HOUR_MS
}

#[track_caller]
fn check(blocks: &[BlockMeta], head_time: i64, expected: Option<(&[u128], Reason)>) {
    let expected = expected.map(|(ids, reason)| Plan {
        inputs: ids.iter().map(|id| Ulid::from_u128(*id)).collect(),
        reason,
    });
    assert_eq!(plan(blocks, head_time, &PlanOptions::default()), expected);
}

#[test]
fn a_window_is_merged_half_an_hour_after_its_end() {
    let blocks = [meta(1, 0, hours(1), 0), meta(2, hours(1), hours(2), 0)];
    check(&blocks, hours(2) + hours(1) / 2 - 1, None);
    check(
        &blocks,
        hours(2) + hours(1) / 2,
        Some((&[1, 2], Reason::Window)),
    );
}

#[test]
fn a_single_fresh_block_is_packed_smaller_when_its_window_is_complete() {
    check(
        &[meta(1, 0, hours(2), 0)],
        hours(3),
        Some((&[1], Reason::Window)),
    );
    check(&[meta(1, 0, hours(2), 1)], hours(3), None);
}

#[test]
fn a_pile_is_merged_before_its_window_is_complete() {
    let mut blocks: Vec<BlockMeta> = (0..4)
        .map(|i| meta(i as u128, i * 1000, i * 1000 + 10, 0))
        .collect();
    check(&blocks, 5000, None);
    blocks.push(meta(9, 4000, 4010, 0));
    check(&blocks, 5000, Some((&[0, 1, 2, 3, 9], Reason::Pile)));
}

#[test]
fn a_late_block_goes_into_the_day_that_it_overlaps() {
    let blocks = [
        meta(1, 0, hours(24), 2),
        meta(2, hours(24), hours(26), 1),
        meta(3, hours(3), hours(4), 0),
    ];
    check(&blocks, hours(27), Some((&[1, 3], Reason::Overlap)));
}

#[test]
fn a_day_is_merged_when_it_is_complete() {
    let blocks: Vec<BlockMeta> = (0..12)
        .map(|i| meta(i as u128, hours(i * 2), hours(i * 2 + 2), 1))
        .collect();
    check(&blocks, hours(24), None);
    let all: Vec<u128> = (0..12).collect();
    check(&blocks, hours(25), Some((&all, Reason::Window)));
}

#[test]
fn blocks_never_grow_beyond_the_longest_window() {
    let options = PlanOptions::default().bounded(hours(24));
    assert_eq!(options.windows, [hours(2), hours(24)]);
    assert_eq!(PlanOptions::default().bounded(1).windows, [hours(2)]);
}

/// Carries `plan` out on descriptions alone.
fn carry_out(blocks: &mut Vec<BlockMeta>, plan: &Plan, number: u128) {
    let inputs: Vec<BlockMeta> = blocks
        .iter()
        .filter(|block| plan.inputs.contains(&block.id))
        .cloned()
        .collect();
    assert_eq!(
        inputs.len(),
        plan.inputs.len(),
        "an input is unknown or named twice"
    );
    blocks.retain(|block| !plan.inputs.contains(&block.id));
    let mut merged = meta(
        number,
        inputs.iter().map(|block| block.min_time).min().unwrap(),
        inputs.iter().map(|block| block.max_time).max().unwrap(),
        inputs.iter().map(|block| block.level).max().unwrap() + 1,
    );
    merged.sources = inputs
        .iter()
        .flat_map(|block| block.sources.clone())
        .collect();
    blocks.push(merged);
}

proptest! {
    #[test]
    fn plans_come_to_an_end_with_every_source_in_one_block(
        // Windows of 2 h, where in it (permille), how long.
        list in prop::collection::vec((0i64..400, 0i64..1000, 1i64..1000), 1..60),
        head_hours in 0i64..900,
    ) {
        let options = PlanOptions::default();
        let mut blocks: Vec<BlockMeta> = (1..).zip(list).map(|(number, (window, at, length))| {
            let start = hours(window * 2) + hours(2) * at / 1000;
            let end = (start + hours(2) * length / 1000).min(hours(window * 2 + 2));
            meta(number, start, end.max(start + 1), 0)
        }).collect();
        let n = blocks.len();
        let head_time = hours(head_hours);
        let mut steps = 0;
        while let Some(next) = plan(&blocks, head_time, &options) {
            steps += 1;
            prop_assert!(steps <= 3 * n, "no end");
            carry_out(&mut blocks, &next, 1000 + steps as u128);
        }
        let mut sources: Vec<Ulid> = blocks.iter().flat_map(|block| block.sources.clone()).collect();
        sources.sort_unstable();
        let expected: Vec<Ulid> = (1..=n as u128).map(Ulid::from_u128).collect();
        prop_assert_eq!(sources, expected);
        let end_of = |block: &BlockMeta, length: i64| (window_of(block.max_time - 1, length) + 1) * length;
        for (i, one) in blocks.iter().enumerate() {
            let longest = *options.windows.last().unwrap();
            prop_assert_eq!(window_of(one.min_time, longest), window_of(one.max_time - 1, longest));
            if end_of(one, hours(2)) + options.settle > head_time {
                continue;
            }
            prop_assert!(one.level > 0);
            for other in &blocks[i + 1..] {
                if end_of(other, hours(2)) + options.settle <= head_time {
                    prop_assert!(!one.range().overlaps(other.range()));
                }
                for length in &options.windows {
                    let complete = is_complete(window_of(one.min_time, *length), *length, head_time, &options);
                    let same = window_of(one.min_time, *length) == window_of(other.max_time - 1, *length);
                    prop_assert!(!(complete && same), "two blocks in one complete window");
                }
            }
        }
    }
}
