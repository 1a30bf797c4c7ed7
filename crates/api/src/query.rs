//! `/api/v1/query`, `/api/v1/query_range`, `/api/v1/format_query`.

use crate::encode::{Notes, query_answer};
use crate::error::{ApiError, ErrorKind};
use crate::origin::Origin;
use crate::params::Params;
use crate::query_log::Logged;
use crate::response::{TRUNCATED, json, success};
use crate::state::ApiState;
use crate::time::parse_duration;
use axum::extract::State;
use axum::response::Response;
use model::{DurationMs, TimestampMs};
use promql::{QueryContext, QueryOutput, QueryStats, StepRange, Value};
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
    let limit = params.limit()?;
    let time = params.time_or("time", state.clock.now())?;
    let call = Call::new(&state, params, limit, at(time))?;
    call.answer(state, |state, call, context| {
        let time = call.range.start;
        state
            .engine
            .get()
            .instant(&*state.storage, &call.expr, time, context)
    })
    .await
}

/// The steps of a query at one time.
pub(crate) fn at(time: TimestampMs) -> StepRange {
    StepRange {
        start: time,
        end: time,
        step: DurationMs(0),
    }
}

/// `/api/v1/query_range`
pub(crate) async fn range(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let limit = params.limit()?;
    let range = step_range(&params)?;
    let call = Call::new(&state, params, limit, range)?;
    check_range_type(&call.expr)?;
    call.answer(state, |state, call, context| {
        state
            .engine
            .get()
            .range(&*state.storage, &call.expr, call.range, context)
    })
    .await
}

/// Refuses what has no value at each step.
pub(crate) fn check_range_type(expr: &Expr) -> Result<(), ApiError> {
    let got = expr.value_type();
    if matches!(got, ValueType::Scalar | ValueType::Vector) {
        return Ok(());
    }
    let error = promql::Error::RangeType {
        got: got.documented(),
    };
    Err(ApiError::parameter("query", error))
}

/// `start`, `end` and `step`.
pub(crate) fn step_range(params: &Params) -> Result<StepRange, ApiError> {
    let start = params.time("start")?;
    let end = params.time("end")?;
    check_order(start, end)?;
    let step = params.duration("step")?;
    checked_steps(StepRange { start, end, step })
}

fn check_order(start: TimestampMs, end: TimestampMs) -> Result<(), ApiError> {
    if end < start {
        let cause = "end timestamp must not be before start time";
        return Err(ApiError::parameter("end", cause));
    }
    Ok(())
}

/// Refuses steps that nobody can take.
pub(crate) fn checked_steps(range: StepRange) -> Result<StepRange, ApiError> {
    let StepRange { start, end, step } = range;
    check_order(start, end)?;
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
    Ok(range)
}

/// `/api/v1/format_query`
pub(crate) async fn format(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let expr = parse(&state, params.get("query").unwrap_or_default())?;
    Ok(success(expr.to_string()))
}

fn parse(state: &ApiState, text: &str) -> Result<Expr, ApiError> {
    let expr = promql::parse(text, state.parse_options);
    expr.map_err(|error| ApiError::parameter("query", error))
}

/// What an evaluation gives, and how it is told to the client.
pub(crate) trait Evaluated: Send + 'static {
    /// The result with its notes.
    fn output(&self) -> &QueryOutput;

    /// The body of the answer.
    fn body(self, call: &Call, took: &Took) -> String;
}

/// What an instant and a range query have in common.
pub(crate) struct Call {
    pub(crate) expr: Expr,
    text: Arc<str>,
    pub(crate) range: StepRange,
    origin: Origin,
    lookback_delta: Option<DurationMs>,
    timeout: Duration,
    limit: Option<usize>,
    stats: Option<String>,
}

impl Call {
    pub(crate) fn new(
        state: &ApiState,
        params: Params,
        limit: Option<usize>,
        range: StepRange,
    ) -> Result<Self, ApiError> {
        let asked = params.optional_duration("timeout")?;
        let timeout = asked.map_or(state.query_timeout, |asked| asked.min(state.query_timeout));
        let lookback_delta = params.get("lookback_delta").map(parse_duration).transpose();
        let lookback_delta = lookback_delta.map_err(|error| {
            let message = format!("error parsing lookback delta duration: {error}");
            ApiError::new(ErrorKind::BadData, message)
        })?;
        let text = params.get("query").unwrap_or_default();
        Ok(Self {
            expr: parse(state, text)?,
            text: text.into(),
            range,
            lookback_delta: lookback_delta.filter(|delta| delta.0 > 0),
            timeout: timeout.to_std(),
            limit,
            stats: params.get("stats").map(str::to_owned),
            origin: params.origin,
        })
    }

    /// A query that says nothing but its text and its steps, and may take so long.
    pub(crate) fn plain(
        state: &ApiState,
        text: &str,
        range: StepRange,
        (origin, timeout): (Origin, Duration),
    ) -> Result<Self, ApiError> {
        Ok(Self {
            expr: parse(state, text)?,
            text: text.into(),
            range,
            lookback_delta: None,
            timeout,
            limit: None,
            stats: None,
            origin,
        })
    }

    /// Evaluates on a thread of its own, behind the gate, and tells the outcome.
    pub(crate) async fn answer<T: Evaluated>(
        self,
        state: Arc<ApiState>,
        evaluate: impl FnOnce(&ApiState, &Self, &QueryContext) -> promql::Result<T> + Send + 'static,
    ) -> Result<Response, ApiError> {
        self.told(state, evaluate, T::body).await.map(json)
    }

    /// As [`Self::answer`], told as `tell` tells it.
    pub(crate) async fn told<T: Evaluated, B: Send + 'static>(
        self,
        state: Arc<ApiState>,
        evaluate: impl FnOnce(&ApiState, &Self, &QueryContext) -> promql::Result<T> + Send + 'static,
        tell: impl FnOnce(T, &Self, &Took) -> B + Send + 'static,
    ) -> Result<B, ApiError> {
        let gate = state.gate.clone();
        let running = state.queries.begin();
        let origin = (self.origin.client.as_str(), self.origin.path.as_str());
        let now = state.clock.now();
        let noted = state.book.begin(&self.text, self.range, origin, now);
        let context = QueryContext {
            lookback_delta: self.lookback_delta,
            cancel: Some(Arc::clone(&noted.cancel)),
            text: Some(Arc::clone(&self.text)),
            per_step_stats: self.stats.as_deref() == Some("all"),
            ..QueryContext::default()
        };
        let waiting = Instant::now();
        let told = gate.run(self.timeout, context, move |context| {
            let _running = running;
            noted.seated();
            let started = Instant::now();
            let output = evaluate(&state, &self, context);
            let took = Took {
                queued: started.duration_since(waiting),
                evaluated: started.elapsed(),
                stats: output
                    .as_ref()
                    .map(|evaluated| evaluated.output().stats)
                    .unwrap_or_default(),
            };
            let error = output.as_ref().err();
            self.note(&state, &took, error);
            let error = error.map(ToString::to_string);
            noted.ended(took.evaluated, took.stats, error, state.clock.now());
            Ok(tell(output?, &self, &took))
        });
        told.await
    }

    /// Counts and logs the query.
    fn note(&self, state: &ApiState, took: &Took, error: Option<&promql::Error>) {
        state.queries.ended(took.queued, took.evaluated, took.stats);
        let logged = Logged {
            query: &self.text,
            range: self.range,
            origin: &self.origin,
            stats: Some(took.json()),
            error: error.map(ToString::to_string),
        };
        state.query_log.write(state.clock.now(), logged);
    }
}

impl Evaluated for QueryOutput {
    fn output(&self) -> &QueryOutput {
        self
    }

    fn body(mut self, call: &Call, took: &Took) -> String {
        let mut notes = Notes::of(&self);
        if cut(&mut self.value, call.limit) {
            notes.warnings.push(TRUNCATED.to_owned());
        }
        let stats = call.stats.as_deref();
        if let Some(other) = stats.filter(|asked| !matches!(*asked, "true" | "all")) {
            let warning = format!("stats={other} is deprecated: use stats=true or stats=all");
            notes.warnings.push(warning);
        }
        let stats = stats.map(|asked| {
            let mut stats = took.json();
            if let Some(samples) = stats.get_mut("samples").filter(|_| asked == "all") {
                samples["totalQueryableSamplesPerStep"] = per_step(&self.samples_per_step);
            }
            stats.to_string()
        });
        query_answer(&self, &notes, stats.as_deref())
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

/// What a query took.
pub(crate) struct Took {
    pub(crate) queued: Duration,
    pub(crate) evaluated: Duration,
    pub(crate) stats: QueryStats,
}

impl Took {
    /// The `stats` object of an answer.
    fn json(&self) -> serde_json::Value {
        let seconds = self.evaluated.as_secs_f64();
        let queued = self.queued.as_secs_f64();
        // Preparing and sorting are parts of the evaluation here, and counted there.
        serde_json::json!({
            "timings": {
                "evalTotalTime": seconds,
                "resultSortTime": 0,
                "queryPreparationTime": 0,
                "innerEvalTime": seconds,
                "execQueueTime": queued,
                "execTotalTime": seconds + queued,
            },
            "samples": {
                "totalQueryableSamples": self.stats.total_samples,
                "samplesRead": self.stats.samples_read,
                "peakSamples": self.stats.peak_samples,
            },
        })
    }
}

/// Times in seconds with the samples of that step.
fn per_step(steps: &[(i64, u64)]) -> serde_json::Value {
    let pair = |(time, count): &(i64, u64)| match time % 1000 {
        0 => serde_json::json!([time / 1000, count]),
        _ => serde_json::json!([*time as f64 / 1000.0, count]),
    };
    steps.iter().map(pair).collect()
}
