//! Both forms against a list of label sets in which every question is answered by looking at each.

use index::{BlockIndex, HeadIndex, IndexWriter, SeriesIndex, identity};
use model::{Labels, MatchOp, Matcher};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use storage::{Grouping, Groups, Matchers};

type Model = BTreeMap<u32, Labels>;

const PATTERNS: &[&str] = &[
    "x", "y", "xy", "x.*", ".*", ".+", "", "x|z", "[xy]z?", "x|", "xy?", "z+", "(x|y)z", "(?i)X",
    "nothing", "x.+|y",
];
const OPS: [MatchOp; 4] = [
    MatchOp::Equal,
    MatchOp::NotEqual,
    MatchOp::Regex,
    MatchOp::NotRegex,
];

fn label_set() -> impl Strategy<Value = Labels> {
    prop::collection::vec(
        (
            prop_oneof![
                Just("__name__"),
                "[abc]".prop_map(|s| match s.as_str() {
                    "a" => "a",
                    "b" => "b",
                    _ => "c",
                })
            ],
            "[xyz]{1,2}",
        ),
        0..5,
    )
    .prop_map(Labels::from_pairs)
}

fn selector() -> impl Strategy<Value = Vec<Matcher>> {
    let name = prop::sample::select(vec!["__name__", "a", "b", "c", "d"]);
    let matcher = (
        name,
        prop::sample::select(OPS.to_vec()),
        prop::sample::select(PATTERNS.to_vec()),
    );
    prop::collection::vec(
        matcher.prop_map(|(name, op, value)| Matcher::new(name, op, value)),
        0..4,
    )
}

fn grouping() -> impl Strategy<Value = Grouping> {
    let names = prop::sample::subsequence(vec!["__name__", "a", "b", "c", "d"], 0..4);
    (any::<bool>(), names).prop_map(|(without, names)| Grouping {
        without,
        names: names.into_iter().map(str::to_owned).collect(),
    })
}

/// Everything that both forms can be asked.
fn check(index: &SeriesIndex, model: &Model, selectors: &[Vec<Matcher>], groupings: &[Grouping]) {
    assert_eq!(
        index.all().iter().collect::<Vec<_>>(),
        model.keys().copied().collect::<Vec<_>>()
    );
    for (id, labels) in model {
        assert_eq!(index.labels(*id).as_ref(), Some(labels));
        assert_eq!(index.find(labels), Some(*id));
        assert_eq!(index.identity(*id), Some(identity(labels)));
        assert_eq!(index.label(*id, "a"), labels.get("a"));
    }
    let mut sets = vec![None];
    for written in selectors {
        let matchers = Matchers::compile(written).unwrap();
        let passes = |(_, labels): &(&u32, &Labels)| matchers.matches(labels);
        let expected: Vec<u32> = model.iter().filter(passes).map(|(id, _)| *id).collect();
        // Twice: the second time finds what the first one left in the cache.
        for _ in 0..2 {
            let found = index.select(&matchers);
            assert_eq!(found.iter().collect::<Vec<_>>(), expected, "{written:?}");
            sets.push(Some(found));
        }
    }
    for among in &sets {
        let is_among = |id: u32| among.as_ref().is_none_or(|set| set.contains(id));
        let series = || model.iter().filter(|(id, _)| is_among(**id));
        let names: BTreeSet<&str> = series()
            .flat_map(|(_, labels)| labels.iter().map(|(name, _)| name))
            .collect();
        assert_eq!(
            index.label_names(among.as_ref()),
            names.iter().copied().collect::<Vec<_>>()
        );
        assert_eq!(
            index.label_names_where(is_among),
            names.into_iter().collect::<Vec<_>>()
        );
        for name in ["__name__", "a", "b", "c", "d"] {
            let values: BTreeSet<&str> = series()
                .filter_map(|(_, labels)| labels.get(name))
                .collect();
            assert_eq!(
                index.label_values(name, among.as_ref()),
                values.iter().copied().collect::<Vec<_>>()
            );
            assert_eq!(
                index.label_values_where(name, is_among),
                values.into_iter().collect::<Vec<_>>()
            );
        }
        let (ids, labels): (Vec<u32>, Vec<Labels>) =
            series().map(|(id, labels)| (*id, labels.clone())).unzip();
        for grouping in groupings {
            assert_eq!(
                index.group(&ids, grouping),
                Groups::of(labels.clone(), grouping),
                "{grouping:?}"
            );
        }
    }
    let order = index.in_metric_order();
    let key = |id: &u32| {
        let names: Vec<String> = model[id].iter().map(|(name, _)| name.to_owned()).collect();
        (model[id].metric_name().to_owned(), names, *id)
    };
    assert_eq!(order.len(), model.len());
    assert!(order.is_sorted_by_key(key));
    check_stats(index, model);
}

fn check_stats(index: &SeriesIndex, model: &Model) {
    let stats = index.stats(3);
    let mut pairs: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for (name, value) in model.values().flat_map(Labels::iter) {
        *pairs.entry((name, value)).or_default() += 1;
    }
    let top = |counts: Vec<(String, u64)>| {
        let mut counts = counts;
        counts.sort_by(|(a, n), (b, m)| m.cmp(n).then(a.cmp(b)));
        counts.truncate(3);
        counts
    };
    let of = |counts: &[index::LabelCount]| -> Vec<(String, u64)> {
        counts
            .iter()
            .map(|one| (one.text.clone(), one.count))
            .collect()
    };
    assert_eq!(
        (stats.series, stats.pairs),
        (model.len() as u64, pairs.len() as u64)
    );
    let metrics = pairs.iter().filter(|((name, _), _)| *name == "__name__");
    assert_eq!(
        of(&stats.series_per_metric),
        top(metrics
            .map(|((_, value), n)| ((*value).to_owned(), *n))
            .collect())
    );
    let (mut values, mut bytes) = (BTreeMap::<&str, u64>::new(), BTreeMap::<&str, u64>::new());
    for ((name, value), n) in &pairs {
        *values.entry(name).or_default() += 1;
        *bytes.entry(name).or_default() += value.len() as u64 * n;
    }
    let owned = |counts: BTreeMap<&str, u64>| {
        counts
            .into_iter()
            .map(|(name, n)| (name.to_owned(), n))
            .collect()
    };
    assert_eq!(stats.names, values.len() as u64);
    assert_eq!(of(&stats.values_per_name), top(owned(values)));
    assert_eq!(of(&stats.bytes_per_name), top(owned(bytes)));
    let most: Vec<u64> = stats
        .series_per_pair
        .iter()
        .map(|pair| pair.count)
        .collect();
    let mut counts: Vec<u64> = pairs.values().copied().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    counts.truncate(3);
    assert_eq!(most, counts);
    assert!(
        stats
            .series_per_pair
            .iter()
            .all(|pair| pairs[&(&*pair.name, &*pair.value)] == pair.count)
    );
}

proptest! {
    #[test]
    fn both_forms_answer_as_looking_at_every_series_does(
        rounds in prop::collection::vec(
            (prop::collection::vec(label_set(), 0..25), prop::collection::vec(0usize..40, 0..12)),
            1..4,
        ),
        selectors in prop::collection::vec(selector(), 1..5),
        groupings in prop::collection::vec(grouping(), 1..3),
    ) {
        let mut head = HeadIndex::default();
        let mut model = Model::new();
        for (come, go) in rounds {
            for labels in come {
                let known = model.iter().find(|(_, have)| **have == labels).map(|(id, _)| *id);
                let next = head.next_id();
                prop_assert_eq!(head.find(&labels), known);
                let pairs: Vec<(&str, &str)> = labels.iter().collect();
                prop_assert_eq!(head.find_sorted(&pairs), known);
                let got = head.insert_sorted(&pairs).unwrap();
                prop_assert_eq!(got, (known.unwrap_or(next), known.is_none()));
                prop_assert_eq!(head.insert(&labels).unwrap(), (got.0, false));
                model.insert(got.0, labels);
            }
            check(&head, &model, &selectors, &groupings);
            for nth in go {
                if let Some(id) = model.keys().nth(nth).copied() {
                    prop_assert!(head.remove(id));
                    prop_assert!(!head.remove(id));
                    prop_assert_eq!(head.labels(id), None);
                    model.remove(&id);
                }
            }
            check(&head, &model, &selectors, &groupings);
        }

        let mut writer = IndexWriter::default();
        let mut ordinals = Model::new();
        for id in head.in_metric_order() {
            let ordinal = writer.push_from(&head, id).unwrap();
            ordinals.insert(ordinal, model[&id].clone());
        }
        let bytes = writer.finish().unwrap();
        let block = BlockIndex::open(&bytes).unwrap();
        check(&block, &ordinals, &selectors, &groupings);

        // From a block to a block nothing changes.
        let mut again = IndexWriter::default();
        for ordinal in 0..again_len(&block) {
            again.push_from(&block, ordinal).unwrap();
        }
        prop_assert_eq!(again.finish().unwrap(), bytes);
    }
}

fn again_len(block: &BlockIndex) -> u32 {
    u32::try_from(block.len()).unwrap()
}

/// Enough series for several pages, lists of every form and values of every width.
#[test]
fn many_pages_answer_as_looking_at_every_series_does() {
    let mut head = HeadIndex::default();
    let mut model = Model::new();
    for n in 0..5_000u32 {
        let labels = Labels::from_pairs([
            ("__name__", format!("metric_{}", n % 7)),
            ("a", format!("x{}", n % 300)),
            (
                "b",
                if n % 3 == 0 {
                    String::new()
                } else {
                    format!("y{n}")
                },
            ),
            ("c", format!("z{}", n / 1000)),
        ]);
        let (id, is_new) = head.insert(&labels).unwrap();
        assert!(is_new);
        model.insert(id, labels);
    }
    let selectors: Vec<Vec<Matcher>> = [
        vec![
            ("__name__", MatchOp::Equal, "metric_3"),
            ("a", MatchOp::Regex, "x1.*"),
        ],
        vec![("b", MatchOp::Regex, "y12.*")],
        vec![
            ("b", MatchOp::NotRegex, "y1.*"),
            ("c", MatchOp::Regex, "z(0|4)"),
        ],
        vec![("b", MatchOp::Equal, ""), ("c", MatchOp::NotEqual, "z2")],
        vec![
            ("c", MatchOp::Equal, "z1"),
            ("b", MatchOp::Regex, ".*5"),
            ("a", MatchOp::NotRegex, "x2.|x3"),
        ],
    ]
    .into_iter()
    .map(|written| {
        written
            .into_iter()
            .map(|(name, op, value)| Matcher::new(name, op, value))
            .collect()
    })
    .collect();
    let by = |without, names: &[&str]| Grouping {
        without,
        names: names.iter().map(|&n| n.into()).collect(),
    };
    let groupings = [
        by(false, &["a"]),
        by(false, &["a", "b", "c"]),
        by(true, &["b"]),
        by(true, &[]),
    ];
    check(&head, &model, &selectors, &groupings);

    for id in (0..5_000).filter(|id| id % 5 != 0 || (1024..3072).contains(id)) {
        assert!(head.remove(id));
        model.remove(&id);
    }
    check(&head, &model, &selectors, &groupings);

    let mut writer = IndexWriter::default();
    let mut ordinals = Model::new();
    for (id, labels) in &model {
        ordinals.insert(
            writer.push(&labels.iter().collect::<Vec<_>>()).unwrap(),
            labels.clone(),
        );
        assert!(head.contains(*id));
    }
    let block = BlockIndex::open(&writer.finish().unwrap()).unwrap();
    check(&block, &ordinals, &selectors, &groupings);
}

#[test]
fn values_that_come_later_are_found_by_a_remembered_regex() {
    let mut head = HeadIndex::default();
    let matchers = Matchers::compile(&[Matcher::new("pod", MatchOp::Regex, "web-.*1")]).unwrap();
    let mut expected = Vec::new();
    for n in 0..200 {
        let (id, _) = head.insert_sorted(&[("pod", &format!("web-{n}"))]).unwrap();
        if n % 10 == 1 {
            expected.push(id);
        }
        if n == 120 {
            assert!(head.remove(expected.remove(0)));
        }
        assert_eq!(head.select(&matchers).iter().collect::<Vec<_>>(), expected);
    }
}

#[test]
fn pairs_out_of_order_are_the_same_series() {
    let mut head = HeadIndex::default();
    let (id, _) = head
        .insert_sorted(&[("job", "node"), ("__name__", "up"), ("gone", "")])
        .unwrap();
    let sorted = [("__name__", "up"), ("job", "node")];
    assert_eq!(head.insert_sorted(&sorted).unwrap(), (id, false));
    assert_eq!(
        head.find_sorted(&[("job", "node"), ("__name__", "up")]),
        Some(id)
    );
    let mut writer = IndexWriter::default();
    writer.push(&[("job", "node"), ("__name__", "up")]).unwrap();
    let block = BlockIndex::open(&writer.finish().unwrap()).unwrap();
    assert_eq!(block.labels(0), head.labels(id));
}

#[test]
fn an_index_without_series_opens_and_answers() {
    let block = BlockIndex::open(&IndexWriter::default().finish().unwrap()).unwrap();
    check(
        &block,
        &Model::new(),
        &[vec![], vec![Matcher::metric("up")]],
        &[Grouping::default()],
    );
    assert_eq!(block.labels(0), None);
}
