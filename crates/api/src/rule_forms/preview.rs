//! `POST /api/watchfire/rules/preview`: what a rule matches now, and when it would have fired.

use super::convert::{form_faults, of_form};
use super::error::FormError;
use super::state::{Body, RuleFormState};
use crate::error::{ApiError, ErrorKind};
use crate::targets::map;
use api_types::{
    PreviewInterval, PreviewMatch, PreviewQuery, PreviewSeries, PreviewSummary, RulePreview,
};
use axum::extract::State;
use axum::response::Response;
use model::{DurationMs, TimestampMs};
use promql::{QueryContext, StepRange};
use promql_syntax::ValueType;
use rules::{
    FieldFault, Interval, Preview, PreviewRequest, RuleDefinition, RuleKind, WrittenKind,
    WrittenRule,
};
use std::sync::Arc;
use std::time::Instant;

/// The past that is looked at where the call names none.
const USUAL_PAST: DurationMs = DurationMs::from_secs(7 * 86_400);
/// Most evaluations of one series: those of a week by the minute.
const MOST_STEPS: i64 = 10_080;
/// Most matches whose templates are expanded.
const MOST_MATCHES: usize = 20;
/// Most series whose past is told.
const MOST_SERIES: usize = 100;
/// What stands for a name that is not written yet.
const NO_NAME: &str = "unnamed";

/// `POST /api/watchfire/rules/preview`
pub(super) async fn preview(
    State(state): State<Arc<RuleFormState>>,
    Body(query): Body<PreviewQuery>,
) -> Result<Response, FormError> {
    let written = of_form(&query.rule)?;
    let faults = written
        .check(state.api.parse_options)
        .err()
        .unwrap_or_default();
    let now = state.api.clock.now();
    let range = range(&query, now, state.api.rules.options().evaluation_interval)?;
    let mut answer = RulePreview {
        faults: form_faults(&faults),
        ..shown(range)
    };
    if let Some(rule) = lenient(&written, &faults, &state) {
        let request = PreviewRequest {
            rule,
            now,
            range,
            most_matches: MOST_MATCHES,
            most_series: MOST_SERIES,
        };
        let faults = std::mem::take(&mut answer.faults);
        let preview = evaluate(&state, &written.expr, request).await?;
        answer = told(preview);
        answer.faults = faults;
    }
    Ok(crate::response::json(serde_json::json!(answer).to_string()))
}

/// The rule as far as it can be evaluated: what is missing or wrong beside the expression waits for later.
fn lenient(
    written: &WrittenRule,
    faults: &[FieldFault],
    state: &RuleFormState,
) -> Option<RuleDefinition> {
    let expr = promql::parse(&written.expr, state.api.parse_options).ok()?;
    if !matches!(expr.value_type(), ValueType::Scalar | ValueType::Vector) {
        return None;
    }
    let is_wrong = |name: &str| {
        faults.iter().any(|fault| match &fault.field {
            rules::Field::Label(label) => label == name,
            _ => false,
        })
    };
    let labels = written.labels.clone().into_iter();
    let labels = labels.filter(|(name, _)| !name.is_empty() && !is_wrong(name));
    let length = |text: &str| text.parse::<DurationMs>().unwrap_or_default();
    let name = Some(written.name.clone()).filter(|name| !name.is_empty());
    let name = name.unwrap_or_else(|| NO_NAME.to_owned());
    Some(RuleDefinition {
        kind: match written.kind {
            WrittenKind::Record => RuleKind::Record { name },
            WrittenKind::Alert => RuleKind::Alert {
                name,
                hold: length(&written.hold),
                keep_firing_for: length(&written.keep_firing_for),
                annotations: written.annotations.clone().into_iter().collect(),
            },
        },
        expr,
        labels: labels.collect(),
    })
}

fn range(
    query: &PreviewQuery,
    now: TimestampMs,
    interval: DurationMs,
) -> Result<StepRange, FormError> {
    let time = |seconds: Option<f64>| {
        seconds
            .filter(|s| s.is_finite())
            .map(TimestampMs::from_seconds)
    };
    let end = time(query.end).unwrap_or(now);
    let start = time(query.start).unwrap_or(end - USUAL_PAST);
    let length = end.0.saturating_sub(start.0);
    if length <= 0 {
        return Err(FormError::bad_request(
            "the end of the range is not after its start",
        ));
    }
    let asked = query.step.filter(|step| step.is_finite() && *step > 0.0);
    let asked = asked.map_or(interval.0, |step| TimestampMs::from_seconds(step).0);
    // In whole seconds, so that evaluations stand at times that people read.
    let fewest = (length / MOST_STEPS + 999) / 1000 * 1000;
    let step = DurationMs(asked.max(fewest).max(1000));
    Ok(StepRange { start, end, step })
}

/// Evaluates on a thread of its own, behind the gate of all queries and in their book.
async fn evaluate(
    state: &RuleFormState,
    text: &str,
    request: PreviewRequest,
) -> Result<Preview, ApiError> {
    let api = Arc::clone(&state.api);
    let gate = api.gate.clone();
    let timeout = api.query_timeout.to_std();
    let running = api.queries.begin();
    let origin = ("", "/api/watchfire/rules/preview");
    let noted = api.book.begin(text, request.range, origin, api.clock.now());
    let context = QueryContext {
        cancel: Some(Arc::clone(&noted.cancel)),
        text: Some(text.into()),
        ..QueryContext::default()
    };
    gate.run(timeout, context, move |context| {
        let _running = running;
        noted.seated();
        let started = Instant::now();
        let result = api.rules.preview(&request, context);
        let error = result.as_ref().err().map(ToString::to_string);
        let stats = promql::QueryStats::default();
        noted.ended(started.elapsed(), stats, error, api.clock.now());
        result.map_err(|error| match error {
            rules::Error::Query(error) => error.into(),
            error => ApiError::new(ErrorKind::Execution, error.to_string()),
        })
    })
    .await
}

fn shown(range: StepRange) -> RulePreview {
    RulePreview {
        start: range.start.as_seconds(),
        end: range.end.as_seconds(),
        step: range.step.as_seconds(),
        ..RulePreview::default()
    }
}

fn told(preview: Preview) -> RulePreview {
    let summary = preview.summary;
    RulePreview {
        matches: preview
            .matches
            .into_iter()
            .map(|one| PreviewMatch {
                labels: map(&one.labels),
                annotations: one.annotations.into_iter().collect(),
                value: model::format_value(one.value),
            })
            .collect(),
        match_count: preview.match_count,
        failure: preview.failure.unwrap_or_default(),
        series: preview
            .series
            .into_iter()
            .map(|one| PreviewSeries {
                labels: map(&one.labels),
                intervals: one.intervals.iter().map(interval).collect(),
            })
            .collect(),
        series_count: preview.series_count,
        bands: preview.bands.iter().map(interval).collect(),
        summary: PreviewSummary {
            fired: summary.fired,
            only_pending: summary.only_pending,
            longest: summary.longest.as_seconds(),
            resolved_soon: summary.resolved_soon,
            still_firing: summary.still_firing,
        },
        notes: preview.notes,
        ..shown(preview.range)
    }
}

fn interval(interval: &Interval) -> PreviewInterval {
    PreviewInterval {
        state: interval.state.as_str().to_owned(),
        start: interval.start.as_seconds(),
        end: interval.end.as_seconds(),
        goes_on: interval.goes_on,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(start: Option<f64>, end: Option<f64>, step: Option<f64>) -> StepRange {
        let query = PreviewQuery {
            start,
            end,
            step,
            ..PreviewQuery::default()
        };
        let now = TimestampMs(1_000_000_000_000);
        range(&query, now, DurationMs::from_secs(15)).unwrap()
    }

    #[test]
    fn a_week_is_looked_at_by_the_minute_and_a_year_in_longer_steps() {
        let week = asked(None, None, None);
        assert_eq!(week.step, DurationMs::from_secs(60));
        assert_eq!(week.end.0 - week.start.0, USUAL_PAST.0);
        let hour = asked(Some(0.0), Some(3600.0), None);
        assert_eq!(hour.step, DurationMs::from_secs(15));
        let year = asked(Some(0.0), Some(365.0 * 86_400.0), Some(1.0));
        assert!((year.end.0 - year.start.0) / year.step.0 <= MOST_STEPS);
        let backwards = PreviewQuery {
            start: Some(5.0),
            end: Some(4.0),
            ..PreviewQuery::default()
        };
        assert!(range(&backwards, TimestampMs(0), DurationMs(1)).is_err());
    }
}
