//! Shows the generator's data as pages to scrape, and keeps the times at which they were asked for.
//!
//! `/t/<target>/metrics` is a target's page; the data goes one step on every interval. `/arrivals` has
//! a line per target with the times of its requests, in microseconds since the start.

use crate::generator::{Shape, Wave};
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A target: its page's fixed text, its series, the requests it got.
struct Target {
    /// What comes before each value, comments included.
    lines: Vec<(String, Wave)>,
    step: u64,
    arrivals: Vec<u64>,
}

struct Pages {
    begin: Instant,
    interval: Duration,
    targets: Vec<Mutex<Target>>,
}

/// Serves `shape` on `listener` for as long as the process lives.
///
/// # Errors
/// If no connection can be taken, or no thread be started for one.
pub(crate) fn serve(listener: &TcpListener, shape: &Shape, interval: Duration) -> Result<()> {
    let targets = (0..shape.instances).map(|i| Mutex::new(Target::new(shape, i)));
    let pages = Arc::new(Pages {
        targets: targets.collect(),
        begin: Instant::now(),
        interval,
    });
    println!("{}", listener.local_addr()?.port());
    std::io::stdout().flush()?;
    for connection in listener.incoming() {
        let (connection, pages) = (connection?, Arc::clone(&pages));
        // A connection per target stays open: a thousand threads want small stacks.
        std::thread::Builder::new()
            .stack_size(256 << 10)
            .spawn(move || {
                // A client that goes away is no failure of the server.
                let _ = pages.answer(connection);
            })
            .context("cannot start a thread for a connection")?;
    }
    Ok(())
}

impl Target {
    fn new(shape: &Shape, instance: usize) -> Self {
        let mut all: Vec<_> = shape.target(instance).collect();
        all.sort_by(|a, b| (&a.0.metric, &a.0.labels).cmp(&(&b.0.metric, &b.0.labels)));
        let mut last = String::new();
        let lines = all.into_iter().map(|(identity, wave)| {
            let mut text = String::new();
            let metric = &identity.metric;
            if last != *metric {
                let kind = if metric.ends_with("_total") {
                    "counter"
                } else {
                    "untyped"
                };
                let _ = writeln!(text, "# HELP {metric} A series of the load generator.");
                let _ = writeln!(text, "# TYPE {metric} {kind}");
                last.clone_from(metric);
            }
            let labels: Vec<String> = identity
                .labels
                .iter()
                .filter(|(name, _)| !["instance", "job"].contains(name))
                .map(|(name, value)| format!("{name}=\"{value}\""))
                .collect();
            let _ = write!(text, "{metric}{{{}}} ", labels.join(","));
            (text, wave)
        });
        Self {
            lines: lines.collect(),
            step: 0,
            arrivals: Vec::new(),
        }
    }

    /// Appends the page as of `step`.
    fn render(&mut self, step: u64, page: &mut String) {
        for _ in self.step..step {
            for (_, wave) in &mut self.lines {
                wave.advance();
            }
        }
        self.step = self.step.max(step);
        for (text, wave) in &self.lines {
            page.push_str(text);
            let _ = writeln!(page, "{}", wave.value());
        }
    }
}

impl Pages {
    /// Answers the requests of one connection until it is closed.
    fn answer(&self, mut connection: TcpStream) -> Result<()> {
        connection.set_nodelay(true)?;
        let (mut request, mut piece) = (Vec::new(), [0; 4_096]);
        let (mut page, mut out) = (String::new(), Vec::new());
        loop {
            let length = connection.read(&mut piece)?;
            if length == 0 {
                return Ok(());
            }
            request.extend_from_slice(piece.get(..length).unwrap_or_default());
            // Scrapers send one request at a time and no body.
            if !request.ends_with(b"\r\n\r\n") {
                continue;
            }
            page.clear();
            let status = self.page(&String::from_utf8_lossy(&request), &mut page);
            request.clear();
            out.clear();
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            write!(
                out,
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n",
                page.len()
            )?;
            out.extend_from_slice(page.as_bytes());
            connection.write_all(&out)?;
        }
    }

    /// Writes what `request` asks for, and gives the status to say.
    fn page(&self, request: &str, page: &mut String) -> &'static str {
        let now = self.begin.elapsed();
        let path = request.split(' ').nth(1).unwrap_or_default();
        if path == "/arrivals" {
            for target in &self.targets {
                let target = target.lock().unwrap_or_else(PoisonError::into_inner);
                let times: Vec<String> = target.arrivals.iter().map(u64::to_string).collect();
                page.push_str(&times.join(" "));
                page.push('\n');
            }
            return "200 OK";
        }
        let number = path
            .strip_prefix("/t/")
            .and_then(|rest| rest.strip_suffix("/metrics"));
        let number: Option<usize> = number.and_then(|number| number.parse().ok());
        let Some(target) = number.and_then(|number| self.targets.get(number)) else {
            return "404 Not Found";
        };
        let step = now.as_micros() / self.interval.as_micros().max(1);
        let mut target = target.lock().unwrap_or_else(PoisonError::into_inner);
        target
            .arrivals
            .push(u64::try_from(now.as_micros()).unwrap_or(u64::MAX));
        target.render(u64::try_from(step).unwrap_or(u64::MAX), page);
        "200 OK"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generator::Mix;

    fn pages() -> Pages {
        let shape = Shape {
            instances: 2,
            lines: 100,
            seed: 1,
            mix: Mix::Normal,
            metric: None,
        };
        Pages {
            begin: Instant::now(),
            interval: Duration::from_hours(1),
            targets: (0..2).map(|i| Mutex::new(Target::new(&shape, i))).collect(),
        }
    }

    #[test]
    fn a_page_has_every_series_once_under_its_type() {
        let mut page = String::new();
        let status = pages().page("GET /t/1/metrics HTTP/1.1\r\n\r\n", &mut page);
        assert_eq!(status, "200 OK");
        let samples = page.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(samples, 100);
        let types = page
            .lines()
            .filter(|line| line.starts_with("# TYPE"))
            .count();
        assert_eq!(types, 25 + 3 + 15 + 5 + 10 + 20 + 1);
        assert!(page.contains("# TYPE node_bytes_7_total counter\n"));
        assert!(page.contains("\nnode_load_2{cluster=\"c1\",device=\"dev0\"} "));
    }

    #[test]
    fn requests_are_noted_and_unknown_paths_refused() {
        let (pages, mut page) = (pages(), String::new());
        assert_eq!(
            pages.page("GET /t/2/metrics HTTP/1.1", &mut page),
            "404 Not Found"
        );
        assert_eq!(pages.page("GET /t/0/metrics HTTP/1.1", &mut page), "200 OK");
        page.clear();
        assert_eq!(pages.page("GET /arrivals HTTP/1.1", &mut page), "200 OK");
        let counts: Vec<usize> = page
            .lines()
            .map(|line| line.split_whitespace().count())
            .collect();
        assert_eq!(counts, [1, 0]);
    }
}
