//! The servers that are compared, and how each is started.

use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A server that takes part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum System {
    /// Ours.
    Watchfire,
    /// The one to be like, and better than.
    Prometheus,
    /// The one known for needing little.
    Victoria,
}

impl System {
    /// Everybody, in the order of the page's columns.
    pub(crate) const ALL: [Self; 3] = [Self::Watchfire, Self::Prometheus, Self::Victoria];

    /// The word on the command line and in files.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::Watchfire => "watchfire",
            Self::Prometheus => "prometheus",
            Self::Victoria => "victoria",
        }
    }

    /// The name on the page.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Watchfire => "Watchfire",
            Self::Prometheus => "Prometheus",
            Self::Victoria => "VictoriaMetrics",
        }
    }

    /// Answers with success once the server does its work.
    pub(crate) fn ready_path(self) -> &'static str {
        match self {
            Self::Watchfire | Self::Prometheus => "/-/ready",
            Self::Victoria => "/health",
        }
    }

    /// Makes what was written visible to queries, where that takes a call.
    pub(crate) fn flush_path(self) -> Option<&'static str> {
        (self == Self::Victoria).then_some("/internal/force_flush")
    }

    /// Brings the data on disk to its final form, where that takes a call.
    pub(crate) fn merge_path(self) -> Option<&'static str> {
        (self == Self::Victoria).then_some("/internal/force_merge")
    }

    /// The flags, with `<folder>` and `<port>` in place of what changes from run to run.
    ///
    /// Retention reaches past all data; caches of answers are off and limits on queries raised, so that
    /// every query is worked out each time.
    pub(crate) fn flags(self) -> Vec<&'static str> {
        match self {
            Self::Watchfire => vec![
                "--config.file=<folder>/config.yml",
                "--storage.tsdb.path=<folder>/data",
                "--web.listen-address=127.0.0.1:<port>",
                "--web.enable-remote-write-receiver",
                "--storage.tsdb.retention.time=365d",
            ],
            Self::Prometheus => vec![
                "--config.file=<folder>/config.yml",
                "--storage.tsdb.path=<folder>/data",
                "--web.listen-address=127.0.0.1:<port>",
                "--web.enable-remote-write-receiver",
                "--storage.tsdb.retention.time=365d",
                "--log.level=warn",
            ],
            Self::Victoria => vec![
                "-storageDataPath=<folder>/data",
                "-httpListenAddr=127.0.0.1:<port>",
                "-retentionPeriod=12",
                "-loggerLevel=ERROR",
                "-search.disableCache=true",
                "-search.latencyOffset=0s",
                "-search.maxUniqueTimeseries=3000000",
                "-search.maxSamplesPerQuery=10000000000",
            ],
        }
    }

    /// The flag that hands over the scrape configuration, where it is not among the others.
    pub(crate) fn scrape_flag(self) -> Option<&'static str> {
        (self == Self::Victoria).then_some("-promscrape.config=<folder>/config.yml")
    }
}

/// A server that is there to be started.
#[derive(Debug, Clone)]
pub(crate) struct Installed {
    /// Which.
    pub(crate) system: System,
    /// Its program.
    pub(crate) binary: PathBuf,
    /// What it says its version is.
    pub(crate) version: String,
}

impl Installed {
    /// Asks the program for its version.
    ///
    /// # Errors
    /// If there is no such program or it does not say.
    pub(crate) fn find(system: System, binary: &Path) -> Result<Self> {
        let output = Command::new(binary)
            .arg(match system {
                System::Watchfire | System::Prometheus => "--version",
                System::Victoria => "-version",
            })
            .output()
            .with_context(|| format!("cannot start `{}`", binary.display()))?;
        if !output.status.success() {
            bail!("`{}` does not tell its version", binary.display());
        }
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let first = said.lines().find(|line| !line.trim().is_empty());
        let version = match first {
            Some(line) => short_version(line),
            None => packaged_version(binary).unwrap_or_else(|| "unknown version".to_owned()),
        };
        Ok(Self {
            system,
            binary: binary.to_path_buf(),
            version,
        })
    }
}

/// What Debian's package of the same name is. Its build of VictoriaMetrics does not know its own version.
fn packaged_version(binary: &Path) -> Option<String> {
    let name = binary.file_name()?.to_str()?;
    let mut query = Command::new("dpkg-query");
    let output = query
        .args(["-W", "-f", "${Package} ${Version}", name])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// The version alone, without branches and revisions in parentheses.
fn short_version(line: &str) -> String {
    let line = line.split(" (").next().unwrap_or(line).trim();
    line.replace(", version", "")
        .trim_end_matches(',')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_cut_to_what_matters() {
        let line = "prometheus, version 2.42.0+ds (branch: debian/sid, revision: 1)";
        assert_eq!(short_version(line), "prometheus 2.42.0+ds");
        assert_eq!(short_version("watchfire 0.1.0"), "watchfire 0.1.0");
    }

    #[test]
    fn every_system_has_a_place_for_its_port_and_its_folder() {
        for system in System::ALL {
            let flags = system.flags().join(" ");
            assert!(flags.contains("<port>") && flags.contains("<folder>/data"));
        }
    }
}
