//! Order of elements.

use super::arg;
use crate::Result;
use crate::annotations::Note;
use crate::eval::Evaluator;
use crate::grid::Grid;
use crate::series::{ABSENT, Series, Sink};
use promql_syntax::{Call, Span};
use std::cmp::Ordering;

/// `sort`, `sort_desc`, `sort_by_label`, `sort_by_label_desc`.
pub(super) fn stream(
    ev: &Evaluator<'_>,
    call: &Call,
    span: Span,
    grid: Grid,
    sink: Sink<'_>,
) -> Result<()> {
    let by_value = matches!(call.function.name, "sort" | "sort_desc");
    let mut floats = |series: &mut Series| {
        let had_histograms = by_value && series.keep_floats();
        if had_histograms && series.is_empty() {
            return Ok(());
        }
        sink(series)
    };
    if !ev.is_instant() {
        ev.note(Note::SortInRange, span);
        return ev.stream(arg(call, 0)?, grid, &mut floats);
    }
    let mut table = ev.table(arg(call, 0)?, grid)?;
    let value = |series: &Series| series.values.first().copied().unwrap_or(ABSENT);
    match call.function.name {
        "sort" => table
            .series
            .sort_by(|a, b| nan_last(value(a), value(b), false)),
        "sort_desc" => table
            .series
            .sort_by(|a, b| nan_last(value(a), value(b), true)),
        name => {
            let mut names = Vec::new();
            for name in call.args.iter().skip(1) {
                names.push(Evaluator::string(name)?);
            }
            let descending = name == "sort_by_label_desc";
            table.series.sort_by(|a, b| {
                let order = by_labels(a, b, &names);
                if descending { order.reverse() } else { order }
            });
        }
    }
    table.drain_into(&mut floats)
}

/// Order of values with NaN after all, in either direction.
fn nan_last(a: f64, b: f64, descending: bool) -> Ordering {
    match a.partial_cmp(&b) {
        Some(order) if descending => order.reverse(),
        Some(order) => order,
        None => a.is_nan().cmp(&b.is_nan()),
    }
}

fn by_labels(a: &Series, b: &Series, names: &[&str]) -> Ordering {
    for name in names {
        let order = natural(
            a.labels.get(name).unwrap_or(""),
            b.labels.get(name).unwrap_or(""),
        );
        if order != Ordering::Equal {
            return order;
        }
    }
    a.labels.cmp(&b.labels)
}

/// Order of texts in which runs of digits count as numbers.
fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
        let (a_run, b_run) = (digits(a), digits(b));
        if a_run > 0 && b_run > 0 {
            let (a_number, a_rest) = a.split_at(a_run);
            let (b_number, b_rest) = b.split_at(b_run);
            let (a_short, b_short) = (
                a_number.trim_start_matches('0'),
                b_number.trim_start_matches('0'),
            );
            let order = a_short
                .len()
                .cmp(&b_short.len())
                .then_with(|| a_short.cmp(b_short));
            if order != Ordering::Equal {
                return order;
            }
            (a, b) = (a_rest, b_rest);
            continue;
        }
        match (a.chars().next(), b.chars().next()) {
            (Some(x), Some(y)) if x == y => {
                a = a.get(x.len_utf8()..).unwrap_or("");
                b = b.get(y.len_utf8()..).unwrap_or("");
            }
            (x, y) => return x.cmp(&y),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_sort_as_numbers() {
        let mut texts = ["cpu10", "cpu9", "cpu", "4m600", "4m5", "a"];
        texts.sort_by(|a, b| natural(a, b));
        assert_eq!(texts, ["4m5", "4m600", "a", "cpu", "cpu9", "cpu10"]);
    }

    #[test]
    fn nan_comes_last_both_ways() {
        for descending in [false, true] {
            assert_eq!(nan_last(f64::NAN, 1.0, descending), Ordering::Greater);
        }
    }
}
