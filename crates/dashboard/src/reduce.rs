//! Calculations that make one value of many.
//!
//! Source: Grafana's calculation types.

use crate::frame::{Cell, Column, is_null};

/// A calculation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reducer {
    /// The last that is neither null nor NaN.
    LastNotNull,
    /// The last.
    Last,
    /// The first that is neither null nor NaN.
    FirstNotNull,
    /// The first.
    First,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// The arithmetic mean.
    Mean,
    /// The middle one.
    Median,
    /// The sum.
    Sum,
    /// How many there are, nulls included.
    Count,
    /// Greatest less least.
    Range,
    /// How much a counter grew, resets allowed for.
    Delta,
    /// The least distance of two neighbours.
    Step,
    /// Last less first.
    Diff,
    /// The same as part of the first.
    DiffPercent,
    /// The least above zero.
    LogMin,
    /// Whether all are zero.
    AllIsZero,
    /// Whether all are null.
    AllIsNull,
    /// How often the value changes.
    ChangeCount,
    /// How many different values there are.
    DistinctCount,
    /// The different values, as text.
    UniqueValues,
    /// All values, as text.
    AllValues,
    /// The variance.
    Variance,
    /// The standard deviation.
    StdDev,
    /// The value below which so many percent lie.
    Percentile(u8),
}

/// Ids and names; the first id of a calculation is the one that is written.
const NAMES: [(&str, &str, Reducer); 31] = [
    ("lastNotNull", "Last *", Reducer::LastNotNull),
    ("last", "Last", Reducer::Last),
    ("firstNotNull", "First *", Reducer::FirstNotNull),
    ("first", "First", Reducer::First),
    ("min", "Min", Reducer::Min),
    ("max", "Max", Reducer::Max),
    ("mean", "Mean", Reducer::Mean),
    ("median", "Median", Reducer::Median),
    ("sum", "Total", Reducer::Sum),
    ("count", "Count", Reducer::Count),
    ("range", "Range", Reducer::Range),
    ("delta", "Delta", Reducer::Delta),
    ("step", "Step", Reducer::Step),
    ("diff", "Difference", Reducer::Diff),
    ("diffperc", "Difference percent", Reducer::DiffPercent),
    ("logmin", "Min (above zero)", Reducer::LogMin),
    ("allIsZero", "All zeros", Reducer::AllIsZero),
    ("allIsNull", "All nulls", Reducer::AllIsNull),
    ("changeCount", "Change count", Reducer::ChangeCount),
    ("distinctCount", "Distinct count", Reducer::DistinctCount),
    ("uniqueValues", "All unique values", Reducer::UniqueValues),
    ("allValues", "All values", Reducer::AllValues),
    ("variance", "Variance", Reducer::Variance),
    ("stdDev", "StdDev", Reducer::StdDev),
    ("current", "Last *", Reducer::LastNotNull),
    ("lastNonNull", "Last *", Reducer::LastNotNull),
    ("avg", "Mean", Reducer::Mean),
    ("total", "Total", Reducer::Sum),
    ("minimum", "Min", Reducer::Min),
    ("maximum", "Max", Reducer::Max),
    ("uniqueCount", "Distinct count", Reducer::DistinctCount),
];

impl Reducer {
    /// Reads an id, old ones included.
    pub fn parse(id: &str) -> Option<Self> {
        if let Some(percent) = id
            .strip_prefix('p')
            .and_then(|text| text.parse::<u8>().ok())
        {
            return (1..=99)
                .contains(&percent)
                .then_some(Self::Percentile(percent));
        }
        NAMES
            .iter()
            .find(|(known, ..)| *known == id)
            .map(|(.., reducer)| *reducer)
    }

    /// What dashboards write.
    pub fn id(self) -> String {
        match self {
            Self::Percentile(percent) => format!("p{percent}"),
            _ => self
                .entry()
                .map_or_else(String::new, |(id, ..)| (*id).to_owned()),
        }
    }

    /// What people read, as in columns of legends.
    pub fn name(self) -> String {
        match self {
            Self::Percentile(percent) => format!("{percent}th %"),
            _ => self
                .entry()
                .map_or_else(String::new, |(_, name, _)| (*name).to_owned()),
        }
    }

    /// Whether the result has the unit of the values.
    pub fn keeps_unit(self) -> bool {
        !matches!(
            self,
            Self::Count
                | Self::ChangeCount
                | Self::DistinctCount
                | Self::DiffPercent
                | Self::AllIsNull
                | Self::AllIsZero
                | Self::UniqueValues
                | Self::AllValues
        )
    }

    /// All calculations that a person can choose, percentiles left out.
    pub fn all() -> impl Iterator<Item = Self> {
        NAMES.iter().take(24).map(|(.., reducer)| *reducer)
    }

    fn entry(self) -> Option<&'static (&'static str, &'static str, Self)> {
        NAMES.iter().find(|(.., reducer)| *reducer == self)
    }
}

/// One value of a column.
pub fn reduce(column: &Column, reducer: Reducer) -> Cell {
    let length = column.len();
    let cells = || (0..length).map(|row| column.cell(row));
    let present = |cell: &Cell| match cell {
        Cell::Null => false,
        Cell::Number(number) => !number.is_nan(),
        _ => true,
    };
    match reducer {
        Reducer::Last => length
            .checked_sub(1)
            .map_or(Cell::Null, |row| column.cell(row)),
        Reducer::First if length == 0 => Cell::Null,
        Reducer::First => column.cell(0),
        Reducer::LastNotNull => (0..length)
            .rev()
            .map(|row| column.cell(row))
            .find(present)
            .unwrap_or(Cell::Null),
        Reducer::FirstNotNull => cells().find(present).unwrap_or(Cell::Null),
        Reducer::Count => Cell::Number(length as f64),
        Reducer::AllIsNull => Cell::Bool(cells().all(|cell| cell == Cell::Null)),
        Reducer::ChangeCount => {
            let mut changes = 0u32;
            let mut last: Option<Cell> = None;
            for cell in cells() {
                if last.as_ref().is_some_and(|last| !last.same(&cell)) {
                    changes += 1;
                }
                last = Some(cell);
            }
            Cell::Number(f64::from(changes))
        }
        Reducer::DistinctCount => Cell::Number(unique(column).len() as f64),
        Reducer::UniqueValues => Cell::Text(unique(column).join(", ")),
        Reducer::AllValues => Cell::Text(
            cells()
                .map(|cell| cell.plain_text())
                .collect::<Vec<_>>()
                .join(", "),
        ),
        _ => {
            let numbers: Vec<f64> = match column {
                Column::Number(values) | Column::Time(values) => values
                    .iter()
                    .copied()
                    .filter(|value| !is_null(*value))
                    .collect(),
                _ => cells().filter_map(|cell| cell.number()).collect(),
            };
            of_numbers(&numbers, length, reducer)
        }
    }
}

/// The different values as texts, in the order of their first appearance.
fn unique(column: &Column) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    (0..column.len())
        .map(|row| column.cell(row).plain_text())
        .filter(|text| seen.insert(text.clone()))
        .collect()
}

/// `rows` counts the nulls, which `numbers` leaves out.
fn of_numbers(numbers: &[f64], rows: usize, reducer: Reducer) -> Cell {
    let some = |value: Option<f64>| value.map_or(Cell::Null, Cell::Number);
    let sum: f64 = numbers.iter().sum();
    let mean = (!numbers.is_empty()).then(|| sum / numbers.len() as f64);
    let least = || extreme(numbers, |a, b| a < b);
    let greatest = || extreme(numbers, |a, b| a > b);
    let ends = || numbers.first().copied().zip(numbers.last().copied());
    match reducer {
        Reducer::Sum => Cell::Number(sum),
        Reducer::Mean => some(mean),
        Reducer::Min => some(least()),
        Reducer::Max => some(greatest()),
        Reducer::Range => some(greatest().zip(least()).map(|(high, low)| high - low)),
        Reducer::Diff => some(ends().map(|(first, last)| last - first)),
        Reducer::DiffPercent => some(ends().map(|(first, last)| (last - first) / first)),
        Reducer::LogMin => {
            let above: Vec<f64> = numbers.iter().copied().filter(|n| *n > 0.0).collect();
            some(extreme(&above, |a, b| a < b))
        }
        Reducer::AllIsZero => Cell::Bool(!numbers.is_empty() && numbers.iter().all(|n| *n == 0.0)),
        Reducer::Step => some(extreme(&differences(numbers), |a, b| a < b)),
        Reducer::Delta => some((rows > 0).then(|| delta(numbers))),
        Reducer::Variance => some(mean.map(|mean| variance(numbers, mean))),
        Reducer::StdDev => some(mean.map(|mean| variance(numbers, mean).sqrt())),
        Reducer::Median => some(percentile(numbers, 50.0)),
        Reducer::Percentile(percent) => some(percentile(numbers, f64::from(percent))),
        _ => Cell::Null,
    }
}

fn extreme(numbers: &[f64], better: fn(f64, f64) -> bool) -> Option<f64> {
    numbers
        .iter()
        .copied()
        .filter(|number| !number.is_nan())
        .reduce(|best, number| if better(number, best) { number } else { best })
}

fn differences(numbers: &[f64]) -> Vec<f64> {
    numbers
        .iter()
        .zip(numbers.iter().skip(1))
        .map(|(a, b)| b - a)
        .collect()
}

/// What a counter gained; after a reset the new value counts from zero.
fn delta(numbers: &[f64]) -> f64 {
    let mut total = 0.0;
    let mut rising = true;
    let last = numbers.len().saturating_sub(1);
    for (i, (before, now)) in numbers.iter().zip(numbers.iter().skip(1)).enumerate() {
        if before > now {
            rising = false;
            if i + 1 == last {
                total += now;
            }
        } else {
            total += if rising { now - before } else { *now };
            rising = true;
        }
    }
    total
}

fn variance(numbers: &[f64], mean: f64) -> f64 {
    let sum: f64 = numbers.iter().map(|n| (n - mean) * (n - mean)).sum();
    sum / numbers.len() as f64
}

/// The value at a rank; of two neighbours the nearer.
fn percentile(numbers: &[f64], percent: f64) -> Option<f64> {
    let mut sorted: Vec<f64> = numbers.iter().copied().filter(|n| !n.is_nan()).collect();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().checked_sub(1)?;
    let rank = (last as f64 * percent / 100.0).round();
    sorted.get(crate::number::to_usize(rank).min(last)).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::NULL;

    #[test]
    fn calculations_skip_nulls_where_they_should() {
        let column = Column::Number(vec![NULL, 2.0, 4.0, NULL, 3.0, 1.0, 5.0, f64::NAN, NULL]);
        let value = |id: &str| reduce(&column, Reducer::parse(id).unwrap());
        for (id, expected) in [
            ("firstNotNull", 2.0),
            ("lastNotNull", 5.0),
            ("current", 5.0),
            ("min", 1.0),
            ("max", 5.0),
            ("range", 4.0),
            ("count", 9.0),
            ("logmin", 1.0),
            ("median", 3.0),
            ("p99", 5.0),
            ("distinctCount", 7.0),
        ] {
            assert_eq!(value(id), Cell::Number(expected), "{id}");
        }
        assert_eq!(value("first"), Cell::Null);
        assert_eq!(value("last"), Cell::Null);
    }

    #[test]
    fn numbers_without_gaps_calculate_as_grafana_does() {
        let column = Column::Number(vec![10.0, 20.0, 5.0, 15.0, 15.0]);
        let value = |id: &str| reduce(&column, Reducer::parse(id).unwrap());
        for (id, expected) in [
            ("sum", 65.0),
            ("mean", 13.0),
            ("diff", 5.0),
            ("diffperc", 0.5),
            // 10 up, reset, 15 after it, 0.
            ("delta", 25.0),
            ("step", -15.0),
            ("changeCount", 3.0),
            ("variance", 26.0),
            ("stdDev", 26.0f64.sqrt()),
        ] {
            assert_eq!(value(id), Cell::Number(expected), "{id}");
        }
        assert_eq!(value("allIsZero"), Cell::Bool(false));
        assert_eq!(value("uniqueValues"), Cell::Text("10, 20, 5, 15".into()));
    }

    #[test]
    fn an_empty_column_sums_to_zero_and_has_no_mean() {
        let column = Column::Number(Vec::new());
        let value = |id: &str| reduce(&column, Reducer::parse(id).unwrap());
        assert_eq!(value("sum"), Cell::Number(0.0));
        assert_eq!(value("count"), Cell::Number(0.0));
        assert_eq!(value("allIsNull"), Cell::Bool(true));
        for id in [
            "mean",
            "min",
            "max",
            "last",
            "first",
            "lastNotNull",
            "delta",
            "diff",
            "p95",
        ] {
            assert_eq!(value(id), Cell::Null, "{id}");
        }
    }

    #[test]
    fn names_are_those_of_legends() {
        assert_eq!(Reducer::parse("lastNotNull").unwrap().name(), "Last *");
        assert_eq!(Reducer::parse("avg").unwrap().id(), "mean");
        assert_eq!(Reducer::parse("p95").unwrap().name(), "95th %");
        assert_eq!(Reducer::parse("p0"), None);
        assert_eq!(Reducer::parse("nonsense"), None);
        assert_eq!(Reducer::all().count(), 24);
    }
}
