//! The `storage` section.

use crate::context::Context;
use crate::error::Fault;
use crate::size;
use crate::yaml::{Fields, Node, ReadNode, Section, Value};
use model::DurationMs;

/// The `storage` section: what it says wins over the flags; `None` where it says nothing.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StorageConfig {
    /// How far back samples may come out of order; 0 is not at all.
    pub out_of_order_time_window: Option<DurationMs>,
    /// How long samples are kept; 0 is without limit.
    pub retention_time: Option<DurationMs>,
    /// How much is kept; 0 is without limit. Units: bytes.
    pub retention_size: Option<u64>,
    /// Share of the disk that may be filled; 0 is without limit. Units: percent.
    pub retention_percentage: Option<f64>,
    /// Share of stale series that a compaction is begun for; 0 is never.
    pub stale_series_compaction_threshold: Option<f64>,
    /// How floats are coded, in Prometheus' words.
    pub chunk_encoding_floats: Option<String>,
    /// Exemplars that are kept; 0 is none.
    pub max_exemplars: Option<usize>,
}

impl StorageConfig {
    pub(crate) fn read(node: &Node, context: &Context<'_>) -> Result<Self, Fault> {
        let mut fields = Fields::of(node, "config.StorageConfig")?;
        let mut config = Self::default();
        if let Some(node) = fields.take("tsdb") {
            config.tsdb(node, context)?;
        }
        if let Some(node) = fields.take("exemplars") {
            let mut fields = Fields::of(node, "config.ExemplarsConfig")?;
            let max: Option<i64> = fields.get("max_exemplars")?;
            fields.finish()?;
            // Prometheus reads a negative number as none.
            config.max_exemplars = max.map(|max| usize::try_from(max).unwrap_or(0));
        }
        fields.finish()?;
        Ok(config)
    }

    fn tsdb(&mut self, node: &Node, context: &Context<'_>) -> Result<(), Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        self.out_of_order_time_window = fields.get("out_of_order_time_window")?;
        // Prometheus prints this field of its own beside the one that is set.
        fields.take("outofordertimewindow");
        let line = fields.line_of("stale_series_compaction_threshold");
        self.stale_series_compaction_threshold = fields.get("stale_series_compaction_threshold")?;
        if self
            .stale_series_compaction_threshold
            .is_some_and(|share| share != 0.0)
        {
            context.no_effect("stale_series_compaction_threshold", line);
        }
        if let Some(node) = fields.take("chunk_encoding") {
            self.chunk_encoding(node, context)?;
        }
        if let Some(node) = fields.take("retention") {
            self.retention(node, context)?;
        }
        fields.finish()
    }

    fn chunk_encoding(&mut self, node: &Node, context: &Context<'_>) -> Result<(), Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        let line = fields.line_of("floats");
        let floats: Option<String> = fields.get("floats")?;
        fields.finish()?;
        if let Some(floats) = &floats {
            if !matches!(floats.as_str(), "xor" | "xor2") {
                let words = format!(
                    "'storage.tsdb.chunk_encoding.floats' must be 'xor' or 'xor2', or the field \
                     must be omitted entirely, got {floats:?}"
                );
                return Err(Fault::rule(line, words));
            }
            context.no_effect("chunk_encoding", line);
        }
        self.chunk_encoding_floats = floats;
        Ok(())
    }

    fn retention(&mut self, node: &Node, context: &Context<'_>) -> Result<(), Fault> {
        let mut fields = Fields::of(node, "config.plain")?;
        self.retention_time = fields.get("time")?;
        let line = fields.line_of("size");
        if let Some(node) = fields.take("size") {
            let text = String::read(node)?;
            if text.starts_with('-') {
                let words = "'storage.tsdb.retention.size' must be greater than or equal to 0";
                return Err(Fault::rule(line, words));
            }
            let bytes = size::parse(&text);
            let reason = crate::Reason::Size { text };
            self.retention_size = Some(bytes.ok_or_else(|| Fault::new(line, reason))?);
        }
        let line = fields.line_of("percentage");
        self.retention_percentage = fields.get("percentage")?;
        if let Some(share) = self.retention_percentage {
            if !(0.0..=100.0).contains(&share) {
                let words = "'storage.tsdb.retention.percentage' must be in the range [0, 100]";
                return Err(Fault::rule(line, words));
            }
            if share > 0.0 {
                context.no_effect("retention.percentage", line);
            }
        }
        fields.finish()
    }

    pub(crate) fn write(&self) -> Section {
        let mut retention = Section::default();
        if let Some(time) = self.retention_time {
            retention.word("time", time);
        }
        if let Some(bytes) = self.retention_size {
            retention.word("size", size::format_binary(bytes));
        }
        if let Some(share) = self.retention_percentage {
            retention.word("percentage", share);
        }
        let mut tsdb = Section::default();
        if let Some(window) = self.out_of_order_time_window {
            tsdb.word("outofordertimewindow", window.0);
            tsdb.word("out_of_order_time_window", window);
        }
        if let Some(share) = self.stale_series_compaction_threshold {
            tsdb.word("stale_series_compaction_threshold", share);
        }
        if let Some(floats) = &self.chunk_encoding_floats {
            let mut encoding = Section::default();
            encoding.text("floats", floats);
            tsdb.put("chunk_encoding", Value::Map(encoding));
        }
        tsdb.some_section("retention", retention);
        let mut section = Section::default();
        section.some_section("tsdb", tsdb);
        if let Some(max) = self.max_exemplars {
            let mut exemplars = Section::default();
            exemplars.word("max_exemplars", max);
            section.put("exemplars", Value::Map(exemplars));
        }
        section
    }
}
