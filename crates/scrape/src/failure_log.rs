//! Files that failed scrapes are told in, a JSON line each.
//!
//! Source: Prometheus 3.14, `scrape_failure_log_file`.

use crate::error::ScrapeError;
use crate::target::Target;
use model::{CivilTime, TimestampMs};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::sync::Arc;

/// One file. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct FailureLog(Arc<Mutex<Option<File>>>);

/// The files of a configuration, by path: jobs that name the same one share it.
#[derive(Debug, Default)]
pub(crate) struct FailureLogs(HashMap<String, FailureLog>);

impl FailureLogs {
    /// Opens these files, and closes all others. One that was open is opened again, so that it can be rotated;
    /// loops that hold it go on with the new one.
    pub(crate) fn open<'a>(&mut self, paths: impl Iterator<Item = &'a str>) {
        let mut before = std::mem::take(&mut self.0);
        for path in paths.filter(|path| !path.is_empty()) {
            if self.0.contains_key(path) {
                continue;
            }
            let log = before.remove(path).unwrap_or_default();
            match OpenOptions::new().create(true).append(true).open(path) {
                Ok(file) => *log.0.lock() = Some(file),
                Err(error) => {
                    tracing::error!(path, %error, "failed scrapes are not written to their file");
                }
            }
            self.0.insert(path.to_owned(), log);
        }
        for closed in before.into_values() {
            *closed.0.lock() = None;
        }
    }

    /// The file of this path; none for an empty path.
    pub(crate) fn get(&self, path: &str) -> Option<FailureLog> {
        self.0.get(path).cloned()
    }
}

impl FailureLog {
    /// Adds the line of a failed scrape.
    pub(crate) fn write(&self, time: TimestampMs, target: &Target, error: &ScrapeError) {
        let mut file = self.0.lock();
        let Some(open) = file.as_mut() else { return };
        let written = open.write_all(line(time, target, error).as_bytes());
        if let Err(error) = written {
            tracing::error!(%error, "failed scrapes are not written to their file any more");
            *file = None;
        }
    }
}

fn line(time: TimestampMs, target: &Target, error: &ScrapeError) -> String {
    let mut line = format!("{{\"time\":\"{}\",\"level\":\"ERROR\"", CivilTime::of(time));
    for (name, value) in [
        ("msg", error.to_string()),
        ("job_name", target.pool.clone()),
        ("target", target.url.to_string()),
    ] {
        // Writing into a text does not fail.
        let _ = write!(line, ",\"{name}\":");
        push_json(&mut line, &value);
    }
    line.push_str("}\n");
    line
}

/// A text in quotes, as JSON has it.
fn push_json(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            character if character.is_control() => {
                // Writing into a text does not fail.
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            character => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::target::Settled;
    use config::Config;
    use model::Labels;
    use std::path::Path;

    fn target() -> Target {
        let text = "scrape_configs: [{job_name: 'a\"b'}]";
        let config = Config::parse(text, Path::new("p.yml")).unwrap();
        match Target::settle(&config.scrape_configs[0], "h:1", &Labels::empty()).unwrap() {
            Settled::Scraped(target) => target,
            Settled::Dropped(labels) => panic!("{labels} was dropped"),
        }
    }

    #[test]
    fn a_failed_scrape_is_a_line_of_the_file_until_it_is_closed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("failures.log");
        let path = path.to_str().unwrap();
        let mut logs = FailureLogs::default();
        logs.open([path, "", path].into_iter());
        assert!(logs.get("").is_none());
        let log = logs.get(path).unwrap();
        let (target, error) = (target(), ScrapeError::NoMetricName);
        log.write(TimestampMs(1_000), &target, &error);
        let line = std::fs::read_to_string(path).unwrap();
        let expected = r#"{"time":"1970-01-01T00:00:01.000Z","level":"ERROR","msg":"missing metric name (__name__ label) after relabeling","job_name":"a\"b","target":"http://h:1/metrics"}"#;
        assert_eq!(line, format!("{expected}\n"));

        std::fs::remove_file(path).unwrap();
        logs.open([path].into_iter());
        log.write(TimestampMs(2_000), &target, &error);
        assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 1);
        logs.open(std::iter::empty());
        log.write(TimestampMs(3_000), &target, &error);
        assert_eq!(std::fs::read_to_string(path).unwrap().lines().count(), 1);
    }
}
