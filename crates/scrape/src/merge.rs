//! From the labels of a page to those of a series.

use crate::error::{Result, ScrapeError};
use config::{Limits, NameScheme, ScrapeConfig};
use exposition::Sample;
use model::{Labels, METRIC_NAME, is_legacy_label_name, is_legacy_metric_name};
use relabel::{Verdict, apply};

/// The labels under which a sample is stored: the page's with the target's, after relabelling and
/// within the limits; nothing if relabelling drops the series.
pub(crate) fn series_labels(
    sample: &Sample<'_>,
    config: &ScrapeConfig,
    target: &Labels,
) -> Result<Option<Labels>> {
    let scraped = sample.labels()?;
    let merged = if config.honor_labels {
        honored(&scraped, &sample.empty_labels()?, target)
    } else {
        merged(&scraped, target)
    };
    let Some(labels) = relabelled(merged, config) else {
        return Ok(None);
    };
    if labels.metric_name().is_empty() {
        return Err(ScrapeError::NoMetricName);
    }
    check_limits(&labels, &config.limits)?;
    check_names(&labels, config.metric_name_validation_scheme)?;
    Ok(Some(labels))
}

/// The labels after the job's rules; nothing if they drop the series.
fn relabelled(labels: Labels, config: &ScrapeConfig) -> Option<Labels> {
    if config.metric_relabel_configs.is_empty() {
        return Some(labels);
    }
    let mut builder = labels.to_builder();
    match apply(&config.metric_relabel_configs, &mut builder) {
        Verdict::Keep => Some(builder.build()),
        Verdict::Drop => None,
    }
}

/// The target's labels win; what they push aside is kept as `exported_<name>`.
fn merged(scraped: &Labels, target: &Labels) -> Labels {
    let mut builder = scraped.to_builder();
    let mut aside = Vec::new();
    for (name, value) in target.iter() {
        if let Some(old) = scraped.get(name) {
            aside.push((name, old));
        }
        builder.set(name, value);
    }
    // Short names first: `a` takes `exported_a` before `exported_a` itself is pushed aside.
    aside.sort_by_key(|(name, _)| name.len());
    for (name, value) in aside {
        let mut free = format!("exported_{name}");
        while scraped.get(&free).is_some() || builder.get(&free).is_some() {
            free.insert_str(0, "exported_");
        }
        builder.set(&free, value);
    }
    builder.build()
}

/// The page's labels win, even those that it leaves empty.
fn honored(scraped: &Labels, empty: &[String], target: &Labels) -> Labels {
    let mut builder = scraped.to_builder();
    for (name, value) in target.iter() {
        if scraped.get(name).is_none() && !empty.iter().any(|have| have == name) {
            builder.set(name, value);
        }
    }
    builder.build()
}

fn check_names(labels: &Labels, scheme: NameScheme) -> Result<()> {
    let is_allowed = || {
        let mut names = labels.iter().map(|(name, _)| name);
        is_legacy_metric_name(labels.metric_name())
            && names.all(|name| name == METRIC_NAME || is_legacy_label_name(name))
    };
    if scheme == NameScheme::Utf8 || is_allowed() {
        return Ok(());
    }
    let series = labels.to_string();
    Err(ScrapeError::BadName { series })
}

/// A label name or value that is longer is a fault of the target, whatever the configuration allows.
/// Units: bytes.
const LONGEST: u64 = 1 << 20;

fn check_limits(labels: &Labels, limits: &Limits) -> Result<()> {
    let exceeds = |size: usize, limit: u64| limit > 0 && size as u64 > limit;
    let metric = || labels.metric_name().to_owned();
    if exceeds(labels.len(), limits.labels) {
        let (labels, limit) = (labels.len() as u64, limits.labels);
        return Err(ScrapeError::LabelLimit {
            metric: metric(),
            labels,
            limit,
        });
    }
    let bounded = |limit: u64| {
        if limit == 0 {
            LONGEST
        } else {
            limit.min(LONGEST)
        }
    };
    let (most_of_name, most_of_value) = (
        bounded(limits.label_name_length),
        bounded(limits.label_value_length),
    );
    for (name, value) in labels.iter() {
        if exceeds(name.len(), most_of_name) {
            return Err(ScrapeError::LabelNameLength {
                metric: metric(),
                name: name.to_owned(),
                length: name.len() as u64,
                limit: most_of_name,
            });
        }
        if exceeds(value.len(), most_of_value) {
            return Err(ScrapeError::LabelValueLength {
                metric: metric(),
                name: name.to_owned(),
                length: value.len() as u64,
                limit: most_of_value,
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(pairs: &[(&str, &str)]) -> Labels {
        Labels::from_pairs(pairs.iter().copied())
    }

    #[test]
    fn target_labels_win_and_clashing_ones_are_exported() {
        let target = labels(&[("job", "j"), ("instance", "i")]);
        let scraped = labels(&[("__name__", "m"), ("job", "x"), ("a", "b")]);
        assert_eq!(
            merged(&scraped, &target).to_string(),
            r#"m{a="b", exported_job="x", instance="i", job="j"}"#
        );
    }

    #[test]
    fn the_prefix_is_repeated_until_the_name_is_free() {
        let target = labels(&[("job", "j"), ("exported_job", "t")]);
        let scraped = labels(&[("job", "x"), ("exported_job", "y")]);
        assert_eq!(
            merged(&scraped, &target).to_string(),
            r#"{exported_exported_exported_job="y", exported_exported_job="x", exported_job="t", job="j"}"#
        );
    }

    #[test]
    fn honoured_labels_win_and_empty_ones_remove() {
        let target = labels(&[("job", "j"), ("instance", "i"), ("dc", "d")]);
        let scraped = labels(&[("__name__", "m"), ("job", "x")]);
        let empty = ["instance".to_owned()];
        assert_eq!(
            honored(&scraped, &empty, &target).to_string(),
            r#"m{dc="d", job="x"}"#
        );
    }

    #[test]
    fn the_old_scheme_of_names_refuses_what_needs_quotes() {
        let check = |pairs: &[(&str, &str)]| check_names(&labels(pairs), NameScheme::Legacy);
        assert!(check(&[("__name__", "a:b"), ("c", "d.e")]).is_ok());
        assert!(check(&[("__name__", "a"), ("c.d", "e")]).is_err());
        let error = check(&[("__name__", "a.b")]).unwrap_err().to_string();
        assert_eq!(error, "invalid metric name or label names: {\"a.b\"}");
    }

    #[test]
    fn limits_name_the_metric_and_what_is_too_much() {
        let series = labels(&[("__name__", "m"), ("long_name", "value")]);
        let check = |limits: Limits| check_limits(&series, &limits).map_err(|e| e.to_string());
        let none = Limits::default();
        assert_eq!(check(none), Ok(()));
        assert_eq!(
            check(Limits {
                labels: 2,
                label_name_length: 9,
                label_value_length: 5,
                ..none
            }),
            Ok(())
        );
        for (limits, expected) in [
            (
                Limits { labels: 1, ..none },
                "label_limit exceeded (metric: `m`, number of labels: 2, limit: 1)",
            ),
            (
                Limits {
                    label_name_length: 8,
                    ..none
                },
                "label_name_length_limit exceeded (metric: `m`, label name: `long_name`, length: 9, limit: 8)",
            ),
            (
                Limits {
                    label_value_length: 4,
                    ..none
                },
                "label_value_length_limit exceeded (metric: `m`, label name: `long_name`, length: 5, limit: 4)",
            ),
        ] {
            assert_eq!(check(limits), Err(expected.to_owned()));
        }
    }

    #[test]
    fn a_label_of_megabytes_is_too_long_without_any_limit() {
        let longest = "x".repeat(1 << 20);
        let series = labels(&[("__name__", "m"), ("l", &longest)]);
        assert!(check_limits(&series, &Limits::default()).is_ok());
        let series = labels(&[("__name__", "m"), ("l", &format!("{longest}x"))]);
        let error = check_limits(&series, &Limits::default()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "label_value_length_limit exceeded (metric: `m`, label name: `l`, length: 1048577, limit: 1048576)"
        );
    }
}
