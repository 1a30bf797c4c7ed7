//! `watchfire query`: asks a server over its HTTP API.

use super::Result;
use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand, ValueEnum};
use clock::{Clock, SystemClock};
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write;
use std::time::Duration;

/// How long a server may take.
const PATIENCE: Duration = Duration::from_mins(3);

/// Steps of a range query that names no step.
const USUAL_STEPS: f64 = 250.0;

/// What to ask.
#[derive(Debug, Clone, Subcommand)]
pub(crate) enum Query {
    /// Evaluates an expression at one time.
    Instant {
        #[command(flatten)]
        to: To,
        /// Expression.
        #[arg(value_name = "EXPR")]
        expr: String,
        /// Time, as RFC 3339 or seconds since the epoch; now if not given.
        #[arg(long, value_name = "TIME")]
        time: Option<String>,
    },
    /// Evaluates an expression at every step of a range.
    Range {
        #[command(flatten)]
        to: To,
        /// Expression.
        #[arg(value_name = "EXPR")]
        expr: String,
        /// First step; five minutes before the end if not given.
        #[arg(long, value_name = "TIME")]
        start: Option<String>,
        /// Last step; now if not given.
        #[arg(long, value_name = "TIME")]
        end: Option<String>,
        /// Distance of steps, as 15s; chosen by the range if not given.
        #[arg(long, value_name = "DURATION")]
        step: Option<String>,
    },
    /// Lists series.
    Series {
        #[command(flatten)]
        to: To,
        /// Selector; several are joined.
        #[arg(long = "match", value_name = "SELECTOR", required = true)]
        selectors: Vec<String>,
        #[command(flatten)]
        range: Range,
    },
    /// Lists the values of a label.
    Labels {
        #[command(flatten)]
        to: To,
        /// Label name.
        #[arg(value_name = "NAME")]
        name: String,
        /// Only of series that a selector finds; several are joined.
        #[arg(long = "match", value_name = "SELECTOR")]
        selectors: Vec<String>,
        #[command(flatten)]
        range: Range,
    },
}

/// Whom to ask, and how to print.
#[derive(Debug, Clone, Args)]
pub(crate) struct To {
    /// Server, as http://localhost:9090.
    #[arg(value_name = "SERVER")]
    server: String,
    /// Form of the output.
    #[arg(
        short = 'o',
        long = "format",
        value_name = "FORMAT",
        default_value = "promql"
    )]
    format: Format,
    /// Header to send, as `Name: value`; may be given several times.
    #[arg(long = "header", value_name = "HEADER")]
    headers: Vec<String>,
}

/// Which time a question about labels is about.
#[derive(Debug, Clone, Args)]
pub(crate) struct Range {
    /// Start.
    #[arg(long, value_name = "TIME")]
    start: Option<String>,
    /// End.
    #[arg(long, value_name = "TIME")]
    end: Option<String>,
}

/// Forms of output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// One line per sample, for people.
    Promql,
    /// The server's own result.
    Json,
}

/// Asks and prints.
pub(crate) fn run(query: &Query, out: &mut dyn Write) -> Result<bool> {
    match query {
        Query::Instant { to, expr, time } => {
            let mut form = vec![("query", expr.clone())];
            form.extend(time.clone().map(|time| ("time", time)));
            print(&ask(to, "/api/v1/query", &form)?, to.format, out)?;
        }
        Query::Range {
            to,
            expr,
            start,
            end,
            step,
        } => {
            let end = end.as_deref().map_or_else(|| Ok(now()), seconds)?;
            let start = start.as_deref().map_or(Ok(end - 300.0), seconds)?;
            let usual = || ((end - start) / USUAL_STEPS).floor().max(1.0).to_string();
            let form = [
                ("query", expr.clone()),
                ("start", start.to_string()),
                ("end", end.to_string()),
                ("step", step.clone().unwrap_or_else(usual)),
            ];
            print(&ask(to, "/api/v1/query_range", &form)?, to.format, out)?;
        }
        Query::Series {
            to,
            selectors,
            range,
        } => {
            let data = ask(to, "/api/v1/series", &scope(selectors, range))?;
            if to.format == Format::Json {
                writeln!(out, "{data}")?;
                return Ok(true);
            }
            for series in data.as_array().into_iter().flatten() {
                writeln!(out, "{}", labels(series))?;
            }
        }
        Query::Labels {
            to,
            name,
            selectors,
            range,
        } => {
            let name: String = form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let query: String = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(scope(selectors, range))
                .finish();
            let path = format!("/api/v1/label/{name}/values?{query}");
            let data = receive(to, get(to, &path)?)?;
            if to.format == Format::Json {
                writeln!(out, "{data}")?;
                return Ok(true);
            }
            for value in data.as_array().into_iter().flatten() {
                writeln!(out, "{}", value.as_str().unwrap_or_default())?;
            }
        }
    }
    Ok(true)
}

fn scope(selectors: &[String], range: &Range) -> Vec<(&'static str, String)> {
    let mut form: Vec<(&str, String)> = selectors
        .iter()
        .map(|selector| ("match[]", selector.clone()))
        .collect();
    form.extend(range.start.clone().map(|start| ("start", start)));
    form.extend(range.end.clone().map(|end| ("end", end)));
    form
}

type Answer = ureq::http::Response<ureq::Body>;

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(PATIENCE))
        .build()
        .into()
}

fn header(text: &str) -> Result<(&str, &str)> {
    let (name, value) = text
        .split_once(':')
        .ok_or_else(|| anyhow!("`{text}` is no header; write it as `Name: value`"))?;
    Ok((name.trim(), value.trim()))
}

fn url(to: &To, path: &str) -> String {
    format!("{}{path}", to.server.trim_end_matches('/'))
}

fn get(to: &To, path: &str) -> Result<Answer> {
    let mut request = agent().get(url(to, path));
    for text in &to.headers {
        let (name, value) = header(text)?;
        request = request.header(name, value);
    }
    request.call().with_context(|| no_answer(to))
}

fn no_answer(to: &To) -> String {
    format!("no answer from {}", to.server)
}

/// The `data` of the answer to a form.
fn ask(to: &To, path: &str, form: &[(&str, String)]) -> Result<Value> {
    let mut request = agent().post(url(to, path));
    for text in &to.headers {
        let (name, value) = header(text)?;
        request = request.header(name, value);
    }
    let pairs = form.iter().map(|(name, value)| (*name, value.as_str()));
    receive(to, request.send_form(pairs).with_context(|| no_answer(to))?)
}

fn receive(to: &To, mut answer: Answer) -> Result<Value> {
    let status = answer.status();
    let body = answer
        .body_mut()
        .with_config()
        .limit(u64::MAX)
        .read_to_string()
        .with_context(|| no_answer(to))?;
    let Ok(mut json) = serde_json::from_str::<Value>(&body) else {
        bail!("{} answered {status}: {}", to.server, body.trim());
    };
    for kind in ["warnings", "infos"] {
        for note in json
            .get(kind)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            // Nothing is left to do where even this cannot be said.
            let _ = writeln!(std::io::stderr(), "{}", note.as_str().unwrap_or_default());
        }
    }
    if json.get("status").and_then(Value::as_str) == Some("success") {
        return Ok(json.get_mut("data").map(Value::take).unwrap_or_default());
    }
    let text = |name: &str| json.get(name).and_then(Value::as_str).unwrap_or_default();
    bail!("{}: {}", text("errorType"), text("error"))
}

/// Prints the result of a query, as promtool does.
fn print(data: &Value, format: Format, out: &mut dyn Write) -> Result<()> {
    let result = data.get("result").unwrap_or(&Value::Null);
    if format == Format::Json {
        writeln!(out, "{result}")?;
        return Ok(());
    }
    match data.get("resultType").and_then(Value::as_str) {
        Some("vector") => {
            for element in result.as_array().into_iter().flatten() {
                let metric = labels(element.get("metric").unwrap_or(&Value::Null));
                let pair = element.get("value").or_else(|| element.get("histogram"));
                let (time, value) = sample(pair.unwrap_or(&Value::Null));
                writeln!(out, "{metric} => {value} @[{time}]")?;
            }
        }
        Some("matrix") => {
            for series in result.as_array().into_iter().flatten() {
                let metric = labels(series.get("metric").unwrap_or(&Value::Null));
                writeln!(out, "{metric} =>")?;
                for kind in ["values", "histograms"] {
                    for pair in series
                        .get(kind)
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten()
                    {
                        let (time, value) = sample(pair);
                        writeln!(out, "{value} @[{time}]")?;
                    }
                }
            }
        }
        Some("scalar") => {
            let (time, value) = sample(result);
            writeln!(out, "scalar: {value} @[{time}]")?;
        }
        _ => {
            let (_, value) = sample(result);
            writeln!(out, "{value}")?;
        }
    }
    Ok(())
}

/// A label set in PromQL form.
fn labels(metric: &Value) -> model::Labels {
    let pairs = metric.as_object().into_iter().flatten();
    model::Labels::from_pairs(pairs.map(|(name, value)| (name, value.as_str().unwrap_or_default())))
}

/// Time and value of `[time, value]`.
fn sample(pair: &Value) -> (String, String) {
    let at = |index: usize| pair.get(index).unwrap_or(&Value::Null);
    let value = match at(1) {
        Value::String(text) => text.clone(),
        Value::Object(_) => histogram(at(1)),
        other => other.to_string(),
    };
    (at(0).to_string(), value)
}

/// `{count:3, sum:7, (1,2]:3}`
fn histogram(value: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let field = |name: &str| text(value.get(name).unwrap_or(&Value::Null));
    let mut out = format!("{{count:{}, sum:{}", field("count"), field("sum"));
    for bucket in value
        .get("buckets")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        let at = |index: usize| bucket.get(index).unwrap_or(&Value::Null);
        // Which ends belong to the bucket.
        let (open, close) = match at(0).as_u64() {
            Some(0) => ('(', ']'),
            Some(1) => ('[', ')'),
            Some(2) => ('(', ')'),
            _ => ('[', ']'),
        };
        let (start, end, count) = (text(at(1)), text(at(2)), text(at(3)));
        // Writing into a text does not fail.
        let _ = write!(out, ", {open}{start},{end}{close}:{count}");
    }
    out.push('}');
    out
}

fn now() -> f64 {
    SystemClock.now().0 as f64 / 1000.0
}

/// Seconds since the epoch, from those or RFC 3339.
fn seconds(text: &str) -> Result<f64> {
    if let Ok(seconds) = text.parse() {
        return Ok(seconds);
    }
    let time = chrono::DateTime::parse_from_rfc3339(text)
        .with_context(|| format!("`{text}` is neither RFC 3339 nor seconds since the epoch"))?;
    Ok(time.timestamp_millis() as f64 / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(data: &Value, expected: &str) {
        let mut out = Vec::new();
        print(data, Format::Promql, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), expected);
    }

    #[test]
    fn results_are_printed_as_promtool_prints_them() {
        check(
            &json!({"resultType": "vector", "result": [{"metric": {"__name__": "up", "job": "a"}, "value": [1.5, "1"]}]}),
            "up{job=\"a\"} => 1 @[1.5]\n",
        );
        check(
            &json!({"resultType": "matrix", "result": [{"metric": {}, "values": [[1, "2"], [2, "3"]]}]}),
            "{} =>\n2 @[1]\n3 @[2]\n",
        );
        check(
            &json!({"resultType": "scalar", "result": [1, "2"]}),
            "scalar: 2 @[1]\n",
        );
        check(
            &json!({"resultType": "vector", "result": [{"metric": {}, "histogram": [1, {"count": "3", "sum": "7", "buckets": [[0, "1", "2", "3"]]}]}]}),
            "{} => {count:3, sum:7, (1,2]:3} @[1]\n",
        );
    }

    #[test]
    fn times_are_seconds_or_rfc_3339() {
        assert_eq!(seconds("1.5").unwrap(), 1.5);
        assert_eq!(seconds("1970-01-01T00:01:00Z").unwrap(), 60.0);
        assert!(
            seconds("yesterday")
                .unwrap_err()
                .to_string()
                .contains("`yesterday`")
        );
    }
}
