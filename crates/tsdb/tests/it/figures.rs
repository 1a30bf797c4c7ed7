//! What samples cost in memory and in the log, at 30 % changes. The bounds are those that the design
//! promises; what is measured is printed.

use crate::fixture::open;
use crate::fleet::{SLOTS, START, STEP, Target};
use model::TimestampMs;
use storage::{Appender, Frame};
use vfs::MemDisk;

#[test]
fn a_sample_takes_less_than_a_byte_in_the_log_and_a_series_few_in_memory() {
    const TARGETS: u64 = 10;
    const SCRAPES: i64 = 120;
    let disk = MemDisk::default();
    let db = open(&disk);
    let (mut log_at_start, mut changes) = (0, 0);
    let log = || -> usize {
        let image = disk.image();
        let files = image
            .iter()
            .filter(|(path, _)| path.starts_with("data/wal"));
        files.map(|(_, bytes)| bytes.len()).sum()
    };
    for number in 0..TARGETS {
        let mut target = Target::new(number);
        let ids = db.register(&target.labels).unwrap();
        let ids: Vec<_> = ids.into_iter().map(Result::unwrap).collect();
        let layout = db.layout(&ids).unwrap();
        for step in 0..SCRAPES {
            let before = target.values.clone();
            target.scrape();
            let now = before.iter().zip(&target.values);
            changes += now.filter(|(before, now)| before != now).count();
            let frame = Frame {
                layout,
                time: TimestampMs(START + step * STEP),
                values: &target.values,
            };
            let at = log();
            db.append_frame(frame).unwrap();
            if step == 0 {
                log_at_start += log() - at;
            }
        }
    }
    let series = TARGETS as f64 * SLOTS as f64;
    let samples = series * SCRAPES as f64;
    let per_sample = log() as f64 / samples;
    let per_later_sample = (log() - log_at_start) as f64 / samples;
    let per_series = db.head_bytes() as f64 / series;
    let changed = changes as f64 / samples;
    println!(
        "{:.1} % changed: log {per_sample:.3} B/sample ({per_later_sample:.3} without labels), memory {per_series:.0} B/series after {SCRAPES} scrapes",
        100.0 * changed
    );
    assert!((0.25..0.35).contains(&changed));
    assert!(per_later_sample < 0.8 && per_sample < 0.95);
    assert!(per_series < 300.0);
}
