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
}

impl Protocol {
    /// All protocols, in the order in which they are preferred.
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
        }
    }

    /// The protocol of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|protocol| protocol.as_str() == name)
    }

    /// The media type for an `Accept` header. The newer of each pair say that any UTF-8 name may come
    /// as it is.
    pub fn accept_type(self) -> &'static str {
        match self {
            Self::PrometheusText004 => "text/plain;version=0.0.4",
            Self::PrometheusText100 => "text/plain;version=1.0.0;escaping=allow-utf-8",
            Self::OpenMetricsText001 => "application/openmetrics-text;version=0.0.1",
            Self::OpenMetricsText100 => {
                "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8"
            }
        }
    }

    /// How its pages are read.
    pub fn format(self) -> Format {
        match self {
            Self::PrometheusText004 | Self::PrometheusText100 => Format::Text,
            Self::OpenMetricsText001 | Self::OpenMetricsText100 => Format::OpenMetrics,
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

impl Format {
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
            "text/plain" => Ok(Self::Text),
            "application/openmetrics-text" => Ok(Self::OpenMetrics),
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

    #[test]
    fn content_types_tell_the_format() {
        for (header, format) in [
            ("text/plain", Format::Text),
            ("text/plain; version=0.0.4; charset=utf-8", Format::Text),
            ("TEXT/PLAIN;version=1.0.0", Format::Text),
            (
                "application/openmetrics-text; version=1.0.0",
                Format::OpenMetrics,
            ),
        ] {
            assert_eq!(
                Format::negotiate(Some(header), None),
                Ok(format),
                "{header}"
            );
        }
    }

    #[test]
    fn a_fallback_serves_where_the_header_does_not_tell() {
        let fallback = Some(Format::Text);
        assert_eq!(Format::negotiate(None, fallback), Ok(Format::Text));
        assert_eq!(
            Format::negotiate(Some("text/html"), fallback),
            Ok(Format::Text)
        );
        assert_eq!(
            Format::negotiate(Some("application/openmetrics-text"), fallback),
            Ok(Format::OpenMetrics)
        );
        assert_eq!(
            Format::negotiate(Some(" "), None),
            Err(ContentTypeError::Blank)
        );
        assert_eq!(
            Format::negotiate(Some("text/html"), None),
            Err(ContentTypeError::Unsupported("text/html".to_owned()))
        );
        assert_eq!(
            Format::negotiate(Some("nonsense"), None),
            Err(ContentTypeError::Malformed("nonsense".to_owned()))
        );
    }

    #[test]
    fn protocol_names_read_back() {
        for protocol in Protocol::ALL {
            assert_eq!(Protocol::from_name(protocol.as_str()), Some(protocol));
        }
        assert_eq!(Protocol::from_name("PrometheusProto"), None);
    }
}
