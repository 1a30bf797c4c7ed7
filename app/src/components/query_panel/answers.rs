//! What a panel asks the server, and what came back.

use crate::data::{
    Absence, ChartData, Exemplar, Latest, Moment, exemplars, explain, instant, now_seconds, range,
    why_empty,
};
use crate::state::{Display, PanelParams, Tab};
use api_types::{ExplainData, QueryData};
use leptos::prelude::*;

/// The newest answers of a panel.
#[derive(Clone, Copy)]
pub(crate) struct Answers {
    pub(crate) table: Latest<Moment>,
    pub(crate) chart: Latest<ChartData>,
    pub(crate) explained: Latest<ExplainData>,
    pub(crate) exemplars: Latest<Vec<Exemplar>>,
    /// Why the shown answer is empty.
    pub(crate) absence: Latest<Absence>,
}

impl Answers {
    /// Asks whenever the address or the count of runs changes.
    pub(crate) fn follow(params: Signal<PanelParams>, runs: RwSignal<u32>) -> Self {
        let answers = Self {
            table: Latest::new(),
            chart: Latest::new(),
            explained: Latest::new(),
            exemplars: Latest::new(),
            absence: Latest::new(),
        };
        // What does not change the answer must not ask for it again.
        let asked = Memo::new(move |_| PanelParams {
            display: Display::default(),
            from_zero: false,
            log: false,
            exemplars: false,
            ..params.get()
        });
        Effect::new(move |_| {
            runs.track();
            answers.ask(&asked.get());
        });
        let marks = Memo::new(move |_| params.with(|p| p.exemplars && p.tab == Tab::Graph));
        Effect::new(move |_| {
            let loaded = answers.chart.state.with(|state| state.loaded.clone());
            let expr = asked.with(|asked| asked.expr.clone());
            match loaded.filter(|_| marks.get()) {
                Some(chart) => {
                    let window = (chart.data.start, chart.data.end);
                    answers
                        .exemplars
                        .start(move |signal| exemplars(expr, window, signal));
                }
                None => answers.exemplars.clear(),
            }
        });
        Effect::new(move |_| answers.ask_why(&asked.get()));
        answers
    }

    fn ask(self, params: &PanelParams) {
        if params.expr.trim().is_empty() {
            self.table.clear();
            self.chart.clear();
            self.explained.clear();
            return;
        }
        let expr = params.expr.clone();
        let moment = params.moment.map(|ms| ms as f64 / 1e3);
        if params.tab != Tab::Table {
            self.table.cancel();
        }
        if params.tab != Tab::Graph {
            self.chart.cancel();
        }
        match params.tab {
            Tab::Table => self
                .table
                .start(move |signal| instant(expr, moment, signal)),
            Tab::Explain => self
                .explained
                .start(move |signal| explain(expr, moment, signal)),
            Tab::Graph => {
                let (window, step) = window(params);
                self.chart
                    .start(move |signal| range(expr, window, step, signal));
            }
        }
    }

    /// Asks why there is nothing, once there is nothing.
    fn ask_why(self, params: &PanelParams) {
        let table = self.table.state.with(|state| state.loaded.clone());
        let chart = self.chart.state.with(|state| state.loaded.clone());
        let (is_empty, time) = match params.tab {
            Tab::Table => {
                let empty = table.is_some_and(|loaded| is_empty(&loaded.data.result));
                (empty, params.moment.map(|ms| ms as f64 / 1e3))
            }
            Tab::Graph => {
                let empty = chart
                    .as_ref()
                    .is_some_and(|loaded| loaded.data.series.is_empty());
                (empty, chart.map(|loaded| loaded.data.end))
            }
            Tab::Explain => (false, None),
        };
        if is_empty {
            let expr = params.expr.clone();
            self.absence
                .start(move |signal| why_empty(expr, time, signal));
        } else {
            self.absence.clear();
        }
    }

    /// Whether the shown answer is on its way.
    pub(crate) fn is_busy(self, tab: Tab) -> bool {
        match tab {
            Tab::Table => self.table.state.with(|s| s.busy),
            Tab::Graph => self.chart.state.with(|s| s.busy),
            Tab::Explain => self.explained.state.with(|s| s.busy),
        }
    }

    /// Gives up on what is on its way.
    pub(crate) fn cancel(self) {
        self.table.cancel();
        self.chart.cancel();
        self.explained.cancel();
    }
}

/// Start, end and step of a panel's chart. Units: seconds.
pub(crate) fn window(params: &PanelParams) -> ((f64, f64), f64) {
    let step = params.step();
    // Whole seconds, unless the steps are finer: times that people can read.
    let now = || {
        if step < 1000 {
            now_seconds()
        } else {
            now_seconds().floor()
        }
    };
    let end = params.end.map_or_else(now, |ms| ms as f64 / 1e3);
    ((end - params.range as f64 / 1e3, end), step as f64 / 1e3)
}

/// Whether there is nothing in an answer.
pub(crate) fn is_empty(data: &QueryData) -> bool {
    match data {
        QueryData::Vector(samples) => samples.is_empty(),
        QueryData::Matrix(series) => series.is_empty(),
        QueryData::Scalar(_) | QueryData::String(_) => false,
    }
}
