//! What is hardly meant on a metrics page: names, units and help texts that go against Prometheus' conventions.
//!
//! Source: Prometheus' "Metric and label naming" page, and the verdicts of `promtool check metrics`.

use crate::event::{Event, Sample};
use crate::{Format, Parser, Result};
use model::{BUCKET_LABEL, METRIC_NAME, MetricKind, QUANTILE_LABEL};
use std::collections::{BTreeMap, HashSet};

/// Something that is hardly meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Family.
    pub metric: String,
    /// What is wrong with it.
    pub text: String,
}

/// How many series a family has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cardinality {
    /// Family.
    pub metric: String,
    /// Series on the page.
    pub series: usize,
}

/// What is hardly meant on a page of text 0.0.4. Ordering: by family, then by text.
///
/// # Errors
/// The first fault of the page.
pub fn lint(page: &[u8]) -> Result<Vec<Problem>> {
    let families = families(page)?;
    let mut problems = Vec::new();
    for (name, family) in &families {
        let mut texts = family.problems(name);
        texts.sort();
        problems.extend(texts.into_iter().map(|text| Problem {
            metric: name.clone(),
            text,
        }));
    }
    Ok(problems)
}

/// How many series the families of a page have. Ordering: most first, then by name.
///
/// # Errors
/// The first fault of the page.
pub fn cardinality(page: &[u8]) -> Result<Vec<Cardinality>> {
    let families = families(page)?.into_iter();
    let mut all: Vec<Cardinality> = families
        .filter(|(_, family)| family.series > 0)
        .map(|(metric, family)| Cardinality {
            metric,
            series: family.series,
        })
        .collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.series));
    Ok(all)
}

/// What a page says about one family.
#[derive(Default)]
struct Family {
    help: String,
    kind: Option<MetricKind>,
    series: usize,
    label_names: HashSet<String>,
    ids: HashSet<Vec<u8>>,
    is_repeated: bool,
}

fn families(page: &[u8]) -> Result<BTreeMap<String, Family>> {
    let mut families: BTreeMap<String, Family> = BTreeMap::new();
    let mut parser = Parser::new(page, Format::Text);
    while let Some(event) = parser.next_event()? {
        match event {
            Event::Help { family, text } => {
                families.entry(family.into_owned()).or_default().help = text.into_owned();
            }
            Event::Type { family, kind } => {
                families.entry(family.into_owned()).or_default().kind = Some(kind);
            }
            Event::Unit { .. } => {}
            Event::Sample(sample) => add(&mut families, &sample)?,
        }
    }
    Ok(families)
}

fn add(families: &mut BTreeMap<String, Family>, sample: &Sample<'_>) -> Result<()> {
    let labels = sample.labels()?;
    let name = labels.metric_name();
    let of_kinds = |suffix: &str, kinds: &[MetricKind]| {
        let family = name.strip_suffix(suffix)?;
        let kind = families.get(family)?.kind?;
        kinds.contains(&kind).then(|| family.to_owned())
    };
    let both = [MetricKind::Histogram, MetricKind::Summary];
    let family = of_kinds("_bucket", &[MetricKind::Histogram])
        .or_else(|| of_kinds("_count", &both))
        .or_else(|| of_kinds("_sum", &both))
        .unwrap_or_else(|| name.to_owned());
    let family = families.entry(family).or_default();
    family.series += 1;
    let names = labels.iter().map(|(name, _)| name);
    let names = names.filter(|name| *name != METRIC_NAME);
    family.label_names.extend(names.map(str::to_owned));
    let is_new = family.ids.insert(sample.id.to_vec());
    family.is_repeated |= !is_new;
    Ok(())
}

impl Family {
    fn problems(&self, name: &str) -> Vec<String> {
        let mut found = Vec::new();
        let mut say = |is_so: bool, text: &str| {
            if is_so {
                found.push(text.to_owned());
            }
        };
        say(self.help.is_empty(), "no help text");
        say(self.is_repeated, "metric not unique");
        let kind = self.kind.unwrap_or(MetricKind::Unknown);
        let is_typed = kind != MetricKind::Unknown;
        let is_counter = kind == MetricKind::Counter;
        let is_histogram = kind == MetricKind::Histogram;
        let is_summary = kind == MetricKind::Summary;
        let is_total = name.ends_with("_total");
        say(
            is_counter && !is_total,
            "counter metrics should have \"_total\" suffix",
        );
        say(
            is_typed && !is_counter && is_total,
            "non-counter metrics should not have \"_total\" suffix",
        );
        for suffix in ["_count", "_sum"] {
            let is_so = is_typed && !is_histogram && !is_summary && name.ends_with(suffix);
            let text =
                format!("non-histogram and non-summary metrics should not have {suffix:?} suffix");
            say(is_so, &text);
        }
        say(
            is_typed && !is_histogram && name.ends_with("_bucket"),
            "non-histogram metrics should not have \"_bucket\" suffix",
        );
        say(
            is_typed && !is_histogram && self.label_names.contains(BUCKET_LABEL),
            "non-histogram metrics should not have \"le\" label",
        );
        say(
            is_typed && !is_summary && self.label_names.contains(QUANTILE_LABEL),
            "non-summary metrics should not have \"quantile\" label",
        );
        if let Some((unit, base)) = foreign_unit(name) {
            say(true, &format!("use base unit {base:?} instead of {unit:?}"));
        }
        say(
            ABBREVIATIONS.iter().any(|unit| ends_with_part(name, unit)),
            "metric names should not contain abbreviated units",
        );
        if let Some(word) = is_typed.then(|| kind.as_str()) {
            say(
                has_type(name, word),
                &format!("metric name should not include type '{word}'"),
            );
        }
        say(name.contains(':'), "metric names should not contain ':'");
        say(
            is_camel_case(name),
            "metric names should be written in 'snake_case' not 'camelCase'",
        );
        say(
            self.label_names.iter().any(|name| is_camel_case(name)),
            "label names should be written in 'snake_case' not 'camelCase'",
        );
        found
    }
}

/// Units that have a better one.
const FOREIGN: [(&str, &str); 16] = [
    ("kelvins", "kelvin"),
    ("fahrenheit", "celsius"),
    ("rankine", "celsius"),
    ("inches", "meters"),
    ("yards", "meters"),
    ("miles", "meters"),
    ("bits", "bytes"),
    ("calories", "joules"),
    ("pounds", "grams"),
    ("ounces", "grams"),
    ("minutes", "seconds"),
    ("hours", "seconds"),
    ("days", "seconds"),
    ("weeks", "seconds"),
    ("metres", "metres"),
    ("kelvin", "kelvin"),
];
const BASE: [&str; 9] = [
    "amperes", "bytes", "celsius", "grams", "joules", "meters", "seconds", "volts", "ratio",
];
const PREFIXES: [&str; 19] = [
    "pico", "nano", "micro", "milli", "centi", "deci", "deca", "hecto", "kilo", "kibi", "mega",
    "mibi", "mebi", "giga", "gibi", "tera", "tebi", "peta", "pebi",
];
const ABBREVIATIONS: [&str; 14] = [
    "s", "ms", "us", "ns", "sec", "b", "kb", "mb", "gb", "tb", "pb", "m", "h", "d",
];

/// The first part of a name that is a unit other than a base unit, and the base unit.
fn foreign_unit(name: &str) -> Option<(&str, &'static str)> {
    let base_of = |unit: &str| {
        let foreign = FOREIGN.iter().find(|(have, _)| *have == unit);
        let base = || BASE.iter().find(|have| **have == unit).copied();
        foreign.map(|(_, base)| *base).or_else(base)
    };
    let one = |part: &str| {
        base_of(part).or_else(|| {
            let mut rest = PREFIXES
                .iter()
                .filter_map(|prefix| part.strip_prefix(prefix));
            rest.find_map(base_of)
        })
    };
    name.split('_').find_map(|part| {
        one(part)
            .filter(|base| *base != part)
            .map(|base| (part, base))
    })
}

fn ends_with_part(name: &str, part: &str) -> bool {
    name.strip_suffix(part)
        .is_some_and(|rest| rest.ends_with('_'))
}

fn has_type(name: &str, word: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ends_with_part(&name, word) || name.contains(&format!("_{word}_"))
}

fn is_camel_case(name: &str) -> bool {
    name.as_bytes().windows(2).any(|pair| {
        matches!(pair, [first, second] if first.is_ascii_lowercase() && second.is_ascii_uppercase())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, sample: &str, expected: &[&str]) {
        let page = format!("{head}{sample}\n");
        let found = lint(page.as_bytes()).unwrap();
        let texts: Vec<&str> = found.iter().map(|one| one.text.as_str()).collect();
        assert_eq!(texts, expected, "{page}");
    }

    #[test]
    fn what_goes_against_the_conventions_is_told() {
        check("", "a 1", &["no help text"]);
        let head = |name: &str, kind: &str| format!("# HELP {name} Help.\n# TYPE {name} {kind}\n");
        let total = "counter metrics should have \"_total\" suffix";
        check(&head("a", "counter"), "a 1", &[total]);
        check(&head("a_total", "counter"), "a_total 1", &[]);
        let not_total = "non-counter metrics should not have \"_total\" suffix";
        check(&head("a_total", "gauge"), "a_total 1", &[not_total]);
        check(&head("a_total", "untyped"), "a_total 1", &[]);
        let count = "non-histogram and non-summary metrics should not have \"_count\" suffix";
        check(&head("a_count", "gauge"), "a_count 1", &[count]);
        let le = "non-histogram metrics should not have \"le\" label";
        check(&head("a", "gauge"), "a{le=\"1\"} 1", &[le]);
        check(&head("h", "histogram"), "h_bucket{le=\"1\"} 1", &[]);
        let unit = "use base unit \"seconds\" instead of \"milliseconds\"";
        check(
            &head("a_milliseconds", "gauge"),
            "a_milliseconds 1",
            &[unit],
        );
        let unit = "use base unit \"meters\" instead of \"kiloyards\"";
        check(&head("a_kiloyards", "gauge"), "a_kiloyards 1", &[unit]);
        let short = "metric names should not contain abbreviated units";
        check(&head("a_ms", "gauge"), "a_ms 1", &[short]);
        check(&head("ms_a", "gauge"), "ms_a 1", &[]);
        let of_type = "metric name should not include type 'gauge'";
        check(&head("a_gauge", "gauge"), "a_gauge 1", &[of_type]);
        check(&head("gauge_a", "gauge"), "gauge_a 1", &[]);
        let colon = "metric names should not contain ':'";
        check(&head("a:b", "gauge"), "a:b 1", &[colon]);
        let camel = "metric names should be written in 'snake_case' not 'camelCase'";
        check(&head("aB", "gauge"), "aB 1", &[camel]);
        let camel = "label names should be written in 'snake_case' not 'camelCase'";
        check(&head("a", "gauge"), "a{bC=\"1\"} 1", &[camel]);
        check(&head("a", "gauge"), "a 1\na 1", &["metric not unique"]);
        check(&head("a_kelvin", "gauge"), "a_kelvin 1", &[]);
    }

    #[test]
    fn parts_of_histograms_and_summaries_count_for_their_family() {
        let page = b"# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_sum 1\nh_count 1\n# TYPE s summary\ns_sum 1\na_sum 1\n";
        let found = cardinality(page).unwrap();
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.metric.as_str(), one.series))
            .collect();
        assert_eq!(found, [("h", 3), ("a_sum", 1), ("s", 1)]);
    }
}
