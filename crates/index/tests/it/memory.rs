//! How much memory and how many bytes series take, counted by the allocator.

use crate::fleet::{borrow, fleet};
use index::{BlockIndex, HeadIndex, IndexWriter};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// Counts the bytes that the own thread holds.
struct Counting;

thread_local! {
    static HELD: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends may free after its counter went.
    let _ = HELD.try_with(|held| held.set(held.get() + bytes));
}

#[expect(
    unsafe_code,
    reason = "an allocator cannot be written otherwise; it hands everything to the system's"
)]
// SAFETY: every call goes to `System` unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        // SAFETY: as promised by our own caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        // SAFETY: as promised by our own caller.
        unsafe { System.dealloc(at, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn held() -> usize {
    HELD.with(|held| usize::try_from(held.get()).unwrap_or(0))
}

#[test]
fn a_hundred_thousand_series_take_little_memory_and_few_bytes() {
    let series = fleet(100);
    let before = held();
    let mut head = HeadIndex::default();
    for pairs in &series {
        head.insert_sorted(&borrow(pairs)).unwrap();
    }
    let (head_bytes, told) = (held() - before, head.heap_bytes());
    let per_series = |bytes: usize| bytes as f64 / series.len() as f64;
    println!(
        "head: {:.1} B/series, told {:.1}",
        per_series(head_bytes),
        per_series(told)
    );
    assert!(per_series(head_bytes) < 50.0, "{head_bytes}");
    assert!(
        told.abs_diff(head_bytes) * 5 < head_bytes,
        "told {told}, held {head_bytes}"
    );

    let mut writer = IndexWriter::default();
    let before = held();
    for id in head.in_metric_order() {
        writer.push_from(&head, id).unwrap();
    }
    println!("writer: {:.1} B/series", per_series(held() - before));
    let bytes = writer.finish().unwrap();
    println!(
        "block: {:.3} bytes/series, {} bytes",
        per_series(bytes.len()),
        bytes.len()
    );
    assert!(per_series(bytes.len()) < 1.0, "{}", bytes.len());

    let before = held();
    let block = BlockIndex::open(&bytes).unwrap();
    let (opened, told) = (held() - before, block.heap_bytes());
    assert!(
        told.abs_diff(opened) * 5 < opened,
        "told {told}, held {opened}"
    );
    let stats = block.stats(10);
    let used = held() - before;
    println!(
        "block: {:.1} B/series opened, {:.1} with all lists",
        per_series(opened),
        per_series(used)
    );
    assert!(
        per_series(opened) < 20.0 && per_series(used) < 40.0,
        "{opened} {used}"
    );
    assert_eq!(stats, head.stats(10));
}

#[test]
fn removed_series_give_their_memory_back() {
    let before = held();
    let mut head = HeadIndex::default();
    let mut most = 0;
    for round in 0..20 {
        let first = head.next_id();
        for pairs in fleet(5) {
            let mut pairs = borrow(&pairs);
            let pod = format!("pod-{round}");
            pairs.push(("zone_pod", &pod));
            assert!(head.insert_sorted(&pairs).unwrap().1);
        }
        if round == 1 {
            most = held() - before;
        }
        if round > 0 {
            let old: Vec<u32> = head.all().iter().take_while(|id| *id < first).collect();
            assert!(old.into_iter().all(|id| head.remove(id)));
        }
    }
    assert_eq!(head.len(), 5_000);
    let left = held() - before;
    println!("left {left}, most {most}");
    assert!(left < most * 3 / 2, "left {left}, most {most}");
    for id in head.all().clone() {
        head.remove(id);
    }
    let left = held() - before;
    assert!(left < most / 3, "left {left}, most {most}");
    assert!(head.label_names(None).is_empty());
}
