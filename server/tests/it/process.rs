//! A running server.

use remote::Message;
use remote::encode::WriteRequest;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take before a test fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running server on a free port; killed when dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    /// What it logged until it listened.
    pub(crate) log: String,
    later: Arc<Mutex<String>>,
}

/// The built program.
pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_watchfire"))
}

/// A folder for one test, with a configuration file of `config`.
pub(crate) fn folder(config: &str) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("prometheus.yml");
    std::fs::write(&file, config).unwrap();
    (folder, file)
}

impl Server {
    /// Starts a server with its data in `folder` and the configuration `file`, if there is one.
    pub(crate) fn start(folder: &Path, file: Option<&Path>) -> Self {
        Self::start_with(folder, file, &[])
    }

    /// The same with more flags.
    pub(crate) fn start_with(folder: &Path, file: Option<&Path>, flags: &[&str]) -> Self {
        let mut command = program();
        command
            .current_dir(folder)
            .arg("--web.listen-address=127.0.0.1:0")
            .args(flags);
        if let Some(file) = file {
            command.arg(format!("--config.file={}", file.display()));
        }
        let child = command.stderr(Stdio::piped()).spawn().unwrap();
        // Owned from here on: whatever happens below, dropping it ends the process.
        let mut server = Self {
            child,
            url: String::new(),
            log: String::new(),
            later: Arc::default(),
        };
        let mut log = BufReader::new(server.child.stderr.take().unwrap());
        while server.url.is_empty() {
            let mut line = String::new();
            assert!(
                log.read_line(&mut line).unwrap() > 0,
                "the server ended:\n{}",
                server.log
            );
            if let Some((_, address)) = line.split_once("msg=listening address=") {
                address.trim().clone_into(&mut server.url);
            }
            server.log.push_str(&line);
        }
        // Read on, so that the server never waits for somebody to read its log.
        let later = Arc::clone(&server.later);
        std::thread::spawn(move || {
            let mut line = String::new();
            while log.read_line(&mut line).is_ok_and(|length| length > 0) {
                later.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        server
    }

    /// What it logged since it listens.
    pub(crate) fn later_log(&self) -> String {
        self.later.lock().unwrap().clone()
    }

    /// Kills the server as `kill -9` does, and waits until it is gone.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Number of the process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits until the server has ended by itself, and gives its exit status.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    /// Asks the server to stop and gives its exit status.
    pub(crate) fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        self.child.wait().unwrap().code()
    }

    /// Status and body of a GET.
    pub(crate) fn get(&self, path: &str) -> (u16, String) {
        get(&format!("{}{path}", self.url))
    }

    /// Status and body of a POST with a form.
    pub(crate) fn post(&self, path: &str, form: &[(&str, &str)]) -> (u16, String) {
        let request = agent().post(format!("{}{path}", self.url));
        let mut response = request.send_form(form.iter().copied()).unwrap();
        let body = response.body_mut().read_to_string().unwrap();
        (response.status().as_u16(), body)
    }

    /// Sends a remote write request (version 1) to a server that takes them.
    pub(crate) fn push(&self, request: &WriteRequest) {
        let body = request.encode(Message::V1).unwrap();
        push(&self.url, &body);
    }

    /// The JSON of a GET.
    pub(crate) fn json(&self, path: &str) -> Value {
        let (_, body) = self.get(path);
        serde_json::from_str(&body).unwrap_or_else(|error| panic!("{path}: {error}: {body}"))
    }

    /// `data.result` of an instant query.
    pub(crate) fn query(&self, expression: &str) -> Value {
        let path = format!("/api/v1/query?query={}", encode(expression));
        let answer = self.json(&path);
        assert_eq!(answer["status"], "success", "{expression}: {answer}");
        answer["data"]["result"].clone()
    }

    /// Waits until `ready` gives something.
    pub(crate) fn wait_for<T>(&self, what: &str, mut ready: impl FnMut(&Self) -> Option<T>) -> T {
        let start = Instant::now();
        loop {
            if let Some(found) = ready(self) {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "{what} did not come");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Waits until every target was scraped, and gives the targets.
    pub(crate) fn scraped(&self) -> Vec<Value> {
        self.wait_for("a scrape of every target", |server| {
            let targets = server.json("/api/v1/targets");
            let active = targets["data"]["activeTargets"].as_array().unwrap().clone();
            active
                .iter()
                .all(|target| target["health"] != "unknown")
                .then_some(active)
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A client for which every status is an answer.
pub(crate) fn agent() -> ureq::Agent {
    ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into()
}

/// Status and body of a GET.
pub(crate) fn get(url: &str) -> (u16, String) {
    let mut response = agent().get(url).call().unwrap();
    (
        response.status().as_u16(),
        response.body_mut().read_to_string().unwrap(),
    )
}

/// Sends the body of a remote write request (version 1).
pub(crate) fn push(url: &str, body: &[u8]) {
    let sent = ureq::post(format!("{url}/api/v1/write"))
        .header("content-type", "application/x-protobuf")
        .header("content-encoding", "snappy")
        .header("x-prometheus-remote-write-version", "0.1.0")
        .send(body);
    sent.unwrap_or_else(|error| panic!("{url}: {error}"));
}

/// A text as part of a query string.
pub(crate) fn encode(text: &str) -> String {
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
        out
    })
}
