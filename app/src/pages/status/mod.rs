//! The pages about the server and what it watches.

mod alertmanagers;
mod alerts;
mod config;
mod discovery;
mod flags;
mod help;
mod queries;
mod remote;
mod rules;
mod runtime;
mod targets;
mod tsdb;

pub use alertmanagers::AlertmanagersPage;
pub use alerts::AlertsPage;
pub use config::ConfigPage;
pub use discovery::DiscoveryPage;
pub use flags::FlagsPage;
pub use help::HelpPage;
pub use queries::QueriesPage;
pub use remote::RemotePage;
pub use rules::RulesPage;
pub use runtime::RuntimePage;
pub use targets::TargetsPage;
pub use tsdb::TsdbPage;
