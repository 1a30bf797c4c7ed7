//! Groups of rules while the server runs: a task for each.

use clock::Clock;
use config::Config;
use model::{DurationMs, TimestampMs};
use parking_lot::Mutex;
use promql_syntax::ParseOptions;
use rules::{FileErrors, GroupRunner, Manager, RuleFile, RuleOptions};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{AbortHandle, JoinSet};

/// Why the rules of a configuration cannot run.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// A pattern of `rule_files`.
    #[error(transparent)]
    Paths(#[from] config::Error),
    /// A rule file.
    #[error("{0}")]
    File(FileErrors),
}

/// Runs the groups of the configuration.
pub(crate) struct RuleTasks {
    pub(crate) manager: Arc<Manager>,
    notify: Arc<notify::Manager>,
    clock: Arc<dyn Clock>,
    parse_options: ParseOptions,
    /// What the flags say; the configuration's part is filled in when it is applied.
    options: RuleOptions,
    /// Held while groups change.
    wanted: tokio::sync::Mutex<Wanted>,
    /// The files of the configuration, for whoever asks while groups change.
    files: Mutex<Vec<PathBuf>>,
    state: Mutex<State>,
}

/// What is to run.
#[derive(Default)]
struct Wanted {
    /// Rules of the configuration.
    files: Vec<RuleFile>,
    /// Rules of the metadata.
    stored: Vec<RuleFile>,
    /// What the configuration says of all of them.
    options: RuleOptions,
    /// Whether a configuration was applied: only the first one restores the state of alerts.
    is_running: bool,
    /// Whether rules of the metadata were applied; likewise.
    has_stored: bool,
}

#[derive(Default)]
struct State {
    tasks: JoinSet<()>,
    groups: Vec<(Arc<GroupRunner>, AbortHandle)>,
}

impl RuleTasks {
    pub(crate) fn new(
        manager: Arc<Manager>,
        notify: Arc<notify::Manager>,
        clock: Arc<dyn Clock>,
        parse_options: ParseOptions,
        options: RuleOptions,
    ) -> Self {
        Self {
            manager,
            notify,
            clock,
            parse_options,
            options,
            wanted: tokio::sync::Mutex::default(),
            files: Mutex::default(),
            state: Mutex::default(),
        }
    }

    /// Where alerts go.
    pub(crate) fn notify(&self) -> Arc<notify::Manager> {
        Arc::clone(&self.notify)
    }

    /// Reads the rule files of a configuration. Blocks.
    ///
    /// # Errors
    /// The first file that cannot be read or has faults.
    pub(crate) fn load(&self, config: &Config) -> Result<Vec<RuleFile>, Error> {
        let paths = config.rule_paths()?;
        let files = paths
            .iter()
            .map(|path| RuleFile::load(path, self.parse_options));
        files.map(|file| file.map_err(Error::File)).collect()
    }

    /// Makes the rules of `files` and the Alertmanagers of `config` those that run.
    pub(crate) async fn apply(&self, files: Vec<RuleFile>, config: &Config) {
        self.notify
            .apply(&config.alerting, &config.global.external_labels);
        let mut wanted = self.wanted.lock().await;
        wanted.files = files;
        wanted.options = RuleOptions {
            evaluation_interval: config.global.evaluation_interval,
            query_offset: config.global.rule_query_offset,
            external_labels: config.global.external_labels.clone(),
            ..self.options.clone()
        };
        let restore = !std::mem::replace(&mut wanted.is_running, true);
        self.run(&wanted, restore).await;
    }

    /// Makes `stored` the rules of the metadata that run.
    pub(crate) async fn apply_stored(&self, stored: Vec<RuleFile>) {
        let mut wanted = self.wanted.lock().await;
        if wanted.has_stored && wanted.stored == stored {
            return;
        }
        wanted.stored = stored;
        let restore = !std::mem::replace(&mut wanted.has_stored, true);
        self.run(&wanted, restore).await;
    }

    /// Reads one of the configuration's files again and makes its rules those that run.
    ///
    /// # Errors
    /// The file's faults; then its old rules run on.
    pub(crate) async fn apply_file(&self, path: &Path) -> Result<(), FileErrors> {
        let mut wanted = self.wanted.lock().await;
        let (read, options) = (path.to_owned(), self.parse_options);
        let reading = tokio::task::spawn_blocking(move || RuleFile::load(&read, options));
        let file = match reading.await {
            Ok(file) => file?,
            Err(error) => {
                let message = error.to_string();
                return Err(FileErrors {
                    path: path.display().to_string(),
                    faults: vec![rules::Fault::Read { message }],
                });
            }
        };
        if let Some(known) = wanted.files.iter_mut().find(|one| one.path == file.path) {
            *known = file;
            self.run(&wanted, false).await;
        }
        Ok(())
    }

    /// The rule files of the configuration.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        self.files.lock().clone()
    }

    pub(crate) fn parse_options(&self) -> ParseOptions {
        self.parse_options
    }

    /// Makes what is wanted run. `restore`: groups that begin take up the state of their alerts.
    async fn run(&self, wanted: &Wanted, restore: bool) {
        let files = wanted.files.iter().map(|file| PathBuf::from(&file.path));
        *self.files.lock() = files.collect();
        let options = RuleOptions {
            restore,
            ..wanted.options.clone()
        };
        let all = wanted.files.iter().chain(&wanted.stored);
        let all: Vec<RuleFile> = all.cloned().collect();
        let manager = Arc::clone(&self.manager);
        // Waits for evaluations of groups that change.
        let applying = tokio::task::spawn_blocking(move || manager.apply(all, &options));
        let Ok(change) = applying.await else {
            tracing::error!("rules were not applied: a mistake of ours; see above");
            return;
        };
        let mut state = self.state.lock();
        while state.tasks.try_join_next().is_some() {}
        let (mut stays, mut ends) = (Vec::new(), Vec::new());
        for (group, task) in std::mem::take(&mut state.groups) {
            if change.stopped.iter().any(|gone| Arc::ptr_eq(gone, &group)) {
                ends.push(task);
            } else {
                stays.push((group, task));
            }
        }
        for task in ends {
            task.abort();
        }
        state.groups = stays;
        for group in change.started {
            let task = run(Arc::clone(&group), Arc::clone(&self.clock));
            let handle = state.tasks.spawn(task);
            state.groups.push((group, handle));
        }
        for group in change.stopped {
            let ending = end_series(group, Arc::clone(&self.manager), Arc::clone(&self.clock));
            state.tasks.spawn(ending);
        }
    }

    /// Ends evaluations, then sends what is left to be sent.
    pub(crate) async fn shutdown(&self) {
        let manager = Arc::clone(&self.manager);
        let mut tasks = std::mem::take(&mut self.state.lock().tasks);
        tasks.abort_all();
        let stopping = tokio::task::spawn_blocking(move || manager.stop());
        if stopping.await.is_err() {
            tracing::error!("rules were not stopped: a mistake of ours; see above");
        }
        while tasks.join_next().await.is_some() {}
        self.notify.shutdown().await;
    }
}

/// Evaluates a group at each of its slots; ends when it is aborted.
async fn run(group: Arc<GroupRunner>, clock: Arc<dyn Clock>) {
    let mut slot = group.first_slot(clock.now());
    loop {
        sleep_until(slot, &*clock).await;
        let evaluated = Arc::clone(&group);
        let work = tokio::task::spawn_blocking(move || evaluated.evaluate(slot));
        if work.await.is_err() {
            tracing::error!(
                group = group.name(),
                "an evaluation ended unexpectedly; the group goes on"
            );
        }
        sleep_until(slot + group.interval(), &*clock).await;
        slot = group.due_slot(slot, clock.now());
    }
}

async fn sleep_until(time: TimestampMs, clock: &dyn Clock) {
    let left = u64::try_from(time.0 - clock.now().0).unwrap_or(0);
    tokio::time::sleep(Duration::from_millis(left)).await;
}

/// Ends the series of a removed group, unless another took its place meanwhile.
async fn end_series(group: Arc<GroupRunner>, manager: Arc<Manager>, clock: Arc<dyn Clock>) {
    let pause = DurationMs(group.interval().0.saturating_mul(2));
    sleep_until(clock.now() + pause, &*clock).await;
    let is_back =
        |have: &Arc<GroupRunner>| have.file() == group.file() && have.name() == group.name();
    if manager.runners().iter().any(is_back) {
        return;
    }
    let now = clock.now();
    let ending = tokio::task::spawn_blocking(move || group.end_series(now));
    if ending.await.is_err() {
        tracing::error!("series of a removed group were not ended: a mistake of ours; see above");
    }
}
