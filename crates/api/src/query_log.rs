//! The query log: one JSON line per query, in a file that the configuration names.
//!
//! Source: Prometheus 3.14, `docs/guides` on the query log.

use crate::origin::Origin;
use crate::time::format_time;
use model::TimestampMs;
use promql::StepRange;
use selfmon::{Counter, Gauge, Registry};
use serde_json::{Map, Value, json};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Writes a line per query, if a file is set. Clones share the file.
#[derive(Clone)]
pub struct QueryLog {
    file: Arc<Mutex<Option<File>>>,
    is_enabled: Gauge,
    failures: Counter,
}

/// What a line tells.
pub(crate) struct Logged<'a> {
    pub(crate) query: &'a str,
    pub(crate) range: StepRange,
    pub(crate) origin: &'a Origin,
    /// The object that `stats` gives to a client.
    pub(crate) stats: Option<Value>,
    pub(crate) error: Option<String>,
}

impl QueryLog {
    /// A log without file; its instruments are made in `registry`.
    pub fn new(registry: &Registry) -> Self {
        let enabled = "prometheus_engine_query_log_enabled";
        let failures = "prometheus_engine_query_log_failures_total";
        Self {
            file: Arc::default(),
            is_enabled: registry.gauge(enabled, "Whether queries are logged.", &[]),
            failures: registry.counter(failures, "Lines of the query log not written.", &[]),
        }
    }

    /// Appends to `path` from now on; `None` ends logging. A file that is named again is opened again, so that
    /// it can be rotated.
    ///
    /// # Errors
    /// Where the file cannot be opened; then the log stays as it was.
    pub fn set_file(&self, path: Option<&Path>) -> io::Result<()> {
        let open = |path| OpenOptions::new().create(true).append(true).open(path);
        let file = path.map(open).transpose()?;
        self.is_enabled.set(f64::from(u8::from(file.is_some())));
        *self.file.lock().unwrap_or_else(PoisonError::into_inner) = file;
        Ok(())
    }

    /// Writes the line of a query.
    pub(crate) fn write(&self, now: TimestampMs, logged: Logged<'_>) {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(file) = file.as_mut() else { return };
        let mut line = line(now, logged);
        line.push('\n');
        if let Err(error) = file.write_all(line.as_bytes()) {
            self.failures.inc();
            tracing::error!(%error, "query not logged");
        }
    }
}

fn line(now: TimestampMs, logged: Logged<'_>) -> String {
    let Logged {
        query,
        range,
        origin,
        stats,
        error,
    } = logged;
    let mut line = Map::new();
    line.insert("time".into(), format_time(now).into());
    line.insert("level".into(), "INFO".into());
    line.insert("msg".into(), "promql query logged".into());
    let params = json!({
        "query": query,
        "start": format_time(range.start),
        "end": format_time(range.end),
        // Whole seconds; 0 for one time.
        "step": range.step.0 / 1000,
    });
    line.insert("params".into(), params);
    if let Some(error) = error {
        line.insert("error".into(), error.into());
    }
    if let Some(stats) = stats {
        line.insert("stats".into(), stats);
    }
    let request = json!({
        "clientIP": origin.client,
        "method": origin.method,
        "path": origin.path,
    });
    line.insert("httpRequest".into(), request);
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::DurationMs;

    #[test]
    fn a_line_tells_query_times_origin_stats_and_error() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("queries.log");
        let log = QueryLog::new(&Registry::default());
        let origin = Origin {
            client: "127.0.0.1".to_owned(),
            method: "GET".to_owned(),
            path: "/api/v1/query_range".to_owned(),
        };
        let logged = || Logged {
            query: "up",
            range: StepRange {
                start: TimestampMs(7_000),
                end: TimestampMs(11_500),
                step: DurationMs(1_500),
            },
            origin: &origin,
            stats: Some(json!({ "samples": {} })),
            error: Some("no".to_owned()),
        };
        log.write(TimestampMs(0), logged());
        log.set_file(Some(&path)).unwrap();
        log.write(TimestampMs(1_000), logged());
        log.set_file(None).unwrap();
        log.write(TimestampMs(2_000), logged());
        let text = std::fs::read_to_string(&path).unwrap();
        let line: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            line,
            json!({
                "time": "1970-01-01T00:00:01.000Z", "level": "INFO", "msg": "promql query logged",
                "params": {
                    "query": "up", "step": 1,
                    "start": "1970-01-01T00:00:07.000Z", "end": "1970-01-01T00:00:11.500Z",
                },
                "error": "no", "stats": { "samples": {} },
                "httpRequest": {
                    "clientIP": "127.0.0.1", "method": "GET", "path": "/api/v1/query_range",
                },
            })
        );
    }
}
