//! `/api/watchfire/config`, `/api/watchfire/config/check`, `/api/watchfire/remote`.

use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::success;
use crate::running_config::diff;
use crate::state::ApiState;
use crate::time::format_time;
use api_types::{
    ConfigCheck, ConfigState, ConfigWarning, RemoteCounter, RemotePeer, RemoteSender, RemoteState,
};
use axum::extract::State;
use axum::response::Response;
use config::Config;
use model::{Labels, MetricFamily};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What stands for the file's name in messages about a pasted configuration.
const PASTED: &str = "prometheus.yml";

/// `/api/watchfire/config`
pub(crate) async fn state(State(state): State<Arc<ApiState>>) -> Response {
    let config = &state.config;
    let failure = config.failure();
    success(ConfigState {
        yaml: config.yaml(),
        file: config.file(),
        loaded: format_time(config.loaded()),
        successful: config.is_successful(),
        failed: failure
            .as_ref()
            .map(|(_, at)| format_time(*at))
            .unwrap_or_default(),
        error: failure.map(|(error, _)| error).unwrap_or_default(),
        warnings: config.warnings(),
        changed: config.changed(),
    })
}

/// `POST /api/watchfire/config/check`: what is wrong with the configuration in `yaml`, or with the file's as
/// it stands now where `file=true`, and how it differs from the one that runs. Nothing is applied.
pub(crate) async fn check(
    State(state): State<Arc<ApiState>>,
    params: Params,
) -> Result<Response, ApiError> {
    let own = state.config.file();
    let source = match params.get("yaml") {
        Some(text) => Source::Pasted(text.to_owned()),
        None if params.get("file") == Some("true") && !own.is_empty() => Source::File(own.into()),
        None => {
            let message = "no yaml parameter provided";
            return Err(ApiError::new(ErrorKind::BadData, message));
        }
    };
    let running = state.config.yaml();
    // Patterns of file names in it are looked up on the disk.
    let checking = tokio::task::spawn_blocking(move || checked(&source, &running));
    match checking.await {
        Ok(check) => Ok(success(check)),
        Err(error) => Err(ApiError::new(ErrorKind::Internal, error.to_string())),
    }
}

/// Where a configuration is that is checked.
enum Source {
    Pasted(String),
    /// The server's own file.
    File(PathBuf),
}

fn checked(source: &Source, running: &str) -> ConfigCheck {
    let (read, path) = match source {
        Source::Pasted(text) => (Config::parse(text, Path::new(PASTED)), Path::new(PASTED)),
        Source::File(path) => (Config::load(path), path.as_path()),
    };
    match read {
        Ok(config) => ConfigCheck {
            jobs: config.scrape_configs.len(),
            rule_files: config.rule_files.len(),
            warnings: warnings(&config),
            diff: diff(running, &config.to_yaml()),
            ..ConfigCheck::default()
        },
        Err(config::Error::Invalid {
            path: at,
            line,
            reason,
        }) if at == path => ConfigCheck {
            error: reason.to_string(),
            line,
            ..ConfigCheck::default()
        },
        Err(error) if matches!(source, Source::File(_)) => ConfigCheck {
            error: error.to_string(),
            ..ConfigCheck::default()
        },
        // What other files say is not for whoever may paste a name.
        Err(_) => ConfigCheck {
            error: "a file that `scrape_config_files` names cannot be read or is not valid".into(),
            ..ConfigCheck::default()
        },
    }
}

pub(crate) fn warnings(config: &Config) -> Vec<ConfigWarning> {
    let all = config.warnings.iter().map(|warning| ConfigWarning {
        place: format!("{}:{}", warning.path.display(), warning.line),
        field: warning.field.to_owned(),
    });
    all.collect()
}

/// `/api/watchfire/remote`
pub(crate) async fn remote(State(state): State<Arc<ApiState>>) -> Response {
    let families = state.registry.gather();
    let (writes, reads) = state.config.peers();
    let writes = writes.into_iter().map(|peer| sender(peer, &families));
    success(RemoteState {
        writes: writes.collect(),
        reads,
        receives: state.receiver.is_some(),
        counters: counters(&families),
    })
}

/// What is counted about one receiver that is sent to.
fn sender(peer: RemotePeer, families: &[MetricFamily]) -> RemoteSender {
    let sum = |what: &str| {
        let name = format!("prometheus_remote_storage_{what}");
        let points = families
            .iter()
            .filter(|family| family.name == name)
            .flat_map(|family| &family.points);
        let own = points.filter(|point| {
            let is = |label: &str, value: &str| point.labels.get(label) == Some(value);
            is("url", &peer.url) && (peer.name.is_empty() || is("remote_name", &peer.name))
        });
        // A sum of nothing would be -0.
        own.fold(0.0, |sum, point| sum + point.value)
    };
    let all = |end: &str| {
        let kinds = ["samples", "histograms", "exemplars"];
        kinds.map(|kind| sum(&format!("{kind}_{end}"))).iter().sum()
    };
    let newest = sum("queue_highest_timestamp_seconds");
    let sent = sum("queue_highest_sent_timestamp_seconds");
    RemoteSender {
        sent: all("total"),
        failed: all("failed_total"),
        pending: all("pending"),
        behind: if sent > 0.0 {
            (newest - sent).max(0.0)
        } else {
            0.0
        },
        peer,
    }
}

/// What is counted about remote write and remote read.
fn counters(families: &[MetricFamily]) -> Vec<RemoteCounter> {
    let is_remote =
        |name: &str| name.contains("_remote_write_") || name.contains("_remote_storage_");
    let mut counters: Vec<RemoteCounter> = families
        .iter()
        .filter(|family| is_remote(&family.name))
        .flat_map(|family| {
            let plain = family.points.iter().filter(|point| point.suffix.is_empty());
            plain.map(|point| RemoteCounter {
                series: series(&family.name, &point.labels),
                help: family.help.clone(),
                value: point.value,
            })
        })
        .collect();
    counters.sort_by(|a, b| a.series.cmp(&b.series));
    counters
}

fn series(name: &str, labels: &Labels) -> String {
    let pairs: Vec<String> = labels
        .iter()
        .map(|(name, value)| format!("{name}={value:?}"))
        .collect();
    if pairs.is_empty() {
        name.to_owned()
    } else {
        format!("{name}{{{}}}", pairs.join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pasted(text: &str) -> ConfigCheck {
        checked(&Source::Pasted(text.to_owned()), "")
    }

    #[test]
    fn the_file_is_compared_with_what_runs() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("prometheus.yml");
        std::fs::write(&path, "global: {scrape_interval: 15s}\n").unwrap();
        let running = Config::load(&path).unwrap().to_yaml();
        let source = Source::File(path.clone());
        assert_eq!(checked(&source, &running).diff, "");
        std::fs::write(&path, "global: {scrape_interval: 30s}\n").unwrap();
        let check = checked(&source, &running);
        assert!(
            check.diff.contains("+  scrape_interval: 30s\n"),
            "{check:?}"
        );
        std::fs::write(&path, "global: {scrape_interva: 30s}\n").unwrap();
        let check = checked(&source, &running);
        assert_eq!(check.line, 1);
        assert!(check.error.contains("scrape_interva"), "{check:?}");
    }

    #[test]
    fn a_pasted_configuration_is_checked_with_its_line() {
        let good = pasted("scrape_configs: [{job_name: a}]\nrule_files: [r.yml]\n");
        assert_eq!(
            (good.jobs, good.rule_files, good.error.as_str()),
            (1, 1, "")
        );
        let bad = pasted("global:\n  scrape_interva: 5s\n");
        assert_eq!(bad.line, 2);
        assert!(bad.error.contains("scrape_interva"), "{bad:?}");
    }

    #[test]
    fn what_other_files_say_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.yml");
        std::fs::write(&file, "hidden: words\n").unwrap();
        let text = format!("scrape_config_files: [{}]\n", file.display());
        let check = pasted(&text);
        assert!(
            !check.error.is_empty() && !check.error.contains("hidden"),
            "{check:?}"
        );
    }
}
