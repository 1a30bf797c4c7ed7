//! `/api/watchfire/config`, `/api/watchfire/config/check`, `/api/watchfire/remote`.

use crate::error::{ApiError, ErrorKind};
use crate::params::Params;
use crate::response::success;
use crate::state::ApiState;
use crate::time::format_time;
use api_types::{
    ConfigCheck, ConfigState, ConfigWarning, RemoteCounter, RemotePeer, RemoteSender, RemoteState,
};
use axum::extract::State;
use axum::response::Response;
use config::Config;
use model::{Labels, MetricFamily};
use std::path::Path;
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
    })
}

/// `POST /api/watchfire/config/check`: what is wrong with the configuration in `yaml`. Nothing is applied.
pub(crate) async fn check(params: Params) -> Result<Response, ApiError> {
    let Some(text) = params.get("yaml").map(str::to_owned) else {
        let message = "no yaml parameter provided";
        return Err(ApiError::new(ErrorKind::BadData, message));
    };
    // Patterns of file names in it are looked up on the disk.
    let checking = tokio::task::spawn_blocking(move || checked(&text));
    match checking.await {
        Ok(check) => Ok(success(check)),
        Err(error) => Err(ApiError::new(ErrorKind::Internal, error.to_string())),
    }
}

fn checked(text: &str) -> ConfigCheck {
    match Config::parse(text, Path::new(PASTED)) {
        Ok(config) => ConfigCheck {
            jobs: config.scrape_configs.len(),
            rule_files: config.rule_files.len(),
            warnings: warnings(&config),
            ..ConfigCheck::default()
        },
        Err(config::Error::Invalid { path, line, reason }) if path == Path::new(PASTED) => {
            ConfigCheck {
                error: reason.to_string(),
                line,
                ..ConfigCheck::default()
            }
        }
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

    #[test]
    fn a_pasted_configuration_is_checked_with_its_line() {
        let good = checked("scrape_configs: [{job_name: a}]\nrule_files: [r.yml]\n");
        assert_eq!(
            (good.jobs, good.rule_files, good.error.as_str()),
            (1, 1, "")
        );
        let bad = checked("global:\n  scrape_interva: 5s\n");
        assert_eq!(bad.line, 2);
        assert!(bad.error.contains("scrape_interva"), "{bad:?}");
    }

    #[test]
    fn what_other_files_say_is_not_told() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secret.yml");
        std::fs::write(&file, "hidden: words\n").unwrap();
        let text = format!("scrape_config_files: [{}]\n", file.display());
        let check = checked(&text);
        assert!(
            !check.error.is_empty() && !check.error.contains("hidden"),
            "{check:?}"
        );
    }
}
