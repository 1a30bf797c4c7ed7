//! Flags of remote write, received and sent.

use crate::cli::retention;
use clap::Args;
use model::DurationMs;
use remote::{Message, ReceiverOptions};
use std::time::Duration;

/// What is taken from other servers, and how long sending to them may hold up the end.
#[derive(Debug, Clone, Args)]
pub(crate) struct RemoteFlags {
    /// Takes samples that others push to /api/v1/write.
    #[arg(long = "web.enable-remote-write-receiver")]
    pub(crate) receiver: bool,

    /// Messages of remote write that are taken; may be given more than once.
    #[arg(
        long = "web.remote-write-receiver.accepted-protobuf-messages",
        value_name = "NAME",
        default_values = [Message::V1.name(), Message::V2.name()],
        value_parser = [Message::V1.name(), Message::V2.name()],
    )]
    accepted: Vec<String>,

    /// How long samples on their way to other servers may hold up the end of this one. Those that are left
    /// are sent after the next start.
    #[arg(long = "storage.remote.flush-deadline", value_name = "DURATION", default_value = "1m", value_parser = retention)]
    flush_deadline: DurationMs,
}

impl RemoteFlags {
    /// How long samples on their way may hold up the end.
    pub(crate) fn flush_deadline(&self) -> Duration {
        self.flush_deadline.to_std()
    }

    /// What the receiver takes.
    pub(crate) fn receiver_options(&self) -> ReceiverOptions {
        let messages = [Message::V1, Message::V2].into_iter();
        let is_accepted =
            |message: &Message| self.accepted.iter().any(|name| name == message.name());
        ReceiverOptions {
            accepted: messages.filter(is_accepted).collect(),
            ..ReceiverOptions::default()
        }
    }

    /// Names and values of the flags.
    pub(crate) fn named(&self) -> [(&'static str, String); 3] {
        [
            (
                "web.enable-remote-write-receiver",
                self.receiver.to_string(),
            ),
            (
                "web.remote-write-receiver.accepted-protobuf-messages",
                self.accepted.join(","),
            ),
            (
                "storage.remote.flush-deadline",
                self.flush_deadline.to_string(),
            ),
        ]
    }
}
