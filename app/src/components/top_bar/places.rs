//! The pages that the bar and the search lead to.

use crate::words::{Locale, td_string};

/// A page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Home,
    Dashboards,
    Graph,
    Alerts,
    Help,
    Runtime,
    TsdbStatus,
    Flags,
    Configuration,
    Rules,
    Targets,
    ServiceDiscovery,
    QueryLog,
    RemoteWrite,
}

impl Place {
    /// Under Status, in the order of the menu.
    pub(super) const STATUS: [Self; 9] = [
        Self::Runtime,
        Self::TsdbStatus,
        Self::Flags,
        Self::Configuration,
        Self::Rules,
        Self::Targets,
        Self::ServiceDiscovery,
        Self::QueryLog,
        Self::RemoteWrite,
    ];

    /// All pages, those of the bar first.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        [Self::Home, Self::Dashboards, Self::Graph, Self::Alerts]
            .into_iter()
            .chain(Self::STATUS)
            .chain([Self::Help])
    }

    /// Where it is.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Home => "/",
            Self::Dashboards => "/dashboards",
            Self::Graph => "/graph",
            Self::Alerts => "/alerts",
            Self::Help => "/help",
            Self::Runtime => "/status",
            Self::TsdbStatus => "/tsdb-status",
            Self::Flags => "/flags",
            Self::Configuration => "/config",
            Self::Rules => "/rules",
            Self::Targets => "/targets",
            Self::ServiceDiscovery => "/service-discovery",
            Self::QueryLog => "/queries",
            Self::RemoteWrite => "/remote",
        }
    }

    /// What it is called.
    pub(super) fn name(self, locale: Locale) -> &'static str {
        match self {
            Self::Home => td_string!(locale, shell.home),
            Self::Dashboards => td_string!(locale, shell.dashboards),
            Self::Graph => td_string!(locale, shell.graph),
            Self::Alerts => td_string!(locale, shell.alerts),
            Self::Help => td_string!(locale, shell.help),
            Self::Runtime => td_string!(locale, shell.runtime),
            Self::TsdbStatus => td_string!(locale, shell.tsdb_status),
            Self::Flags => td_string!(locale, shell.flags),
            Self::Configuration => td_string!(locale, shell.configuration),
            Self::Rules => td_string!(locale, shell.rules),
            Self::Targets => td_string!(locale, shell.targets),
            Self::ServiceDiscovery => td_string!(locale, shell.service_discovery),
            Self::QueryLog => td_string!(locale, shell.query_log),
            Self::RemoteWrite => td_string!(locale, shell.remote_write),
        }
    }

    /// What guides and other products call it.
    pub(super) fn other_names(self) -> &'static [&'static str] {
        match self {
            Self::Home => &["Start", "Overview"],
            Self::Dashboards => &["Boards", "Folders", "Browse"],
            Self::Graph => &["Query", "Console", "Explore", "PromQL"],
            Self::Alerts => &["Alerting", "Alert list"],
            Self::Help => &["Documentation", "Functions"],
            Self::Runtime => &["Status", "Version", "Build", "Uptime"],
            Self::TsdbStatus => &["Cardinality", "Storage", "Head", "Blocks"],
            Self::Flags => &["Options", "Arguments"],
            Self::Configuration => &["Config", "prometheus.yml", "YAML"],
            Self::Rules => &["Rule health", "Recording rules", "Alerting rules"],
            Self::Targets => &["Target health", "Scrape", "Endpoints"],
            Self::ServiceDiscovery => &["SD", "Relabeling", "Discovered labels"],
            Self::QueryLog => &["Slow queries", "Active queries"],
            Self::RemoteWrite => &["Remote storage", "Queues"],
        }
    }
}
