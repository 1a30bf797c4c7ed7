//! Log lines on standard error, in the two forms that Prometheus has: logfmt and JSON.

use crate::cli::{LogFlags, LogFormat, LogLevel};
use chrono::{SecondsFormat, Utc};
use std::fmt::{self, Write};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// Starts logging; called once.
pub(crate) fn start(flags: &LogFlags) {
    let level = match flags.level {
        LogLevel::Debug => LevelFilter::DEBUG,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Error => LevelFilter::ERROR,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(std::io::stderr)
        .event_format(Lines(flags.format))
        .init();
}

struct Lines(LogFormat);

impl<S, N> FormatEvent<S, N> for Lines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let data = event.metadata();
        let time = Utc::now().to_rfc3339_opts(SecondsFormat::Millis, true);
        let mut fields = Fields::default();
        event.record(&mut fields);
        let source = format!(
            "{}:{}",
            data.file().unwrap_or("?"),
            data.line().unwrap_or(0)
        );
        let mut pairs = vec![
            ("time", time),
            ("level", data.level().to_string()),
            ("source", source),
            ("msg", fields.message),
        ];
        pairs.extend(fields.others);
        let line = match self.0 {
            LogFormat::Logfmt => logfmt(&pairs),
            LogFormat::Json => json(&pairs),
        };
        writeln!(writer, "{line}")
    }
}

#[derive(Default)]
struct Fields {
    message: String,
    others: Vec<(&'static str, String)>,
}

impl Fields {
    fn add(&mut self, field: &Field, value: String) {
        if field.name() == "message" {
            self.message = value;
        } else {
            self.others.push((field.name(), value));
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format!("{value:?}"));
    }
}

fn logfmt(pairs: &[(&str, String)]) -> String {
    let mut line = String::new();
    for (name, value) in pairs {
        if !line.is_empty() {
            line.push(' ');
        }
        let is_plain = !value.is_empty()
            && value
                .chars()
                .all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '=' | '\\'));
        // Writing to a String cannot fail.
        let _ = if is_plain {
            write!(line, "{name}={value}")
        } else {
            write!(line, "{name}={value:?}")
        };
    }
    line
}

fn json(pairs: &[(&str, String)]) -> String {
    let fields: serde_json::Map<String, serde_json::Value> = pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.as_str().into()))
        .collect();
    serde_json::Value::Object(fields).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_spaces_or_quotes_are_quoted() {
        let pairs = [
            ("a", "plain".to_owned()),
            ("b", "two words".to_owned()),
            ("c", "q\"".to_owned()),
        ];
        assert_eq!(logfmt(&pairs), r#"a=plain b="two words" c="q\"""#);
        assert_eq!(json(&pairs[..1]), r#"{"a":"plain"}"#);
    }
}
