//! What every JSON answer is wrapped in.

use serde::{Deserialize, Serialize};

/// Whether a call succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// `data` holds the answer.
    Success,
    /// `error_type` and `error` say why not.
    Error,
}

/// The answer to any `/api/v1` call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Envelope<T> {
    /// Success or error.
    pub status: Status,
    /// The answer; absent in errors.
    #[serde(skip_serializing_if = "Option::is_none", default = "Option::default")]
    pub data: Option<T>,
    /// Machine-readable kind of error, such as `bad_data`.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error_type: Option<String>,
    /// What went wrong, for people.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub error: Option<String>,
    /// Things that may make the answer wrong.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub warnings: Vec<String>,
    /// Hints about the query.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub infos: Vec<String>,
}

impl<T> Envelope<T> {
    /// A success that carries `data`.
    pub fn success(data: T) -> Self {
        Self {
            status: Status::Success,
            data: Some(data),
            error_type: None,
            error: None,
            warnings: Vec::new(),
            infos: Vec::new(),
        }
    }

    /// An error of kind `error_type` with its message.
    pub fn error(error_type: impl Into<String>, error: impl Into<String>) -> Self {
        Self {
            status: Status::Error,
            data: None,
            error_type: Some(error_type.into()),
            error: Some(error.into()),
            warnings: Vec::new(),
            infos: Vec::new(),
        }
    }
}
