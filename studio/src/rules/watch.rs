//! What a rule matches and when it would have fired, while it is written.

use super::calls;
use super::condition::Condition;
use super::draft::Draft;
use api_types::{RuleFault, RulePreview};
use app::data::{Answer, ChartData, Latest, range};
use leptos::leptos_dom::helpers::debounce;
use leptos::prelude::*;
use std::time::Duration;

/// How long typing must rest before the past is evaluated.
const REST: Duration = Duration::from_millis(500);
/// Points of a line of the chart.
const POINTS: f64 = 400.0;
/// How far back the chart looks. Units: seconds.
const WEEK: f64 = 7.0 * 86_400.0;
/// Distance of points where a preview has not told a window yet. Units: seconds.
const LEAST_STEP: f64 = 60.0;

/// What is known of the rule as it is written.
#[derive(Clone, Copy)]
pub(super) struct Watch {
    /// What it matches and when it would have fired.
    pub(super) preview: Latest<RulePreview>,
    /// The value that is compared, over the same time.
    pub(super) chart: Latest<ChartData>,
    /// Evaluates both again, at once.
    pub(super) now: Callback<()>,
}

impl Watch {
    /// Follows the draft.
    pub(super) fn new(draft: Draft) -> Self {
        let preview: Latest<RulePreview> = Latest::new();
        let chart: Latest<ChartData> = Latest::new();
        let fields = Memo::new(move |_| draft.fields());
        let query = Memo::new(move |_| draft.query.get().trim().to_owned());
        let ask_preview = move || {
            let fields = fields.get_untracked();
            if fields.expr.is_empty() {
                preview.state.set(app::data::LoadState::default());
                return;
            }
            preview.start(move |signal| async move {
                let data = calls::preview(&fields, signal.as_ref()).await?;
                Ok(Answer {
                    data,
                    warnings: Vec::new(),
                    infos: Vec::new(),
                })
            });
        };
        let ask_chart = move || {
            let query = query.get_untracked();
            if query.is_empty() || promql_syntax::parse(&query).is_err() {
                return;
            }
            let end = app::data::now_seconds().floor();
            let step = (WEEK / POINTS).max(LEAST_STEP).round();
            chart.start(move |signal| range(query, (end - WEEK, end), step, signal));
        };
        let mut soon_preview = debounce(REST, move |()| {
            if fields.try_get_untracked().is_some() {
                ask_preview();
            }
        });
        let mut soon_chart = debounce(REST, move |()| {
            if query.try_get_untracked().is_some() {
                ask_chart();
            }
        });
        Effect::new(move |_| {
            fields.track();
            soon_preview(());
        });
        Effect::new(move |_| {
            query.track();
            soon_chart(());
        });
        Self {
            preview,
            chart,
            now: Callback::new(move |()| {
                ask_preview();
                ask_chart();
            }),
        }
    }

    /// What is wrong with the rule, as far as that was looked at.
    pub(super) fn faults(self) -> Vec<RuleFault> {
        self.preview.state.with(|state| {
            let loaded = state.loaded.as_ref();
            loaded
                .map(|loaded| loaded.data.faults.clone())
                .unwrap_or_default()
        })
    }
}

/// The condition of a draft. Tracked.
pub(super) fn condition(draft: Draft) -> Condition {
    Condition {
        query: draft.query.get(),
        op: if draft.is_alert() {
            draft.op.get()
        } else {
            String::new()
        },
        threshold: draft.threshold.get(),
    }
}
