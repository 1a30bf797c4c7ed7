//! Queries over the HTTP API.

use crate::data::{Answer, ChartData, UiError, get, post};
use api_types::{ExplainData, QueryData};
use web_sys::AbortSignal;

/// An evaluation at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The result.
    pub result: QueryData,
}

/// Evaluates `expr` at `time` (seconds; `None` is now).
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn instant(
    expr: String,
    time: Option<f64>,
    signal: Option<AbortSignal>,
) -> Result<Answer<Moment>, UiError> {
    let time = time.map(|t| t.to_string());
    let mut form = vec![("query", expr.as_str())];
    if let Some(time) = &time {
        form.push(("time", time));
    }
    let answer = post::<QueryData>("/api/v1/query", &form, signal.as_ref()).await?;
    Ok(Answer {
        data: Moment {
            result: answer.data,
        },
        warnings: answer.warnings,
        infos: answer.infos,
    })
}

/// Evaluates `expr` over a window. Units: seconds.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn range(
    expr: String,
    (start, end): (f64, f64),
    step: f64,
    signal: Option<AbortSignal>,
) -> Result<Answer<ChartData>, UiError> {
    let [start_text, end_text, step_text] = [start, end, step].map(|v| v.to_string());
    let form = [
        ("query", expr.as_str()),
        ("start", &start_text),
        ("end", &end_text),
        ("step", &step_text),
    ];
    let answer = post::<QueryData>("/api/v1/query_range", &form, signal.as_ref()).await?;
    let QueryData::Matrix(series) = answer.data else {
        return Err(UiError::Unreadable {
            status: 200,
            reason: "a range query brought no matrix".to_owned(),
        });
    };
    let data = ChartData::new(series, (start, end), step);
    Ok(Answer {
        data,
        warnings: answer.warnings,
        infos: answer.infos,
    })
}

/// The names of all metrics. Ordering: by name.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn metric_names(signal: Option<AbortSignal>) -> Result<Answer<Vec<String>>, UiError> {
    get("/api/v1/label/__name__/values", signal.as_ref()).await
}

/// Evaluates `expr` at `time` (seconds; `None` is now) and tells how.
///
/// # Errors
/// As [`UiError`] tells them.
pub async fn explain(
    expr: String,
    time: Option<f64>,
    signal: Option<AbortSignal>,
) -> Result<Answer<ExplainData>, UiError> {
    let time = time.map(|t| t.to_string());
    let mut form = vec![("query", expr.as_str())];
    if let Some(time) = &time {
        form.push(("time", time));
    }
    post("/api/watchfire/explain", &form, signal.as_ref()).await
}
