//! `POST /api/ds/query`: queries of panels, answered in Grafana's frames.

use super::body::{Object, answer, body_bytes};
use super::{GrafanaError, GrafanaState, datasources};
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use dashboard::{Calendar, DEFAULT_SCRAPE_INTERVAL, Intervals, StepInput, Utc, resolve_range};
use model::Labels;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Queries of one request.
const MOST_QUERIES: usize = 100;
/// Largest answer of one query. Units: bytes.
const ANSWER_BYTES: usize = 256 << 20;
/// Points of a panel that does not say how many it draws. Source: Grafana's default.
const POINTS: i64 = 1500;
/// Macros, each before those that it begins like.
const MACROS: [&str; 7] = [
    "__rate_interval_ms",
    "__rate_interval",
    "__interval_ms",
    "__interval",
    "__range_ms",
    "__range_s",
    "__range",
];

/// `POST /api/ds/query`
pub(super) async fn query(
    State(state): State<Arc<GrafanaState>>,
    body: Object,
) -> Result<Response, GrafanaError> {
    let Some(Value::Array(queries)) = body.get("queries") else {
        return Err(GrafanaError::bad_request("No queries found in query"));
    };
    if queries.is_empty() || queries.len() > MOST_QUERIES {
        return Err(GrafanaError::bad_request("No queries found in query"));
    }
    let time = |name: &str| match body.get(name) {
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) => text.clone(),
        _ => "now".to_owned(),
    };
    let (from, to) = {
        let calendar = Calendar::new(state.clock.now().0, &Utc);
        resolve_range(&time("from"), &time("to"), &calendar)?
    };
    let mut results = Map::new();
    let mut failed = 0;
    for (index, query) in queries.iter().enumerate() {
        let query = Object(query.as_object().cloned().unwrap_or_default());
        let usual = format!("Q{index}");
        let name = query.text("refId").unwrap_or(&usual).to_owned();
        let result = match frames(&state, &query, &name, (from, to)).await {
            Ok(frames) => json!({"status": 200, "frames": frames}),
            Err(error) => {
                failed += 1;
                let status = error.status().as_u16();
                json!({"status": status, "error": error.message(), "frames": []})
            }
        };
        results.insert(name, result);
    }
    let all_failed = failed == queries.len();
    let body = answer(&json!({"results": results}));
    if all_failed {
        return Ok((StatusCode::BAD_REQUEST, body).into_response());
    }
    Ok(body)
}

async fn frames(
    state: &GrafanaState,
    query: &Object,
    name: &str,
    (from, to): (i64, i64),
) -> Result<Vec<Value>, GrafanaError> {
    let source = query.get("datasource");
    let source = source.and_then(|source| source.get("uid").or(Some(source)));
    if let Some(source) = source.and_then(Value::as_str) {
        datasources::ours(source)?;
    }
    let expr = query.text("expr").unwrap_or_default();
    let intervals = StepInput {
        range: to - from,
        max_data_points: query
            .number("maxDataPoints")
            .filter(|points| *points > 0)
            .unwrap_or(POINTS),
        target_interval: query.text("interval").filter(|text| !text.is_empty()),
        panel_interval: None,
        scrape_interval: DEFAULT_SCRAPE_INTERVAL,
        factor: query.number("intervalFactor").unwrap_or(1),
    }
    .intervals();
    let expr = with_macros(expr, intervals);
    let is_instant = query.flag("instant");
    // Neither is a range.
    let is_range = query.flag("range") || !is_instant;
    let mut frames = Vec::new();
    if is_range {
        let step = seconds(intervals.step);
        let (from, to) = (seconds(from), seconds(to));
        let form = [
            ("query", &*expr),
            ("start", &from),
            ("end", &to),
            ("step", &step),
        ];
        let data = ask(state, "query_range", &form).await?;
        frames.extend(framed(&data, query, name, &expr));
    }
    if is_instant {
        let form = [("query", &*expr), ("time", &*seconds(to))];
        let data = ask(state, "query", &form).await?;
        frames.extend(framed(&data, query, name, &expr));
    }
    Ok(frames)
}

fn seconds(ms: i64) -> String {
    format!("{}.{:03}", ms.div_euclid(1000), ms.rem_euclid(1000))
}

fn with_macros(expr: &str, intervals: Intervals) -> String {
    let mut expr = expr.to_owned();
    for name in MACROS {
        if let Some(value) = intervals.macro_value(name) {
            expr = expr.replace(&format!("${{{name}}}"), &value);
            expr = expr.replace(&format!("${name}"), &value);
        }
    }
    expr
}

/// The `data` of a call of our own API.
async fn ask(
    state: &GrafanaState,
    call: &str,
    form: &[(&str, &str)],
) -> Result<Value, GrafanaError> {
    let body = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    let request = Request::builder()
        .method(Method::POST)
        .uri(format!("/api/v1/{call}"))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .map_err(|error| GrafanaError::bad_request(error.to_string()))?;
    let response = state.hand_over(request).await;
    let status = response.status();
    let bytes = body_bytes(response.into_body(), ANSWER_BYTES).await?;
    let mut body: Value = serde_json::from_slice(&bytes).unwrap_or_default();
    if status == StatusCode::OK {
        return Ok(body.get_mut("data").map(Value::take).unwrap_or_default());
    }
    let error = body.get("error").and_then(Value::as_str);
    Err(GrafanaError::new(status, error.unwrap_or("query failed")))
}

/// A series of an answer: its labels, times in milliseconds, and values.
struct Series {
    labels: Vec<(String, String)>,
    times: Vec<i64>,
    values: Vec<f64>,
}

fn series_of(data: &Value) -> Vec<Series> {
    let kind = data.get("resultType").and_then(Value::as_str);
    let result = data.get("result").cloned().unwrap_or_default();
    if kind == Some("scalar") {
        let sample = point(&result);
        return vec![Series {
            labels: Vec::new(),
            times: sample.iter().map(|(time, _)| *time).collect(),
            values: sample.iter().map(|(_, value)| *value).collect(),
        }];
    }
    let list = result.as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|series| {
            let labels = series.get("metric").and_then(Value::as_object);
            let labels = labels.into_iter().flatten();
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let points: Vec<(i64, f64)> = match series.get("values").and_then(Value::as_array) {
                Some(values) => values.iter().filter_map(point).collect(),
                None => series.get("value").and_then(point).into_iter().collect(),
            };
            Series {
                labels: labels
                    .map(|(name, value)| (name.clone(), text(value)))
                    .collect(),
                times: points.iter().map(|(time, _)| *time).collect(),
                values: points.iter().map(|(_, value)| *value).collect(),
            }
        })
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "times of the API are in range"
)]
fn point(point: &Value) -> Option<(i64, f64)> {
    let time = point.get(0)?.as_f64()?;
    let value = point.get(1)?.as_str()?;
    let value = match value {
        "+Inf" => f64::INFINITY,
        "-Inf" => f64::NEG_INFINITY,
        value => value.parse().ok()?,
    };
    Some(((time * 1000.0).round() as i64, value))
}

fn framed(data: &Value, query: &Object, ref_id: &str, expr: &str) -> Vec<Value> {
    let series = series_of(data);
    if query.text("format") == Some("table") {
        return vec![table(&series, ref_id)];
    }
    let legend = query.text("legendFormat").unwrap_or_default();
    series
        .iter()
        .map(|series| {
            let named = Labels::from_pairs(
                series
                    .labels
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str())),
            );
            let name = match legend {
                "" | "__auto" if series.labels.is_empty() => expr.to_owned(),
                "" | "__auto" => named.to_string(),
                legend => dashboard::format_legend(legend, &named),
            };
            let labels: Map<String, Value> = series
                .labels
                .iter()
                .map(|(name, value)| (name.clone(), json!(value)))
                .collect();
            let fields = json!([
                {"name": "Time", "type": "time", "typeInfo": {"frame": "time.Time"}},
                {"name": "Value", "type": "number", "typeInfo": {"frame": "float64"},
                 "labels": labels, "config": {"displayNameFromDS": name}},
            ]);
            let columns = vec![json!(series.times)];
            frame(ref_id, &name, &fields, columns, &series.values)
        })
        .collect()
}

fn table(series: &[Series], ref_id: &str) -> Value {
    let mut names: Vec<&str> = series
        .iter()
        .flat_map(|series| series.labels.iter().map(|(name, _)| name.as_str()))
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut fields = vec![json!({"name": "Time", "type": "time"})];
    let times: Vec<i64> = series
        .iter()
        .flat_map(|series| series.times.clone())
        .collect();
    let mut columns = vec![json!(times)];
    for name in names {
        fields.push(json!({"name": name, "type": "string"}));
        let cells = series.iter().flat_map(|series| {
            let label = series.labels.iter().find(|(have, _)| have == name);
            let cell = label.map_or("", |(_, value)| value);
            std::iter::repeat_n(cell, series.times.len())
        });
        columns.push(json!(cells.collect::<Vec<&str>>()));
    }
    fields.push(json!({"name": "Value", "type": "number"}));
    let values: Vec<f64> = series
        .iter()
        .flat_map(|series| series.values.clone())
        .collect();
    frame(ref_id, "", &json!(fields), columns, &values)
}

/// A frame with a last column of numbers; JSON has none for those that are not finite, so they stand
/// beside it.
fn frame(
    ref_id: &str,
    name: &str,
    fields: &Value,
    mut columns: Vec<Value>,
    values: &[f64],
) -> Value {
    let at = |is: fn(f64) -> bool| -> Vec<usize> {
        let odd = values.iter().enumerate().filter(|(_, value)| is(**value));
        odd.map(|(at, _)| at).collect()
    };
    let mut entities = vec![Value::Null; columns.len()];
    entities.push(json!({
        "NaN": at(f64::is_nan), "Inf": at(|value| value == f64::INFINITY),
        "NegInf": at(|value| value == f64::NEG_INFINITY),
    }));
    // serde_json writes those as null.
    columns.push(json!(values));
    json!({
        "schema": {"name": name, "refId": ref_id, "meta": {"type": "timeseries-multi"}, "fields": fields},
        "data": {"values": columns, "entities": entities},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn macros_are_the_lengths_of_the_step() {
        let intervals = Intervals {
            step: 30_000,
            rate: 120_000,
            range: 3_600_000,
        };
        let expr = "rate(x[$__rate_interval]) + ${__interval_ms} + y[$__range]";
        assert_eq!(
            with_macros(expr, intervals),
            "rate(x[2m]) + 30000 + y[3600s]"
        );
    }

    #[test]
    fn answers_become_frames_with_what_json_cannot_say_beside_them() {
        let data = json!({"resultType": "matrix", "result": [
            {"metric": {"job": "a"}, "values": [[1.5, "2"], [2.5, "NaN"], [3.5, "+Inf"]]}]});
        let query = Object(
            json!({"legendFormat": "{{job}}!"})
                .as_object()
                .cloned()
                .unwrap(),
        );
        let frames = framed(&data, &query, "A", "x");
        let frame = &frames[0];
        assert_eq!(frame["schema"]["refId"], "A");
        assert_eq!(frame["schema"]["fields"][1]["labels"], json!({"job": "a"}));
        assert_eq!(
            frame["schema"]["fields"][1]["config"]["displayNameFromDS"],
            "a!"
        );
        assert_eq!(
            frame["data"]["values"],
            json!([[1500, 2500, 3500], [2.0, null, null]])
        );
        assert_eq!(
            frame["data"]["entities"][1],
            json!({"NaN": [1], "Inf": [2], "NegInf": []})
        );
        let query = Object(json!({"format": "table"}).as_object().cloned().unwrap());
        let table = &framed(&data, &query, "A", "x")[0];
        assert_eq!(table["schema"]["fields"][1]["name"], "job");
        assert_eq!(table["data"]["values"][1], json!(["a", "a", "a"]));
    }
}
