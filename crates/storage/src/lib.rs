//! The traits between storage and everything else: frames in, columns out.
//!
//! Deliberately not here: any engine. `tsdb` implements these traits far from here; [`MemStorage`] is
//! the small one that tests of other crates run on.
//!
//! Data in: a scrape loop [registers](Appender::register) its series, lays them out in page order, and
//! appends one [`Frame`] per scrape: one time and one value per slot. Samples that carry their own time
//! go in one by one ([`LooseSample`]). Data out: a [`Queryable`] selects series by [`Matchers`] and gives
//! each one's samples as a [`Column`], times and values side by side, never point by point.
//!
//! ```
//! use model::{DurationMs, Labels, Matcher, TimeRange, TimestampMs};
//! use storage::{Appender, Column, Frame, Matchers, MemStorage, Queryable};
//!
//! let store = MemStorage::default();
//! let up = Labels::from_pairs([("__name__", "up"), ("job", "node")]);
//! let series = store.register(&[up])?.into_iter().collect::<Result<Vec<_>, _>>()?;
//! let layout = store.layout(&series)?;
//! store.append_frame(Frame { layout, time: TimestampMs(1_000), values: &[1.0] })?;
//!
//! let selected = store.select(&Matchers::compile(&[Matcher::metric("up")])?, TimeRange::ALL)?;
//! let mut column = Column::default();
//! selected.reader().read(0, TimeRange::ALL, &mut column)?;
//! assert_eq!((column.times, column.values), (vec![1_000], vec![1.0]));
//! # Ok::<(), storage::Error>(())
//! ```

mod admin;
mod append;
mod error;
mod group;
mod matchers;
mod mem;
mod query;

pub use admin::{Admin, BlockInfo, HeadStatus, NamedCount, ReplayStatus};
pub use append::{Appender, Frame, FrameOutcome, HistogramSample, LayoutId, LooseSample, SeriesId};
pub use error::{Error, Result};
pub use group::{Grouping, Groups};
pub use matchers::{CompiledMatcher, Matchers};
pub use mem::MemStorage;
pub use query::{
    Column, ColumnReader, Exemplar, LabelQuery, Metadata, Newest, Queryable, Selection,
    SeriesExemplars,
};
