//! Which message a request holds, by its headers.

use crate::error::{Error, Result};

const MEDIA_TYPE: &str = "application/x-protobuf";

/// The messages of remote write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Message {
    /// `prometheus.WriteRequest`, remote write 1.
    V1,
    /// `io.prometheus.write.v2.Request`, remote write 2.
    V2,
}

impl Message {
    /// Full name of the protobuf message.
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => "prometheus.WriteRequest",
            Self::V2 => "io.prometheus.write.v2.Request",
        }
    }

    /// The content type to send it with.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::V1 => MEDIA_TYPE,
            Self::V2 => "application/x-protobuf;proto=io.prometheus.write.v2.Request",
        }
    }
}

/// Headers of a request that the receiver looks at.
#[derive(Debug, Clone, Copy, Default)]
pub struct WriteHeaders<'a> {
    /// `Content-Type`; empty where the header is missing, which means version 1.
    pub content_type: &'a str,
    /// `Content-Encoding`; empty where the header is missing, which means snappy.
    pub content_encoding: &'a str,
}

/// The message that the headers announce, if it is one of `accepted`.
pub(crate) fn negotiate(headers: WriteHeaders<'_>, accepted: &[Message]) -> Result<Message> {
    let message = message_of(headers.content_type)?;
    if !accepted.contains(&message) {
        let names: Vec<&str> = accepted.iter().map(|message| message.name()).collect();
        return Err(Error::NotAccepted {
            message: message.name(),
            accepted: names.join(", "),
        });
    }
    let encoding = headers.content_encoding;
    if !encoding.is_empty() && !encoding.eq_ignore_ascii_case("snappy") {
        return Err(Error::Encoding {
            got: encoding.to_owned(),
        });
    }
    Ok(message)
}

fn message_of(content_type: &str) -> Result<Message> {
    let got = content_type.trim();
    if got.is_empty() {
        return Ok(Message::V1);
    }
    let mut parts = got.split(';');
    if parts.next().map(str::trim_end) != Some(MEDIA_TYPE) {
        return Err(Error::MediaType {
            got: got.to_owned(),
        });
    }
    for parameter in parts {
        // Spaces around a parameter mean nothing, by RFC 9110.
        let (key, value) =
            parameter
                .trim()
                .split_once('=')
                .ok_or_else(|| Error::MediaParameter {
                    parameter: parameter.to_owned(),
                    got: got.to_owned(),
                })?;
        if key == "proto" {
            return [Message::V1, Message::V2]
                .into_iter()
                .find(|message| message.name() == value)
                .ok_or_else(|| Error::UnknownMessage {
                    message: value.to_owned(),
                    got: got.to_owned(),
                });
        }
    }
    Ok(Message::V1)
}
