//! Metric pages: text 0.0.4 and 1.0.0, OpenMetrics and protobuf in, text 0.0.4 out.
//!
//! Deliberately not here: HTTP, target labels, limits (`scrape`), storing. Nothing is allocated per
//! line: a caller that knows the bytes of a series' id needs none of its labels.
//!
//! ```
//! use exposition::{Event, Format, Parser};
//!
//! let page = b"# TYPE a counter\na{code=\"200\"} 3 1700000000000\n";
//! let mut parser = Parser::new(page, Format::Text);
//! assert!(matches!(parser.next_event()?, Some(Event::Type { .. })));
//! let Some(Event::Sample(sample)) = parser.next_event()? else { unreachable!() };
//! assert_eq!(sample.id, br#"a{code="200"}"#);
//! assert_eq!(sample.labels()?.get("code"), Some("200"));
//! assert_eq!(sample.value, 3.0);
//! # Ok::<(), exposition::Error>(())
//! ```
//!
//! Data in: the bytes of a page and its [`Format`] (from the [content type](PageFormat::negotiate)) → out:
//! [`Event`]s in page order. A page in protobuf becomes one of text and
//! [native histograms](NativeHistogram) first ([`read_protobuf`]). The other way, [`encode_text`] writes [`model::MetricFamily`]s.
//!
//! Source: Prometheus' "Exposition formats" page, the OpenMetrics 1.0 text, and the behaviour of
//! Prometheus 3.14 where these leave room.

mod created;
mod cursor;
mod custom_buckets;
mod encode;
mod error;
mod event;
mod format;
mod lint;
mod number;
mod parser;
mod protobuf;
mod reduce;
mod series;

pub use created::{CreatedPage, Start, take_created};
pub use custom_buckets::{Classic, ConvertedPage, convert_classic};
pub use encode::{TEXT_CONTENT_TYPE, encode_text};
pub use error::{Error, Reason, Result};
pub use event::{Event, Exemplar, Line, Sample};
pub use format::{ContentTypeError, Format, PageFormat, Protocol};
pub use lint::{Cardinality, Problem, cardinality, lint};
pub use number::{parse_number, short_number};
pub use parser::Parser;
pub use protobuf::{
    Histograms, NativeExemplar, NativeHistogram, ProtobufError, ProtobufPage, read_protobuf,
    read_protobuf_with_created,
};
pub use reduce::reduce;
