//! What can be noted.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    Warning,
    Info,
}

/// Something noted.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Note {
    /// A quantile outside of 0 to 1.
    BadQuantile(f64),
    /// A ratio outside of -1 to 1, and what it is taken for.
    BadRatio(f64, f64),
    /// A bucket without a usable bound: the bound, and the metric where its name is known.
    BadBucketLabel(String, String),
    /// `sort` in a range query.
    SortInRange,
    /// A series has numbers and histograms: the metric.
    MixedFloats(String),
    /// A group has numbers and histograms.
    MixedFloatsInGroup,
    /// Classic and native histograms have the same labels: the metric, where its name is known.
    MixedClassic(String),
    /// `rate` on a gauge histogram: the metric.
    NotCounter(String),
    /// `delta` on a counter histogram: the metric.
    NotGauge(String),
    /// Histograms with an exponential scale and with bounds of their own: the metric.
    MixedBuckets(String),
    /// The same in an operation between two histograms: the operator.
    IncompatibleBuckets(&'static str),
    /// A reset met what is marked as none, in this operation.
    ConflictingResets(Operation),
    /// A sample started before the one before it: the metric, and how often.
    StartOverlap(String, usize),
    /// `rate` on what does not look like a counter.
    MaybeNotCounter(String),
    /// `rate` on what is not labelled as a counter: the metric and its type.
    NotLabelledCounter(String, String),
    /// An aggregation that only numbers have.
    IgnoredInGroup(&'static str),
    /// A function over a range that only numbers have: the metric.
    IgnoredInRange(String),
    /// Observations that were no numbers made a quantile one: the metric, where its name is known.
    NanQuantile(String),
    /// They made it higher.
    SkewedQuantile(String),
    /// A fraction leaves them out.
    NanFraction(String),
    /// Buckets with different bounds were joined in this operation.
    ReconciledBounds(Operation),
    /// Bucket counts had to be made to rise.
    ForcedMonotonic(String, Forced),
    /// An operator that these operands do not have.
    IncompatibleTypes {
        op: &'static str,
        left: &'static str,
        right: &'static str,
    },
}

/// What is done with histograms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Adding two.
    Addition,
    /// Subtracting two.
    Subtraction,
    /// Adding up many.
    Aggregation,
}

impl Operation {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Addition => "addition",
            Self::Subtraction => "subtraction",
            Self::Aggregation => "aggregation",
        }
    }
}

impl Note {
    pub(super) fn level(&self) -> Level {
        match self {
            Self::BadQuantile(_)
            | Self::BadRatio(..)
            | Self::BadBucketLabel(..)
            | Self::MixedFloats(_)
            | Self::MixedFloatsInGroup
            | Self::MixedClassic(_)
            | Self::NotCounter(_)
            | Self::NotGauge(_)
            | Self::MixedBuckets(_)
            | Self::IncompatibleBuckets(_)
            | Self::ConflictingResets(_)
            | Self::StartOverlap(..)
            | Self::SortInRange => Level::Warning,
            Self::MaybeNotCounter(_)
            | Self::NotLabelledCounter(..)
            | Self::IgnoredInGroup(_)
            | Self::IgnoredInRange(_)
            | Self::NanQuantile(_)
            | Self::SkewedQuantile(_)
            | Self::NanFraction(_)
            | Self::ReconciledBounds(_)
            | Self::ForcedMonotonic(..)
            | Self::IncompatibleTypes { .. } => Level::Info,
        }
    }
}

/// What was done to buckets whose counts fell, summed up over all steps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Forced {
    /// Lowest bound of a changed bucket.
    pub(crate) first: f64,
    /// Highest bound of a changed bucket.
    pub(crate) last: f64,
    /// Largest change.
    pub(crate) most: f64,
    /// Steps at which something was changed.
    pub(crate) samples: usize,
    /// First of these steps. Units: milliseconds.
    pub(crate) from: i64,
    /// Last of these steps. Units: milliseconds.
    pub(crate) to: i64,
}

impl Forced {
    pub(super) fn merge(&mut self, other: Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.most = self.most.max(other.most);
        self.samples += other.samples;
        self.from = self.from.min(other.from);
        self.to = self.to.max(other.to);
    }
}
