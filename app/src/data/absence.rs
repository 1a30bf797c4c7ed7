//! Why an answer is empty.

use crate::data::{Answer, UiError, explain, find_metrics, get, instant, series_of};
use crate::state::query_string;
use api_types::{PlanNode, QueryData};
use model::Matcher;
use promql_syntax::{ExprKind, VectorSelector};
use web_sys::AbortSignal;

/// How many other names or values are offered.
const OFFERED: usize = 6;
/// Among how many names the likeliest are looked for.
const LOOKED_AT: usize = 100;

/// Why an answer is empty.
#[derive(Debug, Clone, PartialEq)]
pub enum Absence {
    /// There is no such metric.
    NoMetric {
        /// Its name.
        name: String,
        /// Names that are alike.
        alike: Vec<String>,
    },
    /// The metric has no series with these labels.
    NoSeries {
        /// What selects them.
        selector: String,
        /// The matcher that no series passes, if it is one alone, and the values that there are.
        culprit: Option<(String, Vec<String>)>,
    },
    /// There are series, but no samples at that time.
    NoSamples {
        /// What selects them.
        selector: String,
        /// The newest sample before. Units: seconds since the epoch.
        last: Option<f64>,
    },
    /// This part of the expression removes everything.
    Removed {
        /// As it is printed.
        part: String,
    },
}

/// Finds out why `expr` gives nothing at `time` (seconds; `None` is now).
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn why_empty(
    expr: String,
    time: Option<f64>,
    signal: Option<AbortSignal>,
) -> Result<Answer<Absence>, UiError> {
    let plan = explain(expr, time, signal.clone()).await?.data.plan;
    // A filter that lets nothing through may still count its series: then it is somewhere in the whole.
    let node = culprit(&plan).unwrap_or(&plan);
    let absence = match selector_of(&node.text) {
        Some(selector) => of_selector(&selector, time, signal).await?,
        None => Absence::Removed {
            part: filter_in(node).unwrap_or(node).text.clone(),
        },
    };
    Ok(Answer {
        data: absence,
        warnings: Vec::new(),
        infos: Vec::new(),
    })
}

/// The innermost node that gives nothing though its operands give something, or has none.
fn culprit(node: &PlanNode) -> Option<&PlanNode> {
    let inner = node.children.iter().find_map(culprit);
    inner.or_else(|| {
        let empty = node.series_out == Some(0);
        // Ranges are read by the call around them, which alone knows what came out.
        let reads = node.children.iter().find(|child| child.kind == "range");
        empty.then(|| match reads {
            Some(range) if node.kind == "call" && node.samples == Some(0) => range,
            _ => node,
        })
    })
}

/// The innermost comparison or set operation, which lets through some of its series only.
fn filter_in(node: &PlanNode) -> Option<&PlanNode> {
    let inner = node.children.iter().find_map(filter_in);
    inner.or_else(|| {
        let expr = promql_syntax::parse(&node.text).ok()?;
        let ExprKind::Binary(binary) = &expr.unparenthesised().kind else {
            return None;
        };
        let filters = binary.op.is_set() || (binary.op.is_comparison() && !binary.returns_bool);
        filters.then_some(node)
    })
}

fn selector_of(text: &str) -> Option<VectorSelector> {
    match promql_syntax::parse(text).ok()?.kind {
        ExprKind::Selector(selector) => Some(selector),
        ExprKind::Matrix(matrix) => Some(matrix.selector),
        _ => None,
    }
}

fn written(matchers: &[Matcher]) -> String {
    let list: Vec<String> = matchers.iter().map(ToString::to_string).collect();
    format!("{{{}}}", list.join(","))
}

async fn of_selector(
    selector: &VectorSelector,
    time: Option<f64>,
    signal: Option<AbortSignal>,
) -> Result<Absence, UiError> {
    let exists = async |matchers: &[Matcher]| {
        let found = series_of(written(matchers), 1, signal.clone()).await?;
        Ok::<bool, UiError>(!found.data.is_empty())
    };
    let all = selector.all_matchers();
    let text = written(&all);
    if exists(&all).await? {
        let last = newest_before(&text, time, signal.clone()).await?;
        return Ok(Absence::NoSamples {
            selector: text,
            last,
        });
    }
    let (name, rest): (Vec<Matcher>, Vec<Matcher>) = all
        .into_iter()
        .partition(|matcher| matcher.name == "__name__");
    if let Some(name) = &selector.name
        && !exists(&name_matcher(name)).await?
    {
        return Ok(Absence::NoMetric {
            name: name.clone(),
            alike: similar(name, signal).await?,
        });
    }
    let mut culprit = None;
    for matcher in rest {
        let mut alone = name.clone();
        alone.push(matcher.clone());
        if !exists(&alone).await? {
            let pairs = [("match[]", written(&name)), ("limit", OFFERED.to_string())];
            let query = query_string(pairs.iter().map(|(n, v)| (*n, v.as_str())));
            let address = format!("/api/v1/label/{}/values?{query}", matcher.name);
            let values = get(&address, signal.as_ref()).await?.data;
            culprit = Some((matcher.to_string(), values));
            break;
        }
    }
    Ok(Absence::NoSeries {
        selector: text,
        culprit,
    })
}

fn name_matcher(name: &str) -> Vec<Matcher> {
    vec![Matcher::new("__name__", model::MatchOp::Equal, name)]
}

/// Metrics that have the letters of `name`, or else of the longest beginning of it that any has.
async fn similar(name: &str, signal: Option<AbortSignal>) -> Result<Vec<String>, UiError> {
    let mut start: String = name.to_owned();
    while start.len() > 2 {
        let found = find_metrics(start.clone(), LOOKED_AT, signal.clone()).await?;
        if !found.data.is_empty() {
            return Ok(likeliest(name, found.data));
        }
        start.truncate(start.rfind('_').unwrap_or(start.len() / 2));
    }
    Ok(Vec::new())
}

/// Those of `found` that the fewest changes make out of `name`.
fn likeliest(name: &str, mut found: Vec<String>) -> Vec<String> {
    found.sort_by_cached_key(|other| strsim::levenshtein(name, other));
    found.truncate(OFFERED);
    found
}

/// The time of the newest sample in the month before. Units: seconds since the epoch.
async fn newest_before(
    selector: &str,
    time: Option<f64>,
    signal: Option<AbortSignal>,
) -> Result<Option<f64>, UiError> {
    for range in ["1d:4m", "30d:4m"] {
        let expr = format!("max(max_over_time(timestamp({selector})[{range}]))");
        let answer = instant(expr, time, signal.clone()).await?;
        if let QueryData::Vector(found) = answer.data.result
            && let Some(sample) = found.first().and_then(|sample| sample.value)
        {
            return Ok(Some(sample.value));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(kind: &str, out: Option<u64>, children: Vec<PlanNode>) -> PlanNode {
        PlanNode {
            text: kind.to_owned(),
            start: 0,
            end: 0,
            kind: kind.to_owned(),
            how: String::new(),
            series_in: None,
            series_out: out,
            samples: Some(0),
            total_time: None,
            own_time: None,
            children,
        }
    }

    #[test]
    fn the_innermost_empty_node_is_told() {
        let full = node("selector", Some(3), Vec::new());
        let tree = node(
            "aggregate",
            Some(0),
            vec![node("binary", Some(0), vec![full])],
        );
        assert_eq!(culprit(&tree).map(|n| n.kind.as_str()), Some("binary"));
        assert_eq!(culprit(&node("selector", Some(1), Vec::new())), None);
    }

    #[test]
    fn the_filter_inside_is_told_rather_than_what_is_around_it() {
        let mut inner = node("binary", Some(3), Vec::new());
        inner.text = "up > 5".to_owned();
        let mut tree = node("aggregate", Some(0), vec![inner]);
        tree.text = "sum(up > 5)".to_owned();
        assert_eq!(filter_in(&tree).map(|n| n.text.as_str()), Some("up > 5"));
    }

    #[test]
    fn names_with_the_fewest_changes_are_offered_first() {
        let names = ["node_cpu_guest_seconds_total", "node_cpu_seconds_total"];
        let found = names.map(str::to_owned).to_vec();
        let first = likeliest("node_cpu_second_total", found);
        assert_eq!(first, [names[1], names[0]]);
    }

    #[test]
    fn a_call_that_reads_nothing_blames_its_range() {
        let tree = node("call", Some(0), vec![node("range", None, Vec::new())]);
        assert_eq!(culprit(&tree).map(|n| n.kind.as_str()), Some("range"));
    }

    #[test]
    fn selectors_are_written_with_their_name_among_the_labels() {
        let selector = selector_of(r#"up{job="a"}[5m]"#).unwrap();
        assert_eq!(
            written(&selector.all_matchers()),
            r#"{job="a",__name__="up"}"#
        );
    }
}
