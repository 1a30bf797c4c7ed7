//! Native histograms over time, as cells.

use crate::plot::log_domain;

/// One bucket of a histogram.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bucket {
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
    /// Observations in it.
    pub count: f64,
}

/// A histogram at a time.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// Units: seconds since the epoch.
    pub time: f64,
    /// Ordering: bounds rise.
    pub buckets: Vec<Bucket>,
}

/// A bucket at a time, as it is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// Begin. Units: seconds since the epoch.
    pub start: f64,
    /// End, likewise.
    pub end: f64,
    /// Lower bound.
    pub lower: f64,
    /// Upper bound.
    pub upper: f64,
    /// Observations in it.
    pub count: f64,
    /// How strongly it is coloured. Bounds: from 0 to 1.
    pub part: f64,
}

impl Cell {
    pub(crate) fn holds(&self, time: f64, value: f64) -> bool {
        self.start <= time && time < self.end && self.lower <= value && value < self.upper
    }
}

/// The cells of `columns`, each `step` seconds wide and ending at its time, and the values that they span.
///
/// On a logarithmic axis a bucket that reaches to zero or below is as high as half of the one above it,
/// and buckets that lie below zero are left out.
pub(crate) fn cells(columns: &[Column], step: f64, log: bool) -> (Vec<Cell>, (f64, f64)) {
    let buckets = || columns.iter().flat_map(|column| &column.buckets);
    let most = buckets().map(|bucket| bucket.count).fold(0.0, f64::max);
    let finite = |bound: f64| bound.is_finite() && (!log || bound > 0.0);
    let bounds = || {
        buckets()
            .flat_map(|bucket| [bucket.lower, bucket.upper])
            .filter(|bound| finite(*bound))
    };
    let lowest = bounds().fold(f64::INFINITY, f64::min);
    let highest = bounds().fold(f64::NEG_INFINITY, f64::max);
    let domain = match (log, lowest < highest) {
        (true, _) => log_domain(lowest / 2.0, highest),
        (false, true) => (lowest, highest),
        (false, false) => (0.0, 1.0),
    };
    let mut cells = Vec::new();
    for column in columns {
        for bucket in &column.buckets {
            if bucket.count <= 0.0 || (log && bucket.upper <= 0.0) {
                continue;
            }
            cells.push(Cell {
                start: column.time - step,
                end: column.time,
                lower: bucket.lower.max(domain.0),
                upper: bucket.upper.min(domain.1),
                count: bucket.count,
                // The eye tells apart few observations more easily than many.
                part: (bucket.count / most).sqrt(),
            });
        }
    }
    (cells, domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns() -> Vec<Column> {
        let bucket = |lower, upper, count| Bucket {
            lower,
            upper,
            count,
        };
        vec![Column {
            time: 60.0,
            buckets: vec![
                bucket(-0.001, 0.001, 1.0),
                bucket(1.0, 2.0, 4.0),
                bucket(2.0, f64::INFINITY, 0.0),
            ],
        }]
    }

    #[test]
    fn buckets_with_observations_become_cells() {
        let (cells, domain) = cells(&columns(), 60.0, false);
        assert_eq!(domain, (-0.001, 2.0));
        assert_eq!(cells.len(), 2);
        assert_eq!(cells[0].part, 0.5);
        assert!(cells[1].holds(30.0, 1.5) && !cells[1].holds(60.0, 1.5));
    }

    #[test]
    fn a_logarithmic_axis_stays_above_zero() {
        let (cells, domain) = cells(&columns(), 60.0, true);
        assert!(domain.0 > 0.0);
        assert!(
            cells
                .iter()
                .all(|cell| cell.lower > 0.0 && cell.lower < cell.upper)
        );
    }
}
