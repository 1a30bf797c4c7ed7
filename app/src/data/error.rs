//! Why data is not there.

use crate::words::{Locale, td_string};
use serde::{Deserialize, Serialize};

/// Why data is not there; crosses from the server's HTML to the browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[non_exhaustive]
pub enum UiError {
    /// A newer request took this one's place, or the user cancelled it.
    #[error("cancelled")]
    Cancelled,
    /// The server did not answer.
    #[error("the server does not answer: {reason}")]
    Unreachable {
        /// As the browser words it.
        reason: String,
    },
    /// The server answered with an error.
    #[error("{message}")]
    Refused {
        /// Kind of error, such as `bad_data`.
        kind: String,
        /// In the server's words.
        message: String,
    },
    /// The answer is not what the API promises.
    #[error("the answer cannot be read (status {status}): {reason}")]
    Unreadable {
        /// HTTP status.
        status: u16,
        /// What was wrong with it.
        reason: String,
    },
    /// The page was rendered where no server stands behind it.
    #[error("there is no server behind this page")]
    NoBackend,
}

impl UiError {
    /// A heading for the error.
    pub fn title(&self, locale: Locale) -> &'static str {
        match self {
            Self::Cancelled => td_string!(locale, shell.error.cancelled),
            Self::Unreachable { .. } | Self::NoBackend => {
                td_string!(locale, shell.error.unreachable)
            }
            Self::Unreadable { .. } => td_string!(locale, shell.error.unreadable),
            Self::Refused { kind, .. } => match kind.as_str() {
                "bad_data" => td_string!(locale, shell.error.bad_data),
                "execution" => td_string!(locale, shell.error.execution),
                "timeout" => td_string!(locale, shell.error.timeout),
                "canceled" => td_string!(locale, shell.error.canceled),
                "unavailable" => td_string!(locale, shell.error.unavailable),
                _ => td_string!(locale, shell.error.other),
            },
        }
    }
}
