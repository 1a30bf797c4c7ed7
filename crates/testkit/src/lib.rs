//! Development only: reads the workspace as data, so that tests can check its rules.
//!
//! Deliberately not here: anything that the product uses. The rules themselves are in `tests/tidy.rs`.

mod packages;
mod sources;

pub use packages::{Package, packages};
pub use sources::{Source, root, sources};
