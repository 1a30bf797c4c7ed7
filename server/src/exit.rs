//! Why the server did not start, as an exit status.

use std::process::ExitCode;

/// A failed start.
#[derive(Debug)]
pub(crate) struct Failure {
    status: u8,
    pub(crate) error: anyhow::Error,
}

/// A wrong flag or configuration, as Prometheus ends then; also clap's status.
const CONFIGURATION: u8 = 2;
/// The data folder cannot be used.
const STORAGE: u8 = 4;
/// Anything else.
const START: u8 = 1;

impl Failure {
    /// A wrong flag or configuration file.
    pub(crate) fn configuration(error: impl Into<anyhow::Error>) -> Self {
        Self {
            status: CONFIGURATION,
            error: error.into(),
        }
    }

    /// A data folder that cannot be used.
    pub(crate) fn storage(error: impl Into<anyhow::Error>) -> Self {
        Self {
            status: STORAGE,
            error: error.into(),
        }
    }

    /// Anything else.
    pub(crate) fn start(error: impl Into<anyhow::Error>) -> Self {
        Self {
            status: START,
            error: error.into(),
        }
    }

    /// What was being done.
    pub(crate) fn what(&self) -> &'static str {
        match self.status {
            CONFIGURATION => "configuration not usable",
            STORAGE => "storage not usable",
            _ => "server not started",
        }
    }

    pub(crate) fn code(&self) -> ExitCode {
        ExitCode::from(self.status)
    }
}
