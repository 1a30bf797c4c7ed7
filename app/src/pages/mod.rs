//! One page per file.

mod graph;
mod not_found;
mod targets;

pub use graph::GraphPage;
pub use not_found::NotFoundPage;
pub use targets::TargetsPage;
