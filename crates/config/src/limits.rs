//! Limits of scrapes.

use crate::error::Fault;
use crate::size;
use crate::yaml::{Fields, Section};

/// What one scrape may bring. In every field 0 means no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bytes of a page, after decompression.
    pub body_size: u64,
    /// Samples, after relabelling.
    pub samples: u64,
    /// Labels of a series.
    pub labels: u64,
    /// Bytes of a label name.
    pub label_name_length: u64,
    /// Bytes of a label value.
    pub label_value_length: u64,
    /// Targets of a job.
    pub targets: u64,
    /// Dropped targets of a job that are remembered.
    pub kept_dropped_targets: u64,
}

impl Limits {
    pub(crate) fn take(fields: &mut Fields<'_>) -> Result<Self, Fault> {
        Ok(Self {
            body_size: fields.size("body_size_limit")?,
            samples: fields.or_default("sample_limit")?,
            labels: fields.or_default("label_limit")?,
            label_name_length: fields.or_default("label_name_length_limit")?,
            label_value_length: fields.or_default("label_value_length_limit")?,
            targets: fields.or_default("target_limit")?,
            kept_dropped_targets: fields.or_default("keep_dropped_targets")?,
        })
    }

    /// These, and those of `global` where there are none.
    pub(crate) fn or(self, global: Self) -> Self {
        let inherit = |own: u64, global: u64| if own == 0 { global } else { own };
        Self {
            body_size: inherit(self.body_size, global.body_size),
            samples: inherit(self.samples, global.samples),
            labels: inherit(self.labels, global.labels),
            label_name_length: inherit(self.label_name_length, global.label_name_length),
            label_value_length: inherit(self.label_value_length, global.label_value_length),
            targets: inherit(self.targets, global.targets),
            kept_dropped_targets: inherit(self.kept_dropped_targets, global.kept_dropped_targets),
        }
    }

    /// Writes all but the last one, which stands elsewhere in a scrape config.
    pub(crate) fn write_most(&self, section: &mut Section) {
        if self.body_size > 0 {
            section.word("body_size_limit", size::format_binary(self.body_size));
        }
        for (name, limit) in [
            ("sample_limit", self.samples),
            ("target_limit", self.targets),
            ("label_limit", self.labels),
            ("label_name_length_limit", self.label_name_length),
            ("label_value_length_limit", self.label_value_length),
        ] {
            section.word_unless(name, limit, &0);
        }
    }

    pub(crate) fn write(&self, section: &mut Section) {
        self.write_most(section);
        section.word_unless("keep_dropped_targets", self.kept_dropped_targets, &0);
    }
}
