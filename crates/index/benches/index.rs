//! What the index is asked most, over 100,000 series of 100 hosts.

#[path = "../tests/it/fleet.rs"]
mod fleet;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use fleet::{borrow, fleet};
use index::{BlockIndex, HeadIndex, IndexWriter};
use model::{MatchOp, Matcher};
use std::hint::black_box;
use storage::{Grouping, Matchers};

fn filled(series: &[fleet::Pairs]) -> HeadIndex {
    let mut head = HeadIndex::default();
    for pairs in series {
        let _ = black_box(head.insert_sorted(&borrow(pairs)));
    }
    head
}

fn selector(name: &str, op: MatchOp, value: &str) -> Option<Matchers> {
    Matchers::compile(&[Matcher::new(name, op, value)]).ok()
}

fn head(c: &mut Criterion) {
    let series = fleet(100);
    // In one text, as on a scraped page: scattered texts would measure the memory they stand in.
    let page: String = series
        .iter()
        .flatten()
        .flat_map(|(name, value)| [&**name, &**value])
        .collect();
    let mut rest = page.as_str();
    let mut cut = |text: &str| {
        let (front, behind) = rest.split_at(text.len());
        rest = behind;
        front
    };
    let borrowed: Vec<Vec<(&str, &str)>> = series
        .iter()
        .map(|pairs| {
            pairs
                .iter()
                .map(|(name, value)| (cut(name), cut(value)))
                .collect()
        })
        .collect();
    c.bench_function("insert 100k new series", |b| {
        b.iter_batched(
            HeadIndex::default,
            |mut head| {
                for pairs in &borrowed {
                    let _ = black_box(head.insert_sorted(pairs));
                }
                head
            },
            BatchSize::PerIteration,
        );
    });
    let mut head = filled(&series);
    c.bench_function("insert 100k known series", |b| {
        b.iter(|| {
            for pairs in &borrowed {
                let _ = black_box(head.insert_sorted(pairs));
            }
        });
    });
    c.bench_function("find 100k series", |b| {
        b.iter(|| {
            borrowed
                .iter()
                .filter(|pairs| head.find_sorted(pairs).is_some())
                .count()
        });
    });
    asked(c, "head", &head);
}

/// Questions that both forms answer.
fn asked(c: &mut Criterion, form: &str, index: &index::SeriesIndex) {
    for (what, name, op, value) in [
        (
            "metric",
            "__name__",
            MatchOp::Equal,
            "node_cpu_seconds_total",
        ),
        ("instance", "instance", MatchOp::Equal, "10.1.0.7:9100"),
        ("regex", "__name__", MatchOp::Regex, "node_.*_total"),
        ("prefix", "__name__", MatchOp::Regex, "node_disk.*"),
        ("not", "job", MatchOp::NotEqual, "node"),
    ] {
        let matchers = selector(name, op, value);
        c.bench_function(&format!("{form}: select by {what}"), |b| {
            b.iter(|| {
                matchers
                    .as_ref()
                    .map(|matchers| index.select(matchers).len())
            });
        });
    }
    let both = [
        Matcher::metric("node_cpu_seconds_total"),
        Matcher::new("instance", MatchOp::Regex, "10.1.0.1.*"),
    ];
    let both = Matchers::compile(&both).ok();
    c.bench_function(&format!("{form}: select by metric and regex"), |b| {
        b.iter(|| both.as_ref().map(|matchers| index.select(matchers).len()));
    });
    let mut n = 0;
    c.bench_function(&format!("{form}: select by a new regex"), |b| {
        b.iter(|| {
            n += 1;
            let matchers = selector(
                "__name__",
                MatchOp::Regex,
                &format!("node.*(total|nothing{n})"),
            );
            matchers.map(|matchers| index.select(&matchers).len())
        });
    });
    let all: Vec<u32> = index.all().iter().collect();
    for (what, without, names) in [
        ("job", false, vec!["job"]),
        ("instance", false, vec!["instance"]),
        ("instance, cpu", false, vec!["instance", "cpu"]),
        ("without cpu, mode", true, vec!["cpu", "mode"]),
    ] {
        let grouping = Grouping {
            without,
            names: names.into_iter().map(str::to_owned).collect(),
        };
        c.bench_function(&format!("{form}: group 100k by {what}"), |b| {
            b.iter(|| index.group(&all, &grouping).labels.len());
        });
    }
    c.bench_function(&format!("{form}: labels of 1,000 series"), |b| {
        b.iter(|| {
            all.iter()
                .step_by(100)
                .filter_map(|id| index.labels(*id))
                .count()
        });
    });
    c.bench_function(&format!("{form}: identity of 1,000 series"), |b| {
        b.iter(|| {
            all.iter()
                .step_by(100)
                .filter_map(|id| index.identity(*id))
                .count()
        });
    });
    c.bench_function(&format!("{form}: order"), |b| {
        b.iter(|| index.in_metric_order().len());
    });
}

fn block(c: &mut Criterion) {
    let head = filled(&fleet(100));
    let order = head.in_metric_order();
    let write = || {
        let mut writer = IndexWriter::default();
        for id in &order {
            writer.push_from(&head, *id)?;
        }
        writer.finish()
    };
    c.bench_function("block: write 100k", |b| {
        b.iter(|| write().map(|bytes| bytes.len()));
    });
    let Ok(bytes) = write() else { return };
    c.bench_function("block: open 100k", |b| {
        b.iter(|| BlockIndex::open(&bytes).map(|block| block.len()));
    });
    let Ok(index) = BlockIndex::open(&bytes) else {
        return;
    };
    asked(c, "block", &index);
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = head, block
}
criterion_main!(benches);
