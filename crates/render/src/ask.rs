//! What a panel asks: its targets as queries of a window of time.

#![expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "panels and targets are views of a document and go by reference everywhere"
)]

use crate::Reply;
use dashboard::{
    Answer, Choice, DEFAULT_SCRAPE_INTERVAL, Dashboard, Format, Globals, Panel, PanelKind,
    ResultFormat, Scope, StepInput, Target, VariableValues, Zone, align_to_step, bucket_series,
    inject_filters, interpolate, parse_interval, resolve_range,
};
use serde_json::Value;

/// A query.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    /// PromQL.
    pub expr: String,
    /// Units: milliseconds since the epoch.
    pub from: i64,
    /// Units: milliseconds since the epoch.
    pub to: i64,
    /// Units: milliseconds; `None` asks for the moment `to`.
    pub step: Option<i64>,
}

/// A target as a query, with what its answer is made into.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// What is asked.
    pub question: Question,
    ref_id: String,
    legend: String,
    format: ResultFormat,
}

impl Plan {
    /// The answer as panels take it: a heatmap takes the buckets of native histograms, and everything else
    /// their sums.
    pub fn answer(&self, kind: &PanelKind, reply: &Reply) -> Answer {
        let of_buckets = *kind == PanelKind::Heatmap || self.format == ResultFormat::Heatmap;
        let (format, series) = if of_buckets && !reply.histograms.is_empty() {
            (ResultFormat::Heatmap, bucket_series(&reply.histograms))
        } else {
            (self.format, reply.series.clone())
        };
        Answer {
            ref_id: self.ref_id.clone(),
            expr: self.question.expr.clone(),
            legend: self.legend.clone(),
            format,
            step: self.question.step,
            series,
        }
    }
}

/// Where and when a panel asks.
pub struct Surroundings<'a> {
    /// The dashboard: a panel may show the answers of another one.
    pub dashboard: &'a Dashboard,
    /// Values of variables.
    pub values: &'a VariableValues,
    /// The window and what else texts may mention.
    pub globals: &'a Globals,
    /// The values that the panel is a copy for.
    pub clones: &'a [(String, Choice)],
    /// The reader's clocks.
    pub zone: &'a dyn Zone,
    /// Units: milliseconds since the epoch.
    pub now: i64,
    /// Points that there is room for.
    pub width: i64,
}

impl Surroundings<'_> {
    /// The scope of the panel's texts.
    pub fn scope(&self) -> Scope<'_> {
        Scope::new(self.values, self.globals)
            .with_clones(self.clones)
            .in_zone(self.zone)
    }

    /// The window of a panel, which may have one of its own. Units: milliseconds since the epoch.
    pub fn window(&self, panel: &Panel<'_>) -> (i64, i64) {
        let mut window = (self.globals.from, self.globals.to);
        let text = |text: &str| interpolate(text, &self.scope(), &Format::Raw);
        if let Some(own) = panel.time_from() {
            let own = text(own);
            let from = if own.starts_with("now") {
                own
            } else {
                format!("now-{own}")
            };
            let calendar = dashboard::Calendar::new(self.now, self.zone);
            window = resolve_range(&from, "now", &calendar).unwrap_or(window);
        }
        if let Some(shift) = panel.time_shift()
            && let Ok(shift) = parse_interval(&text(shift))
        {
            window = (window.0 - shift, window.1 - shift);
        }
        window
    }

    /// The queries of a panel.
    pub fn plans(&self, panel: &Panel<'_>) -> Vec<Plan> {
        // A panel may show the answers of another one.
        let source = panel
            .source_panel()
            .and_then(|id| self.dashboard.panel(id))
            .filter(|source| source.id() != panel.id());
        let asks = source.as_ref().unwrap_or(panel);
        let window = self.window(panel);
        asks.targets()
            .iter()
            .filter(|target| !target.hidden() && !target.expr().trim().is_empty())
            .filter(|target| is_ours(target.data_source()))
            .map(|target| self.plan(panel, target, window))
            .collect()
    }

    fn plan(&self, panel: &Panel<'_>, target: &Target<'_>, window: (i64, i64)) -> Plan {
        let plain = |text: &str| interpolate(text, &self.scope(), &Format::Raw);
        let own = target.interval().map(plain);
        let least = panel.interval().map(plain);
        let input = StepInput {
            range: window.1 - window.0,
            max_data_points: panel.max_data_points().unwrap_or(self.width).max(1),
            target_interval: own.as_deref(),
            panel_interval: least.as_deref(),
            scrape_interval: DEFAULT_SCRAPE_INTERVAL,
            factor: target.interval_factor(),
        };
        let intervals = input.intervals();
        let scope = self.scope().with_intervals(intervals);
        let expr = interpolate(target.expr(), &scope, &Format::Promql);
        // An expression that cannot be read is refused with its place by the server.
        let expr = inject_filters(&expr, &self.values.filters()).unwrap_or(expr);
        let question = if target.instant() {
            Question {
                expr,
                from: window.1,
                to: window.1,
                step: None,
            }
        } else {
            let step = intervals.step.max(1);
            let aligned = |ms| align_to_step(ms, step, self.zone.offset_at(ms));
            Question {
                expr,
                from: aligned(window.0),
                to: aligned(window.1),
                step: Some(step),
            }
        };
        Plan {
            question,
            ref_id: target.ref_id().to_owned(),
            legend: interpolate(target.legend(), &scope, &Format::Text),
            format: target.format(),
        }
    }
}

/// Whether a target asks for metrics, and not for what other kinds of sources have.
fn is_ours(source: Option<&Value>) -> bool {
    let kind = source
        .and_then(|source| source.get("type"))
        .and_then(Value::as_str);
    kind.is_none_or(|kind| {
        let kind = kind.to_ascii_lowercase();
        let known = [
            "prometheus",
            "victoriametrics",
            "mimir",
            "thanos",
            "cortex",
            "grafana",
            "datasource",
            "mixed",
        ];
        known.iter().any(|known| kind.contains(known)) || kind.starts_with('$') || kind.is_empty()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use dashboard::Utc;
    use std::collections::BTreeMap;

    #[test]
    fn a_target_becomes_a_query_of_the_window() {
        let text = r#"{"title": "x", "panels": [{"id": 1, "type": "timeseries", "targets": [
            {"expr": "rate(a{b=~\"$b\"}[$__rate_interval])"}, {"expr": "c", "instant": true, "format": "table"},
            {"expr": "d", "hide": true}, {"expr": "logs", "datasource": {"type": "loki"}}]}],
            "templating": {"list": [{"name": "b", "type": "custom", "multi": true, "query": "x.y,z",
            "current": {"text": ["x.y", "z"], "value": ["x.y", "z"]}}]}}"#;
        let dashboard = dashboard::import(text, &BTreeMap::new()).unwrap().dashboard;
        let values = VariableValues::new(dashboard.variables(&mut Vec::new()));
        let globals = Globals {
            from: 1_700_000_000_000,
            to: 1_700_003_600_000,
            ..Globals::default()
        };
        let around = Surroundings {
            dashboard: &dashboard,
            values: &values,
            globals: &globals,
            clones: &[],
            zone: &Utc,
            now: globals.to,
            width: 1200,
        };
        let plans = around.plans(&dashboard.panels()[0]);
        assert_eq!(plans.len(), 2);
        let first = &plans[0].question;
        assert_eq!(first.expr, r#"rate(a{b=~"(x\\.y|z)"}[1m])"#);
        assert_eq!((first.step, first.from % 15_000), (Some(15_000), 0));
        assert_eq!(
            (plans[1].question.step, plans[1].question.to),
            (None, globals.to)
        );
    }
}
