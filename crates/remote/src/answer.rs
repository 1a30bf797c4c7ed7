//! Answers to write requests.

use crate::batch::Problems;
use crate::error::Error;
use crate::negotiate::Message;
use storage::FrameOutcome;

/// An HTTP answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Status: 204, 400, 415 or 500.
    pub status: u16,
    /// Headers to send.
    pub headers: Vec<(&'static str, String)>,
    /// Body; empty with 204.
    pub body: String,
}

/// What was written of a request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) samples: usize,
    pub(crate) histograms: usize,
    pub(crate) exemplars: usize,
}

impl Answer {
    fn new(status: u16, text: &str) -> Self {
        if status == 204 {
            return Self {
                status,
                headers: Vec::new(),
                body: String::new(),
            };
        }
        Self {
            status,
            headers: vec![
                ("Content-Type", "text/plain; charset=utf-8".to_owned()),
                ("X-Content-Type-Options", "nosniff".to_owned()),
            ],
            body: format!("{text}\n"),
        }
    }

    /// The request cannot be read.
    pub(crate) fn unreadable(error: &Error) -> Self {
        Self::new(error.status(), &error.to_string())
    }

    /// Storage failed: the sender shall try again.
    pub(crate) fn storage_failed(message: Message, error: &storage::Error) -> Self {
        Self::new(500, &error.to_string()).counting(message, Written::default())
    }

    /// The request was stored, but for what `problems` and `outcome` name.
    pub(crate) fn stored(
        message: Message,
        written: Written,
        outcome: FrameOutcome,
        mut problems: Problems,
    ) -> Self {
        for (count, text) in [
            (outcome.out_of_order, "out of order sample"),
            (outcome.too_old, "too old sample"),
            (outcome.out_of_bounds, "out of bounds"),
            (outcome.duplicate, "duplicate sample for timestamp"),
        ] {
            match message {
                _ if count == 0 => {}
                Message::V1 => problems.add(|| text.to_owned()),
                Message::V2 => problems.add(|| format!("{text} ({count} samples)")),
            }
        }
        let answer = match message {
            _ if problems.is_empty() => Self::new(204, ""),
            // Source: Prometheus answers version 1 with the first error.
            Message::V1 => Self::new(400, problems.first().unwrap_or_default()),
            Message::V2 => Self::new(400, &problems.text()),
        };
        answer.counting(message, written)
    }

    /// Version 2 says how much was written, in all cases.
    fn counting(mut self, message: Message, written: Written) -> Self {
        if message == Message::V2 {
            for (header, count) in [
                ("X-Prometheus-Remote-Write-Samples-Written", written.samples),
                (
                    "X-Prometheus-Remote-Write-Histograms-Written",
                    written.histograms,
                ),
                (
                    "X-Prometheus-Remote-Write-Exemplars-Written",
                    written.exemplars,
                ),
            ] {
                self.headers.push((header, count.to_string()));
            }
        }
        self
    }
}
