//! Which format a page is in.

use std::fmt;

/// How a page is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// Prometheus' text format, 0.0.4 and 1.0.0.
    Text,
    /// OpenMetrics text, 0.0.1 and 1.0.0.
    OpenMetrics,
}

/// What the body of an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PageFormat {
    /// Lines that a [`Parser`](crate::Parser) reads.
    Text(Format),
    /// Length-delimited messages: [`read_protobuf`](crate::read_protobuf) makes lines of them.
    Protobuf,
}

/// A format with its version: what a scraper asks for and a configuration names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// `PrometheusText0.0.4`
    PrometheusText004,
    /// `PrometheusText1.0.0`: names may be quoted
    PrometheusText100,
    /// `OpenMetricsText0.0.1`
    OpenMetricsText001,
    /// `OpenMetricsText1.0.0`
    OpenMetricsText100,
    /// `PrometheusProto`: the only one with native histograms
    PrometheusProto,
}

impl Protocol {
    /// The protocols of text, in the order in which they are preferred.
    pub const ALL: [Self; 4] = [
        Self::OpenMetricsText100,
        Self::OpenMetricsText001,
        Self::PrometheusText100,
        Self::PrometheusText004,
    ];

    /// The name that configurations use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PrometheusText004 => "PrometheusText0.0.4",
            Self::PrometheusText100 => "PrometheusText1.0.0",
            Self::OpenMetricsText001 => "OpenMetricsText0.0.1",
            Self::OpenMetricsText100 => "OpenMetricsText1.0.0",
            Self::PrometheusProto => "PrometheusProto",
        }
    }

    /// The protocol of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter().chain([Self::PrometheusProto]);
        all.find(|protocol| protocol.as_str() == name)
    }

    /// The media type for an `Accept` header.
    pub fn accept_type(self) -> &'static str {
        match self {
            Self::PrometheusText004 => "text/plain;version=0.0.4",
            Self::PrometheusText100 => "text/plain;version=1.0.0",
            Self::OpenMetricsText001 => "application/openmetrics-text;version=0.0.1",
            Self::OpenMetricsText100 => "application/openmetrics-text;version=1.0.0",
            Self::PrometheusProto => {
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"
            }
        }
    }

    /// Whether a scraper says how names are to be escaped: names outside of the old rules are not known to the
    /// others.
    pub fn takes_escaping(self) -> bool {
        matches!(self, Self::PrometheusText100 | Self::OpenMetricsText100)
    }

    /// How its pages are read.
    pub fn format(self) -> PageFormat {
        match self {
            Self::PrometheusText004 | Self::PrometheusText100 => PageFormat::Text(Format::Text),
            Self::OpenMetricsText001 | Self::OpenMetricsText100 => {
                PageFormat::Text(Format::OpenMetrics)
            }
            Self::PrometheusProto => PageFormat::Protobuf,
        }
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A content type that tells no format, with no fallback to go by.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentTypeError {
    /// The answer has no content type, or an empty one.
    #[error("no Content-Type in the answer, and no fallback_scrape_protocol for the target")]
    Blank,
    /// The content type is no media type.
    #[error("cannot parse Content-Type `{0}`, and no fallback_scrape_protocol for the target")]
    Malformed(String),
    /// A media type that is no metrics page we read.
    #[error("unsupported Content-Type `{0}`, and no fallback_scrape_protocol for the target")]
    Unsupported(String),
}

impl PageFormat {
    /// The format of a page with this `Content-Type`; `fallback` where the header does not tell.
    ///
    /// # Errors
    /// [`ContentTypeError`] when neither tells.
    pub fn negotiate(
        content_type: Option<&str>,
        fallback: Option<Self>,
    ) -> Result<Self, ContentTypeError> {
        Self::of_content_type(content_type).or_else(|error| fallback.ok_or(error))
    }

    fn of_content_type(content_type: Option<&str>) -> Result<Self, ContentTypeError> {
        let text = content_type.map(str::trim).filter(|text| !text.is_empty());
        let text = text.ok_or(ContentTypeError::Blank)?;
        let media_type = text
            .split(';')
            .next()
            .unwrap_or("")
            .trim()
            .to_ascii_lowercase();
        match media_type.as_str() {
            "text/plain" => Ok(Self::Text(Format::Text)),
            "application/openmetrics-text" => Ok(Self::Text(Format::OpenMetrics)),
            "application/vnd.google.protobuf" => Ok(Self::Protobuf),
            other if is_media_type(other) => Err(ContentTypeError::Unsupported(text.to_owned())),
            _ => Err(ContentTypeError::Malformed(text.to_owned())),
        }
    }
}

fn is_media_type(text: &str) -> bool {
    let is_token = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    text.split_once('/')
        .is_some_and(|(kind, sub)| is_token(kind) && is_token(sub))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: PageFormat = PageFormat::Text(Format::Text);

    #[test]
    fn content_types_tell_the_format() {
        for (header, format) in [
            ("text/plain", TEXT),
            ("text/plain; version=0.0.4; charset=utf-8", TEXT),
            ("TEXT/PLAIN;version=1.0.0", TEXT),
            (
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
                PageFormat::Protobuf,
            ),
            (
                "application/openmetrics-text; version=1.0.0",
                PageFormat::Text(Format::OpenMetrics),
            ),
        ] {
            assert_eq!(
                PageFormat::negotiate(Some(header), None),
                Ok(format),
                "{header}"
            );
        }
    }

    #[test]
    fn a_fallback_serves_where_the_header_does_not_tell() {
        let fallback = Some(TEXT);
        assert_eq!(PageFormat::negotiate(None, fallback), Ok(TEXT));
        assert_eq!(PageFormat::negotiate(Some("text/html"), fallback), Ok(TEXT));
        assert_eq!(
            PageFormat::negotiate(Some("application/openmetrics-text"), fallback),
            Ok(PageFormat::Text(Format::OpenMetrics))
        );
        assert_eq!(
            PageFormat::negotiate(Some(" "), None),
            Err(ContentTypeError::Blank)
        );
        assert_eq!(
            PageFormat::negotiate(Some("text/html"), None),
            Err(ContentTypeError::Unsupported("text/html".to_owned()))
        );
        assert_eq!(
            PageFormat::negotiate(Some("nonsense"), None),
            Err(ContentTypeError::Malformed("nonsense".to_owned()))
        );
    }

    #[test]
    fn protocol_names_read_back() {
        for protocol in Protocol::ALL.into_iter().chain([Protocol::PrometheusProto]) {
            assert_eq!(Protocol::from_name(protocol.as_str()), Some(protocol));
        }
        assert_eq!(Protocol::from_name("prometheusproto"), None);
    }
}
