//! Queries of panels.

use crate::frame::ResultFormat;
use crate::json::{Object, Reading};
use serde_json::Value;

/// A query of a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Target<'a> {
    object: &'a Object,
}

impl<'a> Target<'a> {
    pub(super) fn of(value: &'a Value) -> Option<Self> {
        Some(Self {
            object: value.as_object()?,
        })
    }

    /// Its JSON.
    pub fn json(&self) -> &'a Object {
        self.object
    }

    /// Its name in the panel.
    pub fn ref_id(&self) -> &'a str {
        self.object.str_or_empty("refId")
    }

    /// The expression, variables not yet put in.
    pub fn expr(&self) -> &'a str {
        self.object.str_or_empty("expr")
    }

    /// Template of the names of its series.
    pub fn legend(&self) -> &'a str {
        self.object.str_or_empty("legendFormat")
    }

    /// What its answer is made into.
    pub fn format(&self) -> ResultFormat {
        match self.object.str("format") {
            Some("table") => ResultFormat::Table,
            Some("heatmap") => ResultFormat::Heatmap,
            _ => ResultFormat::TimeSeries,
        }
    }

    /// Whether one moment is asked for, not a range.
    pub fn instant(&self) -> bool {
        self.object.is("instant")
    }

    /// Whether a range is asked for; so it is where neither is.
    pub fn range(&self) -> bool {
        self.object.is("range") || !self.instant()
    }

    /// Whether it is neither asked nor shown.
    pub fn hidden(&self) -> bool {
        self.object.is("hide")
    }

    /// Whether exemplars are asked for.
    pub fn exemplars(&self) -> bool {
        self.object.is("exemplar")
    }

    /// Its least step, variables not yet put in.
    pub fn interval(&self) -> Option<&'a str> {
        self.object
            .str("interval")
            .filter(|text| !text.trim().is_empty())
    }

    /// Divisor of its resolution.
    pub fn interval_factor(&self) -> i64 {
        self.object.whole("intervalFactor").unwrap_or(1).max(1)
    }

    /// The data source it names, if it names one.
    pub fn data_source(&self) -> Option<&'a Value> {
        self.object.field("datasource")
    }
}
