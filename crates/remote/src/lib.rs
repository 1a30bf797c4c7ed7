//! Remote write: the messages, and taking samples that other servers send.
//!
//! Deliberately not here: HTTP (the API hands over headers and body), when and where things are sent
//! (`remote-send`; how requests are made is here), the storage itself.
//!
//! ```
//! use clock::ManualClock;
//! use model::TimestampMs;
//! use remote::encode::{Series, WriteRequest};
//! use remote::{Message, Receiver, ReceiverOptions, WriteHeaders};
//! use std::sync::Arc;
//!
//! let store = Arc::new(storage::MemStorage::default());
//! let clock = Arc::new(ManualClock::at(TimestampMs(2_000)));
//! let registry = selfmon::Registry::default();
//! let receiver = Receiver::new(store, clock, &registry, ReceiverOptions::default());
//!
//! let up = Series::new([("__name__", "up"), ("job", "node")]).sample(1_000, 1.0);
//! let body = WriteRequest::new().series(up).encode(Message::V2)?;
//! let headers = WriteHeaders {
//!     content_type: Message::V2.content_type(),
//!     content_encoding: "snappy",
//! };
//! let answer = receiver.write(headers, &body);
//! assert_eq!(answer.status, 204);
//! let written = ("X-Prometheus-Remote-Write-Samples-Written", "1".to_owned());
//! assert!(answer.headers.contains(&written));
//! # Ok::<(), snap::Error>(())
//! ```
//!
//! Data in: bodies of `prometheus.WriteRequest` (version 1) and `io.prometheus.write.v2.Request`
//! (version 2), compressed with snappy, of any number of connections → a cache from the bytes of labels
//! to series → out: [`storage::Appender`], floats of a request in one call, then histograms, exemplars
//! and metadata; an [`Answer`] for the sender. Start timestamps of version 2 are read over: storage has
//! no place for those of loose samples.
//!
//! Source: the remote write specifications 1.0 and 2.0, Prometheus' `storage/remote` (3.14).

pub mod encode;

mod answer;
mod batch;
mod body;
mod error;
mod histogram;
mod key;
mod labels;
mod metadata;
mod metrics;
mod negotiate;
mod outgoing;
mod read;
mod receiver;
mod table;
mod v1;
mod v2;
mod wire;

pub use answer::Answer;
pub use error::{Error, Result};
pub use negotiate::{Message, WriteHeaders};
pub use outgoing::{Outgoing, OutgoingValue, encode_outgoing};
pub use receiver::{Receiver, ReceiverOptions};
