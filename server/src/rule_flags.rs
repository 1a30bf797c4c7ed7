//! Flags of rules and of alerts on their way.

use crate::cli::{duration, retention};
use clap::Args;
use model::DurationMs;
use rules::RuleOptions;

/// How rules are evaluated and alerts are sent.
#[derive(Debug, Clone, Args)]
pub(crate) struct RuleFlags {
    /// Longest outage after which the state of alerts is restored.
    #[arg(long = "rules.alert.for-outage-tolerance", value_name = "DURATION", default_value = "1h", value_parser = retention)]
    pub(crate) outage_tolerance: DurationMs,

    /// Shortest time between the restored state of an alert and its firing; alerts with a shorter `for` are
    /// not restored.
    #[arg(long = "rules.alert.for-grace-period", value_name = "DURATION", default_value = "10m", value_parser = retention)]
    pub(crate) grace_period: DurationMs,

    /// Shortest time before an alert is sent again.
    #[arg(long = "rules.alert.resend-delay", value_name = "DURATION", default_value = "1m", value_parser = duration)]
    pub(crate) resend_delay: DurationMs,

    /// Rules of a group that are evaluated at once with `--enable-feature=concurrent-rule-eval`.
    #[arg(
        long = "rules.max-concurrent-evals",
        value_name = "N",
        default_value_t = 4
    )]
    pub(crate) max_concurrent: usize,

    /// Alerts that wait for one Alertmanager; when there are more, the oldest are dropped.
    #[arg(
        long = "alertmanager.notification-queue-capacity",
        value_name = "N",
        default_value_t = 10_000
    )]
    pub(crate) queue_capacity: usize,

    /// Most alerts of one request to an Alertmanager.
    #[arg(
        long = "alertmanager.notification-batch-size",
        value_name = "N",
        default_value_t = 256
    )]
    pub(crate) batch_size: usize,

    /// Whether alerts that wait are still sent when the server stops.
    #[arg(
        long = "alertmanager.drain-notification-queue-on-shutdown",
        default_value_t = true,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        action = clap::ArgAction::Set
    )]
    pub(crate) drains: bool,

    /// The address under which people reach this server: links in alerts begin with it. The address that it
    /// listens on, if not given.
    #[arg(long = "web.external-url", value_name = "URL")]
    pub(crate) external_url: Option<String>,
}

impl RuleFlags {
    /// Names and values of the flags.
    pub(crate) fn named(&self) -> [(&'static str, String); 8] {
        [
            (
                "rules.alert.for-outage-tolerance",
                self.outage_tolerance.to_string(),
            ),
            (
                "rules.alert.for-grace-period",
                self.grace_period.to_string(),
            ),
            ("rules.alert.resend-delay", self.resend_delay.to_string()),
            (
                "rules.max-concurrent-evals",
                self.max_concurrent.to_string(),
            ),
            (
                "alertmanager.notification-queue-capacity",
                self.queue_capacity.to_string(),
            ),
            (
                "alertmanager.notification-batch-size",
                self.batch_size.to_string(),
            ),
            (
                "alertmanager.drain-notification-queue-on-shutdown",
                self.drains.to_string(),
            ),
            (
                "web.external-url",
                self.external_url.clone().unwrap_or_default(),
            ),
        ]
    }

    /// What rules take from the flags; `own` is the address that the server listens on.
    pub(crate) fn options(&self, own: &str, features: &[String]) -> RuleOptions {
        let url = self.external_url.clone();
        let url = url.unwrap_or_else(|| format!("http://{own}"));
        let at_once = features.iter().any(|name| name == "concurrent-rule-eval");
        RuleOptions {
            external_url: url.trim_end_matches('/').into(),
            outage_tolerance: self.outage_tolerance,
            for_grace_period: self.grace_period,
            resend_delay: self.resend_delay,
            max_concurrent: if at_once { self.max_concurrent } else { 1 },
            ..RuleOptions::default()
        }
    }
}
