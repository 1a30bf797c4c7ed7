//! `watchfire check healthy` and `check ready`.

use super::Result;
use clap::Args;
use std::io::Write;
use std::time::Duration;

/// How long a server may take to say that it lives.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which server is asked.
#[derive(Debug, Clone, Args)]
pub(crate) struct CheckAlive {
    /// Address of the server.
    #[arg(long, value_name = "URL", default_value = "http://localhost:9090")]
    url: String,
}

impl CheckAlive {
    /// Asks for `path`; the exit status.
    pub(crate) fn run(&self, path: &str, out: &mut dyn Write) -> Result<u8> {
        let agent: ureq::Agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .into();
        let address = self.url.trim_end_matches('/');
        let mut answer = agent.get(format!("{address}{path}")).call()?;
        let status = answer.status().as_u16();
        let words = answer.body_mut().read_to_string()?;
        if status != 200 {
            anyhow::bail!("{path} answered {status}: {}", words.trim_end());
        }
        writeln!(out, "  SUCCESS: {}", words.trim_end())?;
        Ok(0)
    }
}
