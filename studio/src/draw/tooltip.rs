//! The values at a moment, beside the pointer.

use app::state::Zone;
use dashboard::{Cell, DisplayContext, is_null};
use render::Plot;

/// Values that a tooltip shows at once.
const SHOWN: usize = 12;

/// What a tooltip says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Tip {
    /// The moment.
    pub(crate) time: String,
    /// Colour, name and value.
    pub(crate) rows: Vec<(String, String, String)>,
    /// How many more there are.
    pub(crate) more: usize,
}

/// What is said at a time; `y` is where the pointer is, for the nearest line alone.
pub(crate) fn tip_at(
    plot: &Plot,
    time: f64,
    y: Option<f64>,
    clocks: Zone,
    context: &DisplayContext<'_>,
) -> Option<Tip> {
    let options = &plot.series.tooltip;
    if !options.show {
        return None;
    }
    // Distance from the pointer, value, and whose: in words are only those that are shown.
    let mut rows = Vec::new();
    let mut at = None;
    for line in &plot.series.lines {
        let Some(index) = nearest(&line.times, time, plot.step * 0.75) else {
            continue;
        };
        let (Some(field), Some(drawn)) =
            (plot.series.fields.get(line.field), line.values.get(index))
        else {
            continue;
        };
        let Some(value) = field.column.number(index).filter(|value| !is_null(*value)) else {
            continue;
        };
        if options.hide_zeros && value == 0.0 || field.options.hidden_from("tooltip") {
            continue;
        }
        at = at.or(line.times.get(index).copied());
        let place = plot
            .axes
            .get(line.axis)
            .map(|axis| axis.scale.to_pixel(*drawn));
        let distance = y.zip(place).map_or(0.0, |(y, place)| (y - place).abs());
        rows.push((distance, value, (line, field)));
    }
    if options.all {
        match options.sort_descending {
            Some(true) => rows.sort_by(|a, b| b.1.total_cmp(&a.1)),
            Some(false) => rows.sort_by(|a, b| a.1.total_cmp(&b.1)),
            None if rows.len() > SHOWN => rows.sort_by(|a, b| a.0.total_cmp(&b.0)),
            None => {}
        }
    } else {
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        rows.truncate(1);
    }
    let more = rows.len().saturating_sub(SHOWN);
    rows.truncate(SHOWN);
    Some(Tip {
        time: app::fmt::time_in(clocks, (at? / 1e3).round()),
        rows: rows
            .into_iter()
            .map(|(_, value, (line, field))| {
                let shown = field.display(context).show(&Cell::Number(value));
                (
                    line.color.to_css(),
                    line.name.clone(),
                    shown.text.to_string(),
                )
            })
            .collect(),
        more,
    })
}

/// The point nearest to a time, if it is not farther than `reach`.
pub(crate) fn nearest(times: &[f64], time: f64, reach: f64) -> Option<usize> {
    let after = times.partition_point(|known| *known < time);
    let distance = |index: usize| times.get(index).map(|known| (known - time).abs());
    let candidates = [after.checked_sub(1), Some(after)];
    candidates
        .into_iter()
        .flatten()
        .filter_map(|index| Some((index, distance(index)?)))
        .filter(|(_, distance)| *distance <= reach.max(1.0))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(index, _)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_point_is_found_within_reach() {
        let times = [0.0, 10.0, 20.0];
        assert_eq!(nearest(&times, 12.0, 7.0), Some(1));
        assert_eq!(nearest(&times, 26.0, 7.0), Some(2));
        assert_eq!(nearest(&times, 40.0, 7.0), None);
        assert_eq!(nearest(&[], 0.0, 7.0), None);
    }
}
