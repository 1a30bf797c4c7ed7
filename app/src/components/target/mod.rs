//! Targets, what relabelling made of them, and their pools.

mod pool_config;
mod relabelling;
mod row;

pub use pool_config::PoolConfig;
pub use relabelling::RelabelSteps;
pub use row::TargetRow;
