//! Functions over windows.

use super::extended_rate::{self, ExtendedRate};
use super::note_bad_quantiles;
use super::{arg, changes, histogram_over_time, histogram_rate, over_time, rate, regression};
use crate::annotations::Note;
use crate::eval::{Evaluator, Origin, Window, WindowSeries, has_one_name};
use crate::grid::Grid;
use crate::series::{ABSENT, Sample, Series, Sink, Table, is_absent};
use crate::{Error, Result};
use model::{METRIC_NAME, MatchOp};
use promql_syntax::{Call, Expr, ExprKind, Span, ValueType, VectorSelector};

/// Computes one value per window.
pub(super) trait RangeFunction {
    /// Computes all windows of a series of plain numbers at once: puts into `out`, which holds nothing but
    /// [`ABSENT`], a value for every window that has one. Gives how many these are, or `None`, with nothing
    /// done, if it sees windows one by one only.
    fn fill(&mut self, _series: &WindowSeries<'_>, _out: &mut [f64]) -> Option<usize> {
        None
    }

    /// Sees all samples of a series before its windows come one by one.
    fn column(&mut self, _values: &[f64]) {}

    /// The value for one window, which holds at least one sample; [`ABSENT`] for none.
    fn at(&mut self, window: &Window<'_>, notes: &RangeNotes<'_>) -> Result<f64>;
}

/// Windows with more samples than this, taken together, are seen one by one, with a look at the clock in
/// between, by functions that must see all samples of each.
pub(super) const MANY_SAMPLES: u64 = 1 << 22;

impl<F: FnMut(&Window<'_>) -> f64> RangeFunction for F {
    fn at(&mut self, window: &Window<'_>, _notes: &RangeNotes<'_>) -> Result<f64> {
        Ok(self(window))
    }
}

/// What is noted about one series.
#[derive(Clone, Copy)]
pub(super) struct RangeNotes<'n> {
    ev: &'n Evaluator<'n>,
    span: Span,
    origin: Origin<'n>,
}

impl RangeNotes<'_> {
    pub(super) fn add(&self, note: Note) {
        self.ev.note(note, self.span);
    }

    /// Name of the metric.
    pub(super) fn metric(&self) -> String {
        self.origin.labels().metric_name().to_owned()
    }
}

/// Computes the sample for a window with histograms in it.
pub(super) type OnHistograms<'f> =
    Box<dyn FnMut(&Window<'_>, &RangeNotes<'_>) -> Option<Sample> + 'f>;

/// What a function does with windows that hold histograms.
enum Mixed {
    /// It leaves them out, and says so.
    FloatsOnly,
    /// It sees no difference.
    Same,
    /// It takes the first sample as it is.
    First,
    /// It takes the last sample as it is.
    Last,
    /// Something of its own.
    Own(OnHistograms<'static>),
}

/// A function with all that it needs.
struct Ranged {
    floats: Box<dyn RangeFunction>,
    mixed: Mixed,
}

impl Ranged {
    fn of(ev: &Evaluator<'_>, call: &Call, grid: Grid) -> Result<Self> {
        let name = call.function.name;
        let extension = extended_rate::extension_of(matrix_arg(call)?, name)?;
        let param = |index: usize| ev.scalar(arg(call, index)?, grid);
        let floats: Box<dyn RangeFunction> = match (name, extension) {
            ("rate" | "increase" | "delta", None) => Box::new(rate::Rate::of(name, grid)),
            ("rate" | "increase" | "delta", Some(extension)) => {
                Box::new(ExtendedRate::of(name, extension))
            }
            ("changes", None) => Box::new(changes::Counted::changes()),
            ("resets", None) => Box::new(changes::Counted::resets()),
            ("changes", extension) => {
                Box::new(extended_rate::anchored(extension, changes::changes))
            }
            ("resets", extension) => Box::new(extended_rate::anchored(extension, changes::resets)),
            ("irate", _) => Box::new(rate::irate),
            ("idelta", _) => Box::new(rate::idelta),
            ("deriv", _) => Box::new(regression::deriv),
            ("predict_linear", _) => regression::predict_linear(param(1)?),
            ("double_exponential_smoothing", _) => Box::new(regression::Smoothing {
                value: param(1)?,
                trend: param(2)?,
            }),
            ("quantile_over_time", _) => {
                let q = param(0)?;
                note_bad_quantiles(ev, &q, grid, arg(call, 0)?.span);
                over_time::quantile(q)
            }
            _ => over_time::function(name).ok_or(Error::Unsupported("this function"))?,
        };
        let mixed = match (name, extension) {
            (
                "count_over_time"
                | "present_over_time"
                | "ts_of_first_over_time"
                | "ts_of_last_over_time"
                | "changes"
                | "resets",
                _,
            ) => Mixed::Same,
            ("first_over_time", _) => Mixed::First,
            ("last_over_time", _) => Mixed::Last,
            ("sum_over_time", _) => Mixed::Own(Box::new(histogram_over_time::sum)),
            ("avg_over_time", _) => Mixed::Own(Box::new(histogram_over_time::average)),
            ("rate" | "increase" | "delta", None) => Mixed::Own(histogram_rate::rate(name)),
            ("rate" | "increase" | "delta", Some(extension)) => {
                Mixed::Own(super::extended_histogram::rate(name, extension))
            }
            ("irate" | "idelta", _) => Mixed::Own(histogram_rate::last_two(name)),
            _ => Mixed::FloatsOnly,
        };
        Ok(Self { floats, mixed })
    }

    /// Computes one series; whether it has a sample, and whether any is a number.
    fn fill(
        &mut self,
        series: WindowSeries<'_>,
        notes: &RangeNotes<'_>,
        grid: Grid,
        out: &mut Series,
    ) -> Result<(bool, bool)> {
        out.clear();
        out.values.resize(grid.n, ABSENT);
        if series.is_plain()
            && let Some(present) = self.floats.fill(&series, &mut out.values)
        {
            return Ok((present > 0, present > 0));
        }
        self.floats.column(&series.column().values);
        let (mut any, mut any_float) = (false, false);
        for window in series.windows() {
            notes.ev.budget.work(window.times.len())?;
            if series.has_histograms() && window.histogram_count() > 0 {
                let sample = self.mixed(&window, notes)?;
                any |= sample.is_some();
                any_float |= matches!(sample, Some(Sample::Float(_)));
                out.set(window.k, sample);
                continue;
            }
            let value = self.floats.at(&window, notes)?;
            if let Some(slot) = out.values.get_mut(window.k) {
                *slot = value;
            }
            any_float |= !is_absent(value);
        }
        Ok((any | any_float, any_float))
    }

    fn mixed(&mut self, window: &Window<'_>, notes: &RangeNotes<'_>) -> Result<Option<Sample>> {
        let float = |value: f64| (!is_absent(value)).then_some(Sample::Float(value));
        match &mut self.mixed {
            Mixed::Own(function) => Ok(function(window, notes)),
            Mixed::Same => self.floats.at(window, notes).map(float),
            Mixed::First => Ok(sample(window, 0)),
            Mixed::Last => Ok(sample(window, window.times.len().saturating_sub(1))),
            Mixed::FloatsOnly => {
                let (mut times, mut values) = (Vec::new(), Vec::new());
                for (at, (time, value)) in window.times.iter().zip(window.values).enumerate() {
                    if window.histogram(at).is_none() {
                        times.push(*time);
                        values.push(*value);
                    }
                }
                if times.is_empty() {
                    return Ok(None);
                }
                notes.add(Note::IgnoredInRange(notes.metric()));
                let window = Window {
                    times: &times,
                    values: &values,
                    histograms: &[],
                    starts: &[],
                    ..*window
                };
                self.floats.at(&window, notes).map(float)
            }
        }
    }
}

fn sample(window: &Window<'_>, at: usize) -> Option<Sample> {
    match window.histogram(at) {
        Some(histogram) => Some(Sample::Histogram(histogram.clone())),
        None => window.values.get(at).copied().map(Sample::Float),
    }
}

fn matrix_arg(call: &Call) -> Result<&Expr> {
    call.args
        .iter()
        .find(|arg| arg.value_type() == ValueType::Matrix)
        .ok_or(Error::Unsupported("this function"))
}

/// The range that a function is called on, if it is a selector as it is stored.
pub(crate) fn plain_range(call: &Call) -> Option<&Expr> {
    if call.function.returns != ValueType::Vector || call.function.name == "absent_over_time" {
        return None;
    }
    let arg = matrix_arg(call).ok()?.unparenthesised();
    match &arg.kind {
        ExprKind::Matrix(matrix) if matrix.selector.extension.is_none() => Some(arg),
        _ => None,
    }
}

/// Whether a function over a range drops the metric name.
pub(crate) fn drops_name(function: &str) -> bool {
    !matches!(function, "last_over_time" | "first_over_time")
}

/// A call on a range.
pub(super) fn stream(ev: &Evaluator<'_>, call: &Call, grid: Grid, sink: Sink<'_>) -> Result<()> {
    let matrix = matrix_arg(call)?;
    let mut function = Ranged::of(ev, call, grid)?;
    let hints = CounterHints::of(call, matrix);
    let span = arg(call, 0)?.span;
    let is_part = ev.leaf_at(matrix.unparenthesised()).is_some();
    let mut visit_all = |sink: Sink<'_>| {
        let mut out = Series::default();
        ev.windows(matrix, grid, &mut |series| {
            let origin = series.origin;
            let notes = RangeNotes { ev, span, origin };
            let (any, any_float) = function.fill(series, &notes, grid, &mut out)?;
            if any_float {
                hints.note(&notes);
            }
            if !any {
                return Ok(());
            }
            out.number = origin.index();
            // A part of a plan is not told by labels; what goes wrong with histograms is, all the same.
            if !is_part || !out.histograms.is_empty() {
                out.labels = origin.labels();
            }
            out.drop_name = origin.drop_name();
            sink(&mut out)
        })
    };
    if drops_name(call.function.name) {
        let settle = Table::settle_apart;
        ev.drop_names_then(settle, has_one_name(matrix), sink, &mut visit_all)
    } else {
        visit_all(sink)
    }
}

/// What is known of series that must be counters.
struct CounterHints {
    /// Whether the function is one of counters.
    wanted: bool,
    /// Name that all series have.
    name: Option<String>,
}

impl CounterHints {
    fn of(call: &Call, matrix: &Expr) -> Self {
        let name = match &matrix.unparenthesised().kind {
            ExprKind::Matrix(matrix) => name_of(&matrix.selector).map(str::to_owned),
            _ => None,
        };
        Self {
            wanted: matches!(call.function.name, "rate" | "increase"),
            name,
        }
    }

    /// Notes a series that does not look like a counter.
    fn note(&self, notes: &RangeNotes<'_>) {
        let looks_right = |metric: &str| {
            let counts = ["_total", "_sum", "_count", "_bucket"];
            metric.is_empty() || counts.iter().any(|suffix| metric.ends_with(suffix))
        };
        let known_right = !notes.ev.typed && self.name.as_deref().is_some_and(looks_right);
        if !self.wanted || known_right {
            return;
        }
        if let (Some(name), false) = (&self.name, notes.ev.typed) {
            return notes.add(Note::MaybeNotCounter(name.clone()));
        }
        let labels = notes.origin.labels();
        let metric = labels.metric_name();
        if !notes.ev.typed {
            if !looks_right(metric) {
                notes.add(Note::MaybeNotCounter(metric.to_owned()));
            }
            return;
        }
        let kind = labels.get("__type__").unwrap_or("");
        if !metric.is_empty() && !matches!(kind, "counter" | "histogram") {
            notes.add(Note::NotLabelledCounter(metric.to_owned(), kind.to_owned()));
        }
    }
}

/// The metric name that all series of a selector have.
fn name_of(selector: &VectorSelector) -> Option<&str> {
    let named = |m: &&model::Matcher| m.name == METRIC_NAME && m.op == MatchOp::Equal;
    let matcher = || selector.matchers.iter().find(named);
    selector
        .name
        .as_deref()
        .or_else(|| matcher().map(|m| m.value.as_str()))
}
