//! A run: finds the servers, goes through the parts, writes the page.

use crate::generator::Shape;
use crate::options::Run;
use crate::parts::Part;
use crate::procfs;
use crate::report::{Section, page};
use crate::server::end_children_on_signals;
use crate::sizes::{Hosts, STEP_MS, Sizes};
use crate::system::{Installed, System};
use anyhow::{Context, Result, bail};
use chrono::DateTime;
use clap::ValueEnum;
use clock::{Clock, SystemClock};
use std::path::{Path, PathBuf};

/// What every part of a run needs.
pub(crate) struct Bench {
    /// The servers that take part.
    pub(crate) installed: Vec<Installed>,
    /// The command line.
    pub(crate) options: Run,
    /// How large each part is.
    pub(crate) sizes: Sizes,
    command: String,
}

/// Goes through the parts and writes the page.
///
/// # Errors
/// If our server is missing, or a part fails; what earlier parts found is kept.
pub(crate) fn run(options: &Run) -> Result<()> {
    end_children_on_signals()?;
    let bench = Bench::new(options)?;
    let results = bench.results();
    let parts = match options.only.as_slice() {
        [] => Part::value_variants().to_vec(),
        some => some.to_vec(),
    };
    for part in parts {
        println!("==> {}", part.title());
        let mut section = part.run(&bench)?;
        let mut conditions = bench.conditions();
        conditions.append(&mut section.conditions);
        section.conditions = conditions;
        section.save(&results)?;
        // After each part, so that an interrupted run leaves a page of what it found.
        bench.write_page()?;
    }
    println!("wrote {}", bench.page().display());
    Ok(())
}

impl Bench {
    fn new(options: &Run) -> Result<Self> {
        let mut installed = Vec::new();
        for system in System::ALL {
            if !options.systems.contains(&system) {
                continue;
            }
            let binary = match system {
                System::Watchfire => &options.watchfire_bin,
                System::Prometheus => &options.prometheus_bin,
                System::Victoria => &options.victoria_bin,
            };
            match Installed::find(system, binary) {
                Ok(found) => installed.push(found),
                Err(error) if system == System::Watchfire => return Err(error),
                Err(error) => println!("    left out: {error:#}"),
            }
        }
        if installed.is_empty() {
            bail!("there is no server to measure");
        }
        let mut sizes = if options.quick {
            Sizes::QUICK
        } else {
            Sizes::FULL
        };
        if let Some(hours) = options.disk_hours {
            sizes.disk.steps = crate::sizes::steps_in(hours);
        }
        if let Some(minutes) = options.million_minutes {
            sizes.million.measured = std::time::Duration::from_secs(minutes * 60);
        }
        Ok(Self {
            installed,
            options: options.clone(),
            sizes,
            command: command_line(std::env::args().skip(2)),
        })
    }

    fn results(&self) -> PathBuf {
        self.options.folder.join(if self.options.quick {
            "quick"
        } else {
            "results"
        })
    }

    fn page(&self) -> PathBuf {
        self.options.page.clone().unwrap_or_else(|| {
            if self.options.quick {
                self.results().join("benchmarks.md")
            } else {
                PathBuf::from("docs/benchmarks.md")
            }
        })
    }

    fn write_page(&self) -> Result<()> {
        let mut sections = Vec::new();
        for part in Part::value_variants() {
            sections.extend(Section::load(&self.results(), part.key())?);
        }
        let page = page("cargo xtask bench", &sections);
        std::fs::write(self.page(), page)
            .with_context(|| format!("cannot write {}", self.page().display()))
    }

    /// An empty folder for a server in a part.
    ///
    /// # Errors
    /// If what was there cannot be removed.
    pub(crate) fn fresh_folder(&self, part: Part, system: System) -> Result<PathBuf> {
        let folder = self
            .options
            .folder
            .join("data")
            .join(part.key())
            .join(system.key());
        if folder.exists() {
            std::fs::remove_dir_all(&folder)?;
        }
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }

    /// Removes the data of a part.
    pub(crate) fn clean(&self, part: Part) {
        // A folder that stays costs space, no result.
        let _ = std::fs::remove_dir_all(self.options.folder.join("data").join(part.key()));
    }

    /// The data of `hosts`.
    pub(crate) fn shape(&self, hosts: Hosts, metric: Option<&str>) -> Shape {
        Shape {
            instances: hosts.instances,
            lines: hosts.lines,
            seed: self.options.seed,
            mix: self.options.mix,
            metric: metric.map(str::to_owned),
        }
    }

    /// Now, in milliseconds.
    #[expect(clippy::unused_self, reason = "the clock belongs to the run")]
    pub(crate) fn now_ms(&self) -> i64 {
        SystemClock.now().0
    }

    /// When loaded data ends: ten minutes ago, on a step, so that no server takes it for the future.
    pub(crate) fn data_end_ms(&self) -> i64 {
        (self.now_ms() - 600_000) / (4 * STEP_MS) * (4 * STEP_MS)
    }

    /// What holds for every part of the run.
    fn conditions(&self) -> Vec<(String, String)> {
        let now = DateTime::from_timestamp_millis(self.now_ms()).unwrap_or_default();
        let mut lines = vec![
            (
                "measured".to_owned(),
                now.format("%Y-%m-%d %H:%M UTC").to_string(),
            ),
            ("command".to_owned(), format!("`{}`", self.command)),
        ];
        let machine = procfs::machine().into_iter();
        lines.extend(machine.map(|(name, value)| (name.to_owned(), value)));
        for installed in &self.installed {
            let flags = installed.system.flags().join(" ");
            let value = format!("{}, `{flags}`", installed.version);
            lines.push((installed.system.title().to_owned(), value));
        }
        lines
    }
}

/// The command as somebody would type it, without folders of this machine, which say nothing to others.
fn command_line(arguments: impl Iterator<Item = String>) -> String {
    let mut words = vec!["cargo xtask bench".to_owned()];
    for argument in arguments {
        match argument.split_once('=') {
            Some((_, path)) if Path::new(path).is_absolute() => {}
            None if Path::new(&argument).is_absolute() => {
                // The flag that it belongs to.
                words.pop();
            }
            _ => words.push(argument),
        }
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_that_of_the_project() {
        let line = |text: &str| command_line(text.split(' ').map(str::to_owned));
        assert_eq!(
            line("--quick --only scrape"),
            "cargo xtask bench --quick --only scrape"
        );
        assert_eq!(
            line("--watchfire-bin=/a/b --quick"),
            "cargo xtask bench --quick"
        );
    }
}
