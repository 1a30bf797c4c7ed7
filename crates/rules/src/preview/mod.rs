//! What a rule would give now, and when it would have fired.

mod timeline;

pub use timeline::{Interval, SeriesTimeline, Summary};

use crate::alerting::Texts;
use crate::file::{Pairs, RuleDefinition, RuleKind};
use crate::manager::Manager;
use crate::metrics::Metrics;
use crate::query::{Asker, World, element_value, vector_of};
use crate::{Error, Result, RuleDeps};
use model::{DurationMs, Labels, METRIC_NAME, TimestampMs};
use promql::{QueryContext, StepRange, Value, VectorElement};
use selfmon::Registry;
use std::collections::HashSet;
use std::time::{Duration, Instant};
use timeline::Past;

/// A query over fewer steps is not worth a coarser try.
const FEWEST_STEPS: i64 = 200;
/// How much coarser the next try is.
const COARSER: i64 = 5;

/// What is to be previewed.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviewRequest {
    /// The rule.
    pub rule: RuleDefinition,
    /// When "now" is.
    pub now: TimestampMs,
    /// The past that is looked at. Its step becomes longer where a query would take too much.
    pub range: StepRange,
    /// Most matches of now whose templates are expanded and that are given.
    pub most_matches: usize,
    /// Most series whose past is given.
    pub most_series: usize,
}

/// What a rule gives now and gave in the past.
#[derive(Debug, Clone, PartialEq)]
pub struct Preview {
    /// What it gives now. Ordering: as the expression says.
    pub matches: Vec<Match>,
    /// How many there are in all.
    pub match_count: usize,
    /// Why an evaluation now would fail although the query does not.
    pub failure: Option<String>,
    /// The past of each series, those that fired longest first; none of recording rules.
    pub series: Vec<SeriesTimeline>,
    /// How many there are in all.
    pub series_count: usize,
    /// The greatest state of all series over time. Ordering: by time, without overlap.
    pub bands: Vec<Interval>,
    /// What it all comes to.
    pub summary: Summary,
    /// The past that was looked at.
    pub range: StepRange,
    /// Notes of the queries. Ordering: of appearance.
    pub notes: Vec<String>,
}

/// A series that the rule matches.
#[derive(Debug, Clone, PartialEq)]
pub struct Match {
    /// Labels of the alert or of the recorded series.
    pub labels: Labels,
    /// Annotations, expanded. Ordering: by name.
    pub annotations: Pairs,
    /// The value; 0 for a histogram.
    pub value: f64,
}

impl Manager {
    /// Evaluates a rule now and over the past, and keeps nothing of it. Blocks; bounded by the engine's limits
    /// and by `ctx`.
    ///
    /// # Errors
    /// [`Error::Query`] and [`Error::NotVector`].
    pub fn preview(&self, request: &PreviewRequest, ctx: &QueryContext) -> Result<Preview> {
        let deadline = ctx
            .deadline
            .map(|end| end.saturating_duration_since(Instant::now()));
        let deps = RuleDeps {
            query_timeout: deadline
                .unwrap_or(Duration::MAX)
                .min(self.deps().query_timeout),
            ..self.deps().clone()
        };
        let previewer = Previewer {
            deps,
            // What is only tried is not counted.
            metrics: Metrics::new(&Registry::default()),
            options: self.options(),
            ctx,
        };
        previewer.preview(request)
    }
}

struct Previewer<'c> {
    deps: RuleDeps,
    metrics: Metrics,
    options: crate::RuleOptions,
    ctx: &'c QueryContext,
}

impl Previewer<'_> {
    fn preview(&self, request: &PreviewRequest) -> Result<Preview> {
        let rule = &request.rule;
        let storage = &*self.deps.storage;
        let engine = self.deps.engine.get();
        let now = engine.instant(storage, &rule.expr, request.now, self.ctx)?;
        let mut notes = now.warnings;
        notes.extend(now.infos);
        let elements = vector_of(now.value)?;
        let mut preview = Preview {
            matches: self.matches(request, &elements),
            match_count: elements.len(),
            failure: None,
            series: Vec::new(),
            series_count: 0,
            bands: Vec::new(),
            summary: Summary::default(),
            range: request.range,
            notes,
        };
        preview.failure = failure(rule, &preview.matches);
        if let RuleKind::Alert {
            hold,
            keep_firing_for,
            ..
        } = &rule.kind
        {
            self.past(request, (*hold, *keep_firing_for), &mut preview)?;
        }
        Ok(preview)
    }

    fn matches(&self, request: &PreviewRequest, elements: &[VectorElement]) -> Vec<Match> {
        let rule = &request.rule;
        let texts = Texts::of(rule);
        let cancel = self.ctx.cancel.clone().unwrap_or_default();
        let asker = Asker {
            deps: &self.deps,
            metrics: &self.metrics,
            cancel: &cancel,
        };
        let world = World {
            asker: &asker,
            at: request.now,
            external_url: &self.options.external_url,
            is_trial: true,
        };
        let shown = elements.iter().take(request.most_matches);
        let one = |element: &VectorElement| match &rule.kind {
            RuleKind::Alert { name, .. } => {
                let expanded = texts.expand(name, element, &self.options, &world);
                Match {
                    labels: expanded.labels,
                    annotations: expanded.annotations,
                    value: element_value(element),
                }
            }
            RuleKind::Record { .. } => Match {
                labels: crate::recording::labels(rule, &element.labels),
                annotations: Vec::new(),
                value: element_value(element),
            },
        };
        shown.map(one).collect()
    }

    /// Fills in what was; a query that would take too much is tried again with a longer step.
    fn past(
        &self,
        request: &PreviewRequest,
        (hold, keep_firing_for): (DurationMs, DurationMs),
        preview: &mut Preview,
    ) -> Result<()> {
        let mut range = request.range;
        let output = loop {
            let engine = self.deps.engine.get();
            let lead = lead(range, hold);
            let asked = StepRange {
                start: range.start - lead,
                ..range
            };
            let expr = &request.rule.expr;
            match engine.range(&*self.deps.storage, expr, asked, self.ctx) {
                Ok(output) => break (output, lead),
                Err(error) if is_too_much(&error) && steps(range) > FEWEST_STEPS => {
                    range.step = DurationMs(range.step.0.saturating_mul(COARSER));
                }
                Err(error) => return Err(error.into()),
            }
        };
        let (output, lead) = output;
        for note in output.warnings.into_iter().chain(output.infos) {
            if !preview.notes.contains(&note) {
                preview.notes.push(note);
            }
        }
        let Value::Matrix(mut matrix) = output.value else {
            return Err(Error::NotVector);
        };
        for series in &mut matrix {
            series.labels = series.labels.to_builder().remove(METRIC_NAME).build();
        }
        let past = Past::new(range, lead, hold, keep_firing_for);
        let told = past.tell(&matrix, request.most_series);
        preview.range = range;
        preview.series = told.series;
        preview.series_count = told.series_count;
        preview.bands = told.bands;
        preview.summary = told.summary;
        Ok(())
    }
}

/// How much earlier a range must begin for an alert to have waited when the range begins.
fn lead(range: StepRange, hold: DurationMs) -> DurationMs {
    let step = range.step.0.max(1);
    // As long as the range itself at most: a wait of a year costs no query over a year.
    let length = hold
        .0
        .clamp(0, range.end.0.saturating_sub(range.start.0).max(0));
    DurationMs(
        length
            .div_euclid(step)
            .saturating_add(1)
            .saturating_mul(step),
    )
}

fn steps(range: StepRange) -> i64 {
    (range.end.0 - range.start.0) / range.step.0.max(1) + 1
}

fn is_too_much(error: &promql::Error) -> bool {
    matches!(
        error,
        promql::Error::TooManySamples
            | promql::Error::QueryMemory { .. }
            | promql::Error::TotalMemory { .. }
    )
}

/// Why an evaluation would fail: two results cannot be told apart.
fn failure(rule: &RuleDefinition, matches: &[Match]) -> Option<String> {
    let mut seen = HashSet::new();
    let what = match rule.kind {
        RuleKind::Alert { .. } => "alert",
        RuleKind::Record { .. } => "rule",
    };
    let all_differ = matches.iter().all(|one| seen.insert(&one.labels));
    (!all_differ).then(|| Error::SameLabelset { what }.to_string())
}
