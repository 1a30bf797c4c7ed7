//! What Lighthouse says about the pages, on a line of 10 Mbit/s and 40 ms.

use crate::browser::chromium;
use crate::process::{command, run, step};
use crate::tools::lighthouse;
use crate::workspace::{root, target};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

/// The pages, and what they are called here.
const PAGES: [(&str, &str); 6] = [
    (
        "graph",
        "/graph?g0.tab=graph&g0.range_input=1h&g0.expr=rate(prometheus_http_requests_total%5B5m%5D)",
    ),
    ("home", "/"),
    ("dashboards", "/dashboards"),
    ("alerts", "/alerts"),
    ("targets", "/targets"),
    ("tsdb-status", "/tsdb-status"),
];

/// Lighthouse's own profile of a desktop: 10 Mbit/s, 40 ms, the processor as it is.
const FLAGS: [&str; 6] = [
    "--quiet",
    "--output=json",
    "--preset=desktop",
    "--throttling-method=devtools",
    "--only-categories=performance,accessibility",
    "--chrome-flags=--headless=new --no-sandbox --disable-gpu",
];
/// What the line does to each request where it is really slowed down.
const LINE: [&str; 3] = [
    "--throttling.requestLatencyMs=40",
    "--throttling.downloadThroughputKbps=10240",
    "--throttling.uploadThroughputKbps=10240",
];

/// A server that ends with this value.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Measures the pages of `server`, the built program, or of the one that `WATCHFIRE_URL` names, and prints
/// scores and times. Only pages whose name holds one of `names`, if there are any.
pub(crate) fn measure(
    server: impl FnOnce() -> Result<std::path::PathBuf>,
    names: &[String],
) -> Result<()> {
    let folder = target().join("lighthouse");
    std::fs::create_dir_all(&folder)?;
    let (_server, url) = if let Ok(url) = std::env::var("WATCHFIRE_URL") {
        (None, url)
    } else {
        let (server, url) = start(&server()?, &folder)?;
        (Some(server), url)
    };
    let (tool, browser) = (lighthouse()?, chromium()?);
    let mut lines = Vec::new();
    for (name, path) in PAGES {
        if !names.is_empty() && !names.iter().any(|wanted| name.contains(wanted.as_str())) {
            continue;
        }
        let report = folder.join(format!("{name}.json"));
        step(name, || {
            run(command(tool.join("lighthouse"), &root())
                .arg(format!("{url}{path}"))
                .args(FLAGS)
                .args(LINE)
                .arg(format!("--output-path={}", report.display()))
                .env("CHROME_PATH", &browser))
        })?;
        lines.push(line(name, &report)?);
    }
    println!(
        "page | performance | accessibility | first paint | largest paint | blocked | shift | interactive"
    );
    for line in lines {
        println!("{line}");
    }
    println!("whole reports: {}", folder.display());
    Ok(())
}

fn start(program: &Path, folder: &Path) -> Result<(Server, String)> {
    let mut child = command(program, folder)
        .args([
            "--web.listen-address=127.0.0.1:0",
            "--storage.tsdb.path=data",
        ])
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start the server")?;
    let log = child.stderr.take().context("the server has no log")?;
    let server = Server(child);
    let mut log = BufReader::new(log).lines();
    for line in log.by_ref() {
        let line = line?;
        if let Some((_, address)) = line.split_once("msg=listening address=") {
            let url = address.split_whitespace().next().unwrap_or_default();
            // Whatever it says later is of no interest, but must be read.
            std::thread::spawn(move || log.for_each(drop));
            return Ok((server, url.to_owned()));
        }
    }
    bail!("the server ended before it listened")
}

/// A page's scores and times, and what it was marked down for.
fn line(name: &str, report: &Path) -> Result<String> {
    let text = std::fs::read_to_string(report).context("there is no report")?;
    let report: Value = serde_json::from_str(&text).context("the report cannot be read")?;
    let score = |category: &str| {
        let score = report.pointer(&format!("/categories/{category}/score"));
        score.and_then(Value::as_f64).unwrap_or_default() * 100.0
    };
    let shown = |audit: &str| {
        let value = report.pointer(&format!("/audits/{audit}/displayValue"));
        value.and_then(Value::as_str).unwrap_or("?").to_owned()
    };
    let mut line = format!(
        "{name} | {:.0} | {:.0} | {} | {} | {} | {} | {}",
        score("performance"),
        score("accessibility"),
        shown("first-contentful-paint"),
        shown("largest-contentful-paint"),
        shown("total-blocking-time"),
        shown("cumulative-layout-shift"),
        shown("interactive"),
    );
    let refs = report.pointer("/categories/accessibility/auditRefs");
    for one in refs.and_then(Value::as_array).into_iter().flatten() {
        let id = one.get("id").and_then(Value::as_str).unwrap_or_default();
        let failed = report
            .pointer(&format!("/audits/{id}/score"))
            .and_then(Value::as_f64)
            == Some(0.0);
        if failed {
            line.push_str("\n    fails: ");
            line.push_str(id);
        }
    }
    Ok(line)
}
