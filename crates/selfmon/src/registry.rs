//! The registry: every family that the server shows about itself.

use crate::family::{CounterVec, Family, FamilyMembers, GaugeVec, HistogramVec, Members};
use crate::instrument::{Counter, Gauge, Histogram};
use crate::summary::SummaryVec;
use model::{Labels, MetricFamily};
use parking_lot::RwLock;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

type Collector = Arc<dyn Fn() -> Vec<MetricFamily> + Send + Sync>;

/// Families by name. Clones share their content.
///
/// Asking twice for the same name and labels gives the same instrument. A name belongs to the kind that
/// asked first: a later request of another kind gets an instrument that works and is shown nowhere (a
/// mistake in our code, which debug builds report).
#[derive(Clone, Default)]
pub struct Registry {
    inner: Arc<Inner>,
}

#[derive(Default)]
struct Inner {
    families: RwLock<BTreeMap<String, Family>>,
    collectors: RwLock<Vec<Collector>>,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.inner.families.read().keys().cloned().collect();
        f.debug_struct("Registry")
            .field("families", &names)
            .finish_non_exhaustive()
    }
}

impl Registry {
    /// The counter `name` with these labels.
    pub fn counter(&self, name: &str, help: &str, labels: &[(&str, &str)]) -> Counter {
        let labels = Labels::from_pairs(labels.iter().copied());
        self.counters(name, help)
            .get_or_add(labels, Counter::default)
    }

    /// The gauge `name` with these labels.
    pub fn gauge(&self, name: &str, help: &str, labels: &[(&str, &str)]) -> Gauge {
        let labels = Labels::from_pairs(labels.iter().copied());
        self.gauges(name, help).get_or_add(labels, Gauge::default)
    }

    /// The histogram `name` with these labels and upper bounds; the bounds of a name's first request
    /// hold for the whole family.
    pub fn histogram(
        &self,
        name: &str,
        help: &str,
        bounds: &[f64],
        labels: &[(&str, &str)],
    ) -> Histogram {
        let (members, bounds) = self.histograms(name, help, bounds);
        let labels = Labels::from_pairs(labels.iter().copied());
        members.get_or_add(labels, || Histogram::with_bounds(&bounds))
    }

    /// Counters named `name`, told apart by the values of `labels`.
    pub fn counter_vec(&self, name: &str, help: &str, labels: &[&'static str]) -> CounterVec {
        CounterVec {
            names: labels.into(),
            members: self.counters(name, help),
        }
    }

    /// Gauges named `name`, told apart by the values of `labels`.
    pub fn gauge_vec(&self, name: &str, help: &str, labels: &[&'static str]) -> GaugeVec {
        GaugeVec {
            names: labels.into(),
            members: self.gauges(name, help),
        }
    }

    /// Histograms named `name` with these upper bounds, told apart by the values of `labels`.
    pub fn histogram_vec(
        &self,
        name: &str,
        help: &str,
        bounds: &[f64],
        labels: &[&'static str],
    ) -> HistogramVec {
        let (members, bounds) = self.histograms(name, help, bounds);
        HistogramVec {
            names: labels.into(),
            members,
            bounds,
        }
    }

    /// Summaries named `name` with these quantiles, told apart by the values of `labels`. To be asked for once: two
    /// requests for one name give two families that are shown as one.
    pub fn summary_vec(
        &self,
        name: &'static str,
        help: &'static str,
        labels: &[&'static str],
        quantiles: &[f64],
    ) -> SummaryVec {
        let summaries = SummaryVec::new(labels, quantiles);
        let shown = summaries.clone();
        self.collect(move || vec![shown.gather(name, help)]);
        summaries
    }

    /// Adds families that are computed whenever somebody [gathers](Self::gather).
    pub fn collect(&self, collector: impl Fn() -> Vec<MetricFamily> + Send + Sync + 'static) {
        self.inner.collectors.write().push(Arc::new(collector));
    }

    /// All families as they stand now. Ordering: by name; names are unique (families of one name from
    /// several sources are joined).
    pub fn gather(&self) -> Vec<MetricFamily> {
        let own = self.inner.families.read();
        let mut families: Vec<MetricFamily> = own
            .iter()
            .map(|(name, family)| family.gather(name))
            .collect();
        drop(own);
        // Collectors run without a lock: they may register instruments.
        let collectors = self.inner.collectors.read().clone();
        families.extend(collectors.iter().flat_map(|collector| collector()));
        families.sort_by(|a, b| a.name.cmp(&b.name));
        families.dedup_by(|later, kept| {
            let same = later.name == kept.name;
            if same {
                kept.points.append(&mut later.points);
            }
            same
        });
        families.retain(|family| !family.points.is_empty());
        families
    }

    fn family(&self, name: &str, help: &str, fresh: FamilyMembers) -> FamilyMembers {
        let mut families = self.inner.families.write();
        let family = families.entry(name.to_owned()).or_insert_with(|| Family {
            help: help.to_owned(),
            members: fresh,
        });
        family.members.clone()
    }

    fn counters(&self, name: &str, help: &str) -> Members<Counter> {
        match self.family(name, help, FamilyMembers::Counters(Members::default())) {
            FamilyMembers::Counters(members) => members,
            _ => detached(name),
        }
    }

    fn gauges(&self, name: &str, help: &str) -> Members<Gauge> {
        match self.family(name, help, FamilyMembers::Gauges(Members::default())) {
            FamilyMembers::Gauges(members) => members,
            _ => detached(name),
        }
    }

    fn histograms(
        &self,
        name: &str,
        help: &str,
        bounds: &[f64],
    ) -> (Members<Histogram>, Arc<[f64]>) {
        let fresh = FamilyMembers::Histograms(Members::default(), bounds.into());
        match self.family(name, help, fresh) {
            FamilyMembers::Histograms(members, bounds) => (members, bounds),
            _ => (detached(name), bounds.into()),
        }
    }
}

fn detached<I>(name: &str) -> Members<I> {
    debug_assert!(false, "`{name}` is registered as another kind of metric");
    Members::default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::MetricKind;

    #[test]
    fn equal_requests_share_an_instrument() {
        let registry = Registry::default();
        registry.counter("a_total", "A.", &[("x", "1")]).inc();
        registry
            .clone()
            .counter("a_total", "A.", &[("x", "1")])
            .inc();
        registry
            .counter_vec("a_total", "A.", &["x"])
            .with(&["1"])
            .inc();
        registry.counter("a_total", "A.", &[("x", "2")]).inc();
        let families = registry.gather();
        let values: Vec<f64> = families[0].points.iter().map(|point| point.value).collect();
        assert_eq!((families.len(), values), (1, vec![3.0, 1.0]));
    }

    #[test]
    fn families_come_sorted_and_joined_with_those_of_collectors() {
        let registry = Registry::default();
        registry.gauge("z", "Z.", &[]).set(1.0);
        registry.gauge("b", "B.", &[("from", "us")]).set(1.0);
        registry.collect(|| {
            let mut family = MetricFamily::new("b", MetricKind::Gauge, "B.");
            family.push(Labels::from_pairs([("from", "collector")]), 2.0);
            let mut first = MetricFamily::new("a", MetricKind::Gauge, "A.");
            first.push(Labels::empty(), 0.0);
            vec![
                family,
                first,
                MetricFamily::new("empty", MetricKind::Gauge, "E."),
            ]
        });
        let families = registry.gather();
        let names: Vec<(&str, usize)> = families
            .iter()
            .map(|f| (f.name.as_str(), f.points.len()))
            .collect();
        assert_eq!(names, [("a", 1), ("b", 2), ("z", 1)]);
    }

    #[test]
    fn histograms_expose_cumulative_buckets_sum_and_count() {
        let registry = Registry::default();
        let latency = registry.histogram_vec("d_seconds", "D.", &[0.5, 2.0], &["handler"]);
        for seconds in [0.25, 1.0, 3.0] {
            latency.with(&["/"]).observe(seconds);
        }
        let families = registry.gather();
        let points: Vec<(&str, Option<&str>, f64)> = families[0]
            .points
            .iter()
            .map(|point| (point.suffix, point.labels.get("le"), point.value))
            .collect();
        assert_eq!(
            points,
            [
                ("_bucket", Some("0.5"), 1.0),
                ("_bucket", Some("2"), 2.0),
                ("_bucket", Some("+Inf"), 3.0),
                ("_sum", None, 4.25),
                ("_count", None, 3.0),
            ]
        );
    }

    #[test]
    fn removed_members_are_gone() {
        let registry = Registry::default();
        let pools = registry.gauge_vec("pools", "P.", &["pool"]);
        pools.with(&["a"]).set(1.0);
        pools.with(&["b"]).set(1.0);
        pools.remove(&["a"]);
        assert_eq!(registry.gather()[0].points.len(), 1);
    }
}
