//! Following the log while it is written.

use crate::fixture::{NOW, append, layout, loose, open_with, options, series};
use model::{Histogram, Labels, TimestampMs};
use std::sync::Arc;
use storage::{Appender, Exemplar, HistogramSample};
use tsdb::{Db, LogSink, LogTail, Options};
use vfs::MemDisk;

/// What came, as texts. Ordering: as read.
#[derive(Default)]
struct Heard {
    names: Vec<Labels>,
    all: Vec<String>,
}

impl Heard {
    fn name(&self, series: u32) -> &str {
        self.names[series as usize].metric_name()
    }
}

impl LogSink for Heard {
    fn segment(&mut self) {
        self.names.clear();
    }

    fn series(&mut self, labels: Labels) -> u32 {
        self.names.push(labels);
        u32::try_from(self.names.len() - 1).unwrap()
    }

    fn float(&mut self, series: u32, time: i64, value: f64) {
        let line = format!("{} {} {value}", self.name(series), time - NOW);
        self.all.push(line);
    }

    fn histogram(&mut self, series: u32, time: i64, histogram: Arc<Histogram>) {
        let line = format!(
            "{} {} count {}",
            self.name(series),
            time - NOW,
            histogram.count
        );
        self.all.push(line);
    }

    fn exemplar(&mut self, series: u32, exemplar: Exemplar) {
        let line = format!("{} {} exemplar", self.name(series), exemplar.time - NOW);
        self.all.push(line);
    }
}

fn hear(tail: &mut LogTail) -> Vec<String> {
    let mut heard = Heard::default();
    while tail.read(&mut heard).unwrap() {}
    heard.all
}

/// Segments so short that every other append begins one.
fn short_segments() -> Options {
    Options {
        segment_bytes: 200,
        ..options()
    }
}

fn fill(db: &Db, times: std::ops::Range<i64>) -> Vec<String> {
    let layout = layout(db, &["a", "b"]);
    let mut told = Vec::new();
    for time in times {
        append(db, layout, NOW + time, &[time as f64, 0.5]);
        told.extend([format!("a {time} {time}"), format!("b {time} 0.5")]);
    }
    told
}

#[test]
fn everything_is_heard_once_and_in_order_over_segments() {
    let disk = MemDisk::default();
    let db = open_with(&disk, short_segments());
    let mut tail = db.tail_log(db.log_end());
    let mut told = fill(&db, 0..50);
    loose(&db, "c", NOW + 7, 1.0);
    told.push("c 7 1".to_owned());
    let ids = db.register(&[series("h")]).unwrap();
    let id = *ids[0].as_ref().unwrap();
    let histogram = Arc::new(Histogram {
        count: 3.0,
        ..Histogram::default()
    });
    let sample = HistogramSample {
        series: id,
        time: TimestampMs(NOW + 9),
        histogram,
    };
    db.append_histograms(&[sample]).unwrap();
    told.push("h 9 count 3".to_owned());
    let mut heard = Heard::default();
    while tail.read(&mut heard).unwrap() {}
    assert_eq!(heard.all, told);
    assert!(!tail.read(&mut heard).unwrap(), "nothing is new");
    fill(&db, 50..51);
    while tail.read(&mut heard).unwrap() {}
    assert_eq!(heard.all.len(), told.len() + 2, "what came since");
    assert!(db.log_end().segment > 5, "{:?}", db.log_end());
}

#[test]
fn reading_goes_on_at_any_place_where_it_stopped() {
    let disk = MemDisk::default();
    let db = open_with(&disk, short_segments());
    let start = db.log_end();
    let told = fill(&db, 0..20);
    let mut places = vec![start];
    let mut tail = db.tail_log(start);
    let mut heard = Heard::default();
    while tail.read(&mut heard).unwrap() {
        places.push(tail.position());
    }
    drop(db);
    let db = open_with(&disk, short_segments());
    for place in places {
        let rest = hear(&mut db.tail_log(place));
        assert!(told.ends_with(&rest), "{place:?}: {rest:?}");
        let before = {
            let mut tail = db.tail_log(start);
            let mut heard = Heard::default();
            while tail.position() < place && tail.read(&mut heard).unwrap() {}
            heard.all.len()
        };
        assert_eq!(before + rest.len(), told.len(), "{place:?}");
    }
}

#[test]
fn segments_stay_while_somebody_reads_them_even_over_a_restart() {
    let disk = MemDisk::default();
    let db = open_with(&disk, options());
    let start = db.log_end();
    db.hold_log(start.segment);
    let told = fill(&db, 0..20);
    db.flush().unwrap();
    assert_eq!(
        hear(&mut db.tail_log(start)),
        told,
        "sealed and still there"
    );
    drop(db);
    let held = Options {
        held_segment: start.segment,
        ..options()
    };
    let db = open_with(&disk, held);
    assert_eq!(db.samples(), 0, "blocks have them: they are not read back");
    assert_eq!(hear(&mut db.tail_log(start)), told);
    db.hold_log(u64::MAX);
    fill(&db, 20..22);
    db.flush().unwrap();
    assert_eq!(hear(&mut db.tail_log(start)), Vec::<String>::new());
}

#[test]
fn held_segments_go_when_the_log_is_too_large() {
    let disk = MemDisk::default();
    let few = Options {
        held_bytes: 1500,
        ..short_segments()
    };
    let db = open_with(&disk, few);
    let start = db.log_end();
    db.hold_log(start.segment);
    let told = fill(&db, 0..200);
    db.flush().unwrap();
    let heard = hear(&mut db.tail_log(start));
    assert!(
        !heard.is_empty() && heard.len() < told.len(),
        "{}",
        heard.len()
    );
    assert!(told.ends_with(&heard), "the newest stay");
}

#[test]
fn a_corrupted_place_is_passed_over() {
    let disk = MemDisk::default();
    let db = open_with(&disk, options());
    let start = db.log_end();
    fill(&db, 0..3);
    let path = std::path::PathBuf::from(format!("data/wal/{:08}", start.segment));
    let end = usize::try_from(db.log_end().offset).unwrap();
    loose(&db, "c", NOW + 7, 1.0);
    loose(&db, "c", NOW + 8, 1.0);
    drop(db);
    let mut image = disk.image();
    // The checksum of the series record of `c`.
    image.get_mut(&path).unwrap()[end + 4] ^= 1;
    let disk = MemDisk::from_image(image);
    let db = open_with(&disk, options());
    fill(&db, 9..10);
    let mut tail = db.tail_log(start);
    let heard = hear(&mut tail);
    assert_eq!(heard.len(), 8, "without the series of `c`: {heard:?}");
    assert!(heard.contains(&"a 9 9".to_owned()), "{heard:?}");
    assert_eq!(tail.position(), db.log_end());
}
