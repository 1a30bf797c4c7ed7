//! The pages that servers scrape: a process of our own program, and what it knows of its visitors.

use crate::generator::{Shape, instance_name};
use crate::http;
use crate::server::Process;
use anyhow::{Context, Result};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A process that serves the generator's data.
pub(super) struct Pages {
    process: Process,
    port: u16,
    agent: ureq::Agent,
}

impl Pages {
    /// Starts it with the data of `shape`, which goes one step each `interval_s` seconds.
    ///
    /// # Errors
    /// If it does not start.
    pub(super) fn start(shape: &Shape, interval_s: u64) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .arg("serve")
            .arg(format!("--instances={}", shape.instances))
            .arg(format!("--series={}", shape.lines))
            .arg(format!("--seed={}", shape.seed))
            .arg(format!("--mix={}", shape.mix.name()))
            .arg(format!("--step-ms={}", interval_s * 1_000))
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let mut process = Process::start(&mut command)?;
        let mut line = String::new();
        let output = process.output().context("the pages have no output")?;
        BufReader::new(output).read_line(&mut line)?;
        Ok(Self {
            process,
            port: line
                .trim()
                .parse()
                .context("the pages did not tell their port")?,
            agent: http::agent(Duration::from_mins(1)),
        })
    }

    /// Prometheus' configuration that scrapes all of them.
    pub(super) fn config(&self, shape: &Shape, interval_s: u64) -> String {
        let mut text = format!(
            "global:\n  scrape_interval: {interval_s}s\n  scrape_timeout: {interval_s}s\n\
             scrape_configs:\n  - job_name: node\n    static_configs:\n"
        );
        for instance in 0..shape.instances {
            let (port, name) = (self.port, instance_name(instance));
            let _ = writeln!(text, "      - targets: [\"127.0.0.1:{port}\"]");
            let path = format!("/t/{instance}/metrics");
            let _ = writeln!(
                text,
                "        labels: {{instance: \"{name}\", __metrics_path__: \"{path}\"}}"
            );
        }
        text
    }

    /// For each target the times at which its page was asked for, in milliseconds.
    ///
    /// # Errors
    /// If the process has ended.
    pub(super) fn arrivals(&self) -> Result<Vec<Vec<f64>>> {
        let url = format!("http://127.0.0.1:{}/arrivals", self.port);
        let (body, _) = http::get(&self.agent, &url)?;
        let text = String::from_utf8(body)?;
        let times = |line: &str| -> Result<Vec<f64>> {
            let micros = line.split_whitespace().map(str::parse::<f64>);
            Ok(micros
                .map(|time| time.map(|time| time / 1e3))
                .collect::<Result<_, _>>()?)
        };
        text.lines().map(times).collect()
    }

    /// Pages asked for so far.
    ///
    /// # Errors
    /// If the process has ended.
    pub(super) fn asked(&self) -> Result<usize> {
        Ok(self.arrivals()?.iter().map(Vec::len).sum())
    }

    /// Processor time so far.
    ///
    /// # Errors
    /// If the process has ended.
    pub(super) fn cpu_seconds(&self) -> Result<f64> {
        crate::procfs::cpu_seconds(self.process.id())
    }
}
