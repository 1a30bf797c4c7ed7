//! A real Prometheus to compare with.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A running Prometheus on a free port; killed when dropped.
pub(crate) struct Prometheus {
    child: Child,
    pub(crate) url: String,
}

impl Prometheus {
    /// Starts it with its data in `folder` and the configuration `file`.
    pub(crate) fn start(folder: &Path, file: &Path) -> Self {
        let child = Command::new("prometheus")
            .current_dir(folder)
            .arg(format!("--config.file={}", file.display()))
            .arg("--storage.tsdb.path=prometheus-data")
            .arg("--web.listen-address=127.0.0.1:0")
            .arg("--web.enable-remote-write-receiver")
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let mut running = Self {
            child,
            url: String::new(),
        };
        let mut log = BufReader::new(running.child.stderr.take().unwrap());
        let mut seen = String::new();
        // The address and that requests are answered are told in either order.
        let mut is_ready = false;
        while !is_ready || running.url.is_empty() {
            let mut line = String::new();
            assert!(log.read_line(&mut line).unwrap() > 0, "it ended:\n{seen}");
            if let Some((_, address)) = line.split_once("msg=\"Listening on\" address=") {
                running.url = format!("http://{}", address.trim());
            }
            seen.push_str(&line);
            is_ready |= line.contains("Server is ready");
        }
        std::thread::spawn(move || log.read_to_end(&mut Vec::new()));
        running
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
