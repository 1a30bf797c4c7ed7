//! Targets, what relabelling made of them, and their pools.

mod pool_config;
mod pool_rows;
mod relabelling;
mod row;

pub use pool_config::PoolConfig;
pub use pool_rows::{PoolRow, by_pool, names_of};
pub use relabelling::RelabelSteps;
pub use row::TargetRow;
