//! `/federate`: the newest samples of chosen series as a metrics page, for another server to scrape.
//!
//! Native histograms are left out: the page is text, which has no form for them.
//!
//! Source: Prometheus 3.14, `web/federate.go`.

use crate::params::Params;
use crate::state::ApiState;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use model::{Labels, MetricFamily, MetricKind, TimeRange, TimestampMs, is_stale};
use selfmon::{Counter, Registry};
use std::collections::BTreeMap;
use std::sync::Arc;
use storage::{Matchers, Newest, Queryable};

/// A label that every federated series has, if need be an empty one: else the scraper adds its own.
const INSTANCE: &str = "instance";

/// Counters of federation.
pub struct FederationMetrics {
    errors: Counter,
}

impl FederationMetrics {
    /// Makes the instruments in `registry`.
    pub fn new(registry: &Registry) -> Self {
        let name = "prometheus_web_federation_warnings_total";
        // Storage gives no warnings; the family is there for those who watch it.
        registry.counter(name, "Warnings while answering federation requests.", &[]);
        let name = "prometheus_web_federation_errors_total";
        let help = "Federation requests that failed.";
        Self {
            errors: registry.counter(name, help, &[]),
        }
    }
}

/// `/federate`
pub(crate) async fn page(State(state): State<Arc<ApiState>>, params: Params) -> Response {
    let mut any_of = Vec::new();
    for text in params.all("match[]") {
        let matchers = promql_syntax::parse_selector(text).map_err(|error| error.to_string());
        let compiled = matchers
            .and_then(|matchers| Matchers::compile(&matchers).map_err(|error| error.to_string()));
        match compiled {
            Ok(matchers) => any_of.push(matchers),
            Err(error) => return (StatusCode::BAD_REQUEST, format!("{error}\n")).into_response(),
        }
    }
    let errors = state.federation.errors.clone();
    let task = tokio::task::spawn_blocking(move || {
        let now = state.clock.now();
        let lookback = state.engine.get().options().lookback_delta;
        // Left-open, as lookback is everywhere.
        let start = TimestampMs(now.0.saturating_sub(lookback.0).saturating_add(1));
        let range = TimeRange::inclusive(start, now);
        let samples = newest(&*state.storage, &any_of, range)?;
        Ok::<_, storage::Error>(write(&samples, &state.config.external_labels()))
    });
    let failure = match task.await {
        Ok(Ok(page)) => {
            let text = [(header::CONTENT_TYPE, exposition::TEXT_CONTENT_TYPE)];
            return (text, page).into_response();
        }
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    errors.inc();
    tracing::error!(error = failure, "federation failed");
    (StatusCode::INTERNAL_SERVER_ERROR, format!("{failure}\n")).into_response()
}

/// Time and value.
type Sample = (i64, f64);

/// The newest sample of every series that passes any of the selectors. Ordering: by name, then by the other
/// labels. Series that have ended, that have no name, or whose newest sample is a histogram are left out.
fn newest(
    storage: &dyn Queryable,
    any_of: &[Matchers],
    range: TimeRange,
) -> storage::Result<BTreeMap<(String, Labels), Sample>> {
    let mut found = BTreeMap::new();
    let mut newest = Newest::default();
    for matchers in any_of {
        let selection = storage.select(matchers, range)?;
        selection.newest(range, &mut newest)?;
        for (index, (time, value)) in newest.times.iter().zip(&newest.values).enumerate() {
            let histogram = newest.histograms.get(index).and_then(Option::as_ref);
            if *time == Newest::NONE || is_stale(*value) || histogram.is_some() {
                continue;
            }
            let labels = selection.labels(index);
            let name = labels.metric_name().to_owned();
            if !name.is_empty() {
                found.insert((name, labels.without_metric_name()), (*time, *value));
            }
        }
    }
    Ok(found)
}

/// The page: each series with its time and the external labels that it does not have itself.
fn write(samples: &BTreeMap<(String, Labels), Sample>, external: &Labels) -> String {
    let mut out = String::with_capacity(64 << 10);
    let mut rest = samples.iter().peekable();
    let mut page = String::new();
    while let Some(((name, _), _)) = rest.peek() {
        let mut family = MetricFamily::new(name.as_str(), MetricKind::Unknown, "");
        let mut tails = Vec::new();
        while let Some(((_, labels), (time, value))) =
            rest.next_if(|((other, _), _)| *other == family.name)
        {
            let mut all = labels.to_builder();
            for (name, value) in external.iter() {
                if labels.get(name).is_none() {
                    all.set(name, value);
                }
            }
            let all = all.build();
            tails.push((all.get(INSTANCE).is_none(), *time));
            family.push(all, *value);
        }
        page.clear();
        exposition::encode_text(&[family], &mut page);
        // One line says the type, then there is one per sample, each without a time.
        let mut lines = page.split('\n');
        out.push_str(lines.next().unwrap_or_default());
        out.push('\n');
        for (line, (lacks_instance, time)) in lines.zip(tails) {
            push_line(&mut out, line, lacks_instance, time);
        }
    }
    out
}

/// Adds the time to a line, and an empty instance if there is none.
fn push_line(out: &mut String, line: &str, lacks_instance: bool, time: i64) {
    let (series, value) = line.rsplit_once(' ').unwrap_or((line, ""));
    match series.strip_suffix('}') {
        Some(open) if lacks_instance => {
            out.push_str(open);
            out.push_str(",instance=\"\"}");
        }
        None if lacks_instance => {
            out.push_str(series);
            out.push_str("{instance=\"\"}");
        }
        _ => out.push_str(series),
    }
    out.push(' ');
    out.push_str(value);
    out.push(' ');
    out.push_str(&time.to_string());
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use storage::MemStorage;

    fn page_of(series: &[(&[(&str, &str)], f64)], external: &[(&str, &str)]) -> String {
        let store = MemStorage::default();
        for (labels, value) in series {
            let labels = Labels::from_pairs(labels.iter().copied());
            store.add(&labels, [(1_000, 7.0), (2_000, *value)]).unwrap();
        }
        let all = promql_syntax::parse_selector(r#"{__name__=~".*"}"#).unwrap();
        let all = Matchers::compile(&all).unwrap();
        let range = TimeRange::inclusive(TimestampMs(0), TimestampMs(5_000));
        // Asked for twice, answered once.
        let samples = newest(&store, &[all.clone(), all], range).unwrap();
        write(&samples, &Labels::from_pairs(external.iter().copied()))
    }

    #[test]
    fn families_are_untyped_and_lines_carry_times_and_external_labels() {
        let series: [(&[_], f64); 4] = [
            (&[("__name__", "b"), ("instance", "x"), ("job", "own")], 1.5),
            (&[("__name__", "a"), ("z", "} 1")], f64::NAN),
            (&[("__name__", "gone")], model::stale_nan()),
            (&[("job", "nameless")], 1.0),
        ];
        assert_eq!(
            page_of(&series, &[("job", "ext"), ("region", "eu")]),
            "# TYPE a untyped\n\
             a{job=\"ext\",region=\"eu\",z=\"} 1\",instance=\"\"} NaN 2000\n\
             # TYPE b untyped\n\
             b{instance=\"x\",job=\"own\",region=\"eu\"} 1.5 2000\n"
        );
    }

    #[test]
    fn a_series_without_labels_gets_an_empty_instance() {
        let series: [(&[_], f64); 2] = [
            (&[("__name__", "a")], 1e6),
            (&[("__name__", "my.metric")], 2.0),
        ];
        assert_eq!(
            page_of(&series, &[]),
            "# TYPE a untyped\na{instance=\"\"} 1e+06 2000\n\
             # TYPE \"my.metric\" untyped\n{\"my.metric\",instance=\"\"} 2 2000\n"
        );
    }
}
