//! Servers as child processes that never outlive this program.

use crate::http;
use crate::procfs::{self, Memory};
use crate::system::{Installed, System};
use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::fs::{File, create_dir_all};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Processes to end when this program is told to end.
static RUNNING: Mutex<Vec<u32>> = Mutex::new(Vec::new());

/// Ends all child processes, then this one, when a signal asks for it.
///
/// # Errors
/// If the signals cannot be watched.
pub(crate) fn end_children_on_signals() -> Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGHUP, SIGINT, SIGTERM])?;
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let running = RUNNING.lock().map(|pids| pids.clone()).unwrap_or_default();
            for pid in running {
                let _ = send(pid, Signal::KILL);
            }
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

fn send(pid: u32, signal: Signal) -> Result<()> {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    kill_process(pid.context("not a process")?, signal).context("cannot signal the process")
}

/// A child process that ends with its owner.
pub(crate) struct Process {
    child: Child,
}

impl Process {
    /// Starts `command`.
    ///
    /// # Errors
    /// If it cannot be started.
    pub(crate) fn start(command: &mut Command) -> Result<Self> {
        let child = command
            .spawn()
            .with_context(|| format!("cannot start `{}`", command.get_program().display()))?;
        if let Ok(mut running) = RUNNING.lock() {
            running.push(child.id());
        }
        Ok(Self { child })
    }

    /// Its id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Its standard output, if that was piped and not yet taken.
    pub(crate) fn output(&mut self) -> Option<std::process::ChildStdout> {
        self.child.stdout.take()
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    fn forget(&self) {
        if let Ok(mut running) = RUNNING.lock() {
            running.retain(|pid| *pid != self.child.id());
        }
    }

    /// Asks the process to end, and ends it if it does not within two minutes.
    pub(crate) fn stop(mut self) {
        let begin = Instant::now();
        if send(self.id(), Signal::TERM).is_ok() {
            while !self.has_ended() && begin.elapsed() < Duration::from_mins(2) {
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

impl Drop for Process {
    /// As `kill -9` does, whatever the process is at.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.forget();
    }
}

/// A running server.
pub(crate) struct Server {
    /// Which.
    pub(crate) system: System,
    /// Scheme, address and port.
    pub(crate) base: String,
    /// The client to ask it with.
    pub(crate) agent: ureq::Agent,
    /// From start to ready.
    pub(crate) ready_after: Duration,
    folder: PathBuf,
    process: Process,
}

impl Server {
    /// Starts a server in `folder`, with the data that is already there, and waits until it is ready.
    ///
    /// # Errors
    /// If it cannot be started, ends, or is not ready within ten minutes.
    pub(crate) fn start(installed: &Installed, folder: &Path, config: &str) -> Result<Self> {
        create_dir_all(folder)?;
        std::fs::write(folder.join("config.yml"), config)?;
        let port = free_port()?;
        let fill = |flag: &str| {
            let folder = folder.to_string_lossy();
            flag.replace("<folder>", &folder)
                .replace("<port>", &port.to_string())
        };
        let system = installed.system;
        let scrapes = config.contains("scrape_configs");
        let scrape_flag = system.scrape_flag().filter(|_| scrapes);
        let log = File::options()
            .append(true)
            .create(true)
            .open(folder.join("log"))?;
        let mut command = Command::new(&installed.binary);
        command
            .args(system.flags().into_iter().chain(scrape_flag).map(fill))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        let begin = Instant::now();
        let mut process = Process::start(&mut command)?;
        let base = format!("http://127.0.0.1:{port}");
        let probe = http::agent(Duration::from_secs(5));
        let url = format!("{base}{}", system.ready_path());
        loop {
            // Only a listening server is worth a request.
            let listens = TcpStream::connect(("127.0.0.1", port)).is_ok();
            if listens && http::get(&probe, &url).is_ok() {
                break;
            }
            if process.has_ended() {
                bail!(
                    "{} ended at its start: {}",
                    system.title(),
                    last_lines(folder)
                );
            }
            if begin.elapsed() > Duration::from_mins(10) {
                bail!("{} was not ready in ten minutes", system.title());
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(Self {
            system,
            base,
            agent: http::agent(Duration::from_mins(10)),
            ready_after: begin.elapsed(),
            folder: folder.to_path_buf(),
            process,
        })
    }

    /// Where its data lies.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Where remote write goes.
    pub(crate) fn write_url(&self) -> String {
        format!("{}/api/v1/write", self.base)
    }

    /// Processor time so far.
    ///
    /// # Errors
    /// If the server has ended.
    pub(crate) fn cpu_seconds(&self) -> Result<f64> {
        procfs::cpu_seconds(self.process.id()).with_context(|| self.gone())
    }

    /// Memory now.
    ///
    /// # Errors
    /// If the server has ended.
    pub(crate) fn memory(&self) -> Result<Memory> {
        procfs::memory(self.process.id()).with_context(|| self.gone())
    }

    fn gone(&self) -> String {
        let lines = last_lines(&self.folder);
        format!("{} has ended: {lines}", self.system.title())
    }

    /// Makes everything written so far visible to queries.
    ///
    /// # Errors
    /// If the server has a call for it and refuses.
    pub(crate) fn flush(&self) -> Result<()> {
        if let Some(path) = self.system.flush_path() {
            http::get(&self.agent, &format!("{}{path}", self.base))?;
            // Its parts reach the disk when they are five seconds old, looked at every five seconds.
            std::thread::sleep(Duration::from_secs(12));
        }
        Ok(())
    }

    /// Brings the data on disk to its final form, as far as that takes a call.
    ///
    /// # Errors
    /// If the server has a call for it and refuses.
    pub(crate) fn merge(&self) -> Result<()> {
        if let Some(path) = self.system.merge_path() {
            http::get(&self.agent, &format!("{}{path}", self.base))?;
        }
        Ok(())
    }

    /// The one number that `query` has for an answer.
    ///
    /// # Errors
    /// If the query fails.
    pub(crate) fn number(&self, query: &str, at_ms: i64) -> Result<Option<f64>> {
        http::number(&self.agent, &self.base, query, at_ms)
    }

    /// Ends it with no warning, as `kill -9` does.
    pub(crate) fn kill(self) {
        drop(self);
    }

    /// Ends it in good order.
    pub(crate) fn stop(self) {
        self.process.stop();
    }
}

fn last_lines(folder: &Path) -> String {
    let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    let lines: Vec<&str> = log.lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join(" / ")
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
