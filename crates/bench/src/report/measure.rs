//! One thing measured on several servers, and what was aimed at.

use super::figures::median;
use crate::system::System;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What Watchfire is to reach. Less is better in every measure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Target {
    /// So many times less than each peer.
    Times {
        /// Than Prometheus.
        prometheus: f64,
        /// Than VictoriaMetrics.
        victoria: f64,
    },
    /// A query: four times faster than Prometheus and twice as fast as VictoriaMetrics where Prometheus
    /// takes more than five milliseconds, no slower than either elsewhere.
    Query,
    /// A figure of its own.
    AtMost(f64),
}

/// Below this a query is quick, in milliseconds.
const QUICK_MS: f64 = 5.0;

/// Whether a target was reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It was.
    Met,
    /// It was not.
    Missed,
    /// There is none, or something to compare with was not measured.
    Open,
}

impl Verdict {
    /// The word on the page.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "**missed**",
            Self::Open => "-",
        }
    }
}

/// One thing measured.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measure {
    /// What, and in which unit.
    pub(crate) name: String,
    /// A value for each repetition.
    pub(crate) values: BTreeMap<System, Vec<f64>>,
    /// What was aimed at.
    pub(crate) target: Option<Target>,
    /// What a reader must know beside the figures.
    pub(crate) remark: String,
}

impl Measure {
    /// A measure with no values yet.
    pub(crate) fn new(name: impl Into<String>, target: Option<Target>) -> Self {
        Self {
            name: name.into(),
            values: BTreeMap::new(),
            target,
            remark: String::new(),
        }
    }

    /// Adds the value of one repetition.
    pub(crate) fn add(&mut self, system: System, value: f64) {
        self.values.entry(system).or_default().push(value);
    }

    /// The median of a server's values.
    pub(crate) fn median(&self, system: System) -> Option<f64> {
        median(self.values.get(&system)?)
    }

    /// How many times more `peer` takes.
    pub(crate) fn ratio(&self, peer: System) -> Option<f64> {
        let ratio = self.median(peer)? / self.median(System::Watchfire)?;
        ratio.is_finite().then_some(ratio)
    }

    /// The factors to reach against Prometheus and VictoriaMetrics.
    fn factors(&self) -> Option<(f64, f64)> {
        match self.target? {
            Target::Times {
                prometheus,
                victoria,
            } => Some((prometheus, victoria)),
            Target::Query if self.median(System::Prometheus)? > QUICK_MS => Some((4.0, 2.0)),
            Target::Query => Some((1.0, 1.0)),
            Target::AtMost(_) => None,
        }
    }

    /// Whether the target was reached against every peer that was measured.
    pub(crate) fn verdict(&self) -> Verdict {
        let decide = |met: bool| if met { Verdict::Met } else { Verdict::Missed };
        if let Some(Target::AtMost(most)) = self.target {
            let own = self.median(System::Watchfire);
            return own.map_or(Verdict::Open, |own| decide(own <= most));
        }
        let Some((prometheus, victoria)) = self.factors() else {
            return Verdict::Open;
        };
        let reached = [
            (System::Prometheus, prometheus),
            (System::Victoria, victoria),
        ]
        .into_iter()
        .filter_map(|(peer, factor)| Some(self.ratio(peer)? >= factor))
        .reduce(|all, one| all && one);
        reached.map_or(Verdict::Open, decide)
    }

    /// The target in words.
    pub(crate) fn aim(&self) -> String {
        let factor = |factor: f64| format!("{factor}x");
        match (self.target, self.factors()) {
            (Some(Target::AtMost(most)), _) => format!("at most {most}"),
            (_, Some((a, b))) => format!("{}, {}", factor(a), factor(b)),
            (Some(_), None) => "4x, 2x".to_owned(),
            (None, None) => "-".to_owned(),
        }
    }

    /// The measure as kept between runs.
    pub(super) fn to_json(&self) -> Value {
        let values: BTreeMap<&str, &Vec<f64>> = self
            .values
            .iter()
            .map(|(system, values)| (system.key(), values))
            .collect();
        let target = match self.target {
            None => Value::Null,
            Some(Target::Query) => json!({ "query": true }),
            Some(Target::AtMost(most)) => json!({ "at_most": most }),
            Some(Target::Times {
                prometheus,
                victoria,
            }) => {
                json!({ "prometheus": prometheus, "victoria": victoria })
            }
        };
        json!({ "name": self.name, "values": values, "target": target, "remark": self.remark })
    }

    /// The measure that [`Self::to_json`] wrote.
    pub(super) fn from_json(json: &Value) -> Option<Self> {
        let number = |name: &str| json.get("target")?.get(name)?.as_f64();
        let target = match (number("prometheus"), number("victoria"), number("at_most")) {
            (Some(prometheus), Some(victoria), _) => Some(Target::Times {
                prometheus,
                victoria,
            }),
            (_, _, Some(most)) => Some(Target::AtMost(most)),
            _ => json.pointer("/target/query").map(|_| Target::Query),
        };
        let mut values = BTreeMap::new();
        for system in System::ALL {
            if let Some(list) = json.get("values")?.get(system.key()) {
                let list = list.as_array()?.iter().filter_map(Value::as_f64).collect();
                values.insert(system, list);
            }
        }
        Some(Self {
            name: json.get("name")?.as_str()?.to_owned(),
            values,
            target,
            remark: json.get("remark")?.as_str()?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(target: Target, values: &[(System, f64)]) -> Measure {
        let mut measure = Measure::new("x", Some(target));
        for (system, value) in values {
            measure.add(*system, *value);
        }
        measure
    }

    const OURS: (System, f64) = (System::Watchfire, 1.0);

    #[test]
    fn every_peer_that_was_measured_must_be_beaten_by_its_factor() {
        let target = Target::Times {
            prometheus: 6.0,
            victoria: 8.0,
        };
        let verdict = |prometheus: f64, victoria: f64| {
            let peers = [
                OURS,
                (System::Prometheus, prometheus),
                (System::Victoria, victoria),
            ];
            measure(target, &peers).verdict()
        };
        assert_eq!(verdict(6.0, 8.0), Verdict::Met);
        assert_eq!(verdict(5.9, 9.0), Verdict::Missed);
        assert_eq!(verdict(7.0, 7.9), Verdict::Missed);
        assert_eq!(
            measure(target, &[OURS, (System::Victoria, 9.0)]).verdict(),
            Verdict::Met
        );
        assert_eq!(measure(target, &[OURS]).verdict(), Verdict::Open);
        assert_eq!(
            measure(target, &[(System::Victoria, 9.0)]).verdict(),
            Verdict::Open
        );
    }

    #[test]
    fn quick_queries_need_only_be_no_slower() {
        let verdict = |ours: f64, prometheus: f64| {
            let values = [(System::Watchfire, ours), (System::Prometheus, prometheus)];
            measure(Target::Query, &values).verdict()
        };
        assert_eq!(verdict(4.0, 4.9), Verdict::Met);
        assert_eq!(verdict(5.0, 4.9), Verdict::Missed);
        assert_eq!(verdict(2.0, 7.9), Verdict::Missed);
        assert_eq!(verdict(2.0, 8.0), Verdict::Met);
    }

    #[test]
    fn a_figure_of_its_own_needs_no_peer() {
        assert_eq!(
            measure(Target::AtMost(1.0), &[OURS]).verdict(),
            Verdict::Met
        );
        assert_eq!(
            measure(Target::AtMost(0.9), &[OURS]).verdict(),
            Verdict::Missed
        );
    }

    #[test]
    fn a_measure_comes_back_from_its_file() {
        for target in [
            Target::Times {
                prometheus: 6.0,
                victoria: 2.5,
            },
            Target::Query,
            Target::AtMost(0.5),
        ] {
            let measure = measure(target, &[OURS, (System::Victoria, 0.25)]);
            assert_eq!(Measure::from_json(&measure.to_json()), Some(measure));
        }
    }
}
