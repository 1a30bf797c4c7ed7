//! The way in.

use crate::{Exemplar, Metadata, Result};
use model::{Histogram, Labels, TimestampMs};
use std::sync::Arc;

/// A series inside one storage, given in order of registration. Not stable across restarts; a storage may
/// forget a series that got no sample for long, and then answers its id with
/// [`Error::UnknownSeries`](crate::Error::UnknownSeries): register it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SeriesId(pub u32);

/// An ordered list of series that are written together, again and again. Not stable across restarts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LayoutId(pub u32);

/// One scrape: one time, one value per slot of its layout.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// The series, in slot order.
    pub layout: LayoutId,
    /// Time of every sample of the frame.
    pub time: TimestampMs,
    /// Shape: `values[n_slots]`. The stale marker says "not exposed this time": it ends a series that
    /// had samples and is not stored again while the series stays away.
    pub values: &'a [f64],
}

/// One sample with a time of its own.
#[derive(Debug, Clone, Copy)]
pub struct LooseSample {
    /// Series.
    pub series: SeriesId,
    /// Time.
    pub time: TimestampMs,
    /// Value; the stale marker ends the series.
    pub value: f64,
}

/// One native histogram with a time of its own.
#[derive(Debug, Clone)]
pub struct HistogramSample {
    /// Series.
    pub series: SeriesId,
    /// Time.
    pub time: TimestampMs,
    /// The histogram; a stale one ends the series.
    pub histogram: Arc<Histogram>,
}

/// What became of the samples of one call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FrameOutcome {
    /// Samples stored.
    pub appended: usize,
    /// Samples older than their series' newest one, where nothing out of order is taken: not stored.
    pub out_of_order: usize,
    /// Samples older than the out-of-order window: not stored.
    pub too_old: usize,
    /// Samples so old that no block takes them any more, or too far in the future: not stored.
    pub out_of_bounds: usize,
    /// Samples at their series' newest time with another value: not stored.
    pub duplicate: usize,
}

impl FrameOutcome {
    /// Adds what became of other samples.
    pub fn add(&mut self, other: Self) {
        self.appended += other.appended;
        self.out_of_order += other.out_of_order;
        self.too_old += other.too_old;
        self.out_of_bounds += other.out_of_bounds;
        self.duplicate += other.duplicate;
    }

    /// Samples that were not stored although they said something new.
    pub fn refused(&self) -> usize {
        self.out_of_order + self.too_old + self.out_of_bounds + self.duplicate
    }
}

/// Takes samples. All methods may be called from several threads; a reader sees a whole frame or
/// nothing of it. When a call returns, what it stored survives the death of the process (not
/// necessarily of the machine: that is the log's sync policy).
pub trait Appender: Send + Sync {
    /// Finds or creates one series per label set.
    ///
    /// Shape: one result per entry of `series`, in order; a refused entry (a limit) does not stop the
    /// others.
    ///
    /// # Errors
    /// [`Error::ReadOnly`](crate::Error::ReadOnly) or [`Error::Io`](crate::Error::Io) when nothing can be
    /// written; an inner [`Error::SeriesLimit`](crate::Error::SeriesLimit) for a refused series.
    fn register(&self, series: &[Labels]) -> Result<Vec<Result<SeriesId>>>;

    /// Makes a layout of series that [`register`](Self::register) gave.
    ///
    /// # Errors
    /// [`Error::UnknownSeries`](crate::Error::UnknownSeries), or as for `register`.
    fn layout(&self, series: &[SeriesId]) -> Result<LayoutId>;

    /// Says that no frame of `layout` will come any more, so that its memory can go. Its samples stay.
    fn release(&self, layout: LayoutId);

    /// Stores one frame as a whole. Within a layout time goes forward.
    ///
    /// # Errors
    /// [`Error::UnknownLayout`](crate::Error::UnknownLayout), [`Error::FrameShape`](crate::Error::FrameShape),
    /// or as for `register`; then nothing of the frame is stored. Samples that come too late are no
    /// error: the outcome counts them.
    fn append_frame(&self, frame: Frame<'_>) -> Result<FrameOutcome>;

    /// Stores samples that carry times of their own; ordering is judged per series.
    ///
    /// # Errors
    /// [`Error::UnknownSeries`](crate::Error::UnknownSeries) where a series was forgotten (nothing of the
    /// call is stored then), or as for [`append_frame`](Self::append_frame).
    fn append_loose(&self, samples: &[LooseSample]) -> Result<FrameOutcome>;

    /// Stores native histograms; ordering is judged per series, floats of the series included.
    ///
    /// # Errors
    /// As for [`append_loose`](Self::append_loose).
    fn append_histograms(&self, samples: &[HistogramSample]) -> Result<FrameOutcome>;

    /// Stores exemplars in a ring that overwrites the oldest; gives the number stored. Those that are
    /// older than the newest one of their series, or equal to it, are left out.
    ///
    /// # Errors
    /// As for [`append_loose`](Self::append_loose).
    fn append_exemplars(&self, exemplars: &[(SeriesId, Exemplar)]) -> Result<usize>;

    /// Notes what families are; the last word counts.
    ///
    /// # Errors
    /// [`Error::ReadOnly`](crate::Error::ReadOnly) or [`Error::Io`](crate::Error::Io).
    fn set_metadata(&self, metadata: &[Metadata]) -> Result<()>;
}
