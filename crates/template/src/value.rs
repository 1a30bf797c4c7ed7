//! The values that templates compute with.

use crate::AlertData;
use model::{Histogram, Labels, TimestampMs};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A value.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Value {
    /// Nothing.
    Nil,
    /// A truth value.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A text.
    Str(Arc<str>),
    /// A point in time.
    Time(TimestampMs),
    /// A length of time. Units: nanoseconds.
    Duration(i64),
    /// A native histogram, and as what it is shown.
    Histogram(Arc<Histogram>, Arc<str>),
    /// Texts by name; a name that is not there stands for the empty text.
    Labels(Labels),
    /// Values by name.
    Map(Arc<BTreeMap<String, Value>>),
    /// Values in order: mostly the samples of a query.
    List(Arc<[Value]>),
    /// A series with its value.
    Sample(Arc<Sample>),
    /// What an alert's template is about.
    Alert(Arc<AlertData>),
}

/// One series of a query's result.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Labels, the metric name included.
    pub labels: Labels,
    /// Value, a float or a histogram.
    pub value: Value,
}

impl Value {
    /// The text `text`.
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Self::Str(text.into())
    }

    /// A list of samples.
    pub fn samples(samples: impl IntoIterator<Item = Sample>) -> Self {
        let all = samples.into_iter().map(|one| Self::Sample(Arc::new(one)));
        Self::List(all.collect())
    }

    /// The name of the type as Go's errors would say it.
    pub(crate) fn type_name(&self) -> &'static str {
        match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Float(_) => "float64",
            Self::Str(_) => "string",
            Self::Time(_) => "*time.Time",
            Self::Duration(_) => "*time.Duration",
            Self::Histogram(..) => "*histogram.FloatHistogram",
            Self::Labels(_) => "map[string]string",
            Self::Map(_) => "map[string]interface {}",
            Self::List(_) => "template.queryResult",
            Self::Sample(_) => "*template.sample",
            Self::Alert(_) => {
                "struct { Labels map[string]string; ExternalLabels map[string]string; \
                 ExternalURL string; Value interface {} }"
            }
        }
    }

    /// Whether `if` takes the value for true: it is neither nothing, nor zero, nor empty.
    pub(crate) fn is_true(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Float(value) => *value != 0.0,
            Self::Str(text) => !text.is_empty(),
            Self::Labels(labels) => !labels.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Time(_)
            | Self::Duration(_)
            | Self::Histogram(..)
            | Self::Sample(_)
            | Self::Alert(_) => true,
        }
    }

    /// The value as `{{ . }}` shows it.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Nil => "<no value>".to_owned(),
            other => crate::printf::plain(other),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Labels> for Value {
    fn from(labels: Labels) -> Self {
        Self::Labels(labels)
    }
}
