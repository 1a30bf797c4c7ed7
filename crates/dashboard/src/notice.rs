//! What could not be done as the dashboard asks, in words.

use std::fmt;

/// Something of a dashboard that is not done, or done in another way, than its author asked.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Notice {
    /// Where, for people: `panel 3 "CPU" › transformations › regression`.
    pub path: String,
    /// What is not done, and what is done instead.
    pub what: String,
}

impl Notice {
    /// A notice of its two parts.
    pub fn new(path: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            what: what.into(),
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path, self.what)
    }
}
