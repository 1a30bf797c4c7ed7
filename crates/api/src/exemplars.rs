//! `/api/v1/query_exemplars`: the exemplars of all series that an expression selects.

use crate::encode;
use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::json;
use crate::state::ApiState;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use model::{TimeRange, TimestampMs, format_value};
use promql_syntax::ExprKind;
use std::fmt::Write;
use std::sync::Arc;
use storage::SeriesExemplars;

/// `/api/v1/query_exemplars`
pub(crate) async fn query(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let start = params.time_or("start", TimestampMs::MIN)?;
    let end = params.time_or("end", TimestampMs::MAX)?;
    let wrong = |cause: String| ApiError::new(ErrorKind::BadData, cause);
    if end < start {
        let cause = "end timestamp must not be before start timestamp";
        return Err(wrong(cause.to_owned()));
    }
    let text = params.get("query").unwrap_or_default();
    let expr = promql::parse(text, state.parse_options);
    let expr = expr.map_err(|error| wrong(error.to_string()))?;
    let mut selectors = Vec::new();
    expr.walk(&mut |inner| match &inner.kind {
        ExprKind::Selector(selector) => selectors.push(selector.all_matchers()),
        ExprKind::Matrix(matrix) => selectors.push(matrix.selector.all_matchers()),
        _ => {}
    });
    if selectors.is_empty() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let storage = Arc::clone(&state.storage);
    let range = TimeRange::inclusive(start, end);
    let found = tokio::task::spawn_blocking(move || storage.exemplars(&selectors, range));
    let found = found
        .await
        .map_err(|error| ApiError::new(ErrorKind::Internal, error.to_string()))??;
    Ok(json(answer(&found)))
}

fn answer(found: &[SeriesExemplars]) -> String {
    let mut out = String::from(r#"{"status":"success","data":["#);
    for (index, series) in found.iter().enumerate() {
        out.push_str(if index > 0 { "," } else { "" });
        out.push_str(r#"{"seriesLabels":"#);
        encode::labels(&series.series, &mut out);
        out.push_str(r#","exemplars":["#);
        for (index, exemplar) in series.exemplars.iter().enumerate() {
            out.push_str(if index > 0 { "," } else { "" });
            out.push_str(r#"{"labels":"#);
            encode::labels(&exemplar.labels, &mut out);
            // Writing to a String cannot fail.
            let _ = write!(
                out,
                r#","value":"{}","timestamp":"#,
                format_value(exemplar.value)
            );
            encode::timestamp(exemplar.time, &mut out);
            out.push('}');
        }
        out.push_str("]}");
    }
    out.push_str("]}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Labels;
    use storage::Exemplar;

    #[test]
    fn exemplars_are_worded_as_prometheus_words_them() {
        let found = SeriesExemplars {
            series: Labels::from_pairs([("__name__", "a")]),
            exemplars: vec![Exemplar {
                labels: Labels::from_pairs([("trace_id", "x\"y")]),
                value: 0.5,
                time: 1_500,
            }],
        };
        assert_eq!(
            answer(&[found]),
            r#"{"status":"success","data":[{"seriesLabels":{"__name__":"a"},"exemplars":[{"labels":{"trace_id":"x\"y"},"value":"0.5","timestamp":1.500}]}]}"#
        );
    }
}
