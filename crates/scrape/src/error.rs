//! Why a scrape failed: the text beside a target that is down.

use model::DurationMs;

/// Result of one step of a scrape.
pub(crate) type Result<T, E = ScrapeError> = std::result::Result<T, E>;

/// Why a scrape brought nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ScrapeError {
    /// The request failed before there was an answer.
    #[error(transparent)]
    Client(#[from] http_client::Error),
    /// The connection broke, or what came is no HTTP.
    #[error("request to `{address}` failed: {reason}")]
    Http {
        /// Host and port.
        address: String,
        /// The HTTP client's words.
        reason: String,
    },
    /// The answer was not complete in time.
    #[error("context deadline exceeded: no complete answer within {timeout}")]
    Timeout {
        /// The scrape timeout.
        timeout: DurationMs,
    },
    /// Another status than 200.
    #[error("server returned HTTP status {status}")]
    Status {
        /// Code and reason, such as `404 Not Found`.
        status: String,
    },
    /// The page is larger than the limit.
    #[error("body size limit exceeded (limit: {limit} bytes)")]
    BodySize {
        /// The limit in bytes, after decompression.
        limit: u64,
    },
    /// The page says that it is compressed, and is not.
    #[error("cannot decompress the answer: {source}")]
    Decompress {
        /// The decompressor's answer.
        #[source]
        source: std::io::Error,
    },
    /// A few bytes that become very many.
    #[error(
        "the answer is no page: its {compressed} compressed bytes become more than 100 times as many"
    )]
    Inflation {
        /// Bytes that came.
        compressed: u64,
    },
    /// A content encoding that was not asked for.
    #[error("unsupported Content-Encoding `{encoding}`")]
    Encoding {
        /// The encoding.
        encoding: String,
    },
    /// The content type tells no format.
    #[error(transparent)]
    ContentType(#[from] exposition::ContentTypeError),
    /// The page is malformed.
    #[error(transparent)]
    Page(#[from] exposition::Error),
    /// The page in protobuf has a fault.
    #[error(transparent)]
    Protobuf(#[from] exposition::ProtobufError),
    /// Relabelling took the name of a series away.
    #[error("missing metric name (__name__ label) after relabeling")]
    NoMetricName,
    /// A name that the job's scheme of names does not allow.
    #[error("invalid metric name or label names: {series}")]
    BadName {
        /// The series.
        series: String,
    },
    /// More samples than the limit, after relabelling.
    #[error("sample limit exceeded (number of samples: {samples}, limit: {limit})")]
    SampleLimit {
        /// Samples of the page.
        samples: u64,
        /// The limit.
        limit: u64,
    },
    /// A native histogram with too many buckets, however wide they are made.
    #[error(
        "native histogram bucket limit exceeded (number of buckets: {buckets}, limit: {limit})"
    )]
    BucketLimit {
        /// Buckets at the coarsest schema.
        buckets: u64,
        /// The limit.
        limit: u64,
    },
    /// A series with too many labels.
    #[error(
        "label_limit exceeded (metric: `{metric}`, number of labels: {labels}, limit: {limit})"
    )]
    LabelLimit {
        /// Metric name.
        metric: String,
        /// Labels of the series.
        labels: u64,
        /// The limit.
        limit: u64,
    },
    /// A series with too long a label name.
    #[error(
        "label_name_length_limit exceeded (metric: `{metric}`, label name: `{name}`, \
         length: {length}, limit: {limit})"
    )]
    LabelNameLength {
        /// Metric name.
        metric: String,
        /// Label name.
        name: String,
        /// Its length in bytes.
        length: u64,
        /// The limit.
        limit: u64,
    },
    /// A series with too long a label value.
    #[error(
        "label_value_length_limit exceeded (metric: `{metric}`, label name: `{name}`, \
         length: {length}, limit: {limit})"
    )]
    LabelValueLength {
        /// Metric name.
        metric: String,
        /// Label name.
        name: String,
        /// Length of its value in bytes.
        length: u64,
        /// The limit.
        limit: u64,
    },
    /// The job has more targets than it may have: none of them is scraped.
    #[error("target_limit exceeded (number of targets: {targets}, limit: {limit})")]
    TargetLimit {
        /// Targets of the job.
        targets: u64,
        /// The limit.
        limit: u64,
    },
    /// The page was read, but the storage does not take it.
    #[error("cannot store samples: {0}")]
    Storage(#[from] storage::Error),
    /// A mistake of ours.
    #[error("reading the page panicked")]
    Panicked,
}

impl ScrapeError {
    /// Whether the error is a limit on labels.
    pub(crate) fn is_label_limit(&self) -> bool {
        matches!(
            self,
            Self::LabelLimit { .. } | Self::LabelNameLength { .. } | Self::LabelValueLength { .. }
        )
    }
}
