//! `/api/watchfire/explain`: how a query is evaluated, and what its parts take. Prometheus has no such call.

use crate::encode::Notes;
use crate::error::ApiError;
use crate::params::Params;
use crate::query::{Call, Evaluated, Took, at, check_range_type, step_range};
use crate::state::ApiState;
use api_types::{Envelope, ExplainData, PlanNode};
use axum::extract::State;
use axum::response::Response;
use promql::{Explained, QueryOutput, Value};
use std::sync::Arc;

/// `/api/watchfire/explain`: with `start`, `end` and `step` a range query, else one at `time`.
pub(crate) async fn query(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let limit = params.limit()?;
    let is_range = ["start", "end", "step"]
        .iter()
        .any(|name| params.get(name).is_some());
    if !is_range {
        let time = params.time_or("time", state.clock.now())?;
        let call = Call::new(&state, params, limit, at(time))?;
        return call
            .answer(state, |state, call, context| {
                let time = call.range.start;
                let (storage, expr) = (&*state.storage, &call.expr);
                state
                    .engine
                    .get()
                    .explain_instant(storage, expr, time, context)
            })
            .await;
    }
    let range = step_range(&params)?;
    let call = Call::new(&state, params, limit, range)?;
    check_range_type(&call.expr)?;
    call.answer(state, |state, call, context| {
        let (storage, expr) = (&*state.storage, &call.expr);
        state
            .engine
            .get()
            .explain_range(storage, expr, call.range, context)
    })
    .await
}

impl Evaluated for Explained {
    fn output(&self) -> &QueryOutput {
        &self.output
    }

    fn body(self, _call: &Call, took: &Took) -> String {
        let notes = Notes::of(&self.output);
        let (result_type, series) = match &self.output.value {
            Value::Scalar { .. } => ("scalar", 0),
            Value::String { .. } => ("string", 0),
            Value::Vector(elements) => ("vector", elements.len()),
            Value::Matrix(series) => ("matrix", series.len()),
        };
        let mut envelope = Envelope::success(ExplainData {
            plan: node(self.plan),
            result_type: result_type.to_owned(),
            series: series as u64,
            total_queryable_samples: took.stats.total_samples,
            samples_read: took.stats.samples_read,
            peak_samples: took.stats.peak_samples as u64,
            queue_time: took.queued.as_secs_f64(),
            eval_time: took.evaluated.as_secs_f64(),
        });
        envelope.warnings = notes.warnings;
        envelope.infos = notes.infos;
        // Numbers, texts and lists always have a JSON form.
        serde_json::to_string(&envelope).unwrap_or_default()
    }
}

fn node(plan: promql::PlanNode) -> PlanNode {
    PlanNode {
        text: plan.text,
        start: plan.span.start,
        end: plan.span.end,
        kind: plan.kind.as_str().to_owned(),
        how: plan.how.to_owned(),
        series_in: plan.series_in,
        series_out: plan.series_out,
        samples: plan.samples,
        total_time: plan.total_time.map(|time| time.as_secs_f64()),
        own_time: plan.own_time.map(|time| time.as_secs_f64()),
        children: plan.children.into_iter().map(node).collect(),
    }
}
