//! One page per file.

mod graph;
mod not_found;
mod status;

pub use graph::GraphPage;
pub use not_found::NotFoundPage;
pub use status::{
    AlertmanagersPage, AlertsPage, ConfigPage, DiscoveryPage, FlagsPage, HelpPage, QueriesPage,
    RemotePage, RulesPage, RuntimePage, TargetsPage, TsdbPage,
};
