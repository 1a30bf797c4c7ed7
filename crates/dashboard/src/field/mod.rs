//! How fields are shown: units, thresholds, mappings, links, and which fields an override means.

mod color_mode;
mod link;
mod mapping;
mod matcher;
mod options;
#[cfg(test)]
mod tests;
mod thresholds;

pub use color_mode::{ColorChoice, ColorMode, SeriesBy};
pub use link::Link;
pub(crate) use mapping::upgrade as upgrade_mapping;
pub use mapping::{Mapping, MappingResult, Special};
pub(crate) use matcher::compare;
pub use matcher::{FieldMatcher, Probe};
pub use options::{FieldConfig, FieldOptions, Override};
pub use thresholds::{Threshold, ThresholdMode, Thresholds};
