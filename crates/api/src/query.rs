//! `/api/v1/query`, `/api/v1/query_range`, `/api/v1/format_query`.

use crate::encode::{Notes, query_answer};
use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::{TRUNCATED, json, success};
use crate::state::ApiState;
use axum::extract::State;
use axum::response::Response;
use promql::{QueryContext, QueryOutput, StepRange, Value};
use promql_syntax::{Expr, ValueType};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most steps of one answer. Source: Prometheus' `web/api/v1/api.go`.
const MAX_STEPS: i64 = 11_000;

/// `/api/v1/query`
pub(crate) async fn instant(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let call = Call::new(&state, &params)?;
    let time = params.time_or("time", state.clock.now())?;
    call.answer(state, move |state, call, context| {
        state
            .engine
            .instant(&*state.storage, &call.expr, time, context)
    })
    .await
}

/// `/api/v1/query_range`
pub(crate) async fn range(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let start = params.time("start")?;
    let end = params.time("end")?;
    if end < start {
        let cause = "end timestamp must not be before start time";
        return Err(ApiError::parameter("end", cause));
    }
    let step = params.duration("step")?;
    if step.0 <= 0 {
        let cause = "zero or negative query resolution step widths are not accepted. Try a positive integer";
        return Err(ApiError::parameter("step", cause));
    }
    if end.0.saturating_sub(start.0) / step.0 > MAX_STEPS {
        return Err(ApiError::new(
            ErrorKind::BadData,
            "exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)",
        ));
    }
    let call = Call::new(&state, &params)?;
    let got = call.expr.value_type();
    if !matches!(got, ValueType::Scalar | ValueType::Vector) {
        let error = promql::Error::RangeType {
            got: got.documented(),
        };
        return Err(ApiError::parameter("query", error));
    }
    call.answer(state, move |state, call, context| {
        state.engine.range(
            &*state.storage,
            &call.expr,
            StepRange { start, end, step },
            context,
        )
    })
    .await
}

/// `/api/v1/format_query`
pub(crate) async fn format(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let (expr, _) = parse(&state, &params)?;
    Ok(success(expr.to_string()))
}

fn parse(state: &ApiState, params: &Params) -> Result<(Expr, Arc<str>), ApiError> {
    let text: Arc<str> = params.get("query").unwrap_or_default().into();
    let expr = promql::parse(&text, state.parse_options);
    let expr = expr.map_err(|error| ApiError::parameter("query", error))?;
    Ok((expr, text))
}

/// What an instant and a range query have in common.
struct Call {
    expr: Expr,
    context: QueryContext,
    timeout: Duration,
    limit: Option<usize>,
    wants_stats: bool,
}

impl Call {
    fn new(state: &ApiState, params: &Params) -> Result<Self, ApiError> {
        let limit = params.limit()?;
        let asked = params.optional_duration("timeout")?;
        let timeout = asked.map_or(state.query_timeout, |asked| asked.min(state.query_timeout));
        let lookback_delta = params
            .optional_duration("lookback_delta")?
            .filter(|delta| delta.0 > 0);
        let (expr, text) = parse(state, params)?;
        let context = QueryContext {
            lookback_delta,
            text: Some(text),
            ..QueryContext::default()
        };
        let wants_stats = params.get("stats").is_some();
        Ok(Self {
            expr,
            context,
            timeout: timeout.to_std(),
            limit,
            wants_stats,
        })
    }

    async fn answer(
        mut self,
        state: Arc<ApiState>,
        evaluate: impl FnOnce(&ApiState, &Self, &QueryContext) -> promql::Result<QueryOutput>
        + Send
        + 'static,
    ) -> Result<Response, ApiError> {
        let gate = state.gate.clone();
        let context = std::mem::take(&mut self.context);
        let waiting = Instant::now();
        let body = gate.run(self.timeout, context, move |context| {
            let started = Instant::now();
            let mut output = evaluate(&state, &self, context)?;
            let evaluated = started.elapsed();
            let mut notes = Notes::of(&output);
            if cut(&mut output.value, self.limit) {
                notes.warnings.push(TRUNCATED.to_owned());
            }
            let queued = started.duration_since(waiting);
            let stats = self.wants_stats.then(|| stats(&output, queued, evaluated));
            Ok(query_answer(&output, &notes, stats.as_deref()))
        });
        body.await.map(json)
    }
}

/// Cuts a result to `limit` series; whether something went.
fn cut(value: &mut Value, limit: Option<usize>) -> bool {
    let Some(limit) = limit else { return false };
    let before = match value {
        Value::Vector(elements) => {
            let before = elements.len();
            elements.truncate(limit);
            before
        }
        Value::Matrix(series) => {
            let before = series.len();
            series.truncate(limit);
            before
        }
        Value::Scalar { .. } | Value::String { .. } => 0,
    };
    before > limit
}

/// The `stats` object of an answer.
fn stats(output: &QueryOutput, queued: Duration, evaluated: Duration) -> String {
    let stats = output.stats;
    let seconds = evaluated.as_secs_f64();
    // Preparing and sorting are parts of the evaluation here, and counted there.
    serde_json::json!({
        "timings": {
            "evalTotalTime": seconds,
            "resultSortTime": 0,
            "queryPreparationTime": 0,
            "innerEvalTime": seconds,
            "execQueueTime": queued.as_secs_f64(),
            "execTotalTime": seconds + queued.as_secs_f64(),
        },
        "samples": {
            "totalQueryableSamples": stats.total_samples,
            "samplesRead": stats.samples_read,
            "peakSamples": stats.peak_samples,
        },
    })
    .to_string()
}
